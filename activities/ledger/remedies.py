"""Remedies in the ledger: the port, and the rows in which they are kept.

Owns what can be asked, and the rule that an event of a remedy is recorded once and in order. Must not
import an adapter; they are in `remedies_sql` and `remedies_memory`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise
from typing import Any, Protocol

from activities.contracts import RemedyEntry
from activities.ledger.errors import ConflictingRecord, LedgerGap, MalformedEntry
from activities.ledger.port import LIST_LIMIT
from activities.ledger.rows import Row, as_row, canonical, notice_row
from domain.complaint.features.remedies.remedy_events import (
    REMEDY_EVENT,
    REMEDY_EVENTS,
    RemedyEvent,
)
from domain.complaint.features.remedies.remedy_reactions import event_of
from domain.complaint.features.remedies.remedy_standing import RemedyStanding

STANDING_FIELDS = tuple(f.name for f in fields(RemedyStanding) if f.name != "events")
_PLACES, _EVENTS = 100, 1_000_000
"""Notices of a remedy stand behind those of the reply that undertook it, in the order they were owed."""


class RemedyLedger(Protocol):
    """The record of remedies. Every method may raise `LedgerUnavailable`."""

    async def record(self, entry: RemedyEntry) -> None:
        """Adds the entry as a whole, or nothing of it; doing it again changes nothing.

        Raises `ConflictingRecord`, `LedgerGap` or `MalformedEntry`.
        """
        ...

    async def events(self, remedy_id: str) -> tuple[RemedyEvent, ...]:
        """Every event of a remedy, in order; empty for an unknown one."""
        ...

    async def of(self, reference: str) -> tuple[RemedyStanding, ...]:
        """How the remedies of a complaint stand, by their number."""
        ...

    async def list(
        self,
        *,
        charter: str | None = None,
        state: str | None = None,
        owner: str | None = None,
        due_before: date | None = None,
        limit: int = LIST_LIMIT,
    ) -> tuple[RemedyStanding, ...]:
        """Remedies for which everything given holds, the next due first. `owner` is an owner's id."""
        ...


@dataclass(frozen=True, slots=True)
class RemedyRows:
    """One entry of a remedy, ready to be written. `first` and `last` are its event numbers."""

    id: str
    first: int
    last: int
    events: list[Row]
    standing: Row
    notices: list[Row]


def remedy_rows(entry: RemedyEntry) -> RemedyRows:
    """The entry as rows. Raises `MalformedEntry`, or `LedgerGap` where its own numbers skip."""
    _check(entry)
    happened = {event.number: event.at for event in entry.events}
    number = entry.standing.number
    return RemedyRows(
        id=entry.id,
        first=entry.events[0].number,
        last=entry.events[-1].number,
        events=[_event_row(entry.id, event) for event in entry.events],
        standing={**as_row(entry.standing, STANDING_FIELDS), "as_of": entry.standing.events},
        notices=[
            {
                **notice_row(notice),
                "position": number * _EVENTS + event_of(notice.key) * _PLACES + place,
                "owed_at": happened[event_of(notice.key)],
            }
            for place, notice in enumerate(entry.notices)
        ],
    )


def check_against(rows: RemedyRows, last: int, recorded: Mapping[int, str]) -> None:
    """Raises `LedgerGap` or `ConflictingRecord` where the entry does not continue the record."""
    if rows.first > last + 1:
        raise LedgerGap(rows.id, expected=last + 1, given=rows.first)
    for row in rows.events:
        number = row["number"]
        if number in recorded and not _same(recorded[number], row["body"]):
            raise ConflictingRecord(rows.id, number)


def read_events(bodies: list[str]) -> tuple[RemedyEvent, ...]:
    """The events that these texts hold."""
    read: tuple[RemedyEvent, ...] = REMEDY_EVENTS.validate_json(f"[{','.join(bodies)}]")
    return read


def read_standing(row: Mapping[str, Any]) -> RemedyStanding:
    """How a remedy stands by its row."""
    return RemedyStanding(**{name: row[name] for name in STANDING_FIELDS}, events=row["as_of"])


def _same(one: str, other: str) -> bool:
    read = REMEDY_EVENT.validate_json
    return one == other or bool(read(one) == read(other))


def _event_row(remedy_id: str, event: RemedyEvent) -> Row:
    return {
        "id": remedy_id,
        "number": event.number,
        "kind": event.kind,
        "at": event.at,
        "body": canonical(REMEDY_EVENT.dump_python(event, mode="json")),
    }


def _check(entry: RemedyEntry) -> None:
    given = [event.number for event in entry.events]
    if not given:
        raise MalformedEntry(entry.id, 0, f"{entry.id}: the entry holds no events.")
    for before, number in pairwise(given):
        if number != before + 1:
            raise LedgerGap(entry.id, expected=before + 1, given=number)
    if given[0] < 1:
        raise LedgerGap(entry.id, expected=1, given=given[0])
    standing = entry.standing
    if (standing.id, standing.events) != (entry.id, given[-1]):
        message = (
            f"{entry.id}: the entry ends with event {given[-1]}, but its standing is that of"
            f" {standing.id} after event {standing.events}."
        )
        raise MalformedEntry(entry.id, given[-1], message)
    prefix = f"{standing.reference}/remedy-{standing.number}/"
    for notice in entry.notices:
        if not notice.key.startswith(prefix) or event_of(notice.key) not in given:
            message = f"{entry.id}: the notice {notice.key} is of none of the entry's events."
            raise MalformedEntry(entry.id, given[-1], message)
    keys = [notice.key for notice in entry.notices]
    if twice := {key for key in keys if keys.count(key) > 1}:
        message = f"{entry.id}: {', '.join(sorted(twice))} is in the entry twice."
        raise MalformedEntry(entry.id, given[-1], message)
