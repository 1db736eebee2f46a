"""The port: what every ledger can do, and the rows it answers with.

Owns `Ledger` and the shapes it reads out beside the domain's own. Must not import an adapter.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

from sealing.port import KeyStore

if TYPE_CHECKING:
    from activities.contracts import LedgerEntry
    from domain.complaint.decider.registry import Event
    from domain.complaint.views.finding import Way
    from domain.complaint.views.standings import ClockStanding, RemedyStanding, Standing
    from domain.notices import Notice

LIST_LIMIT = 100
"""How many rows a page holds unless more are asked for."""
MOST_AT_ONCE = 1000
"""How many rows `every` asks for at a time."""

Row_co = TypeVar("Row_co", covariant=True)
Wanted_contra = TypeVar("Wanted_contra", contravariant=True)


class NoticeState(StrEnum):
    """How far a notice has come."""

    OWED = "owed"
    ATTEMPTED = "attempted"
    """An attempt has begun; whether it arrived is not known."""
    DELIVERED = "delivered"
    REFUSED = "refused"  # for good
    LAPSED = "lapsed"
    """It waited for a digest, and what it asked for was done before that."""
    UNDELIVERED = "undelivered"
    """It had left, and did not arrive."""

    def outlasts(self, told: NoticeState) -> bool:
        """Whether this stays, told that now: nothing undoes a delivery but word that it was none, nor an attempt a refusal."""
        rank = {"refused": 1, "lapsed": 1, "delivered": 2, "undelivered": 3}
        return rank.get(self, 0) >= max(rank.get(told, 0), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFate:
    """How far one notice has come."""

    key: str
    state: NoticeState
    message_id: str | None = None
    at: datetime | None = None
    """When it came so far (UTC); of attempts, the last."""
    detail: str | None = None
    """Where it was delivered, or why it was refused."""
    channel: str | None = None
    """The channel by which it was attempted."""


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
class Listing:
    """Which complaints are listed: all that is given has to hold."""

    charter: str | None = None
    version: str | None = None
    """Of the charter."""
    stage: str | None = None
    state: str | None = None
    handler: str | None = None
    """The handler's id."""
    due_before: datetime | None = None
    missed: bool = False
    """Whether only those are listed that missed a promise."""
    found_by: tuple[tuple[Way, ...], ...] = ()
    """What each of them has to be found by, as `ways_to_find` says of a text."""
    ended: bool | None = False
    """A complaint has ended once it is closed and nothing of it is owed or due: False leaves these out,
    True lists only these, None lists them after the others."""

    @property
    def over(self) -> bool | None:
        """As `ended`."""
        return self.ended

    @property
    def equal(self) -> dict[str, str | None]:
        """What fields of a `Standing` have to be, where it is given."""
        return {
            "charter": self.charter,
            "charter_version": self.version,
            "stage": self.stage,
            "state": self.state,
            "handler_id": self.handler,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyListing:
    """Which remedies are listed: all that is given has to hold."""

    reference: str | None = None
    charter: str | None = None
    state: str | None = None
    owner: str | None = None
    """The owner's id."""
    due_before: datetime | None = None
    missed: bool = False
    """Whether only those are listed of which a date has passed."""
    settled: bool | None = False
    """Whether it was done or refused: False leaves these out, True lists only these, None lists them last."""

    @property
    def over(self) -> bool | None:
        """As `settled`."""
        return self.settled

    @property
    def equal(self) -> dict[str, str | None]:
        """What fields of a `RemedyStanding` have to be, where it is given."""
        return {
            "reference": self.reference,
            "charter": self.charter,
            "state": self.state,
            "owner_id": self.owner,
        }


@dataclass(frozen=True, slots=True)
class Page(Generic[Row_co]):
    """Some rows of a list, and where the next page begins."""

    rows: tuple[Row_co, ...]
    after: str | None = None
    """What the next page is asked for with; None on the last one."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One note that waits for the digest of its mailbox."""

    notice: Notice
    digest: str | None
    """The key of the digest that took it up, whether or not that has left."""


class Listed(Protocol[Wanted_contra, Row_co]):
    """A list that is read a page at a time: `Ledger.complaints` and `Ledger.remedies`."""

    async def __call__(
        self, *, where: Wanted_contra, after: str | None = None, limit: int = LIST_LIMIT
    ) -> Page[Row_co]:
        """The rows after that place."""
        ...


async def every(
    listed: Listed[Wanted_contra, Row_co], where: Wanted_contra
) -> AsyncIterator[Row_co]:
    """All rows of a list, page after page: `every(ledger.complaints, Listing(stage="manager"))`."""
    page = await listed(where=where, limit=MOST_AT_ONCE)
    while True:
        for row in page.rows:
            yield row
        if page.after is None:
            return
        page = await listed(where=where, after=page.after, limit=MOST_AT_ONCE)


class Ledger(KeyStore, Protocol):
    """The record of complaints: what was done, what is owed, and how things stand.

    Every method may raise `LedgerUnavailable`. Writing the same thing twice is writing it once.
    """

    async def __aenter__(self) -> Self:
        """The ledger itself; leaving the block closes it."""
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def record(self, entry: LedgerEntry) -> None:
        """Adds the entry as a whole, or nothing of it. What is on record stays, so an old entry changes nothing.

        Raises `ConflictingRecord`, `LedgerGap` or `MalformedEntry`.
        """
        ...

    async def keep_charter(self, digest: str, packed: bytes) -> None:
        """Keeps a pinned charter under the digest of its content; the first one kept stays."""
        ...

    async def charter(self, digest: str) -> bytes:
        """The packed charter of that digest. Raises `CharterNotKept`."""
        ...

    async def closed_days(self, region: str, charter: str) -> Mapping[date, str]:
        """The days on which a region, or the organisation of that charter, closed in an emergency."""
        ...

    async def mark(
        self, fate: NoticeFate, letter: bytes | None = None, *, again: bool = False
    ) -> NoticeState:
        """Says how far a notice has come, and returns how far it had come before.

        What it had come to before stays where that outlasts what is said now. The entry that owes
        the notice may still be under way. A `letter` that is about to leave is kept for good with it, where nobody
        has tried before or it is tried `again`; the same text once.
        """
        ...

    async def fate(self, key: str) -> NoticeFate:
        """How far the notice of that key has come; owed, where nobody has said."""
        ...

    async def mailboxes_waiting(self) -> tuple[str, ...]:
        """The mailboxes for which something waits for their digest, sorted."""
        ...

    async def waiting(self, mailbox: str) -> tuple[Waiting, ...]:
        """What waits for the digest of that mailbox, in the order in which it was owed."""
        ...

    async def take_up(self, mailbox: str, digest: str) -> None:
        """All that waits for the mailbox by now is the content of the digest of that key."""
        ...

    async def told(self, fates: Sequence[NoticeFate]) -> None:
        """Says what became of notes that waited: they wait no more. All of it, or nothing."""
        ...

    async def ring_keys(self) -> frozenset[str]:
        """The ids of the ring's keys that any data key is wrapped with."""
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

    async def complaints(
        self, *, where: Listing, after: str | None = None, limit: int = LIST_LIMIT
    ) -> Page[Standing]:
        """Complaints, the next due first, what has nothing due last, then by reference.

        Those that have ended come after all others. Raises `BadListing` for an `after` that no page
        gave or a limit below 1, and `ValueError` for an instant without a zone.
        """
        ...

    async def remedies(
        self, *, where: RemedyListing, after: str | None = None, limit: int = LIST_LIMIT
    ) -> Page[RemedyStanding]:
        """Remedies, in the same order, then by their number; those that are settled come last.

        Raises as `complaints` does.
        """
        ...

    async def require_ready(self, *, to_write: bool = False) -> None:
        """Returns when the ledger answers, has this program's tables and, with `to_write`, takes a change.

        Raises `LedgerUnavailable` or `LedgerNotReady`.
        """
        ...

    async def close(self) -> None:
        """Finishes what was begun and lets go of the database."""
        ...
