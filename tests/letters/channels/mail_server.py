"""A real SMTP server on this machine for one test, which answers as it is told."""

from __future__ import annotations

import asyncio
import email
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import aiosmtpd
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from letters.channels.connections import Connections, Tls
from letters.channels.smtp import SmtpChannel

CERTIFICATES = Path(aiosmtpd.__file__).parent / "tests" / "certs"
"""A throw-away certificate that comes with the server's package."""


class Desk:
    """What the server says to each recipient and message, and what it took."""

    def __init__(self) -> None:
        self.port = 0
        self.at_recipient = "250 OK"
        self.at_data = "250 OK"
        self.hangs_up: str | None = None
        """`in-data` before the message is read, `before-reply` after it was taken."""
        self.at_sender: list[str] = []
        """What the server says to the next senders; then it takes them again."""
        self.connections = 0
        self.hang_up_on_all: Callable[[], None] = lambda: None
        self.silent = False
        self.reading = asyncio.Event()
        """Set once a message is read, which is answered when `may_answer` is set."""
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.taken: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.encrypted: list[bool] = []

    async def handle_MAIL(  # noqa: N802 - the server's name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_sender:
            return self.at_sender.pop(0)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the server's name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.silent:
            await asyncio.Event().wait()
        if self.at_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(  # noqa: N802 - the server's name for it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.reading.set()
        await self.may_answer.wait()
        if self.at_data.startswith("2"):
            content = email.message_from_bytes(cast(bytes, envelope.content), policy=default)
            assert isinstance(content, EmailMessage)
            self.taken.append(content)
            self.recipients += envelope.rcpt_tos
            self.encrypted.append(session.ssl is not None)
        if self.hangs_up == "before-reply":
            _hang_up(server)
        return self.at_data


class _Server(SMTP):
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - the server's name for it
        if self.event_handler.hangs_up == "in-data":
            await self.push("354 go on")
            _hang_up(self)
        else:
            await super().smtp_DATA(arg)


def _hang_up(server: SMTP) -> None:
    if server.transport is not None:
        cast(asyncio.Transport, server.transport).abort()


def server_tls() -> ssl.SSLContext:
    """What the server proves itself with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.crt", CERTIFICATES / "server.key")
    return context


def trusting_tls() -> ssl.SSLContext:
    """What a client needs to trust that server; its certificate names no host."""
    context = ssl.create_default_context(cafile=str(CERTIFICATES / "server.crt"))
    context.check_hostname = False
    return context


def authenticator(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    """Lets in `uphold` with its password."""
    known = (data.login, data.password) == (b"uphold", b"let me in")
    return AuthResult(success=known, handled=False)


@asynccontextmanager
async def mail_server(
    *, tls: ssl.SSLContext | None = None, desk: Desk | None = None, **options: Any
) -> AsyncIterator[Desk]:
    """The desk of a server that listens on a free port of 127.0.0.1 until the block ends."""
    desk, loop = desk or Desk(), asyncio.get_running_loop()
    opened: list[_Server] = []

    def answer() -> _Server:
        opened.append(_Server(desk, hostname="localhost", **options))
        desk.connections += 1
        return opened[-1]

    def hang_up_on_all() -> None:
        for conversation in opened:
            _hang_up(conversation)

    desk.hang_up_on_all = hang_up_on_all

    listening = await loop.create_server(answer, "127.0.0.1", 0, ssl=tls)
    desk.port = listening.sockets[0].getsockname()[1]
    try:
        yield desk
    finally:
        listening.close()
        hang_up_on_all()
        await listening.wait_closed()


def channel_to(desk: Desk, **options: Any) -> SmtpChannel:
    """A channel to that server, in the clear unless told otherwise."""
    return SmtpChannel(Connections("127.0.0.1", desk.port, **({"tls": Tls.NONE} | options)))


def words_in(message: EmailMessage) -> str:
    """The text of a message that is a page as well."""
    part = message.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())
