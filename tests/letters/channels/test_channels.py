"""The mail folder and the channel in memory."""

from __future__ import annotations

import mailbox
from binascii import b2a_qp
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from letters.channels.maildir import MaildirChannel, file_name
from letters.channels.memory import MemoryChannel
from letters.channels.port import Mail, PermanentRefusal, TemporaryFailure
from letters.envelope import Sender, compose
from letters.rendering import render
from letters.routing import route
from tests.letters.notice_samples import notice


def message(key: str = "FO-1/7/reply/customer") -> Mail:
    one = replace(notice(next_step="Ŵyn a ŷd 🎉"), key=key)
    sender = Sender("complaints@ombudsman.example")
    return compose(one, render(one), route(one), sender, datetime(2026, 10, 5, tzinfo=UTC))


async def test_any_mail_reader_opens_the_folder(tmp_path: Path) -> None:
    await MaildirChannel(tmp_path / "var" / "outbox").send(message())
    (read,) = mailbox.Maildir(tmp_path / "var" / "outbox", create=False)
    assert read["Message-ID"] == "<FO-1.7.reply.customer@ombudsman.example>"
    assert b2a_qp("Ŵyn a ŷd".encode()) in read.as_bytes()
    assert not any((tmp_path / "var" / "outbox" / "tmp").iterdir())


async def test_the_same_notice_delivered_twice_is_one_file(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    assert await channel.find(message().message_id) is False
    await channel.send(message())
    await channel.send(message())
    assert await channel.find(message().message_id) is True
    assert len(mailbox.Maildir(tmp_path)) == 1


async def test_a_notice_that_somebody_has_read_is_still_found(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    await channel.send(message())
    folder = mailbox.Maildir(tmp_path)
    ((key, read),) = folder.items()
    read.set_subdir("cur")
    read.set_flags("S")
    folder[key] = read
    assert await channel.find(message().message_id) is True
    await channel.send(message())
    assert len(mailbox.Maildir(tmp_path)) == 1


async def test_a_draft_left_by_a_crash_is_not_taken_for_a_notice(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    await channel.send(message("FO-1/1/reply/customer"))
    (tmp_path / "tmp" / file_name(message().message_id)).write_bytes(b"half a mess")
    assert await channel.find(message().message_id) is False
    await channel.send(message())
    assert len(mailbox.Maildir(tmp_path)) == 2


async def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")
    with pytest.raises(TemporaryFailure, match="mail folder"):
        await MaildirChannel(tmp_path / "outbox").send(message())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A.1/2/x", "A/1/2/x"),
        ("A/1/x", "a/1/x"),
        ("A/" + "1" * 300, "A/" + "1" * 301),
        ("A/../../../etc/passwd", "A/../../etc/passwd"),
    ],
)
def test_different_notices_have_different_files_that_stay_in_the_folder(
    one: str, other: str
) -> None:
    names = [file_name(message(key).message_id) for key in (one, other)]
    assert names[0].lower() != names[1].lower()
    assert all(len(name) < 200 and not set("/:\0") & set(name) for name in names)
    assert not any(name.startswith(".") for name in names)


async def test_the_channel_in_memory_does_as_it_is_told() -> None:
    channel = MemoryChannel()
    channel.next_time(PermanentRefusal("no such person"), "taken-but-reply-lost")
    with pytest.raises(PermanentRefusal):
        await channel.send(message())
    assert await channel.find(message().message_id) is False
    with pytest.raises(TemporaryFailure):
        await channel.send(message())
    assert await channel.find(message().message_id) is True
    assert await MemoryChannel(knows=False).find("<x@y>") is None
