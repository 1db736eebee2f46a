"""What an event does to clocks: it starts, meets, stops and breaks them.

Owns which clocks that are, by the charter's triggers. The arithmetic of a single clock is in
`clocks.transitions`; what pauses, extends or recounts clocks is with the feature that does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from domain.charter.rules import PromiseRule, Rules
from domain.clocks import transitions as clk
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import due_of
from domain.complaint.decider.registry import EVENTS
from domain.complaint.feature import EventSpec
from domain.complaint.features.contact.limited_answers import together
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
    if spec.changes_stage:
        clocks = resumed(complaint, event.at)
    elif not complaint.closed and not _matter(complaint.rules, triggers):
        return clocks
    named = _named(triggers)
    kept, met = _meet(complaint, event, clocks, named)
    kept = _stop(complaint, event, kept, named, spec)
    # After the end only what comes in has clocks, what comes of that, and what was undertaken.
    over = complaint.closed and _subject_of(event)[0] is None and not spec.after_end
    if over or (not met and named.isdisjoint(complaint.rules.starting)):
        return tuple(kept)
    return (*kept, *_starts(complaint, event, triggers, kept, met, spec))


_ANSWERS: frozenset[str] = frozenset({Trigger.CONTACT_ANSWERED})


@cache
def _named(triggers: tuple[Trigger, ...]) -> frozenset[str]:
    return frozenset(triggers)


@lru_cache(maxsize=1024)
def _matter(rules: Rules, triggers: tuple[Trigger, ...]) -> bool:
    """Whether any promise is started, met or stopped by one of these."""
    named = _named(triggers)
    return bool(_candidates(rules, triggers)) or any(
        not (rule.meets.isdisjoint(named) and rule.until.isdisjoint(named))
        for rule in rules.promises.values()
    )


def _subject_of(event: Any) -> Subject:
    return getattr(event, "contact", None), getattr(event, "appointment", None)


def _meet(
    complaint: Complaint, event: Any, clocks: tuple[Clock, ...], triggers: frozenset[str]
) -> tuple[list[Clock], list[Clock]]:
    kept, met = [], []
    subject = _subject_of(event)
    for clock in clocks:
        changed = clock
        if clock.fulfilled_late_at is None and _is_met_by(complaint, clock, triggers, subject):
            changed = _met(complaint.rules, clock, event)
            met.append(changed)
        kept.append(changed)
    return kept, met


def _met(rules: Rules, clock: Clock, event: Any) -> Clock:
    """The clock as it is met, or done late, when the act was; a miss was none if that was in time."""
    at = min(
        max(event.acted_at, clock.started_at), event.at
    )  # the sender's clock may go before ours
    if clock.live:
        return clk.end(clock, ClockState.MET, at, rules)
    if at < event.at and not clock.renewal:
        going = replace(clock, state=ClockState.RUNNING, ended_at=None, due_when_ended=None)
        due = due_of(going, rules)
        if not due.beyond and at < due.at:
            return clk.end(going, ClockState.MET, at, rules)
    return replace(clock, fulfilled_late_at=at)


def _is_met_by(
    complaint: Complaint, clock: Clock, triggers: frozenset[str], subject: Subject
) -> bool:
    if clock.state in (ClockState.MET, ClockState.STOPPED):
        return False
    rule = complaint.rules.promises.get(clock.promise)
    # To acknowledge one of many is no answer; any answer is, by whichever way.
    meets = _ANSWERS if clock.together else rule.meets if rule else _ANSWERS
    if not rule or meets.isdisjoint(triggers):
        return False
    if not clock.live and rule.stages and clock.stage != complaint.stage:
        return False  # what another stage does does not do late what this one missed
    return clock.contact in (None, subject[0]) and clock.appointment in (None, subject[1])


def _broken(complaint: Complaint, event: Any, spec: EventSpec) -> tuple[Clock, ...]:
    """The clocks after what they wait for can no longer come in time; no new date follows."""
    broken, subject, rules = _named(spec.breaks), _subject_of(event), complaint.rules
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
    complaint: Complaint, event: Any, clocks: list[Clock], triggers: frozenset[str],
    spec: EventSpec,
) -> list[Clock]:  # fmt: skip
    if not any(clock.live for clock in clocks):
        return clocks
    appointment = _subject_of(event)[1]

    def is_over(clock: Clock) -> bool:
        rule = complaint.rules.promises[clock.promise]
        if appointment and clock.appointment not in (None, appointment):
            return False
        if not rule.until.isdisjoint(triggers):
            others = rule.until & triggers != {Trigger.REPLIED}
            return others or answered_by_reply(complaint, clock.contact)
        if rule.while_case_open and answered(complaint, rule):
            return True
        if rule.restarts and not triggers.isdisjoint(rule.promise.starts):
            return True
        return spec.changes_stage and bool(rule.stages) and complaint.stage not in rule.stages

    return [
        clk.end(clock, ClockState.STOPPED, max(event.acted_at, clock.noted_at), complaint.rules)
        if clock.live and (Trigger.CLOSED in triggers or is_over(clock))
        else clock
        for clock in clocks
    ]


def _starts(
    complaint: Complaint, event: Any, triggers: tuple[Trigger, ...],
    kept: list[Clock], met: list[Clock], spec: EventSpec,
) -> Iterator[Clock]:  # fmt: skip
    rules, candidates = complaint.rules, _candidates(complaint.rules, triggers)
    if not met and not candidates:
        return
    seen: set[str] = set()
    since = spec.since(event) if spec.since else None
    contact = complaint.contacts[event.contact - 1] if spec.brings_contact else None
    if contact and contact.together:
        yield from together(complaint, event, contact, kept, since)
        return
    subject = (contact.number if contact else None, _subject_of(event)[1])
    live = {c.promise for c in kept if c.live and (c.contact, c.appointment) == subject}
    for rule, after, arrived in (*candidates, *_after_met(rules, met)):
        if rule.key in seen or rule.key in live or not applies(complaint, rule, contact):
            continue
        seen.add(rule.key)
        clock = started(
            complaint, rule, event, since=since, arrived=arrived, contact=subject[0],
            appointment=subject[1],
        )  # fmt: skip
        if after is None or not rule.meets.intersection(triggers):
            yield clock
        elif not after.renewal and not after.late:
            # One thing meets both. Had the first been missed, the second would be kept by
            # never doing the first: then nothing is counted, and the miss is on record.
            yield clk.end(clock, ClockState.MET, event.at, rules)
    yield from _next_periods(complaint, event, met, seen, contact, since)


@lru_cache(maxsize=1024)
def _candidates(
    rules: Rules, triggers: tuple[Trigger, ...]
) -> tuple[tuple[PromiseRule, None, bool], ...]:
    """The promises that one of these starts, and whether by that something comes in."""
    return tuple(
        (rule, None, trigger in ARRIVALS)
        for trigger in triggers
        for rule in rules.starting.get(trigger, ())
    )


def _after_met(rules: Rules, met: list[Clock]) -> Iterator[tuple[PromiseRule, Clock, bool]]:
    """The promises that start when another is met, with the clock that was; in time before too late."""
    for clock in sorted(met, key=lambda clock: clock.renewal or clock.late):
        for rule in rules.starting.get(f"met:{clock.promise}", ()):
            yield rule, clock, False


def _next_periods(
    complaint: Complaint, event: Any, met: list[Clock], seen: set[str], contact: Contact | None,
    since: datetime | None,
) -> Iterator[Clock]:  # fmt: skip
    """A promise that repeats begins its next period when it is met; one that was missed has its own follower."""
    for clock in met:
        rule = complaint.rules.promises[clock.promise]
        goes_on = clock.state is ClockState.MET and applies(complaint, rule, contact)
        if rule.repeats and goes_on and rule.key not in seen:
            seen.add(rule.key)
            yield started(
                complaint, rule, event, since=since, contact=clock.contact,
                appointment=clock.appointment,
            )  # fmt: skip
