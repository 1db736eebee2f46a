"""The replay: what was done on closed complaints, done again at the same instants under other rules.

Owns how recorded events become the commands that made them, and how these are fitted to another
ladder. What time alone made (warnings, misses, closings) is left to the core to make anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from domain.charter.rules import Rules
from domain.complaint.commands import Tick
from domain.complaint.decider.access import verb_of
from domain.complaint.decider.decide import AnyCommand, take
from domain.complaint.decider.evolve import evolve
from domain.complaint.decider.parsing import parse_command
from domain.complaint.decider.registry import VERBS
from domain.complaint.decider.timers import next_wake
from domain.complaint.features.dates.extending import Extended
from domain.complaint.features.handling.escalation import Escalated
from domain.complaint.features.handling.receiving import Open, Opened
from domain.complaint.opening import customer_key
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand, Refused
from domain.vocabulary import Held
from simulation.results.promises import PromiseResult, Tally
from simulation.world.arrivals import openers_of

_TICK = Tick()
_NOT_ITS_OWN: Final = frozenset({"refresh", "migrate"})
"""Verbs that changed the charter: here that is given."""
KEPT, MISSED = "kept", "missed"
CLOSED: Final = "closed"
"""The kind of event that closes a complaint."""
_HELD: Final = {
    "appointment-held": Held.ON_TIME,
    "appointment-held-late": Held.LATE,
    "appointment-not-held": Held.NOT_HELD_BY_US,
    "appointment-not-attended": Held.NOT_ATTENDED,
}
_OTHERWISE: Final[dict[str, Callable[[Any, Complaint], dict[str, Any]]]] = {
    "arrange_appointment": lambda event, _: {"at": event.starts_at},
    "cancel_appointment": lambda event, _: {"arrange_anew": event.kind == "appointment-put-off"},
    "correct": lambda event, _: {"received_at": event.new},
    "merge": lambda _, was: {"customer": customer_key(was.customer)},
    "record_appointment": lambda event, _: {"held": _HELD[event.kind]},
    "review_restriction": lambda event, _: {"keep": event.review_on is not None},
    "take_in": lambda _, was: {"customer": customer_key(was.customer)},
}
"""By verb: what its event tells under another name than the command did, or leaves out as everybody knows it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One closed complaint as it is on record."""

    reference: str
    rules: Rules
    events: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """One promise on one complaint that fared otherwise than it did."""

    reference: str
    promise: str
    recorded: str | None
    """`kept` or `missed`; none where it was neither."""
    proposed: str | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the proposed charter would have made of what was done."""

    charter: str
    version: str
    complaints: int
    recorded: tuple[PromiseResult, ...]
    proposed: tuple[PromiseResult, ...]
    changed: tuple[Changed, ...]
    refusals: dict[str, int]
    """What was done and could not have been done so under the proposed charter, by refusal."""
    unknown: int = 0
    """What was done and has no command that could be sent again."""


@dataclass(slots=True)
class _Counts:
    refusals: Counter[str] = field(default_factory=Counter)
    unknown: int = 0


def replay_all(
    records: Iterable[Recorded], proposed: Rules, progress: Callable[[int], None] = lambda _: None
) -> Replayed:
    """Every record under the proposed charter, beside what is on record."""
    before, after = Tally(), Tally(proposed)
    changed: list[Changed] = []
    counts, complaints = _Counts(), 0
    for complaints, recorded in enumerate(records, 1):
        progress(complaints)
        was, would_be = _replay(recorded, proposed, counts)
        before.add_rows(recorded.rules)
        before.count(was)
        if would_be.opening:
            after.count(would_be)
        changed += _changes(recorded.reference, was, would_be)
    return Replayed(
        charter=proposed.charter.id,
        version=proposed.charter.version,
        complaints=complaints,
        recorded=before.results(),
        proposed=after.results(),
        changed=tuple(changed),
        refusals=dict(sorted(counts.refusals.items())),
        unknown=counts.unknown,
    )


def replay(recorded: Recorded, proposed: Rules) -> Complaint:
    """The complaint as it would stand when it was closed on record."""
    return _replay(recorded, proposed, _Counts())[1]


