"""A ledger that ends with its process: for tests, simulations and trying things out.

Owns the same semantics as the SQL ledger, in dictionaries. Must not import a database.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Self

from activities.contracts import LedgerEntry
from activities.ledger.errors import CharterNotKept, LedgerFault
from activities.ledger.figures import figure_of, in_promise_order
from activities.ledger.port import (
    LIST_LIMIT,
    NoticeFate,
    NoticeOnRecord,
    NoticeState,
    PromiseFigure,
)
from activities.ledger.remedies_memory import MemoryRemedies
from activities.ledger.rows import NOTICE, Row, check_against, entry_rows, read_events, to_utc
from domain.complaint.decider.record import Event
from domain.complaint.views.status import ClockStanding, Standing

_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class _CaseFile:
    bodies: dict[int, str] = field(default_factory=dict)
    standing: Standing | None = None
    clocks: dict[str, ClockStanding] = field(default_factory=dict)
    notices: list[Row] = field(default_factory=list)


class MemoryLedger:
    """A ledger in memory; each method is as the port says."""

    def __init__(self) -> None:
        self._files: dict[str, _CaseFile] = {}
        self._charters: dict[str, tuple[str, str, bytes]] = {}
        self._fates: dict[str, NoticeFate] = {}
        self.remedies = MemoryRemedies(self._owe)

    async def __aenter__(self) -> Self:
        """The ledger itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing to let go of."""

    async def record(self, entry: LedgerEntry) -> None:
        """As the port says."""
        rows = entry_rows(entry)
        file = self._files.get(entry.reference) or _CaseFile()
        last = len(file.bodies)
        check_against(rows, last, file.bodies)
        if rows.last <= last:
            return
        file.bodies |= {row["number"]: row["body"] for row in rows.events if row["number"] > last}
        file.standing = entry.standing
        file.clocks |= {clock.id: clock for clock in entry.clocks}
        file.notices += [row for row in rows.notices if row["event"] > last]
        self._files[entry.reference] = file

    async def keep_charter(self, digest: str, packed: bytes, charter_id: str, version: str) -> None:
        """As the port says."""
        self._charters.setdefault(digest, (charter_id, version, packed))

    async def charter(self, digest: str) -> bytes:
        """As the port says."""
        if digest not in self._charters:
            raise CharterNotKept(f"No charter with the digest {digest!r} was kept in this ledger.")
        return self._charters[digest][-1]

    async def notice_attempted(self, key: str, message_id: str, at: datetime) -> None:
        """As the port says."""
        fate = self._fates.get(key) or NoticeFate(key=key, state=NoticeState.ATTEMPTED)
        self._fates[key] = replace(fate, message_id=message_id, attempted_at=at)

    async def notice_delivered(self, key: str, at: datetime, where: str) -> None:
        """As the port says."""
        fate = self._fates.get(key) or NoticeFate(key=key, state=NoticeState.DELIVERED)
        self._fates[key] = replace(
            fate,
            state=NoticeState.DELIVERED,
            delivered_at=fate.delivered_at or at,
            where=fate.where or where,
        )

    async def notice_refused(self, key: str, at: datetime, reason: str) -> None:
        """As the port says."""
        fate = self._fates.get(key) or NoticeFate(key=key, state=NoticeState.REFUSED)
        arrived = fate.state is NoticeState.DELIVERED
        self._fates[key] = replace(
            fate,
            state=fate.state if arrived else NoticeState.REFUSED,
            refused_at=fate.refused_at or at,
            reason=fate.reason or reason,
        )

    async def notice_fate(self, key: str) -> NoticeFate | None:
        """As the port says."""
        return self._fates.get(key)

    async def events(self, reference: str) -> tuple[Event, ...]:
        """As the port says."""
        file = self._files.get(reference)
        return read_events([file.bodies[n] for n in sorted(file.bodies)]) if file else ()

    async def standing(self, reference: str) -> Standing | None:
        """As the port says."""
        file = self._files.get(reference)
        return file.standing if file else None

    async def clocks(self, reference: str) -> tuple[ClockStanding, ...]:
        """As the port says."""
        file = self._files.get(reference) or _CaseFile()
        return tuple(sorted(file.clocks.values(), key=lambda clock: (clock.started_at, clock.id)))

    async def notices(self, reference: str) -> tuple[NoticeOnRecord, ...]:
        """As the port says."""
        file = self._files.get(reference) or _CaseFile()
        return tuple(
            NoticeOnRecord(
                notice=NOTICE.validate_json(row["body"]),
                owed_at=row["owed_at"],
                fate=self._fates.get(row["key"])
                or NoticeFate(key=row["key"], state=NoticeState.OWED),
            )
            for row in file.notices
        )

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
        """As the port says."""
        before = to_utc(due_before) if due_before else None
        given = {"charter": charter, "stage": stage, "state": state, "handler_id": handler}
        found = [
            standing
            for standing in self._standings()
            if all(
                getattr(standing, name) == value
                for name, value in given.items()
                if value is not None
            )
            and (before is None or (standing.next_due is not None and standing.next_due < before))
        ]
        found.sort(key=lambda one: (one.next_due or _END_OF_TIME, one.reference))
        return tuple(found[:limit])

    async def references(self) -> tuple[str, ...]:
        """As the port says."""
        return tuple(sorted(self._files))

    async def promise_figures(self, charter: str) -> tuple[PromiseFigure, ...]:
        """As the port says."""
        counts: dict[tuple[str, str | None], list[str]] = defaultdict(list)
        for standing in self._standings():
            if standing.charter == charter:
                for clock in self._files[standing.reference].clocks.values():
                    if not clock.renewal and clock.state != "stopped":
                        counts[clock.promise, clock.part].append(clock.state)
        return in_promise_order([figure_of(*promise, states) for promise, states in counts.items()])

    async def ping(self) -> None:
        """As the port says."""

    async def require_ready(self) -> None:
        """As the port says."""

    async def close(self) -> None:
        """As the port says."""

    def _owe(self, reference: str, notices: list[Row]) -> None:
        """Keep notices that something beside the complaint owes. Raises `LedgerFault`."""
        if reference not in self._files:
            raise LedgerFault(f"No complaint {reference} is on record yet.")
        self._files[reference].notices += notices

    def _standings(self) -> list[Standing]:
        return [file.standing for file in self._files.values() if file.standing]
