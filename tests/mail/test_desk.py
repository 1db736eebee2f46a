"""What becomes of a message: a contact once, a complaint, word of a letter, nothing, or a place in the tray."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.notices import RecipientKind
from mail.desk import Became
from mail.message import Incoming
from tests.mail.notebook import FRIEND, Notebook, desk, letter
from tests.mail.samples import LETTER_ID, OURS, REFERENCE, came, written

TO_IT = f"complaints+{REFERENCE}@council.example"


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


# --- contacts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"To": TO_IT},
        {"To": TO_IT.lower()},
        {"To": "somebody@else.example", "Delivered_To": TO_IT},
        {"In_Reply_To": LETTER_ID},
        {"References": f"<first@council.example> {LETTER_ID} <last@customer.example>"},
        {"Subject": f"Re: {REFERENCE}: we have your complaint"},
    ],
)
async def test_an_answer_is_known_by_address_by_what_it_answers_or_by_its_subject(
    headers: dict[str, str], notebook: Notebook, tmp_path: Path
) -> None:
    dealt = await desk(notebook, tmp_path).deal_with(came(written(**headers)))
    assert (dealt.became, dealt.reference) == (Became.CONTACT, REFERENCE)
    ((verb, reference, said),) = notebook.sent
    assert (verb, reference, said["from_whom"]) == ("record_contact", REFERENCE, "customer")
    assert said["received_at"] == "2026-10-06T08:30:00+00:00"
    assert said["summary"].startswith("E-mail from Ann Other (ann@customer.example): ")
    assert said["summary"].endswith("\n\nAny news?")


async def test_the_same_message_is_one_contact_however_often_it_is_read(
    notebook: Notebook, tmp_path: Path
) -> None:
    for _ in range(2):
        await desk(notebook, tmp_path).deal_with(came(written(To=TO_IT)))
    await desk(notebook, tmp_path).deal_with(came(written(To=TO_IT, Message_ID="<two@c.example>")))
    assert len(notebook.sent) == 2


async def test_a_message_id_that_is_used_again_for_other_words_is_another_message(
    notebook: Notebook, tmp_path: Path
) -> None:
    at = desk(notebook, tmp_path)
    for text in ("It is damp.", "It is damp.", "My child was hurt."):
        await at.deal_with(came(written(text, To=TO_IT)))
        await at.deal_with(came(written(text, To="housing@council.example")))
        await at.deal_with(came(written(text, To="info@council.example")))
    assert [len(notebook.sent), len(notebook.opened), len(list(at.tray.waiting()))] == [2, 2, 2]


async def test_a_copy_that_took_another_way_is_the_same_message(
    notebook: Notebook, tmp_path: Path
) -> None:
    await desk(notebook, tmp_path).deal_with(came(written(To=TO_IT)))
    await desk(notebook, tmp_path).deal_with(
        came(written(To=TO_IT, Received="from elsewhere; Tue, 6 Oct 2026 09:31:07 +0100"))
    )
    assert len(notebook.sent) == 1


@pytest.mark.parametrize("name", ["Ren\xe9e, Ann", "Ann"])
async def test_whoever_gives_no_address_opens_no_complaint(
    name: str, notebook: Notebook, tmp_path: Path
) -> None:
    message = written(To="housing@council.example").as_bytes()
    message = message.replace(b"Ann Other <ann@customer.example>", name.encode("latin-1"))
    dealt = await desk(notebook, tmp_path).deal_with(came(message))
    assert (dealt.became, notebook.opened) == (Became.WAITS, {})


async def test_an_address_behind_a_name_with_a_bare_comma_is_found(
    notebook: Notebook, tmp_path: Path
) -> None:
    message = written(To="housing@council.example").as_bytes()
    message = message.replace(b"From: Ann Other", b"From: M\xfcller, Ann")
    dealt = await desk(notebook, tmp_path).deal_with(came(message))
    assert dealt.became is Became.OPENED
    (opening,) = notebook.opened.values()
    assert opening["complainant"]["email"] == "ann@customer.example"


async def test_who_acts_for_the_customer_is_told_from_them(
    notebook: Notebook, tmp_path: Path
) -> None:
    await desk(notebook, tmp_path).deal_with(came(written(To=TO_IT, From=FRIEND)))
    said = notebook.sent[0][2]
    assert (said["from_whom"], said["who"]) == ("representative", "A Friend")


async def test_nobody_is_told_by_an_address_that_neither_has(
    notebook: Notebook, tmp_path: Path
) -> None:
    key = f"{REFERENCE}/2/acknowledgement/representative"
    notebook.known[REFERENCE] = (
        letter(key, RecipientKind.REPRESENTATIVE, "A Friend, by post", None),
    )
    await desk(notebook, tmp_path).deal_with(came(written(To=TO_IT, From="Ann <>")))
    assert notebook.sent[0][2]["from_whom"] == "customer"


STAFF = "manager@council.example"
NOTE = f"{REFERENCE}/1/new-complaint/manager"
NOTE_ID = f"<{REFERENCE}.1.new-complaint.manager@council.example>"
DIGEST_ID = "<digest.2026-10-06.manager=40council=2Eexample@council.example>"


@pytest.mark.parametrize(
    "headers",
    [
        {"From": f"The manager <{STAFF}>", "To": TO_IT},
        {"From": f"The manager <{STAFF}>", "To": "housing@council.example"},
        {"From": "M Rees <m.rees@council.example>", "In_Reply_To": NOTE_ID, "To": OURS},
        {"From": "M Rees <m.rees@council.example>", "In_Reply_To": DIGEST_ID},
    ],
)
async def test_what_staff_write_is_no_contact_and_no_complaint_of_a_customers(
    headers: dict[str, str], notebook: Notebook, tmp_path: Path
) -> None:
    notebook.known[REFERENCE] += (letter(NOTE, RecipientKind.STAFF, "manager", STAFF),)
    message = came(written("Thanks, seen.", **{"To": "housing@council.example"} | headers))
    dealt = await desk(notebook, tmp_path).deal_with(message)
    assert (dealt.became, notebook.sent, notebook.opened) == (Became.WAITS, [], {})
    assert "staff" in dealt.why
    placed = await desk(notebook, tmp_path).deal_with(message, REFERENCE)
    assert placed.became is Became.CONTACT, "a person may know that it is the customer's after all"


async def test_an_answer_to_a_letter_in_which_a_note_is_quoted_is_the_customers(
    notebook: Notebook, tmp_path: Path
) -> None:
    notebook.known[REFERENCE] += (letter(NOTE, RecipientKind.STAFF, "manager", STAFF),)
    answer = written(References=f"{NOTE_ID} {LETTER_ID}")
    dealt = await desk(notebook, tmp_path).deal_with(came(answer))
    assert (dealt.became, notebook.sent[0][2]["from_whom"]) == (Became.CONTACT, "customer")


async def test_files_are_kept_by_their_digest_and_listed(
    notebook: Notebook, tmp_path: Path
) -> None:
    message, photo = written(To=TO_IT), b"\x89PNG the broken window"
    message.add_attachment(photo, maintype="image", subtype="png", filename="../window  .png")
    await desk(notebook, tmp_path).deal_with(came(message))
    digest = hashlib.sha256(photo).hexdigest()
    assert (tmp_path / "attachments" / digest[:2] / digest).read_bytes() == photo
    assert f".png: {digest}" in notebook.sent[0][2]["summary"]
    kept = [path for path in (tmp_path / "attachments").rglob("*") if path.is_file()]
    assert [path.stat().st_mode & 0o077 for path in kept] == [0]


async def test_a_page_is_read_as_words(notebook: Notebook, tmp_path: Path) -> None:
    message = written("", To=TO_IT)
    message.set_content(
        "<style>p{}</style><p>When will you</p><p>call <b>back</b>?</p>", subtype="html"
    )
    await desk(notebook, tmp_path).deal_with(came(message))
    assert notebook.sent[0][2]["summary"].endswith("When will you\n\ncall back?") or (
        notebook.sent[0][2]["summary"].endswith("When will you\ncall back?")
    )


# --- new complaints and the tray ------------------------------------------------------------------


async def test_what_names_no_complaint_opens_one_under_the_charter_of_its_mailbox(
    notebook: Notebook, tmp_path: Path
) -> None:
    message = came(written("My roof leaks.", To="Housing@council.example"))
    await desk(notebook, tmp_path).deal_with(message)
    dealt = await desk(notebook, tmp_path).deal_with(message)
    assert dealt.became is Became.OPENED
    ((reference, opening),) = notebook.opened.items()
    assert re.fullmatch("MAIL-2026-[0-9A-F]{12}", reference)
    assert (opening["charter"], opening["channel"]) == ("housing", "email")
    assert opening["complainant"] == {"name": "Ann Other", "email": "ann@customer.example"}
    assert "My roof leaks." in opening["details"]


async def test_a_copy_that_came_to_another_mailbox_opens_nothing_and_waits_for_nobody(
    notebook: Notebook, tmp_path: Path
) -> None:
    ways = ("Thu, 31 Dec 2026 23:59:59 +0000", "Fri, 1 Jan 2027 00:00:02 +0000")
    dealt = [
        await desk(notebook, tmp_path).deal_with(
            Incoming(
                written(To="housing@council.example", Received=f"from x by y; {at}").as_bytes(),
                datetime(2027, 1, 1, 9, tzinfo=UTC),
            )
        )
        for at in ways
    ]
    assert [each.became for each in dealt] == [Became.OPENED, Became.OPENED]
    assert {each.reference for each in dealt} == set(notebook.opened)
    assert len(notebook.opened) == 1


async def test_a_reference_that_another_complaint_has_loses_no_words(
    notebook: Notebook, tmp_path: Path
) -> None:
    message = came(written("Hurt.", To="housing@council.example"))
    first = await desk(notebook, tmp_path / "others").deal_with(message)
    notebook.opened[str(first.reference)]["details"] = "What somebody else wrote."
    dealt = await desk(notebook, tmp_path).deal_with(message)
    assert (dealt.became, len(notebook.opened)) == (Became.WAITS, 1)
    assert str(first.reference) in dealt.why


async def test_whoever_cannot_be_answered_opens_no_complaint(
    notebook: Notebook, tmp_path: Path
) -> None:
    message = came(written("It is damp.", To="housing@council.example", From=""))
    dealt = await desk(notebook, tmp_path).deal_with(message)
    assert (dealt.became, notebook.opened) == (Became.WAITS, {})


async def test_whoever_writes_again_and_again_opens_some_complaints_a_day_and_no_more(
    notebook: Notebook, tmp_path: Path
) -> None:
    at = desk(notebook, tmp_path)
    became = [
        (await at.deal_with(came(written(f"Answer {n}.", To="housing@council.example")))).became
        for n in (0, 0, *range(1, 8))
    ]
    assert became == [Became.OPENED] * 6 + [Became.WAITS] * 3
    after = "from elsewhere; Mon, 5 Oct 2026 09:31:07 +0100"
    others = (
        written("Mine.", To="housing@council.example", From="bob@customer.example"),
        written("Yesterday's.", To="housing@council.example", Received=after),
    )
    for other in others:
        assert (await at.deal_with(came(other))).became is Became.OPENED


async def test_nothing_is_lost_when_nobody_answers(notebook: Notebook, tmp_path: Path) -> None:
    notebook.breaks = ConnectionError("no server")
    with pytest.raises(ConnectionError):
        await desk(notebook, tmp_path).deal_with(came(written(To=TO_IT)))
    notebook.breaks = None
    dealt = await desk(notebook, tmp_path).deal_with(came(written(To=TO_IT)))
    assert (dealt.became, len(notebook.sent)) == (Became.CONTACT, 1)
