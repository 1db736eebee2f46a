"""What an event does to clocks: it starts, meets, stops and breaks them.

Owns which clocks that are, by the charter's triggers. The arithmetic of a single clock is in
`clocks.transitions`; what pauses, extends or recounts clocks is with the feature that does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from domain.charter.rules import PromiseRule, Rules
from domain.clocks import transitions as clk
from domain.clocks.clock import Clock, ClockState, with_changed
from domain.clocks.due import due_of
from domain.complaint.decider.registry import EVENTS
from domain.complaint.feature import EventSpec
from domain.complaint.features.contact.limited_answers import together
from domain.complaint.notify.reasons import outlives
from domain.complaint.policies.applicability import answered, answered_by_reply, applies
from domain.complaint.policies.suspension import resumed, started
from domain.complaint.state import Complaint
from domain.complaint.values import Contact
from domain.vocabulary import Trigger

Subject = tuple[int | None, int | None]
"""The contact and the appointment that something is about, by their numbers."""

ARRIVALS = frozenset(
    {
        Trigger.RECEIVED, Trigger.STAGE_ENTERED, Trigger.ESCALATED, Trigger.CONTACT_RECEIVED,
        Trigger.REOPENED, Trigger.APPOINTMENT_REQUESTED,
    }
)  # fmt: skip
"""Triggers by which something comes in, so that the receipt rule gives day 0."""


def turn(complaint: Complaint, event: Any) -> tuple[Clock, ...]:
    """The clocks after the event, which is folded in; the very same tuple where it changes none."""
    spec = EVENTS[type(event)]
    if spec.turn:
        return spec.turn(complaint, event)
    clocks = _broken(complaint, event, spec) if spec.breaks else complaint.clocks
    triggers = spec.triggered(complaint, event) if spec.triggered else spec.triggers
    if not triggers:
        return clocks
    brought = _brought(complaint.rules, triggers)
    if spec.changes_stage:
        clocks = resumed(complaint, event.at)
    elif not complaint.closed and not brought.matters:
        return clocks
    subject = _subject_of(event)
    kept, met = _meet(complaint, event, clocks, brought, subject)
    kept = _stop(complaint, event, kept, brought, subject, spec)
    # After the end only what comes in has clocks, what comes of that, and what was undertaken.
    over = complaint.closed and subject[0] is None and not spec.after_end
    if over or not (met or brought.started):
        return kept
    return (*kept, *_starts(complaint, event, brought, kept, met, subject, spec))


class _Start(NamedTuple):
    """A promise that may start, and how."""

    rule: PromiseRule
    arrived: bool
    """Whether by that something comes in."""
    after: Clock | None = None
    """The clock whose being met starts it."""


class _Brought(NamedTuple):
    """What triggers do to the promises of a charter; worked out once for all its complaints."""

    named: frozenset[str]
    meets: frozenset[str]
    """The promises that they meet."""
    until: frozenset[str]
    """The promises that end with them, or begin anew."""
    may_stop: frozenset[str]
    """These, and those that end once the case is answered, whatever happened."""
    started: tuple[_Start, ...]
    """The promises that they start."""
    answers: bool
    """Whether they answer what is answered together: to acknowledge one of many is no answer."""

    @property
    def matters(self) -> bool:
        """Whether any promise is started, met or ended by them."""
        return bool(self.started or self.meets or self.until)


@lru_cache(maxsize=1024)
def _brought(rules: Rules, triggers: tuple[Trigger, ...]) -> _Brought:
    named, promises = frozenset[str](triggers), rules.promises.values()
    until = frozenset(
        rule.key
        for rule in promises
        if not rule.until.isdisjoint(named)
        or (rule.restarts and not named.isdisjoint(rule.promise.starts))
    )
    return _Brought(
        named,
        frozenset(rule.key for rule in promises if not rule.meets.isdisjoint(named)),
        until,
        until | {rule.key for rule in promises if rule.while_case_open},
        tuple(
            _Start(rule, trigger in ARRIVALS)
            for trigger in triggers
            for rule in rules.starting.get(trigger, ())
        ),
        Trigger.CONTACT_ANSWERED in named,
    )


def _subject_of(event: Any) -> Subject:
    return getattr(event, "contact", None), getattr(event, "appointment", None)


def _meet(
    complaint: Complaint, event: Any, clocks: tuple[Clock, ...], brought: _Brought, subject: Subject
) -> tuple[tuple[Clock, ...], list[Clock]]:
    if not (brought.meets or brought.answers):
        return clocks, []
    met = [
        _met(complaint.rules, clock, event)
        for clock in clocks
        if clock.fulfilled_late_at is None and _is_met_by(complaint, clock, brought, subject)
    ]
    return (with_changed(clocks, *met), met) if met else (clocks, met)


def _met(rules: Rules, clock: Clock, event: Any) -> Clock:
    """The clock as it is met, or done late, when the act was; a miss was none if that was in time."""
    at = min(
        max(event.acted_at, clock.started_at), event.at
    )  # the sender's clock may go before ours
    if clock.live:
        return clk.end(clock, ClockState.MET, at, rules)
    if going := _still_going(rules, clock, event, at):
        return clk.end(going, ClockState.MET, at, rules)
    return replace(clock, fulfilled_late_at=at)


def _still_going(rules: Rules, clock: Clock, event: Any, at: datetime) -> Clock | None:
    """The missed clock as it ran at the act, where that came in time and was put on record later; else none."""
    if at >= event.at or clock.renewal:
        return None
    going = replace(clock, state=ClockState.RUNNING, ended_at=None, due_when_ended=None)
    return going if due_of(going, rules).lies_ahead(at) else None


def _is_met_by(complaint: Complaint, clock: Clock, brought: _Brought, subject: Subject) -> bool:
    meets = brought.answers if clock.together else clock.promise in brought.meets
    if not meets or clock.state in (ClockState.MET, ClockState.STOPPED):
        return False
    rule = complaint.rules.promises.get(clock.promise)
    if rule is None:
        return False
    if not clock.live and rule.stages and clock.stage != complaint.stage:
        return False  # what another stage does does not do late what this one missed
    return clock.contact in (None, subject[0]) and clock.appointment in (None, subject[1])


def _broken(complaint: Complaint, event: Any, spec: EventSpec) -> tuple[Clock, ...]:
    """The clocks after what they wait for can no longer come in time; no new date follows."""
    rules, subject = complaint.rules, _subject_of(event)
    broken = _brought(rules, spec.breaks)
    return tuple(
        clk.run_out(clock, event.at, rules)
        if clock.live and _is_met_by(complaint, clock, broken, subject)
        else clock
        for clock in complaint.clocks
    )


def newly_missed(before: Complaint, after: Complaint) -> int:
    """How many promises an event broke, less the misses that were none.

    The new date after a miss is none of its own.
    """
    missed = ClockState.MISSED
    was = {clock.id for clock in before.clocks if clock.state is missed}
    return sum(
        1 if clock.state is missed else -1
        for clock in after.clocks
        if (clock.state is missed) is not (clock.id in was) and not clock.renewal
    )


def _stop(
    complaint: Complaint, event: Any, clocks: tuple[Clock, ...], brought: _Brought, subject: Subject,
    spec: EventSpec,
) -> tuple[Clock, ...]:  # fmt: skip
    triggers, appointment = brought.named, subject[1]
    if not spec.changes_stage and Trigger.CLOSED not in triggers:
        may = brought.may_stop
        if may.isdisjoint([clock.promise for clock in clocks]):
            return clocks
    live = _stoppable(complaint, event, clocks)
    if not live:
        return clocks

    def is_over(clock: Clock) -> bool:
        if appointment and clock.appointment not in (None, appointment):
            return False
        rule = complaint.rules.promises[clock.promise]
        if not rule.until.isdisjoint(triggers):
            others = rule.until & triggers != {Trigger.REPLIED}
            return others or answered_by_reply(complaint, clock.contact)
        if rule.while_case_open and answered(complaint, rule):
            return True
        if rule.restarts and not triggers.isdisjoint(rule.promise.starts):
            return True
        return spec.changes_stage and bool(rule.stages) and complaint.stage not in rule.stages

    closes = Trigger.CLOSED in triggers
    over = [
        c for c in live if (closes and not outlives(complaint, c, event.acted_at)) or is_over(c)
    ]
    changed = [
        clk.end(c, ClockState.STOPPED, max(event.acted_at, c.noted_at), complaint.rules)
        for c in over
    ]
    if closes:  # an end takes the pause away, and what outlives it runs on
        kept = (c for c in live if c.state is ClockState.PAUSED and c not in over)
        changed += [clk.resume(clock, event.at, complaint.rules) for clock in kept]
    return with_changed(clocks, *changed) if changed else clocks


def _stoppable(complaint: Complaint, event: Any, clocks: tuple[Clock, ...]) -> list[Clock]:
    """The live ones, and as they ran those whose end came after an act that is put on record only now."""
    live = [clock for clock in clocks if clock.live]
    if event.acted_at == event.at:
        return live
    missed = (c for c in clocks if c.state is ClockState.MISSED and c.fulfilled_late_at is None)
    running = (_still_going(complaint.rules, clock, event, event.acted_at) for clock in missed)
    return live + [clock for clock in running if clock]


def _starts(
    complaint: Complaint, event: Any, brought: _Brought, kept: tuple[Clock, ...], met: list[Clock],
    about: Subject, spec: EventSpec,
) -> Iterator[Clock]:  # fmt: skip
    rules = complaint.rules
    seen: set[str] = set()
    since = spec.since(event) if spec.since else None
    contact = complaint.contacts[event.contact - 1] if spec.brings_contact else None
    if contact and contact.together:
        yield from together(complaint, event, contact, kept, since)
        return
    subject = (contact.number if contact else None, about[1])
    same = [c for c in kept if c.live and (c.contact, c.appointment) == subject]
    live, untold = ({c.promise for c in same if c.untold is each} for each in (False, True))
    for rule, arrived, after in (*brought.started, *(_after_met(rules, met) if met else ())):
        if rule.key in seen or rule.key in live or not applies(complaint, rule, contact):
            continue
        seen.add(rule.key)
        clock = started(
            complaint, rule, event, since=since, arrived=arrived, contact=subject[0],
            appointment=subject[1],
        )  # fmt: skip
        if after is None or not rule.meets.intersection(brought.named):
            # What is owed already has a date again, and is missed once.
            yield clock.changed(renewal=True) if rule.key in untold else clock
        elif not after.renewal and not after.late:
            # One thing meets both. Had the first been missed, the second would be kept by
            # never doing the first: then nothing is counted, and the miss is on record.
            yield clk.end(clock, ClockState.MET, event.at, rules)
    if met:
        yield from _next_periods(complaint, event, met, seen, contact, since)


def _after_met(rules: Rules, met: list[Clock]) -> Iterator[_Start]:
    """The promises that start when another is met; what was in time before what was too late."""
    for clock in sorted(met, key=lambda clock: clock.renewal or clock.late):
        for rule in rules.starting.get(f"met:{clock.promise}", ()):
            yield _Start(rule, arrived=False, after=clock)


def _next_periods(
    complaint: Complaint, event: Any, met: list[Clock], seen: set[str], contact: Contact | None,
    since: datetime | None,
) -> Iterator[Clock]:  # fmt: skip
    """A promise that repeats begins its next period when it is met; one that was missed has its own follower."""
    for clock in met:
        rule = complaint.rules.promises[clock.promise]
        goes_on = rule.repeats and clock.state is ClockState.MET and rule.key not in seen
        if goes_on and applies(complaint, rule, contact):
            seen.add(rule.key)
            yield started(
                complaint, rule, event, since=since, contact=clock.contact,
                appointment=clock.appointment,
            )  # fmt: skip
