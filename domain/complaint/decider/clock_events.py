"""How events turn the clocks of a complaint.

Owns which clocks an event starts, meets, stops, pauses and resumes. The arithmetic of a single
clock is in `clocks`; which promises a charter makes is in `rules`, what an event triggers in
`triggers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from domain.charter.rules import PromiseRule
from domain.clocks import due as dues
from domain.clocks import transitions as clk
from domain.clocks.clock import Clock, ClockState
from domain.complaint import events as ev
from domain.complaint.decider.triggers import ARRIVALS, BREAKS, anchor_of, subject_of, triggers_of
from domain.complaint.features.registry import MATTERS
from domain.complaint.policies.applicability import applies, own_budget
from domain.complaint.policies.service_times import service_for
from domain.vocabulary import Trigger

if TYPE_CHECKING:
    from domain.complaint.state import Complaint

Subject = tuple[int | None, int | None]
"""The contact and the appointment that something is about, by their numbers."""


def turn(complaint: Complaint, event: Any) -> tuple[Clock, ...]:
    """The clocks after the event; the very same tuple where it changes none."""
    special = _SPECIAL.get(type(event))
    if special:
        return special(complaint, event)
    triggers, broken = triggers_of(complaint, event), BREAKS.get(type(event))
    clocks = _broken(complaint, event, frozenset(broken)) if broken else complaint.clocks
    if not triggers:
        return clocks
    if isinstance(event, ev.Escalated):
        clocks = _resumed(complaint, event)
    named = _named(triggers)
    kept, met = _meet(complaint, event, clocks, named)
    kept = _stop(complaint, event, kept, named)
    if complaint.closed or (not met and named.isdisjoint(complaint.rules.starting)):
        return tuple(kept)
    return (*kept, *_starts(complaint, event, triggers, kept, met))


@cache
def _named(triggers: tuple[Trigger, ...]) -> frozenset[str]:
    return frozenset(triggers)


def _meet(
    complaint: Complaint, event: Any, clocks: tuple[Clock, ...], triggers: frozenset[str]
) -> tuple[list[Clock], list[Clock]]:
    kept, met = [], []
    subject = subject_of(event)
    for clock in clocks:
        changed = clock
        if clock.fulfilled_late_at is None and _is_met_by(complaint, clock, triggers, subject):
            if clock.live:
                changed = clk.end(clock, ClockState.MET, event.at, complaint.rules)
            else:
                changed = replace(clock, fulfilled_late_at=event.at)
            met.append(changed)
        kept.append(changed)
    return kept, met


def _is_met_by(
    complaint: Complaint, clock: Clock, triggers: frozenset[str], subject: Subject
) -> bool:
    if clock.state in (ClockState.MET, ClockState.STOPPED):
        return False
    rule = complaint.rules.promises.get(clock.promise)
    if not rule or rule.meets.isdisjoint(triggers):
        return False
    if not clock.live and rule.stages and clock.stage != complaint.stage:
        return False  # what another stage does does not do late what this one missed
    return clock.contact in (None, subject[0]) and clock.appointment in (None, subject[1])


def _broken(complaint: Complaint, event: Any, broken: frozenset[str]) -> tuple[Clock, ...]:
    """The clocks after what they wait for can no longer come in time; no new date follows."""
    subject, rules = subject_of(event), complaint.rules
    return tuple(
        clk.end(clock, ClockState.MISSED, event.at, rules)
        if clock.live and _is_met_by(complaint, clock, broken, subject)
        else clock
        for clock in complaint.clocks
    )


def newly_missed(before: Complaint, after: Complaint) -> int:
    """How many promises an event broke; the new date after a miss is no promise of its own."""
    lost = [clock for clock in after.clocks if clock.state is ClockState.MISSED]
    return sum(clock not in before.clocks and not clock.renewal for clock in lost)


def _stop(
    complaint: Complaint, event: Any, clocks: list[Clock], triggers: frozenset[str]
) -> list[Clock]:
    if not any(clock.live for clock in clocks):
        return clocks
    moved, appointment = isinstance(event, ev.Escalated), subject_of(event)[1]

    def is_over(clock: Clock) -> bool:
        rule = complaint.rules.promises[clock.promise]
        if appointment and clock.appointment not in (None, appointment):
            return False
        if not rule.until.isdisjoint(triggers):
            return True
        if rule.restarts and not triggers.isdisjoint(rule.promise.starts):
            return True
        return moved and bool(rule.stages) and complaint.stage not in rule.stages

    return [
        clk.end(clock, ClockState.STOPPED, event.at, complaint.rules)
        if clock.live and (complaint.closed or is_over(clock))
        else clock
        for clock in clocks
    ]


def _starts(
    complaint: Complaint, event: Any, triggers: tuple[Trigger, ...],
    kept: list[Clock], met: list[Clock],
) -> Iterator[Clock]:  # fmt: skip
    rules, seen = complaint.rules, set()
    contact = event.contact if isinstance(event, ev.ContactReceived) else None
    subject = (contact, subject_of(event)[1])
    live = {c.promise for c in kept if c.live and (c.contact, c.appointment) == subject}
    anchors = [*triggers, *(f"met:{clock.promise}" for clock in met)]
    in_time = {f"met:{each.promise}" for each in met if not each.renewal and not each.late}
    for anchor in anchors:
        for rule in rules.starting.get(anchor, ()):
            if rule.key in seen or rule.key in live or not applies(complaint, rule, event):
                continue
            seen.add(rule.key)
            clock = _started(complaint, rule, event, arrived=anchor in ARRIVALS, subject=subject)
            if not anchor.startswith("met:") or not rule.meets.intersection(triggers):
                yield clock
            elif anchor in in_time:
                # One thing meets both. Had the first been missed, the second would be kept by
                # never doing the first: then nothing is counted, and the miss is on record.
                yield clk.end(clock, ClockState.MET, event.at, rules)
    for clock in met:
        rule = rules.promises[clock.promise]
        # A period that was missed has its own follower; where that was stopped, none begins again.
        goes_on = clock.state is ClockState.MET and applies(complaint, rule, event)
        if rule.repeats and goes_on and rule.key not in seen:
            seen.add(rule.key)
            subject = (clock.contact, clock.appointment)
            yield _started(complaint, rule, event, arrived=False, subject=subject)


def _started(
    complaint: Complaint, rule: PromiseRule, event: Any, *, arrived: bool, subject: Subject
) -> Clock:
    clock = clk.start(
        rule, complaint.rules, number=event.number, at=anchor_of(event), noted_at=event.at,
        arrived=arrived, stage=complaint.stage, contact=subject[0], appointment=subject[1],
        received_at=complaint.opened.received_at, customers_days=complaint.customers_days,
        budget=own_budget(complaint, rule),
    )  # fmt: skip
    service = service_for(complaint, rule)
    if service:
        clock = replace(clock, service=service.id)
    if complaint.pause and rule.pauses:
        return clk.pause(clock, event.at, complaint.rules)
    return clock


def _extended(complaint: Complaint, event: ev.Extended) -> tuple[Clock, ...]:
    return _with(complaint, event.clock, lambda c: clk.extend(c, event.new_due, complaint.rules))


def _warned(complaint: Complaint, event: ev.PromiseWarned) -> tuple[Clock, ...]:
    return _with(complaint, event.clock, lambda clock: replace(clock, warned=True))


def _missed(complaint: Complaint, event: ev.PromiseMissed) -> tuple[Clock, ...]:
    rules, clock = complaint.rules, complaint.clock(event.clock)
    ended = _with(
        complaint, clock.id, lambda c: clk.end(c, ClockState.MISSED, dues.due_at(c, rules), rules)
    )
    promise = rules.promises[clock.promise].promise
    if promise.gives_way_to or promise.once:
        return ended
    budget = own_budget(complaint, rules.promises[clock.promise])
    renewed = clk.renew(clock, rules, number=event.number, noted_at=event.at, budget=budget)
    return (*ended, renewed)


def _with(
    complaint: Complaint, clock_id: str, change: Callable[[Clock], Clock]
) -> tuple[Clock, ...]:
    return tuple(change(clock) if clock.id == clock_id else clock for clock in complaint.clocks)


def _paused(complaint: Complaint, event: ev.Paused) -> tuple[Clock, ...]:
    rules = complaint.rules
    return tuple(
        clk.pause(clock, event.at, rules)
        if clock.running and rules.promises[clock.promise].pauses
        else clock
        for clock in complaint.clocks
    )


def _resumed(complaint: Complaint, event: ev.Resumed | ev.Escalated) -> tuple[Clock, ...]:
    """Whatever is paused runs on, also what a new charter would no longer pause."""
    return tuple(
        clk.resume(clock, event.at, complaint.rules) if clock.state is ClockState.PAUSED else clock
        for clock in complaint.clocks
    )


_SPECIAL: dict[type, Callable[[Any, Any], tuple[Clock, ...]]] = {
    ev.Extended: _extended,
    ev.PromiseWarned: _warned,
    ev.PromiseMissed: _missed,
    ev.Paused: _paused,
    ev.Resumed: _resumed,
    **{
        kind: told.turn
        for matter in MATTERS
        for kind, told in matter.events.items()
        if told.turn is not None
    },
}
