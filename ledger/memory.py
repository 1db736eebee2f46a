"""A ledger that ends with its process: for tests, simulations and trying things out.

Owns the same semantics as the SQL ledger, in dictionaries. Must not import a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from activities.contracts import LedgerEntry
from domain.complaint.decider.registry import Event
from domain.complaint.views.finding import Mark, is_found
from domain.complaint.views.standings import ClockStanding, RemedyStanding, Standing
from domain.notices import NOTICE_JSON
from ledger import rows
from ledger.entries import check_against, entry_rows, read_events
from ledger.errors import CharterNotKept
from ledger.paging import COMPLAINTS, REMEDIES, ListOf, Row
from ledger.port import (
    LIST_LIMIT,
    Ledger,
    Listing,
    NoticeFate,
    NoticeOnRecord,
    NoticeState,
    Page,
    RemedyListing,
    Waiting,
)
from ledger.rows import to_utc
from sealing.port import KeptKey


@dataclass(slots=True)
class _CaseFile:
    bodies: dict[int, str] = field(default_factory=dict)
    standing: Standing | None = None
    clocks: dict[str, ClockStanding] = field(default_factory=dict)
    remedies: dict[int, RemedyStanding] = field(default_factory=dict)
    notices: list[rows.Row] = field(default_factory=list)
    marks: set[Mark] = field(default_factory=set)


class MemoryLedger(Ledger):
    """A ledger in memory."""

    def __init__(self) -> None:
        self._files: dict[str, _CaseFile] = {}
        self._charters: dict[str, bytes] = {}
        self._fates: dict[str, NoticeFate] = {}
        self._waiting: dict[str, rows.Row] = {}
        self.letters: list[tuple[str, bytes]] = []
        """What was about to be handed over, by the keys of the notices."""
        self._data_keys: dict[str, KeptKey] = {}

    async def record(self, entry: LedgerEntry) -> None:
        given = entry_rows(entry)
        file = self._files.get(entry.reference) or _CaseFile()
        last = len(file.bodies)
        check_against(given, last, file.bodies)
        if given.last <= last:
            return
        file.bodies |= {row["number"]: row["body"] for row in given.events if row["number"] > last}
        file.standing = entry.standing
        file.clocks |= {clock.id: clock for clock in entry.clocks}
        file.remedies |= {remedy.number: remedy for remedy in entry.remedies}
        file.marks |= {mark for _, mark in given.marks}
        file.notices += [row for row in given.notices if row["event"] > last]
        self._waiting |= {row["key"]: row for row in given.waiting if row["event"] > last}
        self._files[entry.reference] = file

    async def keep_charter(self, digest: str, packed: bytes) -> None:
        self._charters.setdefault(digest, packed)

    async def charter(self, digest: str) -> bytes:
        if digest not in self._charters:
            raise CharterNotKept(digest)
        return self._charters[digest]

    async def closed_days(self, region: str, charter: str) -> Mapping[date, str]:
        del region, charter
        return {}

    async def mark(
        self, fate: NoticeFate, letter: bytes | None = None, *, again: bool = False
    ) -> NoticeState:
        before = self._fate(fate.key).state
        if letter is not None and (again or before is NoticeState.OWED):
            self.letters.append((fate.key, letter))
        if not before.outlasts(fate.state):
            self._fates[fate.key] = fate
        return before

    def _fate(self, key: str) -> NoticeFate:
        return self._fates.get(key) or NoticeFate(key=key, state=NoticeState.OWED)

    async def fate(self, key: str) -> NoticeFate:
        return self._fate(key)

    async def mailboxes_waiting(self) -> tuple[str, ...]:
        return tuple(sorted({row["mailbox"] for row in self._waiting.values()}))

    async def waiting(self, mailbox: str) -> tuple[Waiting, ...]:
        owed = [row for file in self._files.values() for row in file.notices]
        return tuple(
            Waiting(NOTICE_JSON.validate_json(row["body"]), self._waiting[row["key"]]["digest"])
            for row in sorted(owed, key=lambda row: (row["owed_at"], row["key"]))
            if self._waiting.get(row["key"], {}).get("mailbox") == mailbox
        )

    async def take_up(self, mailbox: str, digest: str) -> None:
        for row in self._waiting.values():
            if row["mailbox"] == mailbox:
                row["digest"] = digest

    async def told(self, fates: Sequence[NoticeFate]) -> None:
        for fate in fates:
            await self.mark(fate)
            self._waiting.pop(fate.key, None)

    async def data_key(
        self, *, reference: str | None = None, key_id: str | None = None
    ) -> KeptKey | None:
        kept = self._data_keys.values()
        return next((key for key in kept if reference == key.reference or key_id == key.id), None)

    async def keep_data_key(self, key: KeptKey) -> KeptKey:
        return self._data_keys.setdefault(key.reference, key)

    async def ring_keys(self) -> frozenset[str]:
        return frozenset(key.ring_key for key in self._data_keys.values() if key.ring_key)

    async def events(self, reference: str) -> tuple[Event, ...]:
        file = self._files.get(reference)
        return read_events([file.bodies[n] for n in sorted(file.bodies)]) if file else ()

    async def standing(self, reference: str) -> Standing | None:
        file = self._files.get(reference)
        return file.standing if file else None

    async def clocks(self, reference: str) -> tuple[ClockStanding, ...]:
        file = self._files.get(reference) or _CaseFile()
        return tuple(sorted(file.clocks.values(), key=lambda clock: (clock.started_at, clock.id)))

    async def notices(self, reference: str) -> tuple[NoticeOnRecord, ...]:
        file = self._files.get(reference) or _CaseFile()
        return tuple(
            NoticeOnRecord(
                notice=NOTICE_JSON.validate_json(row["body"]),
                owed_at=row["owed_at"],
                fate=self._fate(row["key"]),
            )
            for row in file.notices
        )

    async def complaints(
        self, *, where: Listing, after: str | None = None, limit: int = LIST_LIMIT
    ) -> Page[Standing]:
        files = (each for each in self._files.values() if is_found(each.marks, where.found_by))
        rows = (file.standing for file in files if file.standing)
        return _page(COMPLAINTS, rows, where, after, limit)

    async def remedies(
        self, *, where: RemedyListing, after: str | None = None, limit: int = LIST_LIMIT
    ) -> Page[RemedyStanding]:
        rows = (one for file in self._files.values() for one in file.remedies.values())
        return _page(REMEDIES, rows, where, after, limit)

    async def require_ready(self, *, to_write: bool = False) -> None:
        pass

    async def close(self) -> None:
        pass


def _page(
    of: ListOf[Row], rows: Iterable[Row], where: Listing | RemedyListing, after: str | None,
    limit: int,
) -> Page[Row]:  # fmt: skip
    begins = of.place_after(after, limit)
    before = to_utc(where.due_before) if where.due_before else None
    wanted = {name: value for name, value in where.equal.items() if value is not None}
    placed = {
        of.place(row): row
        for row in rows
        if where.over in {None, of.is_over(row)}
        and all(getattr(row, name) == value for name, value in wanted.items())
        and (before is None or (row.next_due is not None and row.next_due < before))
        and (row.missed > 0 or not where.missed)
    }
    places = sorted(place for place in placed if begins is None or place > begins)
    page = tuple(placed[place] for place in places[:limit])
    return Page(page, places[limit - 1].token() if len(places) > limit else None)
