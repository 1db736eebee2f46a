"""`uphold mail` on the real server: what comes in is dealt with once, and what did not arrive goes another way."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import LedgerFault
from mail.message import Incoming
from starter.commands.mail import MailboxUnreachable, keep_on
from tests.mail.samples import ANN, bounced, written
from tests.starter.conftest import HANDLER, Office
from tests.workflows.player import eventually

HOME = "1 High Street\nOld Town"
OPENS = "complaints@financial-ombudsman.example"
"""The mailbox of a charter."""
TO_NOBODY = "somebody@council.example"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An empty mail folder."""
    for part in ("new", "cur", "tmp"):
        (tmp_path / "inbox" / part).mkdir(parents=True)
    return tmp_path / "inbox"


@pytest.fixture
def settings(inbox: Path) -> dict[str, str]:
    """The settings of whoever reads the mail: an app, on this folder."""
    return {
        "UPHOLD_MAIL_FOLDER": str(inbox),
        "UPHOLD_MAIL_KEPT": str(inbox.parent / "kept"),
        "UPHOLD_REPLIES_ADDRESS": "complaints@council.example",
        "UPHOLD_ACTOR_ID": "mail-room",
        "UPHOLD_ACTOR_NAME": "Mail room",
        "UPHOLD_ACTOR_ROLE": "upstream-app",
    }


def comes(inbox: Path, name: str, message: EmailMessage | bytes) -> None:
    content = message if isinstance(message, bytes) else message.as_bytes()
    (inbox / "new" / name).write_bytes(content)


def just_now(text: str, **headers: str) -> EmailMessage:
    """A message of Ann's that our server took a moment ago."""
    taken = (
        f"from mx.customer.example by mail.council.example; {format_datetime(datetime.now(UTC))}"
    )
    return written(text, Received=taken, **headers)


async def read(office: Office, settings: dict[str, str]) -> list[tuple[str, str | None]]:
    """What became of every message that waited, and on which complaint."""
    done = await office.uphold("mail", "read", "--json", env=settings)
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [(line["became"], line["reference"]) for line in lines]


async def test_an_answer_and_a_bounce_go_to_their_complaint_and_the_letter_goes_by_post(
    office: Office, inbox: Path, settings: dict[str, str]
) -> None:
    reference = await office.opened(
        complainant={"name": "Ann Other", "email": ANN, "address": HOME}
    )
    before = (await office.complaints.acknowledge(reference, HANDLER)).events
    letter = f"{reference}/{before}/acknowledgement/customer"

    async def left() -> str | None:
        return (await office.ledger.fate(letter)).message_id

    comes(inbox, "1.answer", just_now("Any news?", To=f"complaints+{reference}@council.example"))
    comes(inbox, "2.bounce", bounced(to=TO_NOBODY, letter_id=await eventually(left)).content)

    assert await read(office, settings) == [("contact", reference), ("undelivered", reference)]
    assert await read(office, settings) == [], "each message is dealt with once"
    kinds = [each.kind for each in await office.ledger.events(reference)]
    assert kinds[before:] == ["contact-received", "notice-undeliverable", "notice-sent-again"]

    async def posted() -> Any:
        letters = await office.ledger.notices(reference)
        return next((each for each in letters if each.notice.again == letter), None)

    again = (await eventually(posted)).notice
    assert (again.recipient.email, again.recipient.address) == (None, HOME)
    shown = await office.uphold("show", reference)
    assert "there is no such mailbox" in shown.stdout


async def test_a_letter_to_a_charters_mailbox_opens_a_complaint_and_one_to_nobody_waits(
    office: Office, inbox: Path, settings: dict[str, str]
) -> None:
    reference = await office.opened()
    to_us = just_now("My letters are lost.", To=OPENS)
    comes(inbox, "1.new", to_us)
    comes(inbox, "2.lost", just_now("Hello?", To=TO_NOBODY, Message_ID="<two@customer.example>"))

    (opened, new), waits = await read(office, settings)
    assert (opened, waits) == ("opened", ("waits", None))
    assert new is not None
    status = await office.complaints.status(new)
    assert status.state == "received"
    tray = await office.uphold("mail", "tray", "--json", env=settings)
    (waiting,) = json.loads(tray.stdout)
    placed = await office.uphold("mail", "place", waiting["number"], reference, env=settings)
    assert placed.exit_code == 0, placed.output
    assert "Nothing waits" in (await office.uphold("mail", "tray", env=settings)).stdout
    (contact,) = (await office.complaints.status(reference)).contacts
    assert contact.channel == "email"
    assert [each.kind for each in await office.ledger.events(reference)][-1] == "contact-received"


