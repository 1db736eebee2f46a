"""The mail folder, the channel in memory, and the choice between channels."""

from __future__ import annotations

import mailbox
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import SecretStr

from activities.channels import PermanentRefusal, TemporaryFailure, open_channel
from activities.channels.maildir import MaildirChannel, file_name
from activities.channels.memory import MemoryChannel
from activities.channels.smtp import SmtpChannel
from activities.envelope import Sender, compose, route
from activities.rendering import render
from tests.activities.notice_samples import notice


def message(key: str = "FO-1/7/reply/customer") -> EmailMessage:
    one = replace(notice(next_step="Ŵyn a ŷd 🎉"), key=key)
    sender = Sender("complaints@ombudsman.example")
    return compose(one, render(one), route(one), sender, datetime(2026, 10, 5, tzinfo=UTC))


async def test_any_mail_reader_opens_the_folder(tmp_path: Path) -> None:
    await MaildirChannel(tmp_path / "var" / "outbox").send(message())
    (read,) = mailbox.Maildir(tmp_path / "var" / "outbox", create=False)
    assert read["Message-ID"] == "<FO-1.7.reply.customer@ombudsman.example>"
    assert "Ŵyn a ŷd 🎉".encode() in bytes(read.get_payload(decode=True))
    assert not any((tmp_path / "var" / "outbox" / "tmp").iterdir())


async def test_the_same_notice_delivered_twice_is_one_file(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    assert await channel.find(message()["Message-ID"]) is False
    await channel.send(message())
    await channel.send(message())
    assert await channel.find(message()["Message-ID"]) is True
    assert len(mailbox.Maildir(tmp_path)) == 1


async def test_a_notice_that_somebody_has_read_is_still_found(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    await channel.send(message())
    folder = mailbox.Maildir(tmp_path)
    ((key, read),) = folder.items()
    read.set_subdir("cur")
    read.set_flags("S")
    folder[key] = read
    assert await channel.find(message()["Message-ID"]) is True
    await channel.send(message())
    assert len(mailbox.Maildir(tmp_path)) == 1


async def test_a_draft_left_by_a_crash_is_not_taken_for_a_notice(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    await channel.send(message("FO-1/1/reply/customer"))
    (tmp_path / "tmp" / file_name(message()["Message-ID"])).write_bytes(b"half a mess")
    assert await channel.find(message()["Message-ID"]) is False
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
    names = [file_name(message(key)["Message-ID"]) for key in (one, other)]
    assert names[0].lower() != names[1].lower()
    assert all(len(name) < 200 and not set("/:\0") & set(name) for name in names)
    assert not any(name.startswith(".") for name in names)


async def test_the_channel_in_memory_does_as_it_is_told() -> None:
    channel = MemoryChannel()
    channel.next_time(PermanentRefusal("no such person"), "taken-but-reply-lost")
    with pytest.raises(PermanentRefusal):
        await channel.send(message())
    assert await channel.find(message()["Message-ID"]) is False
    with pytest.raises(TemporaryFailure):
        await channel.send(message())
    assert await channel.find(message()["Message-ID"]) is True
    assert await MemoryChannel(knows=False).find("<x@y>") is None


@dataclass(frozen=True)
class Chosen:
    channel: str
    maildir: Path = Path("outbox")
    smtp_host: str | None = "127.0.0.1"
    smtp_port: int = 25
    smtp_username: str | None = "uphold"
    smtp_password: SecretStr | None = None
    smtp_tls: str = "starttls"
    smtp_timeout_seconds: float = 5.0


def test_the_settings_choose_the_channel() -> None:
    assert isinstance(open_channel(Chosen("maildir")), MaildirChannel)
    assert isinstance(open_channel(Chosen("smtp")), SmtpChannel)
    secret = Chosen("smtp", smtp_password=SecretStr("let me in"))
    assert isinstance(open_channel(secret), SmtpChannel)
    with pytest.raises(ValueError, match="'pigeon'; allowed: maildir, smtp"):
        open_channel(Chosen("pigeon"))
