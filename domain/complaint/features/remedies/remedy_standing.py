"""How a remedy stands: the flat row that its status and the ledger share, and its timeline.

Owns the shape of the row, the words of the timeline, and the packed form in which a remedy takes its
events along when its history is cut.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from domain.calendar.counting import BeyondCalendar, in_words
from domain.charter.rules import unpack
from domain.complaint.features.remedies import remedy_events as rev
from domain.complaint.features.remedies.remedy import Remedy, fold
from domain.complaint.features.remedies.remedy_events import REMEDY_EVENTS
from domain.complaint.features.remedies.remedy_promise import count_of
from domain.complaint.views.timeline import by


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyStanding:
    """One remedy as it stands. Instants are UTC, `due_on` is a local date."""

    id: str
    """`FO-2026-000123/1`."""
    reference: str
    number: int
    charter: str
    stage: str
    """The stage whose reply undertook it."""
    kind: str
    text: str
    owner_id: str | None
    owner_name: str | None
    owner_role: str
    due_on: date
    """The day that was promised; a postponement moves it, the new date after a miss does not."""
    state: str
    """`owed`, `accepted`, `done` or `refused`."""
    promised_at: datetime
    ended_at: datetime | None
    reason: str | None
    """How it was done, or why it was refused."""
    reminders: int
    events: int
    """The number of its last event."""


BRIEF = ("id", "state", "owner_id", "due_on", "ended_at", "reminders", "events")
"""What of a standing every update answers with; the `status` query has the rest."""


def standing_of(remedy: Remedy) -> RemedyStanding:
    """How the remedy stands after its last event."""
    opening, made, settled = remedy.opened, remedy.commitment, remedy.settled
    return RemedyStanding(
        id=remedy.id,
        reference=opening.reference,
        number=made.number,
        charter=remedy.rules.charter.id,
        stage=opening.stage,
        kind=str(made.kind),
        text=made.text,
        owner_id=remedy.owner.id if remedy.owner else None,
        owner_name=remedy.owner.name if remedy.owner else None,
        owner_role=str(remedy.owner_role),
        due_on=remedy.due or made.due,
        state=str(remedy.state),
        promised_at=opening.promised_at,
        ended_at=settled.at if settled else None,
        reason=_ending(remedy),
        reminders=remedy.reminders,
        events=remedy.events,
    )


def _ending(remedy: Remedy) -> str | None:
    settled = remedy.settled
    if isinstance(settled, rev.RemedyDone):
        return settled.how
    return settled.reason if settled else None


def next_due(remedy: Remedy) -> datetime | None:
    """When the date that the customer now waits for passes (UTC), or none."""
    day = remedy.waits_for
    return remedy.rules.calendar.close_of_business(day) if day else None


def status_of(remedy: Remedy, events: tuple[Any, ...]) -> dict[str, Any]:
    """The answer to the `status` query: standing, dates with their proof, the timeline."""
    return {
        **_as_json(standing_of(remedy)),
        "missed": remedy.missed,
        "new_due": _iso(remedy.new_due),
        "next_due": _iso(next_due(remedy)),
        "superseded": [_iso(day) for day in remedy.superseded],
        "proof": _proof(remedy),
        "timeline": [_row(event) for event in events],
    }


def brief_of(remedy: Remedy) -> dict[str, Any]:
    """The answer to an update: short enough for every history."""
    standing = _as_json(standing_of(remedy))
    return {
        **{name: standing[name] for name in BRIEF if standing[name] is not None},
        "missed": remedy.missed,
    }


def result_of(remedy: Remedy) -> dict[str, Any]:
    """What a remedy answers at its end: as to an update, and which command settled it."""
    settled = remedy.settled
    used = remedy.commands.get(settled.command_id or "") if settled else None
    if settled is None or used is None:
        return brief_of(remedy)
    by = {"command_id": settled.command_id, "verb": used.verb, "by": used.by.casefold()}
    return {**brief_of(remedy), "settled_by": by}


def _proof(remedy: Remedy) -> str:
    try:
        count = count_of(remedy.commitment, remedy.rules)
    except BeyondCalendar as error:
        return f"It cannot be counted: {error}"
    return f"{count.sentence()}." if count else "The reply named the date."


def carry(events: tuple[Any, ...], fault: str | None = None) -> bytes:
    """The events and the ledger's fault, packed, for the next history."""
    content = {"events": REMEDY_EVENTS.dump_python(events, mode="json"), "fault": fault}
    return zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 9)


def restore(pinned: bytes, carried: bytes) -> tuple[tuple[Any, ...], Remedy, str | None]:
    """The events, the remedy and the fault that `carry` packed."""
    content = json.loads(zlib.decompress(carried))
    events = REMEDY_EVENTS.validate_python(content["events"], strict=False)
    return events, fold(unpack(pinned), events), content["fault"]


def line(event: Any) -> str:
    """The event in one line, for staff."""
    return _LINES[type(event)](event)


def public(event: Any) -> str:
    """The event's kind in words, without anything personal: `Missed: due 2026-10-16`."""
    words = str(event.kind).removeprefix("remedy-").capitalize()
    if isinstance(event, rev.RemedyWarned | rev.RemedyMissed | rev.RemedyReminded):
        return f"{words}: due {in_words(event.due)}"
    return words


def _row(event: Any) -> dict[str, Any]:
    return {
        "number": event.number, "at": event.at.isoformat(), "kind": event.kind, "by": by(event),
        "text": line(event),
    }  # fmt: skip


def _promised(event: rev.RemedyPromised) -> str:
    made = event.opening.commitment
    who = made.owner.name if made.owner else f"the {made.owner_role}"
    return f"Promised at {event.opening.stage}, by {in_words(made.due)}, for {who}: {made.text}"


def _missed(event: rev.RemedyMissed) -> str:
    again = f" New date: {in_words(event.new_due)}." if event.new_due else ""
    return f"It was due on {in_words(event.due)} and was not done.{again}"


_LINES: dict[type, Callable[[Any], str]] = {
    rev.RemedyPromised: _promised,
    rev.RemedyAccepted: lambda _: "The recommendation was accepted.",
    rev.RemedyDone: lambda e: f"Done: {e.how}",
    rev.RemedyRefused: lambda e: f"Refused: {e.reason}",
    rev.RemedyReassigned: lambda e: (
        f"Given to {e.owner.name}{f' in place of {e.from_owner.name}' if e.from_owner else ''}."
    ),
    rev.RemedyPostponed: lambda e: (
        f"Due {in_words(e.new_due)} instead of {in_words(e.old_due)}. {e.reason}"
    ),
    rev.RemedyWarned: lambda e: f"It is due on {in_words(e.due)}.",
    rev.RemedyMissed: _missed,
    rev.RemedyReminded: lambda e: (
        f"It is overdue since {in_words(e.due)}; asked again on {in_words(e.remind_on)}."
    ),
    rev.RemedyFollowed: lambda _: "The people to write to are now those of the complaint.",
    rev.RemedyUndeliverable: lambda e: f"Notice {e.notice} could not be delivered: {e.reason}",
}


def _as_json(value: Any) -> dict[str, Any]:
    return {each.name: _iso(getattr(value, each.name)) for each in fields(value)}


def _iso(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
