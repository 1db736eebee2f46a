"""A mailbox that is read by IMAP: each message dealt with once, and moved only then."""

from __future__ import annotations

import socket
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from letters.channels.port import TemporaryFailure
from mail.desk import Became
from mail.mailboxes import ImapMailbox, MailboxAway
from tests.letters.channels.mail_server import trusting_tls
from tests.mail.imap_server import Post, imap_server
from tests.mail.notebook import Notebook, desk
from tests.mail.samples import REFERENCE, written

GOOD = "let me in"


def mailbox_of(post: Post, password: str | None = GOOD) -> ImapMailbox:
    return ImapMailbox(
        "127.0.0.1", post.port, "complaints", password=password, tls_context=trusting_tls()
    )


def fill(post: Post) -> None:
    for number in range(3):
        subject = f"Re: {REFERENCE}, {number}"
        post.add(written(Message_ID=f"<{number}@c.example>", Subject=subject).as_bytes())


async def test_every_message_is_dealt_with_and_then_moved(tmp_path: Path) -> None:
    notebook = Notebook()
    async with imap_server() as post:
        fill(post)
        async for taken in mailbox_of(post).messages():
            dealt = await desk(notebook, tmp_path).deal_with(taken.message)
            assert dealt.became is Became.CONTACT
            await taken.put_away()
        assert [taken async for taken in mailbox_of(post).messages()] == []
    assert (len(post.folders["INBOX"]), len(post.folders["Done"])) == (0, 3)
    assert len(notebook.sent) == 3


async def test_whoever_is_killed_before_it_is_moved_finds_it_again(tmp_path: Path) -> None:
    notebook = Notebook()
    async with imap_server() as post:
        fill(post)
        for _ in range(2):
            async for taken in mailbox_of(post).messages():
                await desk(notebook, tmp_path).deal_with(taken.message)
        assert len(post.folders["INBOX"]) == 3
    assert len(notebook.sent) == 3


async def test_a_token_signs_in_where_there_are_no_passwords() -> None:
    async def token() -> str:
        return "a-good-token"

    async with imap_server() as post:
        fill(post)
        post.password, post.token = None, "a-good-token"
        box = ImapMailbox(
            "127.0.0.1", post.port, "complaints", token=token, tls_context=trusting_tls()
        )
        assert len([taken async for taken in box.messages()]) == 3


async def test_a_wrong_password_is_said_to_be_one() -> None:
    async with imap_server() as post:
        with pytest.raises(MailboxAway, match=r"INBOX of complaints at 127\.0\.0\.1:.*Login"):
            _ = [taken async for taken in mailbox_of(post, "wrong").messages()]


async def test_a_server_that_is_not_there_is_said_to_be_away() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening: connections are refused
        post = Post()
        post.port = taken.getsockname()[1]
        with pytest.raises(MailboxAway, match=r"ConnectionRefused.*mail_imap_"):
            _ = [each async for each in mailbox_of(post).messages()]


async def test_a_token_that_nobody_gives_is_said_to_be_missing() -> None:
    async def token() -> str:
        raise TemporaryFailure("No token for the mail server: expired", "oauth")

    with pytest.raises(MailboxAway, match="No token for the mail server: expired"):
        _ = [each async for each in ImapMailbox("x", 1, "complaints", token=token).messages()]


async def test_a_server_that_hangs_up_midway_is_said_to_be_away(tmp_path: Path) -> None:
    async with imap_server() as post:
        fill(post)
        async with aclosing(mailbox_of(post).messages()) as messages:
            taken = await anext(messages)
            post.hang_up()
            with pytest.raises(MailboxAway):
                await taken.put_away()
        assert len(post.folders["INBOX"]) == 3


async def test_a_message_came_when_the_server_got_it_however_often_it_is_read() -> None:
    async with imap_server() as post:
        post.add(written(Received="").as_bytes())
        read = [
            taken.message.received_at
            for _ in range(2)
            async for taken in mailbox_of(post).messages()
        ]
    assert read == [datetime(2026, 10, 6, 8, 30, tzinfo=UTC)] * 2
