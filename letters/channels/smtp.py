"""A mail server, spoken to by SMTP.

Owns the conversation and what each of the server's answers means for a notice. A server cannot
be asked what it has taken: what this process saw it take is remembered here, and beyond that the
marks in the ledger are all there is.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict

import aiosmtplib

from letters.channels.connections import Connections
from letters.channels.port import Mail, PermanentRefusal, TemporaryFailure, Way

REMEMBERED = 20_000
MESSAGE_TOO_BIG = 552
CLOSING = 421


class SmtpChannel:
    """Sends through one mail server, over the connections that are given."""

    name = "smtp"
    ways = frozenset({Way.EMAIL})

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def close(self) -> None:
        """Finish what is being handed over, and take leave of the server."""
        if self._under_way:
            await asyncio.wait(list(self._under_way.values()))
        await self._connections.close()

    async def find(self, message_id: str, key: str = "") -> bool | None:
        """True when this process saw the server take the message; otherwise nobody can know.

        A message that is just being handed over is waited for.
        """
        del key
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
            raise _meaning(error, mail) from error

    async def _prepared(self, mail: Mail, patience_seconds: float | None) -> aiosmtplib.SMTP:
        """A connection whose server has accepted sender and recipient."""
        async with asyncio.timeout(patience_seconds):
            await self._connections.acquire()
            try:
                return await self._addressed(mail)
            except BaseException:
                self._connections.release()
                raise

    async def _addressed(self, mail: Mail) -> aiosmtplib.SMTP:
        """The same; where the server has hung up on a connection that was kept, on another one."""
        while client := self._connections.warm():
            try:
                return await self._address(client, mail)
            except (aiosmtplib.SMTPServerDisconnected, ConnectionError):
                continue
            except aiosmtplib.SMTPSenderRefused as error:
                if error.code != CLOSING:
                    raise
        return await self._address(await self._connections.fresh(), mail)

    async def _address(self, client: aiosmtplib.SMTP, mail: Mail) -> aiosmtplib.SMTP:
        try:
            await client.mail(mail.sender, options=_size(client, mail))
            await client.rcpt(mail.recipient)
        except ValueError as error:
            client.close()
            raise PermanentRefusal(
                "The mail server cannot use the address.", address_bad=True
            ) from error
        except (PermanentRefusal, aiosmtplib.SMTPRecipientRefused):
            await self._again(client)
            raise
        except BaseException:
            client.close()
            raise
        return client

    async def _again(self, client: aiosmtplib.SMTP) -> None:
        """Keep a connection for the next letter whose server refused this one."""
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            client.close()
        except BaseException:
            client.close()
            raise
        else:
            self._connections.keep(client)

    def _begin_hand_over(self, client: aiosmtplib.SMTP, mail: Mail) -> asyncio.Task[None]:
        task = asyncio.create_task(self._hand_over(client, mail))
        self._under_way[mail.message_id] = task
        task.add_done_callback(lambda done: self._ended(mail.message_id, done))
        return task

    async def _hand_over(self, client: aiosmtplib.SMTP, mail: Mail) -> None:
        try:
            await client.data(mail.content)
            self._remember(mail.message_id)
        except BaseException:
            client.close()
            raise
        else:
            self._connections.keep(client)
        finally:
            self._connections.release()

    def _ended(self, message_id: str, done: asyncio.Task[None]) -> None:
        self._under_way.pop(message_id, None)
        if not done.cancelled():
            done.exception()  # seen, also when nobody waits for it any more

    def _remember(self, message_id: str) -> None:
        self._taken[message_id] = None
        while len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)


def _size(client: aiosmtplib.SMTP, mail: Mail) -> list[str]:
    """What the server is told of the size beforehand, where it asks (RFC 1870).

    Raises `PermanentRefusal` for more than it says to take.
    """
    size = len(mail.content)
    if not client.supports_extension("size"):
        return []
    most = client.esmtp_extensions.get("size", "").strip()
    if most.isdecimal() and 0 < int(most) < size:
        raise PermanentRefusal(_too_big(size, int(most)), "too-big")
    return [f"SIZE={size}"]


def _too_big(size: int, most: int | None = None) -> str:
    allowed = f"; it takes {most // 1024:,} KB at most" if most else ""
    return f"The letter is too large for the mail server: {-(-size // 1024):,} KB{allowed}."


def _meaning(error: Exception, mail: Mail) -> PermanentRefusal | TemporaryFailure:
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
    refused = isinstance(error, aiosmtplib.SMTPRecipientRefused)
    # At the recipient that code is more often of a mailbox that is full.
    if code == str(MESSAGE_TOO_BIG) and (not refused or _TOO_BIG.search(reason)):
        reason = _too_big(len(mail.content))
    reason = re.sub(re.escape(mail.recipient), "(the address)", reason, flags=re.IGNORECASE)
    bad = refused and leads_to_nobody(reason)
    for_good = for_good and (bad or not _OURS.search(reason))
    if not for_good:
        return TemporaryFailure(reason, code)
    return PermanentRefusal(reason, code, address_bad=bad)


_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_NOBODY = re.compile(r"5\.(1\.(?![78]$)\d+|2\.1)")
"""Of the address (RFC 3463); 5.1.7 and 5.1.8 are of the sender's."""
_BARE = re.compile(r"\b55[013]\b")
_WHO = "(user|mailbox|recipient|account|addressee)"
_UNKNOWN = re.compile(
    rf"(unknown|no such|invalid|bad|no|non-?existent|unrouteable) (local )?({_WHO}|address)\b(?! unavailable)"
    rf"|\b{_WHO}\b.{{0,60}}?\b(unknown|not found|not exist|doesn't exist|not known|no longer|disabled|inactive)",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"^53[0458]\b|\b5\.7\.(8|2[0-7])\b|\b5\.1\.[78]\b|\brelay|authenticat|block ?list|black ?list|\bdnsbl|\brbl\b"
    r"|spamhaus|spamcop|barracuda|blocked using|client host|sender host",
    re.IGNORECASE,
)
"""What a server says of whoever sends: of our right to, our host, our domain."""
_TOO_BIG = re.compile(r"\b5\.3\.4\b|\bsize\b|too (big|large)", re.IGNORECASE)


def leads_to_nobody(said: str) -> bool:
    """Whether a server's answer, such as `550 5.1.1 no such user`, says that there is no such mailbox.

    One that is full, a rule of the server's own, or a message that it does not like is not that.
    """
    if status := _STATUS.search(said):
        return bool(_NOBODY.fullmatch(status[0]))
    return bool(_BARE.search(said) and _UNKNOWN.search(said))