def verdicts(complaint: Complaint) -> dict[str, str]:
    """`kept` or `missed` for each promise that was either; one miss is a miss."""
    found: dict[str, str] = {}
    for clock in complaint.clocks:
        if clock.renewal:
            continue
        if clock.state == "missed":
            found[clock.promise] = MISSED
        elif clock.state == "met":
            found.setdefault(clock.promise, KEPT)
    return found


def _changes(reference: str, was: Complaint, would_be: Complaint) -> Iterator[Changed]:
    then, now = verdicts(was), verdicts(would_be)
    for promise in dict.fromkeys((*then, *now)):
        if then.get(promise) != now.get(promise):
            yield Changed(reference, promise, then.get(promise), now.get(promise))


def _replay(recorded: Recorded, proposed: Rules, counts: _Counts) -> tuple[Complaint, Complaint]:
    """The complaint as it stood when it was closed on record, and as it would stand by then."""
    was, would_be = Complaint(recorded.rules), Complaint(proposed)
    for event in _until_closed(recorded.events):
        if would_be.opening:
            would_be = _wait(would_be, event.at)
        command = None
        if would_be.opening or not was.opening:  # what could not be opened is not acted upon
            command = _command(event, was, would_be, counts)
        if command:
            would_be = _done(would_be, command, event.at, counts)
        was = evolve(was, event)
    return was, would_be


def _until_closed(events: tuple[Any, ...]) -> tuple[Any, ...]:
    """The events up to the last closing: what time alone brought after that is not made anew."""
    last = max(
        (n for n, event in enumerate(events, 1) if event.kind == CLOSED), default=len(events)
    )
    return events[:last]


def _done(complaint: Complaint, command: AnyCommand, at: datetime, counts: _Counts) -> Complaint:
    try:
        steps = take(complaint, command, at)
    except Refused as refusal:
        counts.refusals[f"{command.verb}: {refusal.kind}"] += 1
        return complaint
    return steps[-1].complaint if steps else complaint


def _wait(complaint: Complaint, until: datetime) -> Complaint:
    """Time passes until then, and the complaint wakes whenever it has to."""
    while complaint.closed is None:
        wake = next_wake(complaint)
        if wake is None or wake > until:
            break
        steps = take(complaint, _TICK, wake)
        if not steps:
            break
        complaint = steps[-1].complaint
    return complaint


def _command(
    event: Any, was: Complaint, complaint: Complaint, counts: _Counts
) -> AnyCommand | None:
    """The command that made the event, fitted to the proposed charter; none if none did."""
    if isinstance(event, Opened):
        return _opening(event, complaint.rules)
    if event.actor is None or not event.command_id or event.command_id in was.commands:
        return None
    verb = verb_of(event)
    if verb in _NOT_ITS_OWN:
        return None
    names = VERBS[verb].model_fields
    said = {name: getattr(event, name) for name in names if hasattr(event, name)}
    if verb in _OTHERWISE:
        said |= _OTHERWISE[verb](event, was)
    try:
        return parse_command(verb, said | _fitted(event, was, complaint))
    except InvalidCommand:
        counts.unknown += 1
        return None


def _opening(event: Opened, rules: Rules) -> Open:
    stage = event.opening.stage if event.opening.stage in openers_of(rules) else None
    service = event.opening.service if event.opening.service in rules.services else None
    fitted = {"charter": rules.charter.id, "stage": stage, "service": service}
    opening = event.opening.model_copy(update=fitted)
    return Open(opening=opening, digest=rules.digest)


def _fitted(event: Any, was: Complaint, complaint: Complaint) -> dict[str, Any]:
    """What has to be said otherwise, since the proposed charter may have another ladder."""
    fitted: dict[str, Any] = {}
    reviewed = was.rules.stage(was.stage).role
    reviews = complaint.rules.stage(complaint.stage).role
    if event.actor.role == reviewed and reviews and reviews != reviewed:
        # Whoever reviewed it does so again, by whatever role that is here.
        fitted["actor"] = event.actor.model_copy(update={"role": reviews})
    if isinstance(event, Escalated):
        following = complaint.rules.next_stage(complaint.stage)
        fitted["to"] = following.id if following else event.to
    if isinstance(event, Extended):
        promise = was.clock(event.clock).promise
        fitted["promise"] = promise if promise in complaint.rules.promises else None
    return fitted
