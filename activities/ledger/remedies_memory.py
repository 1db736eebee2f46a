"""Remedies in a ledger that ends with its process.

Owns the same semantics as the SQL adapter, in dictionaries. Must not import a database.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from activities.contracts import RemedyEntry
from activities.ledger.port import LIST_LIMIT
from activities.ledger.remedies import check_against, read_events, read_standing, remedy_rows
from activities.ledger.rows import Row
from domain.complaint.features.remedies.remedy_events import RemedyEvent
from domain.complaint.features.remedies.remedy_reactions import event_of
from domain.complaint.features.remedies.remedy_standing import RemedyStanding


class MemoryRemedies:
    """The remedies of a ledger in memory; each method is as the port says."""

    def __init__(self, owe: Callable[[str, list[Row]], None]) -> None:
        """`owe` keeps the notices with those of the complaint, or raises for an unknown one."""
        self._owe = owe
        self._bodies: dict[str, dict[int, str]] = {}
        self._standings: dict[str, Row] = {}

    async def record(self, entry: RemedyEntry) -> None:
        """As the port says."""
        rows = remedy_rows(entry)
        bodies = self._bodies.get(rows.id, {})
        last = len(bodies)
        check_against(rows, last, bodies)
        if rows.last <= last:
            return
        new = [row for row in rows.notices if event_of(row["key"]) > last]
        self._owe(entry.standing.reference, new)
        fresh = {row["number"]: row["body"] for row in rows.events if row["number"] > last}
        self._bodies[rows.id] = bodies | fresh
        self._standings[rows.id] = rows.standing

    async def events(self, remedy_id: str) -> tuple[RemedyEvent, ...]:
        """As the port says."""
        bodies = self._bodies.get(remedy_id, {})
        return read_events([bodies[number] for number in sorted(bodies)])

    async def of(self, reference: str) -> tuple[RemedyStanding, ...]:
        """As the port says."""
        found = [read_standing(row) for row in self._standings.values()]
        mine = [one for one in found if one.reference == reference]
        return tuple(sorted(mine, key=lambda one: one.number))

    async def list(
        self,
        *,
        charter: str | None = None,
        state: str | None = None,
        owner: str | None = None,
        due_before: date | None = None,
        limit: int = LIST_LIMIT,
    ) -> tuple[RemedyStanding, ...]:
        """As the port says."""
        given = {"charter": charter, "state": state, "owner_id": owner}
        wanted = {name: value for name, value in given.items() if value is not None}
        found = [
            read_standing(row)
            for row in self._standings.values()
            if all(row[name] == value for name, value in wanted.items())
            and (due_before is None or row["due_on"] < due_before)
        ]
        found.sort(key=lambda one: (one.due_on, one.id))
        return tuple(found[:limit])
