"""The port through which notices leave: what a channel is asked, and how it fails.

The adapters are in the modules beside this one; which of them is used, `worker.build` chooses.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from letters.plain_text import one_line

REASON_LIMIT = 300
"""Characters of a reason that are kept: what a server says may be long."""


class PermanentRefusal(Exception):
    """The message will never be taken. `reason` is for staff, `code` is safe to log."""

    def __init__(self, reason: str, code: str = "refused", *, address_bad: bool = False) -> None:
        """`reason` may name the fault of an address, never the address; `address_bad` if that leads to nobody."""
        self.reason, self.code, self.address_bad = one_line(reason, REASON_LIMIT), code, address_bad
        super().__init__(self.reason)


class TemporaryFailure(Exception):
    """The message was not taken now; worth another try. `code` is safe to log."""

    def __init__(
        self, reason: str, code: str = "unavailable", wait: timedelta | None = None
    ) -> None:
        """`reason` is for an operator; `wait` is how long no try is worth while, where that is known."""
        self.reason, self.code, self.wait = one_line(reason, REASON_LIMIT), code, wait
        super().__init__(self.reason)


class Way(StrEnum):
    """By what a message travels."""

    EMAIL = "e-mail"
    TEXT = "text"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Mail:
    """A message that is ready to leave, by e-mail or whatever else the channel can do."""

    message_id: str
    sender: str
    """A bare address."""
    recipient: str
    """A bare address; of a text the number, of a letter the name and postal address, line by line."""
    content: bytes
    """All of it as RFC 5322 wants it: seven-bit, in lines that end with CRLF."""
    way: Way = Way.EMAIL
    key: str = ""
    """The notice's own."""
    subject: str = ""
    body: str = ""
    """Its words as plain text, each paragraph on one line."""


class Channel(Protocol):
    """A way out for messages."""

    @property
    def name(self) -> str:
        """What the ledger calls this channel."""

    @property
    def ways(self) -> AbstractSet[Way]:
        """How it reaches people by itself; for whatever else there is the post room."""

    async def send(self, mail: Mail, *, patience_seconds: float | None = None) -> None:
        """Return once the message is safely handed over.

        `patience_seconds` bounds everything before the hand-over itself; without it the
        channel's own limits hold. Raises `PermanentRefusal` or `TemporaryFailure`.
        """

    async def find(self, message_id: str, key: str = "") -> bool | None:
        """Whether the message of this id, of the notice of that key, was handed over; None when it cannot know."""

    async def close(self) -> None:
        """Lets go of whatever is kept open between messages."""
