"""The port: what every ledger can do, and the rows it answers with.

Owns `Ledger` and the shapes it reads out beside the domain's own. Must not import an adapter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self

from activities.contracts import LedgerEntry
from domain.complaint.decider.record import Event
from domain.complaint.views.status import ClockStanding, Standing
from domain.notices import Notice

if TYPE_CHECKING:
    from activities.ledger.remedies import RemedyLedger

LIST_LIMIT = 100
"""How many complaints a list holds unless more are asked for."""


class NoticeState(StrEnum):
    """How far a notice has come."""

    OWED = "owed"
    ATTEMPTED = "attempted"
    """Handed to the channel; whether it arrived is not known."""
    DELIVERED = "delivered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFate:
    """What became of one notice. Instants are UTC."""

    key: str
    state: NoticeState
    message_id: str | None = None
    attempted_at: datetime | None = None
    """The last attempt."""
    delivered_at: datetime | None = None
    where: str | None = None
    refused_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeOnRecord:
    """One notice as it is owed, and what became of it."""

    notice: Notice
    owed_at: datetime
    fate: NoticeFate

    @property
    def state(self) -> NoticeState:
        """How far the notice has come."""
        return self.fate.state


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFigure:
    """How one promise of a charter was kept, counted in clocks."""

    promise: str
    part: str | None
    in_time: int
    late: int
    open: int
    percentage: float | None
    """In time, of those that are decided; None while none is."""

    @property
    def key(self) -> str:
        """`FO-8/reply`: the promise's id, and its part where it has several."""
        return f"{self.promise}/{self.part}" if self.part else self.promise


class Ledger(Protocol):
    """The record of complaints: what was done, what is owed, and how things stand.

    Every method may raise `LedgerUnavailable`. Writing the same thing twice is writing it once.
    """

    async def __aenter__(self) -> Self:
        """The ledger itself; leaving the block closes it."""
        ...

    async def __aexit__(self, *_: object) -> None:
        """Closes the ledger."""
        ...

    async def record(self, entry: LedgerEntry) -> None:
        """Adds the entry as a whole, or nothing of it.

        Raises `ConflictingRecord`, `LedgerGap` or `MalformedEntry`. What is on record already is
        left as it is, so an old entry that comes late changes nothing.
        """
        ...

    async def keep_charter(self, digest: str, packed: bytes, charter_id: str, version: str) -> None:
        """Keeps a pinned charter under the digest of its content; the first one kept stays."""
        ...

    async def charter(self, digest: str) -> bytes:
        """The packed charter of that digest. Raises `CharterNotKept`."""
        ...

    async def notice_attempted(self, key: str, message_id: str, at: datetime) -> None:
        """Says, before a notice is handed to its channel, under which id that happens."""
        ...

    async def notice_delivered(self, key: str, at: datetime, where: str) -> None:
        """Says that a notice arrived, and where; nothing undoes it."""
        ...

    async def notice_refused(self, key: str, at: datetime, reason: str) -> None:
        """Says that a notice was refused for good, unless it arrived already."""
        ...

    async def notice_fate(self, key: str) -> NoticeFate | None:
        """What became of a notice; None while nobody has tried to send it."""
        ...

    async def events(self, reference: str) -> tuple[Event, ...]:
        """Every event of a complaint, in order; empty for an unknown reference."""
        ...

    async def standing(self, reference: str) -> Standing | None:
        """How a complaint stands; None for an unknown reference."""
        ...

    async def clocks(self, reference: str) -> tuple[ClockStanding, ...]:
        """Every clock of a complaint, in the order of their start."""
        ...

    async def notices(self, reference: str) -> tuple[NoticeOnRecord, ...]:
        """Every notice of a complaint with its fate, in the order they were owed."""
        ...

    async def list_standings(
        self,
        *,
        charter: str | None = None,
        stage: str | None = None,
        state: str | None = None,
        due_before: datetime | None = None,
        handler: str | None = None,
        limit: int = LIST_LIMIT,
    ) -> tuple[Standing, ...]:
        """Complaints for which everything given holds, the next due first.

        `handler` is a handler's id. Raises `ValueError` for an instant without a zone.
        """
        ...

    async def references(self) -> tuple[str, ...]:
        """The reference of every complaint on record, in order."""
        ...

    async def promise_figures(self, charter: str) -> tuple[PromiseFigure, ...]:
        """How each promise of a charter was kept.

        Stopped clocks count nowhere, nor do the new dates given after a miss.
        """
        ...

    @property
    def remedies(self) -> RemedyLedger:
        """The record of remedies, in the same ledger."""
        ...

    async def ping(self) -> None:
        """Returns when the ledger answers. Raises `LedgerUnavailable`."""
        ...

    async def require_ready(self) -> None:
        """Returns when the ledger answers and has this program's tables.

        Raises `LedgerUnavailable` or `LedgerNotReady`.
        """
        ...

    async def close(self) -> None:
        """Finishes what was begun and lets go of the database."""
        ...
