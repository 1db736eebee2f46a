"""A message leaves where it came in once it has been dealt with, and not before."""

from __future__ import annotations

import mailbox
import re
from pathlib import Path

import pytest

from mail.desk import Became
from mail.keeping import Tray
from mail.mailboxes import FolderMailbox, MailboxAway
from mail.message import Incoming
from tests.mail.notebook import Notebook, desk
from tests.mail.samples import KEPT_AT, REFERENCE, written

TO_IT = f"complaints+{REFERENCE}@council.example"


def fill(folder: Path, count: int = 3) -> None:
    box = mailbox.Maildir(folder)
    for number in range(count):
        subject = f"{REFERENCE}, question {number}"
        box.add(written(Message_ID=f"<{number}@c.example>", Subject=subject).as_bytes())


def nested(depth: int) -> bytes:
    """A message within a message, so deep."""
    return b"".join(
        b"\nContent-Type: multipart/mixed; boundary=b%d\n\n--b%d" % (each, each)
        for each in range(depth)
    )


async def deal(folder: Path, notebook: Notebook, tmp_path: Path, *, most: int = 100) -> list[str]:
    """Deal with as many, and be killed at the next, after it was done and before it was put away."""
    became: list[str] = []
    async for taken in FolderMailbox(folder).messages():
        became.append((await desk(notebook, tmp_path).deal_with(taken.message)).became)
        if len(became) > most:
            return became
        await taken.put_away()
    return became


async def test_everything_is_dealt_with_and_then_put_away(tmp_path: Path) -> None:
    folder, notebook = tmp_path / "in", Notebook()
    fill(folder)
    assert await deal(folder, notebook, tmp_path) == [Became.CONTACT] * 3
    assert await deal(folder, notebook, tmp_path) == []
    assert len(mailbox.Maildir(folder)) == 0
    assert len(mailbox.Maildir(folder / ".Done")) == 3


@pytest.mark.parametrize("killed_after", [0, 1, 2])
async def test_whoever_is_killed_midway_loses_nothing_and_does_nothing_twice(
    killed_after: int, tmp_path: Path
) -> None:
    folder, notebook = tmp_path / "in", Notebook()
    fill(folder)
    await deal(folder, notebook, tmp_path, most=killed_after)
    await deal(folder, notebook, tmp_path)
    assert len(notebook.sent) == 3
    assert len({said["summary"] for _, _, said in notebook.sent}) == 3


ODD = [
    written(From="", To=TO_IT).as_bytes(),
    written(To=TO_IT).as_bytes().replace(b"From: Ann Other", b"From: Ren\xe9"),
    written(To=TO_IT, Received="x; Fri, 31 Dec 9999 23:59:59 -2300").as_bytes(),
    written(To=TO_IT, Received="x; Mon, 01 Jan 0001 00:00:00 +2300").as_bytes(),
    b"To: " + TO_IT.encode() + nested(2_000),
]


async def test_an_odd_message_keeps_nobody_waiting_who_is_behind_it(tmp_path: Path) -> None:
    folder, notebook = tmp_path / "in", Notebook()
    fill(folder, 0)
    for number, content in enumerate(ODD):
        (folder / "new" / f"{number}").write_bytes(content)
    (folder / "new" / "a folder").mkdir()
    (folder / "new" / ".hidden").touch()
    (folder / "new" / "9").write_bytes(written("A good one.", To=TO_IT).as_bytes())
    became = await deal(folder, notebook, tmp_path)
    assert became == [Became.CONTACT] * 4 + [Became.WAITS, Became.CONTACT]
    assert "A good one." in notebook.sent[-1][2]["summary"]
    (waiting,) = Tray(tmp_path / "tray").waiting()
    assert waiting.why == "It could not be read (RecursionError)."
    placed = await desk(notebook, tmp_path).deal_with(waiting.message, REFERENCE)
    assert placed.became is Became.CONTACT
    assert "- the whole message: " in notebook.sent[-1][2]["summary"]


async def test_a_folder_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(
        MailboxAway, match=r"The mail folder .*nowhere cannot be read: .*mail_folder"
    ):
        await deal(tmp_path / "nowhere", Notebook(), tmp_path)


async def test_a_file_that_somebody_else_took_is_passed_over(tmp_path: Path) -> None:
    folder, became = tmp_path / "in", 0
    fill(folder, 3)
    async for taken in FolderMailbox(folder).messages():
        for path in (folder / "new").iterdir():
            if path.read_bytes() != taken.message.content:
                path.unlink()
        await taken.put_away()
        became += 1
    assert became == 1


async def test_a_file_that_cannot_be_read_is_told_of_after_all_others(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    fill(folder, 3)
    _, second, _ = sorted((folder / "new").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    messages = FolderMailbox(folder).messages()
    await (await anext(messages)).put_away()
    second.unlink()
    second.mkdir()  # whatever it is now, nobody can read it
    await (await anext(messages)).put_away()
    with pytest.raises(MailboxAway, match=re.escape(second.name)):
        await anext(messages)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff no headers at all",
        b"From: =?utf-8?q?=FF?=\r\nSubject: =?x?b?!?=\r\nDate: never\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain;"
        b" charset=nothing-known\r\n\r\nwords\r\n",
        b"Received: x; Thu, 99 Nov 9999 99:99:99\r\nMessage-ID: none\r\n\r\nwords",
        b"Received: x; Fri, 31 Dec 9999 23:59:59 -2300\r\n\r\nwords",
        b"From: Ren\xe9 <r@x>\r\nSubject: caf\xe9\r\n\r\ncaf\xe9",
        b"Content-Type: multipart/alternative\r\n\r\nwords",
    ],
)
def test_no_message_is_too_broken_to_be_read(content: bytes) -> None:
    read = Incoming(content, KEPT_AT)
    said = (read.message_id, read.sender, read.recipients, read.answers, read.text)
    assert said[0].startswith("<")
    assert read.received_at == KEPT_AT
    assert isinstance(read.attachments, tuple)
    assert len(read.digest) == 64
