"""A ledger's memory that fails when told to."""

from __future__ import annotations

from ledger.memory import MemoryLedger
from ledger.port import NoticeFate, NoticeState


class LedgerDown(Exception):
    """The ledger cannot be written or read."""


class NoticeMemory(MemoryLedger):
    """A ledger that cannot take the marks named by `down`, and tells which it was given."""

    def __init__(self, *down: str) -> None:
        super().__init__()
        self.marks: list[NoticeFate] = []
        self.down = set(down)

    async def mark(
        self, fate: NoticeFate, letter: bytes | None = None, *, again: bool = False
    ) -> NoticeState:
        if fate.state in self.down:
            raise LedgerDown
        self.marks.append(fate)
        return await super().mark(fate, letter, again=again)