async def test_a_person_reads_what_waits_and_says_which_complaints_it_is_about(
    office: Office, inbox: Path, settings: dict[str, str]
) -> None:
    first, second = await office.opened(), await office.opened()
    both = just_now("Both are late.", Subject=f"{first} and {second}", To=OPENS)
    both.add_attachment(b"a picture", maintype="image", subtype="png", filename="damp.png")
    comes(inbox, "1.both", both)
    assert await read(office, settings) == [("waits", None)]
    (waiting,) = json.loads((await office.uphold("mail", "tray", "--json", env=settings)).stdout)
    number = waiting["number"]

    shown = await office.uphold("mail", "show", number, env=settings)
    assert "Both are late." in shown.stdout
    assert "damp.png (9 bytes)" in shown.stdout
    told = json.loads((await office.uphold("mail", "show", number, "--json", env=settings)).stdout)
    assert (told["to"], told["text"]) == (OPENS, "Both are late.")
    assert Path(told["whole"]).read_bytes() == both.as_bytes()

    slip = await office.uphold("mail", "place", number, first, "FO-2026-NOBODY", env=settings)
    assert slip.exit_code == 1, slip.output
    again = await office.uphold("mail", "tray", "--json", env=settings)
    assert json.loads(again.stdout) == [waiting], "the reason why it waits is what it was"
    placed = await office.uphold("mail", "place", number, first, second, env=settings)
    assert placed.exit_code == 0, placed.output
    for each in (first, second):
        assert len((await office.complaints.status(each)).contacts) == 1
    assert "Nothing waits" in (await office.uphold("mail", "tray", env=settings)).stdout


async def test_a_person_opens_a_complaint_with_what_waits_for_whoever_wrote_it_first(
    office: Office, inbox: Path, settings: dict[str, str]
) -> None:
    passed_on = just_now("FW: my roof leaks", From="Clerk <clerk@council.example>", To=TO_NOBODY)
    comes(inbox, "1.fw", passed_on)
    assert await read(office, settings) == [("waits", None)]
    (waiting,) = json.loads((await office.uphold("mail", "tray", "--json", env=settings)).stdout)
    opening = ("mail", "open", waiting["number"], "--charter")
    wrong = await office.uphold(*opening, "nobodys", env=settings)
    assert (wrong.exit_code, "is no charter" in wrong.output) == (2, True)
    whose = ("--name", "Ann Other", "--email", ANN)
    done = await office.uphold(*opening, "financial-ombudsman", *whose, "--json", env=settings)
    assert done.exit_code == 0, done.output
    opened = json.loads(done.stdout)
    assert opened["became"] == "opened"

    async def written_to() -> bool:
        letters = await office.ledger.notices(opened["reference"])
        return ANN in {each.notice.recipient.email for each in letters}

    assert await eventually(written_to)
    assert "Nothing waits" in (await office.uphold("mail", "tray", env=settings)).stdout


async def test_an_odd_message_keeps_nobody_waiting_who_is_behind_it(
    office: Office, inbox: Path, settings: dict[str, str]
) -> None:
    to = f"complaints+{await office.opened()}@council.example"
    many = just_now("Many files.", To=to, Message_ID="<many@customer.example>")
    for number in range(260):
        many.add_attachment(b"%d" % number, maintype="image", subtype="png", filename="a.png")
    nameless = just_now("x", From="", To=to, Message_ID="<nameless@customer.example>")
    comes(inbox, "1.nobody", nameless)
    comes(inbox, "2.bytes", just_now("x", To=to).as_bytes().replace(b"Ann Other", b"Ren\xe9"))
    comes(inbox, "3.nul", just_now("a\x00b", To=to, Message_ID="<nul@customer.example>"))
    far = written("x", To=to, Received="x; Fri, 31 Dec 9999 23:59:59 -2300", Message_ID="<y@x>")
    comes(inbox, "4.never", far)
    comes(inbox, "5.many", many)
    long_name = just_now("x", From=f'"{"n" * 600}" <a@b.example>', To=OPENS, Message_ID="<l@x>")
    comes(inbox, "6.long", long_name)
    (inbox / "new" / "7.folder").mkdir()
    comes(inbox, "8.good", just_now("A good one.", To=to, Message_ID="<good@customer.example>"))
    became = sorted(each for each, _ in await read(office, settings))
    assert became == ["contact"] * 6 + ["waits"]
    assert [path.name for path in (inbox / "new").iterdir()] == ["7.folder"]


