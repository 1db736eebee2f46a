"""A mail server, spoken to by SMTP.

Owns the conversation and what each of the server's answers means for a notice. A server cannot
be asked what it has taken: what this process saw it take is remembered here, and beyond that the
marks in the ledger are all there is.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import OrderedDict
from contextlib import suppress
from enum import StrEnum

import aiosmtplib

from letters.channels.port import Mail, PermanentRefusal, TemporaryFailure
from letters.plain_text import one_line

CONNECTIONS = 8
REMEMBERED = 20_000
MESSAGE_TOO_BIG = 552
REASON_LIMIT = 300


class Tls(StrEnum):
    """How the connection is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class SmtpChannel:
    """Sends through one mail server, over at most eight connections at a time."""

    name = "smtp"

    def __init__(
        self,
        host: str,
        port: int,
        *,
        tls: Tls = Tls.STARTTLS,
        username: str | None = None,
        password: str | None = None,
        timeout_seconds: float = 20.0,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        """`timeout_seconds` is the longest wait for one answer; `tls_context` whom to trust."""
        self._host, self._port, self._tls = host, port, tls
        self._username, self._password = username, password
        self._timeout, self._tls_context = timeout_seconds, tls_context
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def find(self, message_id: str) -> bool | None:
        """True when this process saw the server take the message; otherwise nobody can know.

        A message that is just being handed over is waited for.
        """
        if under_way := self._under_way.get(message_id):
            await asyncio.wait([under_way])
        return True if message_id in self._taken else None

    async def send(self, mail: Mail, *, patience_seconds: float | None = None) -> None:
        """Return once the server has taken the message.

        Raises `PermanentRefusal` when it refuses the recipient or the message for good, and
        `TemporaryFailure` for everything that is not the recipient's fault.
        """
        try:
            client = await self._prepared(mail, patience_seconds)
            # From here on the server may take it. A caller who no longer waits must not break it
            # off: given up half-way, nobody would know.
            await asyncio.shield(self._begin_hand_over(client, mail))
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _meaning(error, mail.recipient) from error

    async def _prepared(self, mail: Mail, patience_seconds: float | None) -> aiosmtplib.SMTP:
        """A connection, one of the eight, whose server has accepted sender and recipient."""
        client = self._client()
        async with asyncio.timeout(patience_seconds):
            await self._free.acquire()
            try:
                await client.connect()
                await self._address(client, mail)
            except BaseException:
                client.close()
                self._free.release()
                raise
        return client

    @staticmethod
    async def _address(client: aiosmtplib.SMTP, mail: Mail) -> None:
        try:
            await client.mail(mail.sender)
            await client.rcpt(mail.recipient)
        except ValueError as error:
            raise PermanentRefusal("The mail server cannot use the address.") from error

    def _begin_hand_over(self, client: aiosmtplib.SMTP, mail: Mail) -> asyncio.Task[None]:
        task = asyncio.create_task(self._hand_over(client, mail))
        self._under_way[mail.message_id] = task
        task.add_done_callback(lambda done: self._ended(mail.message_id, done))
        return task

    async def _hand_over(self, client: aiosmtplib.SMTP, mail: Mail) -> None:
        try:
            await client.data(mail.content)
            self._remember(mail.message_id)
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit()
        finally:
            client.close()
            self._free.release()

    def _ended(self, message_id: str, done: asyncio.Task[None]) -> None:
        self._under_way.pop(message_id, None)
        if not done.cancelled():
            done.exception()  # seen, also when nobody waits for it any more

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._username,
            password=self._password,
            timeout=self._timeout,
            use_tls=self._tls is Tls.TLS,
            start_tls=self._tls is Tls.STARTTLS,
            tls_context=self._tls_context,
        )

    def _remember(self, message_id: str) -> None:
        self._taken[message_id] = None
        while len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)


def _meaning(error: Exception, recipient: str) -> PermanentRefusal | TemporaryFailure:
    """What a failure means: only a refusal of this recipient or this message is for good."""
    match error:
        case aiosmtplib.SMTPRecipientRefused() | aiosmtplib.SMTPDataError():
            for_good = error.code >= 500  # noqa: PLR2004 - the 5yz of RFC 5321
        case aiosmtplib.SMTPSenderRefused():
            for_good = error.code == MESSAGE_TOO_BIG
        case _:
            for_good = False
    if isinstance(error, aiosmtplib.SMTPResponseException):
        reason, code = f"{error.code} {error.message}", str(error.code)
    else:
        reason, code = f"{type(error).__name__}: {error}", type(error).__name__
    reason = re.sub(re.escape(recipient), "(the address)", reason, flags=re.IGNORECASE)
    reason = one_line(reason, REASON_LIMIT)
    return PermanentRefusal(reason, code) if for_good else TemporaryFailure(reason, code)
