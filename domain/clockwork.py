"""How events turn the clocks of a complaint.

Owns which clocks an event starts, meets, stops, pauses and resumes. The arithmetic of a single
clock is in `clocks`; which promises a charter makes is in `rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain import clocks as clk
from domain import events as ev
from domain.clocks import Clock, ClockState
from domain.matters import MATTERS
from domain.opening import Opening
from domain.rules import PromiseRule
from domain.vocabulary import Channel, Correspondent, FromWhom, Trigger

if TYPE_CHECKING:
    from domain.complaint import Complaint

TRIGGERS: dict[type, tuple[Trigger, ...]] = {
    ev.Opened: (Trigger.RECEIVED, Trigger.STAGE_ENTERED),
    ev.Allocated: (Trigger.ALLOCATED,),
    ev.Reassigned: (Trigger.ALLOCATED,),
    ev.Introduced: (Trigger.INTRODUCED,),
    ev.Acknowledged: (Trigger.ACKNOWLEDGED,),
    ev.Updated: (Trigger.UPDATED,),
    ev.ContactReceived: (Trigger.CONTACT_RECEIVED,),
    ev.ContactAcknowledged: (Trigger.CONTACT_ACKNOWLEDGED,),
    ev.ContactAnswered: (Trigger.CONTACT_ANSWERED,),
    ev.Escalated: (Trigger.ESCALATED, Trigger.STAGE_ENTERED),
    ev.Replied: (Trigger.REPLIED,),
    ev.PassedToDecision: (Trigger.PASSED_TO_DECISION,),
    ev.CaseConcluded: (Trigger.CASE_CONCLUDED,),
    ev.Reopened: (Trigger.REOPENED, Trigger.STAGE_ENTERED),
    ev.Closed: (Trigger.CLOSED,),
    **{kind: told.triggers for matter in MATTERS for kind, told in matter.events.items()},
}
"""What each kind of event triggers; the last reply triggers `procedure-ended` as well."""

ARRIVALS = frozenset(
    {
        Trigger.RECEIVED,
        Trigger.STAGE_ENTERED,
        Trigger.ESCALATED,
        Trigger.CONTACT_RECEIVED,
        Trigger.REOPENED,
    }
)
"""Triggers by which something comes in, so that the receipt rule gives day 0."""


def triggers_of(complaint: Complaint, event: Any) -> tuple[Trigger, ...]:
    """What the event triggers in the complaint that it has already been folded into."""
    triggers = TRIGGERS.get(type(event), ())
    if isinstance(event, ev.Replied) and complaint.rules.next_stage(event.stage) is None:
        return (*triggers, Trigger.PROCEDURE_ENDED)
    if isinstance(event, ev.Reopened) and complaint.reply:
        return ()  # only the window is open again: nobody takes anything up
    return triggers


def anchor_of(event: Any) -> datetime:
    """The instant (UTC) from which clocks that the event starts are counted."""
    if isinstance(event, ev.Opened):
        return event.opening.received_at
    return event.received_at if isinstance(event, ev.ContactReceived) else event.at


def turn(complaint: Complaint, event: Any) -> tuple[Clock, ...]:
    """The clocks after the event; the very same tuple where it changes none."""
    special = _SPECIAL.get(type(event))
    if special:
        return special(complaint, event)
    triggers = triggers_of(complaint, event)
    if not triggers:
        return complaint.clocks
    clocks = _resumed(complaint, event) if isinstance(event, ev.Escalated) else complaint.clocks
    kept, met = _meet(complaint, event, clocks, frozenset(triggers))
    kept = _stop(complaint, event, kept, frozenset(triggers))
    if complaint.closed:
        return tuple(kept)
    return (*kept, *_starts(complaint, event, triggers, kept, met))


def _meet(
    complaint: Complaint, event: Any, clocks: tuple[Clock, ...], triggers: frozenset[str]
) -> tuple[list[Clock], list[Clock]]:
    kept, met = [], []
    contact = getattr(event, "contact", None)
    for clock in clocks:
        changed = clock
        if clock.fulfilled_late_at is None and _is_met_by(complaint, clock, triggers, contact):
            if clock.live:
                changed = clk.end(clock, ClockState.MET, event.at, complaint.rules)
            else:
                changed = replace(clock, fulfilled_late_at=event.at)
            met.append(changed)
        kept.append(changed)
    return kept, met


def _is_met_by(
    complaint: Complaint, clock: Clock, triggers: frozenset[str], contact: int | None
) -> bool:
    if clock.state in (ClockState.MET, ClockState.STOPPED):
        return False
    rule = complaint.rules.promises.get(clock.promise)
    return bool(rule and rule.meets & triggers) and (
        clock.contact is None or clock.contact == contact
    )


def _stop(
    complaint: Complaint, event: Any, clocks: list[Clock], triggers: frozenset[str]
) -> list[Clock]:
    moved = isinstance(event, ev.Escalated)
    return [
        clk.end(clock, ClockState.STOPPED, event.at, complaint.rules)
        if clock.live and (complaint.closed or _is_over(complaint, clock, triggers, moved=moved))
        else clock
        for clock in clocks
    ]


def _is_over(complaint: Complaint, clock: Clock, triggers: frozenset[str], *, moved: bool) -> bool:
    rule = complaint.rules.promises[clock.promise]
    if rule.until & triggers:
        return True
    if rule.restarts and triggers.intersection(rule.promise.starts):
        return True
    return moved and bool(rule.stages) and complaint.stage not in rule.stages


def _starts(
    complaint: Complaint, event: Any, triggers: tuple[Trigger, ...],
    kept: list[Clock], met: list[Clock],
) -> Iterator[Clock]:  # fmt: skip
    rules, seen = complaint.rules, set()
    contact = event.contact if isinstance(event, ev.ContactReceived) else None
    live = {clock.promise for clock in kept if clock.live and clock.contact == contact}
    anchors = [str(trigger) for trigger in triggers] + [f"met:{clock.promise}" for clock in met]
    in_time = {f"met:{each.promise}" for each in met if not each.renewal and not each.late}
    for anchor in anchors:
        for rule in rules.starting.get(anchor, ()):
            if rule.key in seen or rule.key in live or not applies(complaint, rule, event):
                continue
            seen.add(rule.key)
            clock = _started(complaint, rule, event, arrived=anchor in ARRIVALS, contact=contact)
            if not anchor.startswith("met:") or not rule.meets.intersection(triggers):
                yield clock
            elif anchor in in_time:
                # One thing meets both. Had the first been missed, the second would be kept by
                # never doing the first: then nothing is counted, and the miss is on record.
                yield clk.end(clock, ClockState.MET, event.at, rules)
    for clock in met:
        rule = rules.promises[clock.promise]
        if rule.repeats and rule.key not in seen:
            seen.add(rule.key)
            yield _started(complaint, rule, event, arrived=False, contact=clock.contact)


def _started(
    complaint: Complaint, rule: PromiseRule, event: Any, *, arrived: bool, contact: int | None
) -> Clock:
    clock = clk.start(
        rule, complaint.rules, number=event.number, at=anchor_of(event), noted_at=event.at,
        arrived=arrived, stage=complaint.stage, contact=contact,
        received_at=complaint.opened.received_at, customers_days=complaint.customers_days,
    )  # fmt: skip
    if complaint.pause and rule.pauses:
        return clk.pause(clock, event.at, complaint.rules)
    return clock


def applies(complaint: Complaint, rule: PromiseRule, event: Any) -> bool:
    """Whether the promise is made at this stage, on this channel and to this correspondent.

    What a reply ends does not start again while that reply stands; a new contact is a new matter.
    """
    promise = rule.promise
    answered = complaint.reply is not None and Trigger.REPLIED in rule.until
    if answered and not isinstance(event, ev.ContactReceived):
        return False
    if rule.stages and complaint.stage not in rule.stages:
        return False
    if promise.while_deciding not in (None, complaint.deciding):
        return False
    channel, correspondent = _whence(complaint, event)
    if promise.channels and channel not in promise.channels:
        return False
    if promise.correspondents and correspondent not in promise.correspondents:
        return False
    return not exempted(rule, complaint.opened)


def exempted(rule: PromiseRule, opening: Opening) -> bool:
    """Whether the promise is not made because of who acts for the customer, with authority.

    Source: `001_52f8d27437deebc1.txt`: a professional keeps their customer up to date themselves.
    """
    representative = opening.representative
    return bool(
        representative and representative.authorised and representative.kind in rule.promise.exempt
    )


def _whence(complaint: Complaint, event: Any) -> tuple[Channel, Correspondent]:
    opening = complaint.opened
    if not isinstance(event, ev.ContactReceived):
        return opening.channel, opening.correspondent
    if event.from_whom is FromWhom.MP:
        return event.channel, Correspondent.MP
    if event.from_whom is FromWhom.REPRESENTATIVE and opening.representative:
        return event.channel, opening.representative.kind
    return event.channel, Correspondent.CUSTOMER


def _extended(complaint: Complaint, event: ev.Extended) -> tuple[Clock, ...]:
    return _with(complaint, event.clock, lambda c: clk.extend(c, event.new_due, complaint.rules))


def _warned(complaint: Complaint, event: ev.PromiseWarned) -> tuple[Clock, ...]:
    return _with(complaint, event.clock, lambda clock: replace(clock, warned=True))


def _missed(complaint: Complaint, event: ev.PromiseMissed) -> tuple[Clock, ...]:
    rules, clock = complaint.rules, complaint.clock(event.clock)
    ended = _with(
        complaint, clock.id, lambda c: clk.end(c, ClockState.MISSED, clk.due_at(c, rules), rules)
    )
    if rules.promises[clock.promise].promise.gives_way_to:
        return ended
    return (*ended, clk.renew(clock, rules, number=event.number, noted_at=event.at))


def _with(
    complaint: Complaint, clock_id: str, change: Callable[[Clock], Clock]
) -> tuple[Clock, ...]:
    return tuple(change(clock) if clock.id == clock_id else clock for clock in complaint.clocks)


def _all_pausable(
    complaint: Complaint, state: ClockState, change: Callable[[Clock], Clock]
) -> tuple[Clock, ...]:
    promises = complaint.rules.promises
    return tuple(
        change(clock) if clock.state is state and promises[clock.promise].pauses else clock
        for clock in complaint.clocks
    )


def _paused(complaint: Complaint, event: ev.Paused) -> tuple[Clock, ...]:
    rules = complaint.rules
    return _all_pausable(
        complaint, ClockState.RUNNING, lambda clock: clk.pause(clock, event.at, rules)
    )


def _resumed(complaint: Complaint, event: ev.Resumed | ev.Escalated) -> tuple[Clock, ...]:
    rules = complaint.rules
    return _all_pausable(
        complaint, ClockState.PAUSED, lambda clock: clk.resume(clock, event.at, rules)
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
