"""What nobody can tell waits in the tray, until a person says what it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from mail.desk import Became
from mail.keeping import Tray
from tests.mail.notebook import Notebook, desk
from tests.mail.samples import REFERENCE, bounced, came, written

TO_IT = f"complaints+{REFERENCE}@council.example"


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("info@council.example", "names no complaint"),
        ("housing@council.example, tax@council.example", "went to several charters"),
    ],
)
async def test_what_nobody_can_tell_waits_in_the_tray_once(
    to: str, why: str, notebook: Notebook, tmp_path: Path
) -> None:
    await desk(notebook, tmp_path).deal_with(came(written(To=to)))
    dealt = await desk(notebook, tmp_path).deal_with(came(written(To=to)))
    assert dealt.became is Became.WAITS
    (waiting,) = Tray(tmp_path / "tray").waiting()
    assert why in waiting.why
    assert waiting.message.message_id == "<one@customer.example>"
    assert not notebook.opened


def test_what_somebody_else_takes_out_meanwhile_hides_nothing_of_the_rest(tmp_path: Path) -> None:
    tray = Tray(tmp_path / "tray")
    one, other = (tray.keep(came(written(Subject=each)), "why") for each in ("one", "other"))
    tray.path(one).unlink()
    assert [each.number for each in tray.waiting()] == [other]
    assert tray.take(one) is None


async def test_a_person_says_what_a_message_in_the_tray_is_about(
    notebook: Notebook, tmp_path: Path
) -> None:
    at = desk(notebook, tmp_path)
    await at.deal_with(came(written(To="info@council.example")))
    (waiting,) = at.tray.waiting()
    dealt = await at.deal_with(waiting.message, REFERENCE)
    at.tray.done(waiting.number)
    assert (dealt.became, len(notebook.sent)) == (Became.CONTACT, 1)
    assert list(at.tray.waiting()) == []


async def test_a_slip_of_whoever_places_it_leaves_the_reason_why_it_waits(
    notebook: Notebook, tmp_path: Path
) -> None:
    at = desk(notebook, tmp_path)
    await at.deal_with(came(written(To="info@council.example")))
    (before,) = at.tray.waiting()
    notebook.refuses = "No complaint FO-2062-000123 is known."
    dealt = await at.deal_with(before.message, "FO-2062-000123")
    (waiting,) = at.tray.waiting()
    assert (dealt.became, waiting.why) == (Became.WAITS, before.why)
    assert notebook.refuses in dealt.why


async def test_a_person_opens_a_complaint_with_what_waits(
    notebook: Notebook, tmp_path: Path
) -> None:
    at = desk(notebook, tmp_path)
    await at.deal_with(came(written("It leaks.", To="info@council.example")))
    (waiting,) = at.tray.waiting()
    whose = (waiting.message, "housing", "Ann Other", "ann@customer.example")
    dealt, again = await at.open_for(*whose), await at.open_for(*whose)
    assert dealt == again
    assert dealt.became is Became.OPENED
    (opening,) = notebook.opened.values()
    assert (opening["reference"], opening["charter"]) == (dealt.reference, "housing")
    assert opening["complainant"] == {"name": "Ann Other", "email": "ann@customer.example"}
    assert opening["details"].endswith("It leaks.")


async def test_no_complaint_is_opened_with_word_of_a_letter(
    notebook: Notebook, tmp_path: Path
) -> None:
    dealt = await desk(notebook, tmp_path).open_for(bounced(), "housing", "A Server", "a@b.example")
    assert (dealt.became, notebook.opened) == (Became.WAITS, {})


async def test_what_a_complaint_refuses_waits_with_the_reason(
    notebook: Notebook, tmp_path: Path
) -> None:
    notebook.refuses = "FO-2026-000123 was joined with another."
    dealt = await desk(notebook, tmp_path).deal_with(came(written(To=TO_IT)))
    (waiting,) = Tray(tmp_path / "tray").waiting()
    assert (dealt.became, waiting.why) == (Became.WAITS, notebook.refuses)
