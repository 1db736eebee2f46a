"""Which complaint a message is about, however people write its reference."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters.envelope import message_id
from mail.desk import Became
from mail.matching import reference_in
from tests.mail.notebook import Notebook, desk
from tests.mail.samples import LETTER_ID, REFERENCE, came, written

OTHER = "FO-2026-000999"
TO_IT = f"complaints+{REFERENCE}@council.example"


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.mark.parametrize(
    "subject",
    [
        f"About my complaint {REFERENCE}.",
        f"About {REFERENCE.lower()}",
        f"{REFERENCE}/boiler",
        f"[{REFERENCE}]",
        f"{REFERENCE}: {REFERENCE.lower()}, again",
        "Please can somebody tell me what has been happening with all this work about complaint"
        f" {REFERENCE}",
        f"{'word ' * 300}{REFERENCE}",
    ],
)
async def test_a_reference_in_a_subject_is_read_as_people_write_it(
    subject: str, notebook: Notebook, tmp_path: Path
) -> None:
    message = came(written(Subject=subject, To="housing@council.example"))
    dealt = await desk(notebook, tmp_path).deal_with(message)
    assert (dealt.became, dealt.reference) == (Became.CONTACT, REFERENCE)


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": f"{OTHER} and {REFERENCE}"},
        {"To": f"{TO_IT}, complaints+{OTHER}@council.example"},
        {"To": TO_IT, "Subject": f"Re: {OTHER}"},
        {"In_Reply_To": LETTER_ID, "Subject": f"Re: {OTHER}"},
    ],
)
async def test_a_message_that_names_two_complaints_waits_for_a_person(
    headers: dict[str, str], notebook: Notebook, tmp_path: Path
) -> None:
    notebook.known[OTHER] = ()
    dealt = await desk(notebook, tmp_path).deal_with(came(written(**headers)))
    assert (dealt.became, notebook.sent) == (Became.WAITS, [])
    assert REFERENCE in dealt.why
    assert OTHER in dealt.why


@pytest.mark.parametrize("reference", [REFERENCE, "A.B-1", "a_b", "X" * 70, "7.7.7"])
def test_our_own_message_ids_name_their_complaint(reference: str) -> None:
    own = message_id(f"{reference}/7/contact-acknowledged/customer", "council.example")
    assert reference_in(own, "council.example") == reference
    assert reference_in(own, "customer.example") is None
