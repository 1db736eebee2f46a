"""The port through which notices leave: what a channel is asked, and how it fails.

The adapters are in the modules beside this one; which of them is used, `worker.build` chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class PermanentRefusal(Exception):
    """The message will never be taken. `reason` is for staff, `code` is safe to log."""

    def __init__(self, reason: str, code: str = "refused") -> None:
        """`reason` may name the fault of an address, never the address."""
        self.reason, self.code = reason, code
        super().__init__(reason)


class TemporaryFailure(Exception):
    """The message was not taken now; worth another try. `code` is safe to log."""

    def __init__(self, reason: str, code: str = "unavailable") -> None:
        """`reason` is for an operator."""
        self.reason, self.code = reason, code
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Mail:
    """A message that is ready to leave; sender and recipient are bare addresses."""

    message_id: str
    sender: str
    recipient: str
    content: bytes
    """All of it as RFC 5322 wants it: seven-bit, in lines that end with CRLF."""


class Channel(Protocol):
    """A way out for messages."""

    @property
    def name(self) -> str:
        """What the ledger calls this channel."""

    async def send(self, mail: Mail, *, patience_seconds: float | None = None) -> None:
        """Return once the message is safely handed over.

        `patience_seconds` bounds everything before the hand-over itself; without it the
        channel's own limits hold. Raises `PermanentRefusal` or `TemporaryFailure`.
        """

    async def find(self, message_id: str) -> bool | None:
        """Whether a message of this id was handed over; None when the channel cannot know."""
