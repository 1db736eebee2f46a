"""A channel that keeps messages in memory and fails when told to. Ships for tests and trials."""

from __future__ import annotations

from collections import deque
from typing import Literal

from letters.channels.port import Mail, PermanentRefusal, TemporaryFailure, Way

Outcome = PermanentRefusal | TemporaryFailure | Literal["taken", "taken-but-reply-lost"]


class MemoryChannel:
    """Takes messages into `taken`; `knows=False` makes it as forgetful as a mail server."""

    name = "memory"
    ways = frozenset({Way.EMAIL})

    def __init__(self, *, knows: bool = True) -> None:
        self.taken: list[Mail] = []
        self.patience: list[float | None] = []
        """With which patience each sending was asked for."""
        self.knows = knows
        self._next: deque[Outcome] = deque()

    def next_time(self, *outcomes: Outcome) -> None:
        """Programme what the next sendings come to; after them messages are taken again."""
        self._next.extend(outcomes)

    async def send(self, mail: Mail, *, patience_seconds: float | None = None) -> None:
        """Take the message, or fail as programmed."""
        self.patience.append(patience_seconds)
        outcome = self._next.popleft() if self._next else "taken"
        if isinstance(outcome, Exception):
            raise outcome
        self.taken.append(mail)
        if outcome == "taken-but-reply-lost":
            raise TemporaryFailure("the connection was lost", "connection")

    async def find(self, message_id: str, key: str = "") -> bool | None:
        """Whether such a message was taken; None when this channel is told not to know."""
        del key
        if not self.knows:
            return None
        return any(mail.message_id == message_id for mail in self.taken)

    async def close(self) -> None:
        """Nothing is kept open."""
