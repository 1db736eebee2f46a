"""How an entry becomes rows, and rows become the domain's events again.

Owns the JSON text in which events and notices are kept. Touches no database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.complaint.decider.registry import EVENT_JSON, EVENTS_JSON, Event
from domain.complaint.views.finding import Mark, marks_of
from domain.notices import NOTICE_JSON
from ledger.errors import ConflictingRecord, LedgerGap, MalformedEntry
from ledger.rows import Row, has_ended, is_settled, row_of

if TYPE_CHECKING:
    from activities.contracts import LedgerEntry


@dataclass(frozen=True, slots=True)
class EntryRows:
    """One entry, ready to be written. `first` and `last` are its event numbers."""

    reference: str
    first: int
    last: int
    events: list[Row]
    standing: Row
    clocks: list[Row]
    remedies: list[Row]
    notices: list[Row]
    waiting: list[Row]
    """The notices that wait for the digest of a mailbox."""
    marks: list[tuple[int, Mark]]
    """By what the complaint is found, and because of which event."""


def entry_rows(entry: LedgerEntry) -> EntryRows:
    """The entry as rows. Raises `MalformedEntry`, or `LedgerGap` where its own numbers skip."""
    _check(entry)
    happened = {event.number: event.at for event in entry.events}
    last = entry.events[-1].number
    return EntryRows(
        reference=entry.reference,
        first=entry.events[0].number,
        last=last,
        events=[
            {
                "reference": entry.reference,
                "number": event.number,
                "kind": event.kind,
                "at": event.at,
                "body": event_text(event),
            }
            for event in entry.events
        ],
        standing={**row_of(entry.standing), "ended": has_ended(entry.standing)},
        clocks=[
            {**row_of(clock), "reference": entry.reference, "as_of": last} for clock in entry.clocks
        ],
        remedies=[
            {**row_of(remedy), "settled": is_settled(remedy), "as_of": last, "sealed_with": None}
            for remedy in entry.remedies
        ],
        notices=[
            {
                "key": notice.key,
                "reference": notice.reference,
                "event": notice.event,
                "position": position,
                "owed_at": happened[notice.event],
                "body": NOTICE_JSON.dump_json(notice).decode(),
            }
            for position, notice in enumerate(entry.notices)
        ],
        waiting=[
            {
                "key": notice.key,
                "mailbox": notice.recipient.email,
                "digest": None,
                "event": notice.event,
            }
            for notice in entry.notices
            if notice.waits
        ],
        marks=[(event.number, mark) for event in entry.events for mark in marks_of(event)],
    )


def event_text(event: Event) -> str:
    """An event as JSON text: the same event always gives the same text."""
    return EVENT_JSON.dump_json(event).decode()


def read_events(bodies: list[str]) -> tuple[Event, ...]:
    """The events that these texts hold."""
    read: tuple[Event, ...] = EVENTS_JSON.validate_json(f"[{','.join(bodies)}]")
    return read


def same_event(one: str, other: str) -> bool:
    """Whether two texts hold the same event.

    An event recorded before a field was added is the same as one that has the field's default.
    """
    return one == other or bool(EVENT_JSON.validate_json(one) == EVENT_JSON.validate_json(other))


def check_against(entry: EntryRows, last: int, recorded: Mapping[int, str]) -> None:
    """Raises `LedgerGap` or `ConflictingRecord` where the entry does not continue the record.

    `last` is the last number on record, `recorded` the text of those events that are both on
    record and in the entry.
    """
    if entry.first > last + 1:
        raise LedgerGap(entry.reference, expected=last + 1, given=entry.first)
    for row in entry.events:
        number, text = row["number"], row["plain"] if "plain" in row else row["body"]
        if number in recorded and not same_event(recorded[number], text):
            raise ConflictingRecord(entry.reference, number)


def _check(entry: LedgerEntry) -> None:
    reference, numbers = entry.reference, [event.number for event in entry.events]
    if not numbers:
        raise MalformedEntry(reference, 0, f"{reference}: the entry holds no events.")
    for expected, number in enumerate(numbers, max(numbers[0], 1)):
        if number != expected:
            raise LedgerGap(reference, expected, number)
    if what := _contradiction(entry, numbers):
        raise MalformedEntry(reference, numbers[-1], f"{reference}: {what}.")


def _contradiction(entry: LedgerEntry, numbers: list[int]) -> str | None:
    """What of an entry contradicts its events, in words."""
    standing = entry.standing
    if (standing.reference, standing.events) != (entry.reference, numbers[-1]):
        return (
            f"the entry ends with event {numbers[-1]}, but its standing is that of"
            f" {standing.reference} after event {standing.events}"
        )
    for notice in entry.notices:
        if notice.reference != entry.reference or notice.event not in numbers:
            return f"the notice {notice.key} is of none of the entry's events"
    for remedy in entry.remedies:
        if remedy.reference != entry.reference:
            return f"the remedy {remedy.number} is one of {remedy.reference}"
    named = Counter(notice.key for notice in entry.notices)
    named += Counter(clock.id for clock in entry.clocks)
    named += Counter(f"remedy {remedy.number}" for remedy in entry.remedies)
    if twice := sorted(name for name, count in named.items() if count > 1):
        return f"{', '.join(twice)} is in the entry twice"
    return None