async def test_a_reference_that_somebody_elses_complaint_has_loses_no_words(
    office: Office, inbox: Path, settings: dict[str, str]
) -> None:
    message = just_now("My child was hurt.", To=OPENS)
    digest = Incoming(message.as_bytes(), datetime.now(UTC)).digest
    taken = f"MAIL-{datetime.now(UTC).year}-{digest[:12].upper()}"
    assert await office.opened(reference=taken) == taken
    comes(inbox, "1.new", message)
    assert await read(office, settings) == [("waits", None)]
    tray = await office.uphold("mail", "tray", env=settings)
    assert taken in tray.stdout


async def test_whoever_may_not_tell_complaints_of_mail_leaves_it_where_it_is(
    office: Office, inbox: Path, settings: dict[str, str]
) -> None:
    to = f"complaints+{await office.opened()}@council.example"
    comes(inbox, "1.answer", just_now("Any news?", To=to))
    done = await office.uphold("mail", "read", env=settings | {"UPHOLD_ACTOR_ROLE": "quality"})
    assert (done.exit_code, "A quality may not" in done.stderr) == (1, True)
    assert [path.name for path in (inbox / "new").iterdir()] == ["1.answer"]
    assert "Nothing waits" in (await office.uphold("mail", "tray", env=settings)).stdout


async def test_a_mailbox_that_is_away_is_said_to_be_so(
    office: Office, inbox: Path, settings: dict[str, str]
) -> None:
    nowhere = settings | {"UPHOLD_MAIL_FOLDER": str(inbox / "nowhere")}
    done = await office.uphold("mail", "read", env=nowhere)
    assert done.exit_code == os.EX_UNAVAILABLE
    assert "cannot be read" in done.output
    assert "fault of Uphold's own" not in done.output


async def test_whoever_goes_on_tries_a_mailbox_again_that_was_away(
    capsys: pytest.CaptureFixture[str],
) -> None:
    looks, waits = [MailboxUnreachable("It is away."), None, LedgerFault("It is broken.")], []

    async def look() -> None:
        if error := looks.pop(0):
            raise error

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    with pytest.raises(LedgerFault):
        await keep_on(look, 60, wait)
    assert waits == [60, 60]
    assert capsys.readouterr().err == "It is away. It is tried again in 60 seconds.\n"


async def test_whoever_looks_once_is_told_that_the_mailbox_is_away() -> None:
    async def look() -> None:
        raise MailboxUnreachable("It is away.")

    with pytest.raises(MailboxUnreachable):
        await keep_on(look, None)


async def test_a_letter_that_staff_got_back_is_told_as_such(office: Office) -> None:
    reference = await office.opened(
        complainant={"name": "Ann Other", "email": ANN, "address": HOME}
    )
    number = (await office.complaints.acknowledge(reference, HANDLER)).events
    letter = f"{reference}/{number}/acknowledgement/customer"

    async def stands(state: str) -> bool:
        return (await office.ledger.fate(letter)).state == state

    await eventually(lambda: stands("delivered"))
    done = await office.uphold(
        "report-undelivered", reference, "--notice", letter, "--reason", "Moved away."
    )
    assert done.exit_code == 0, done.output
    await eventually(lambda: stands("undelivered"))
    shown = json.loads((await office.uphold("show", reference, "--json")).stdout)
    (told,) = [each for each in shown["notices"] if each["key"] == letter]
    assert (told["state"], told["reason"]) == ("undelivered", "Moved away.")
