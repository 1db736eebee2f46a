"""Word that a letter did not arrive: which letter, what it blames, and what nobody can make up."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from letters.envelope import Sender
from mail.bounces import SCANNED, without_files
from mail.desk import Became
from mail.message import Incoming
from tests.mail.notebook import Notebook, desk
from tests.mail.samples import (
    ANN,
    BOUNCES,
    LETTER,
    LETTER_ID,
    OURS,
    REFERENCE,
    bounced,
    came,
    written,
)

SECRET = "a secret of at least twenty letters"
NO_LETTER = "<lost@elsewhere.example>"


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


def verp(secret: str | None = None) -> str:
    return Sender(OURS, bounces=BOUNCES, secret=secret).envelope(LETTER)


@pytest.mark.parametrize(
    ("to", "letter_id"),
    [(verp(), NO_LETTER), (verp().lower(), NO_LETTER), (BOUNCES, LETTER_ID)],
)
async def test_word_that_a_letter_did_not_arrive_is_told_by_its_address_or_by_what_came_back(
    to: str, letter_id: str, notebook: Notebook, tmp_path: Path
) -> None:
    dealt = await desk(notebook, tmp_path).deal_with(bounced(to=to, letter_id=letter_id))
    assert (dealt.became, dealt.reference) == (Became.UNDELIVERED, REFERENCE)
    ((verb, _, said),) = notebook.sent
    assert (verb, said["notice"]) == ("report_undelivered", LETTER)
    assert (said["address"], said["lasting"]) == (ANN, True)
    reason = "The mail server sent it back: 550 5.1.1 <(the address)>: there is no such mailbox"
    assert said["reason"] == notebook.lost[LETTER] == reason


async def test_an_address_that_was_passed_on_is_ours_that_leads_nowhere(
    notebook: Notebook, tmp_path: Path
) -> None:
    await desk(notebook, tmp_path).deal_with(
        bounced(to=verp(), original=ANN, address="ann@passed-on.example")
    )
    assert notebook.sent[0][2]["address"] == ANN


@pytest.mark.parametrize(
    ("status", "said", "bad"),
    [
        ("5.1.1", "550 5.1.1 no such user", True),
        ("5.1.10", "556 5.1.10 the domain takes no mail", True),
        ("5.2.1", "550 5.2.1 the account is disabled", True),
        ("5.0.0", "550 User unknown", True),
        ("5.0.0", "550 5.1.1 User unknown", True),
        ("5.2.2", "552 5.2.2 mailbox full", False),
        ("5.7.1", "550 5.7.1 looks like spam", False),
        ("5.3.4", "552 5.3.4 too large", False),
        ("4.4.7", "expired", False),
        ("5.4.6", "554 5.4.6 it goes round in circles", False),
        ("5.0.0", "554 we do not like you", False),
    ],
)
async def test_an_address_is_left_out_only_where_the_server_blames_it(
    status: str, said: str, bad: bool, notebook: Notebook, tmp_path: Path
) -> None:
    dealt = await desk(notebook, tmp_path).deal_with(bounced(to=verp(), status=status, said=said))
    assert dealt.became is Became.UNDELIVERED
    told = notebook.sent[0][2]
    assert (told["address"], told["lasting"]) == (ANN if bad else None, bad)


async def test_a_delay_is_noted_and_changes_nothing(notebook: Notebook, tmp_path: Path) -> None:
    dealt = await desk(notebook, tmp_path).deal_with(
        bounced(to=verp(), action="delayed", status="4.2.2")
    )
    assert (dealt.became, dealt.reference) == (Became.DELAYED, REFERENCE)
    assert (notebook.sent, notebook.lost) == ([], {})


async def test_word_of_a_letter_that_nobody_knows_waits(notebook: Notebook, tmp_path: Path) -> None:
    dealt = await desk(notebook, tmp_path).deal_with(bounced(letter_id="<x@elsewhere.example>"))
    assert (dealt.became, notebook.sent) == (Became.WAITS, [])


# --- what nobody can make up ------------------------------------------------------------------------


async def test_word_of_somebody_elses_address_leaves_nobodys_address_out(
    notebook: Notebook, tmp_path: Path
) -> None:
    await desk(notebook, tmp_path).deal_with(bounced(to=verp(), address="whoever@attacker.example"))
    told = notebook.sent[0][2]
    assert (told["address"], told["lasting"]) == (None, False)


async def test_word_that_names_a_letter_only_by_its_id_and_another_address_waits(
    notebook: Notebook, tmp_path: Path
) -> None:
    dealt = await desk(notebook, tmp_path).deal_with(bounced(address="whoever@attacker.example"))
    assert (dealt.became, notebook.sent) == (Became.WAITS, [])


@pytest.mark.parametrize(
    "made_up",
    [
        bounced(to=verp(), letter_id=NO_LETTER),
        bounced(to=verp("another secret, which is guessed"), letter_id=NO_LETTER),
        bounced(to=BOUNCES),
    ],
)
async def test_with_a_secret_nobody_makes_up_word_that_a_letter_did_not_arrive(
    made_up: Incoming, notebook: Notebook, tmp_path: Path
) -> None:
    dealt = await desk(notebook, tmp_path, SECRET).deal_with(made_up)
    assert (dealt.became, notebook.sent) == (Became.WAITS, [])


async def test_with_a_secret_the_address_of_the_letter_itself_is_believed(
    notebook: Notebook, tmp_path: Path
) -> None:
    assert verp(SECRET) != verp()
    assert SECRET not in repr(Sender(OURS, bounces=BOUNCES, secret=SECRET))
    dealt = await desk(notebook, tmp_path, SECRET).deal_with(bounced(to=verp(SECRET)))
    assert (dealt.became, notebook.sent[0][2]["address"]) == (Became.UNDELIVERED, ANN)


async def test_whoever_writes_in_anothers_name_gets_access_to_nothing(
    notebook: Notebook, tmp_path: Path
) -> None:
    forged = came(written(To=f"complaints+{REFERENCE}@council.example", From=f"Ann <{ANN}>"))
    await desk(notebook, tmp_path).deal_with(forged)
    ((verb, _, _),) = notebook.sent
    assert (verb, notebook.opened) == ("record_contact", {})


# --- what a person says of one that waits -----------------------------------------------------------


async def test_a_bounce_that_a_person_places_is_no_contact_of_the_customers(
    notebook: Notebook, tmp_path: Path
) -> None:
    at = desk(notebook, tmp_path, SECRET)
    await at.deal_with(bounced(to=BOUNCES))
    (waiting,) = at.tray.waiting()
    dealt = await at.deal_with(waiting.message, REFERENCE)
    assert (dealt.became, [verb for verb, *_ in notebook.sent]) == (
        Became.UNDELIVERED,
        ["report_undelivered"],
    )


@pytest.mark.parametrize(
    "lost", [bounced(letter_id=NO_LETTER), bounced(letter_id=LETTER_ID.replace("123", "999"))]
)
async def test_a_bounce_of_no_letter_of_the_complaint_still_waits_when_it_is_placed(
    lost: Incoming, notebook: Notebook, tmp_path: Path
) -> None:
    other = REFERENCE.replace("123", "999")
    notebook.known[other] = tuple(
        replace(each, notice=replace(each.notice, key=each.notice.key.replace(REFERENCE, other)))
        for each in notebook.known[REFERENCE]
    )
    dealt = await desk(notebook, tmp_path).deal_with(lost, REFERENCE)
    assert (dealt.became, notebook.sent) == (Became.WAITS, [])


async def test_what_a_person_wrote_of_a_bounce_is_a_contact_when_it_is_placed(
    notebook: Notebook, tmp_path: Path
) -> None:
    text = "I got this:\n\n  ----- The following addresses had permanent fatal errors -----\n<a@b.example>\n"
    at, message = desk(notebook, tmp_path), came(written(text))
    assert (await at.deal_with(message)).became is Became.WAITS
    assert (await at.deal_with(message, REFERENCE)).became is Became.CONTACT


async def test_a_bounce_that_somebody_sends_along_as_a_file_is_their_answer(
    notebook: Notebook, tmp_path: Path
) -> None:
    answer = written("This is what I got from you.", To=f"complaints+{REFERENCE}@council.example")
    said = (
        "Hi. This is the qmail-send program at customer.example.\n<old@customer.example>:\n"
        "Sorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy\n"
    )
    answer.add_attachment(said, filename="bounce.txt")
    dealt = await desk(notebook, tmp_path).deal_with(came(answer))
    assert (dealt.became, notebook.sent[0][0]) == (Became.CONTACT, "record_contact")


def test_only_what_a_server_may_have_written_is_looked_through() -> None:
    answer = written("word " * 100_000)
    answer.add_attachment(b"x" * 5_000_000, maintype="image", subtype="jpeg", filename="a.jpg")
    left = without_files(message_from_bytes(answer.as_bytes()))
    assert len(left.as_bytes()) < 2 * SCANNED
    told = message_from_bytes(bounced().content)
    before = told.as_bytes()
    assert without_files(told).as_bytes() == before
