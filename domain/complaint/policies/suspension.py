"""Suspension: clocks that are paused, fall silent or begin anew, whatever the reason.

Owns which clocks those are. Nothing else of the complaint changes them so; what an event triggers is
in `decider.clock_events`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.charter.rules import PromiseRule, Rules
from domain.clocks import transitions as clk
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import due_of
from domain.complaint.policies.applicability import applies, own_budget
from domain.complaint.policies.service_times import service_for
from domain.complaint.state import Complaint
from domain.vocabulary import Trigger


def paused(complaint: Complaint, at: datetime) -> tuple[Clock, ...]:
    """The clocks, with those that may be paused stopped at that instant (UTC)."""
    rules = complaint.rules
    return tuple(
        clk.pause(clock, at, rules) if may_pause(complaint, clock) else clock
        for clock in complaint.clocks
    )


def may_pause(complaint: Complaint, clock: Clock) -> bool:
    """Whether the clock runs and may be paused; the new date that an apology gave may not."""
    return clock.running and not clock.renewal and complaint.rules.promises[clock.promise].pauses


def anything_pauses(complaint: Complaint) -> bool:
    """Whether anything runs on it that may be paused."""
    return any(may_pause(complaint, clock) for clock in complaint.clocks)


def resumed(complaint: Complaint, at: datetime) -> tuple[Clock, ...]:
    """The clocks, with every paused one running again, also where a new charter would not pause it."""
    return tuple(
        clk.resume(clock, at, complaint.rules) if clock.state is ClockState.PAUSED else clock
        for clock in complaint.clocks
    )


def falling_silent(complaint: Complaint, keys: Iterable[str]) -> frozenset[str]:
    """The ids of the live clocks of these promises, but not of those that a contact started."""
    of = frozenset(keys)
    return frozenset(
        clock.id
        for clock in complaint.clocks
        if clock.live and clock.promise in of and _whole(clock)
    )


def silenced(complaint: Complaint, event: Any, ids: frozenset[str]) -> tuple[Clock, ...]:
    """The clocks, with these stopped: neither met nor missed."""
    return tuple(
        clk.end(clock, ClockState.STOPPED, max(event.acted_at, clock.noted_at), complaint.rules)
        if clock.id in ids and clock.live
        else clock
        for clock in complaint.clocks
    )


def begun(
    complaint: Complaint, event: Any, clocks: tuple[Clock, ...], keys: Iterable[str]
) -> tuple[Clock, ...]:
    """The clocks, and a new one for each of these promises that applies and is owed by now."""
    rules = [complaint.rules.promises[key] for key in keys]
    owed = [each for each in rules if applies(complaint, each) and _owed(complaint, each, clocks)]
    return (*clocks, *(started(complaint, rule, event, since=event.acted_at) for rule in owed))


def promised_again(complaint: Complaint, event: Any) -> tuple[Clock, ...]:
    """The clocks, and a new one for each promise that the event makes again."""
    return begun(complaint, event, complaint.clocks, event.promised)


def started(
    complaint: Complaint, rule: PromiseRule, event: Any, *, since: datetime | None = None,
    arrived: bool = False, contact: int | None = None, appointment: int | None = None,
) -> Clock:  # fmt: skip
    """A clock that the event starts, counted from its own instant or `since`; paused if it may be."""
    service = service_for(complaint, rule)
    clock = clk.start(
        rule, complaint.rules, number=event.number, at=since or event.at, noted_at=event.at,
        arrived=arrived, stage=complaint.stage, contact=contact, appointment=appointment,
        received_at=complaint.opened.received_at, customers_days=complaint.customers_days,
        budget=own_budget(complaint, rule), service=service.id if service else None,
    )  # fmt: skip
    if complaint.pause and rule.pauses:
        return clk.pause(clock, event.at, complaint.rules)
    return clock


def recounted(
    complaint: Complaint,
    event: Any,
    clocks: tuple[Clock, ...],
    keys: Iterable[str],
    *,
    theirs: bool,
) -> tuple[Clock, ...]:
    """The clocks, and one for each of these promises that is owed, on the interval that holds now.

    A period that runs is counted from where it began. Only the customer's side can put its date off
    (`theirs`); where somebody else asks, no clock becomes due later than it was.
    """
    rules, added = complaint.rules, []
    for key in keys:
        rule = rules.promises[key]
        ran = next((c for c in reversed(complaint.clocks) if c.promise == key and _whole(c)), None)
        if ran and ran.live and ran.id in complaint.silenced and applies(complaint, rule):
            added.append(
                clk.recount(
                    ran, rules, number=event.number, at=event.at, later=theirs,
                    budget=own_budget(complaint, rule),
                )
            )  # fmt: skip
            continue
        fresh = begun(complaint, event, clocks, (key,))[len(clocks) :]
        added += [clock if theirs else _no_later(clock, ran, rules) for clock in fresh]
    return (*clocks, *added)


def _no_later(clock: Clock, ran: Clock | None, rules: Rules) -> Clock:
    """The clock, or the stopped one in its place if that was due earlier and still lies ahead."""
    was = ran.due_when_ended if ran else None
    if ran is None or was is None or not clock.running:
        return clock
    told, due = due_of(ran, rules), due_of(clock, rules)
    if told.lies_ahead(clock.noted_at) and not due.beyond and was < due.day:
        return replace(
            ran, id=clock.id, noted_at=clock.noted_at, state=ClockState.RUNNING,
            ended_at=None, due_when_ended=None,
        )  # fmt: skip
    return clock


def _whole(clock: Clock) -> bool:
    return clock.contact is None and clock.appointment is None


def _owed(complaint: Complaint, rule: PromiseRule, clocks: tuple[Clock, ...]) -> bool:
    """Whether its clock would run by now if nobody had stopped it.

    A promise that repeats is owed once what starts it holds; any other one only if its clock was
    stopped for this, and what meets it cannot be seen to have happened.
    """
    of = [clock for clock in clocks if clock.promise == rule.key and _whole(clock)]
    if any(clock.live for clock in of):
        return False
    stopped = bool(of) and of[-1].id in complaint.silenced
    if rule.repeats:
        return stopped or any(_holds(complaint, anchor) for anchor in rule.promise.starts)
    return stopped and not _done(complaint, rule)


def _done(complaint: Complaint, rule: PromiseRule) -> bool:
    seen = {Trigger.REPLIED: complaint.reply is not None}
    seen[Trigger.ACKNOWLEDGED] = complaint.acknowledged
    return any(seen.get(Trigger(word), True) for word in rule.meets)


def _holds(complaint: Complaint, anchor: str) -> bool:
    """Whether what starts a clock has happened, as far as the complaint still shows it."""
    shown = {
        Trigger.RECEIVED: True,
        Trigger.STAGE_ENTERED: True,
        Trigger.ESCALATED: complaint.stage != complaint.rules.ladder[0].id,
        Trigger.ALLOCATED: complaint.handler is not None,
        Trigger.ACKNOWLEDGED: complaint.acknowledged,
        Trigger.REPLIED: complaint.reply is not None,
        Trigger.PASSED_TO_DECISION: complaint.deciding,
        Trigger.CASE_CONCLUDED: complaint.case_answered_at is not None,
    }
    if anchor.startswith("met:"):
        key = anchor.removeprefix("met:")
        return any(
            clock.promise == key and (clock.late or clock.state is ClockState.MET)
            for clock in complaint.clocks
        )
    return shown.get(Trigger(anchor), False)
