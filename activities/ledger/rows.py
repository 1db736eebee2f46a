"""How an entry becomes rows, and rows become the domain's values again.

Owns the JSON text in which events and notices are kept. Touches no database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter

from activities.contracts import LedgerEntry
from activities.ledger.errors import ConflictingRecord, LedgerGap, MalformedEntry
from domain.complaint.decider.record import EVENT, EVENTS, Event
from domain.complaint.views.status import ClockStanding, Standing
from domain.notices import Notice

Row = dict[str, Any]

NOTICE: TypeAdapter[Notice] = TypeAdapter(Notice)
STANDING_FIELDS = tuple(field.name for field in fields(Standing))
CLOCK_FIELDS = tuple(field.name for field in fields(ClockStanding))


@dataclass(frozen=True, slots=True)
class EntryRows:
    """One entry, ready to be written. `first` and `last` are its event numbers."""

    reference: str
    first: int
    last: int
    events: list[Row]
    standing: Row
    clocks: list[Row]
    notices: list[Row]


@dataclass(frozen=True, slots=True)
class FateMark:
    """What is said of one notice, ready to be written."""

    key: str
    row: Row


def entry_rows(entry: LedgerEntry) -> EntryRows:
    """The entry as rows. Raises `MalformedEntry`, or `LedgerGap` where its own numbers skip."""
    _check(entry)
    happened = {event.number: event.at for event in entry.events}
    last = entry.events[-1].number
    return EntryRows(
        reference=entry.reference,
        first=entry.events[0].number,
        last=last,
        events=[_event_row(entry.reference, event) for event in entry.events],
        standing=as_row(entry.standing, STANDING_FIELDS),
        clocks=[
            {**as_row(clock, CLOCK_FIELDS), "reference": entry.reference, "as_of": last}
            for clock in entry.clocks
        ],
        notices=[
            {**notice_row(notice), "position": position, "owed_at": happened[notice.event]}
            for position, notice in enumerate(entry.notices)
        ],
    )


def as_row(value: object, names: tuple[str, ...]) -> Row:
    """The named fields of a value."""
    return {name: getattr(value, name) for name in names}


def event_text(event: Event) -> str:
    """An event as canonical JSON text: the same event always gives the same text."""
    return canonical(EVENT.dump_python(event, mode="json"))


def read_events(bodies: list[str]) -> tuple[Event, ...]:
    """The events that these texts hold."""
    read: tuple[Event, ...] = EVENTS.validate_json(f"[{','.join(bodies)}]")
    return read


def same_event(one: str, other: str) -> bool:
    """Whether two texts hold the same event.

    An event recorded before a field was added is the same as one that has the field's default.
    """
    return one == other or bool(EVENT.validate_json(one) == EVENT.validate_json(other))


def check_against(entry: EntryRows, last: int, recorded: Mapping[int, str]) -> None:
    """Raises `LedgerGap` or `ConflictingRecord` where the entry does not continue the record.

    `last` is the last number on record, `recorded` the text of those events that are both on
    record and in the entry.
    """
    if entry.first > last + 1:
        raise LedgerGap(entry.reference, expected=last + 1, given=entry.first)
    for row in entry.events:
        number = row["number"]
        if number in recorded and not same_event(recorded[number], row["body"]):
            raise ConflictingRecord(entry.reference, number)


def to_utc(value: datetime) -> datetime:
    """The same instant in UTC. Raises `ValueError` for one without a zone."""
    if value.tzinfo is None:
        msg = f"the instant {value.isoformat()} has no time zone; the ledger keeps UTC"
        raise ValueError(msg)
    return value.astimezone(UTC)


def _check(entry: LedgerEntry) -> None:
    given = [event.number for event in entry.events]
    if not given:
        raise MalformedEntry(entry.reference, 0, f"{entry.reference}: the entry holds no events.")
    for before, number in pairwise(given):
        if number != before + 1:
            raise LedgerGap(entry.reference, expected=before + 1, given=number)
    if given[0] < 1:
        raise LedgerGap(entry.reference, expected=1, given=given[0])
    if entry.standing.reference != entry.reference or entry.standing.events != given[-1]:
        message = (
            f"{entry.reference}: the entry ends with event {given[-1]}, but its standing is that"
            f" of {entry.standing.reference} after event {entry.standing.events}."
        )
        raise MalformedEntry(entry.reference, given[-1], message)
    for notice in entry.notices:
        if notice.reference != entry.reference or notice.event not in given:
            message = (
                f"{entry.reference}: the notice {notice.key} is of none of the entry's events."
            )
            raise MalformedEntry(entry.reference, given[-1], message)
    named = [*(notice.key for notice in entry.notices), *(clock.id for clock in entry.clocks)]
    if twice := {name for name in named if named.count(name) > 1}:
        message = f"{entry.reference}: {', '.join(sorted(twice))} is in the entry twice."
        raise MalformedEntry(entry.reference, given[-1], message)


def _event_row(reference: str, event: Event) -> Row:
    return {
        "reference": reference,
        "number": event.number,
        "kind": event.kind,
        "at": event.at,
        "actor_id": event.actor.id if event.actor else None,
        "actor_role": event.actor.role if event.actor else None,
        "command_id": event.command_id,
        "body": event_text(event),
    }


def notice_row(notice: Notice) -> Row:
    """What a notice's row says of itself, wherever it stands."""
    return {
        "key": notice.key,
        "reference": notice.reference,
        "event": notice.event,
        "kind": notice.kind,
        "recipient_kind": notice.recipient.kind,
        "channel": notice.recipient.channel,
        "language": notice.recipient.language,
        "body": canonical(NOTICE.dump_python(notice, mode="json")),
    }


def canonical(value: object) -> str:
    """The value as JSON text: equal values give equal texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
