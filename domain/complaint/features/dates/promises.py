"""Promises in time: staff are warned before a clock runs out, and a miss is told with a new date.

Owns the timers of clocks and what follows when one runs out. Sources: `000_2dfa29253c41a6cc.txt` (why, and
when the full answer comes), `004_223f6b270ec16c9f.txt` (an apology for a shortfall).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any, Literal

from domain import value
from domain.calendar.pinned import BeyondCalendar, in_words
from domain.charter.rules import PromiseRule
from domain.clocks import transitions as clk
from domain.clocks.clock import Clock, with_changed
from domain.clocks.due import due_of, wakes_of
from domain.clocks.proof import proof_facts
from domain.complaint.events import Happened
from domain.complaint.feature import EventSpec, Feature, Moves, Timer
from domain.complaint.features.dates.estimates import passed, still_late
from domain.complaint.features.dates.extending import can_extend
from domain.complaint.notify.compose import as_fact, ask, ask_reviewer, in_charge, tell
from domain.complaint.notify.reasons import (
    dated_already,
    dates_given,
    in_welsh,
    is_a_reason,
    is_last_date,
    reason_again,
    reason_due,
    why_missed,
)
from domain.complaint.policies.applicability import own_budget
from domain.complaint.policies.service_times import time_of_its_own
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Trigger


@value(frozen=True, slots=True, kw_only=True)
class PromiseWarned(Happened):
    """A clock comes near its due date."""

    kind: Literal["promise-warned"] = "promise-warned"
    clock: str
    promise: str
    due: date


@value(frozen=True, slots=True, kw_only=True)
class PromiseMissed(Happened):
    """A clock ran out; `new_due` is the date given instead, `apology` whether the customer is told."""

    kind: Literal["promise-missed"] = "promise-missed"
    clock: str
    promise: str
    due: date
    new_due: date | None
    apology: bool = True


# --- when -------------------------------------------------------------------------------------------


def timers(complaint: Complaint) -> Iterator[Timer]:
    """The warning and the end of each clock that time alone can end; the answer's first, those of reasons last.

    So whatever is told of one instant names the new date of the answer, and of the reason.
    """
    promises = complaint.rules.promises
    ticking = [clock for clock in complaint.clocks if clock.ticking]
    for clock in sorted(ticking, key=lambda each: _rank(promises[each.promise])):
        yield from _of(complaint, clock)


def _rank(rule: PromiseRule) -> int:
    return 0 if rule.of_the_reply else 2 if is_a_reason(rule) else 1


def _of(complaint: Complaint, clock: Clock) -> Iterator[Timer]:
    due = due_of(clock, complaint.rules)
    if due.beyond:  # it shows as such in the status, until the calendar is refreshed
        return
    runs_out = _miss if complaint.rules.promises[clock.promise].binding else passed
    yield Timer(due.at, f"{clock.promise} is due", partial(runs_out, complaint, clock))
    if due.warn_at:
        event = partial(PromiseWarned, clock=clock.id, promise=clock.promise, due=due.day)
        yield Timer(due.warn_at, f"warning of {clock.promise}", event, lapses=due.at)


def _miss(complaint: Complaint, clock: Clock, *, number: int, at: datetime) -> Any:
    rules = complaint.rules
    again = _goes_on(complaint, clock, number, at)
    new_due = due_of(again, rules).known if again else None
    if new_due and rules.promises[clock.promise].of_the_reply:
        # One answer, one date: another clock of it can run out first.
        new_due = min([new_due, *_dates_of_the_reply(complaint, clock, at)])
    return PromiseMissed(
        number=number, at=at, clock=clock.id, promise=clock.promise,
        due=due_of(clock, rules).day, new_due=None if again and again.untold else new_due,
        apology=not clock.untold,
    )  # fmt: skip


def _dates_of_the_reply(complaint: Complaint, missed: Clock, now: datetime) -> Iterator[date]:
    """The days ahead on which other clocks of the full reply run out."""
    rules = complaint.rules
    for clock in complaint.clocks:
        rule = rules.promises[clock.promise]
        if clock.running and clock is not missed and rule.of_the_reply and not rule.estimate:
            due = due_of(clock, rules)
            if due.lies_ahead(now):
                yield due.day


def _goes_on(complaint: Complaint, clock: Clock, number: int, now: datetime) -> Clock | None:
    """The clock whose date is told after the miss."""
    return dated_already(complaint, clock, now) or _renewed(complaint, clock, number, now)


def _renewed(complaint: Complaint, clock: Clock, number: int, now: datetime) -> Clock | None:
    """The clock that follows the missed one, or none where nothing follows it."""
    rules = complaint.rules
    rule = rules.promises[clock.promise]
    if rule.promise.once or dated_already(complaint, clock, now):
        return None
    key = (_renewed, clock, number, now)
    if key not in complaint.known:  # asked by the event and by its fold
        after = clk.renew(
            clock, rules, number=number, noted_at=now, budget=own_budget(complaint, rule),
            given=dates_given(complaint, clock),
        )  # fmt: skip
        last = is_a_reason(rule) and is_last_date(complaint, clock)
        complaint.known[key] = after.changed(untold=True) if last else after
    renewed: Clock = complaint.known[key]
    return renewed


def with_one_apology_each(steps: list[Any]) -> tuple[Any, ...]:
    """The same steps, but only the last miss of a promise is told, with the first date ahead.

    After an outage several periods of a promise lapse at once; every date but the last has passed.
    """
    told: set[str] = set()
    kept: list[Any] = []
    for step in reversed(steps):
        event = step.event
        if isinstance(event, PromiseMissed) and event.apology:
            if event.promise in told:
                kept.append(step._replace(event=replace(event, new_due=None, apology=False)))
                continue
            told.add(event.promise)
            kept.append(step._replace(event=_without_passed(step.complaint, event)))
            continue
        kept.append(step)
    return tuple(reversed(kept))


def _without_passed(complaint: Complaint, event: PromiseMissed) -> PromiseMissed:
    """The miss without a new date that has passed: an end in the same outage came before it."""
    calendar, day = complaint.rules.calendar, event.new_due
    with suppress(BeyondCalendar):
        if day and calendar.close_of_business(day) <= event.at:
            return replace(event, new_due=None)
    return event


# --- what follows -----------------------------------------------------------------------------------


def _missed(complaint: Complaint, event: PromiseMissed) -> dict[str, Any]:
    # The new date that an apology gave is no promise of its own: the miss is counted once.
    rules, clock = complaint.rules, complaint.clock(event.clock)
    lost = clk.run_out(clock, due_of(clock, rules).at, rules)
    renewed = _renewed(complaint, clock, event.number, event.at)
    return {
        "missed": complaint.missed + (not clock.renewal),
        "clocks": (
            *with_changed(complaint.clocks, lost),
            *([renewed] if renewed else ()),
            *reason_again(complaint, lost, event.number, event.at),
        ),
    }


def _warned(complaint: Complaint, event: PromiseWarned) -> dict[str, Any]:
    warned = complaint.clock(event.clock).changed(warned=True)
    return {"clocks": with_changed(complaint.clocks, warned)}


def _tell_warning(complaint: Complaint, event: PromiseWarned) -> Iterator[Notice]:
    promise, clock = complaint.rules.promises[event.promise].promise, complaint.clock(event.clock)
    facts = {
        "promise": event.promise,
        "promise_text": promise.text,
        "own_time": time_of_its_own(complaint, clock),
        "estimate": promise.estimate,
        "chance": promise.gives_way_to,
        "says_why": is_a_reason(complaint.rules.promises[event.promise]),
        "extendable": can_extend(complaint, clock),
        "due": event.due.isoformat(),
        "proof": proof_facts(clock, complaint.rules),
    }
    over = promise.gives_way_to and complaint.reply
    # That it is late is known: the miss of each new date is the reminder.
    if not (clock.renewal or over):
        yield from ask_reviewer(complaint, event, NoticeKind.PROMISE_WARNING, **facts)
    if promise.tell_customer and not clock.untold:
        said = {name: facts[name] for name in ("promise_text", "own_time", "estimate")}
        said |= {"again": clock.renewal, "promised_by": facts["due"]}
        yield from tell(complaint, event, NoticeKind.DELAY_WARNING, **said)


def _tell_miss(complaint: Complaint, event: PromiseMissed) -> Iterator[Notice]:
    """An apology to the customer, if one is due, and word to the role responsible and the next."""
    clock, rule = complaint.clock(event.clock), complaint.rules.promises[event.promise]
    told = {
        "promise_text": rule.promise.text,
        "own_time": time_of_its_own(complaint, clock),
        "missed_due": event.due.isoformat(),
        "new_due": as_fact(event.new_due),
    }
    facts = told | {
        "again": clock.renewal,
        "too_late": rule.promise.once,
        "why": (why := why_missed(complaint, clock)),
        **in_welsh(complaint, why),
        "reason_by": None if is_a_reason(rule) else as_fact(reason_due(complaint)),
    }
    said = {"apology": event.apology, "says_why": is_a_reason(rule)}
    if event.apology:
        yield from tell(complaint, event, NoticeKind.APOLOGY, **facts)
    yield from ask(
        complaint, event, NoticeKind.PROMISE_MISSED,
        in_charge(complaint)[: 1 if clock.renewal else None], promise=event.promise,
        **said, **facts,
    )  # fmt: skip


def _triggered(complaint: Complaint, event: PromiseMissed) -> tuple[Trigger, ...]:
    """The reason is owed, unless somebody gave it in time; a reason that is late needs none of its own."""
    if is_a_reason(complaint.rules.promises[event.promise]):
        return ()
    try:
        complaint.rules.calendar.local_day(event.at)
    except BeyondCalendar:  # nothing can be counted from there
        return ()
    return () if why_missed(complaint, complaint.clock(event.clock)) else (Trigger.PROMISE_MISSED,)


def _still_near(complaint: Complaint, event: PromiseWarned) -> bool:
    clock = complaint.clock(event.clock)
    return clock.running and due_of(clock, complaint.rules).day == event.due


def _line(event: PromiseMissed) -> str:
    again = f" New date: {in_words(event.new_due)}." if event.new_due else ""
    told = "" if event.apology else " The customer is not written to about it again."
    return f"{event.promise} was missed: it was due on {in_words(event.due)}.{again}{told}"


FEATURE = Feature(
    events={
        PromiseWarned: EventSpec(
            lambda e: f"{e.promise} is due on {in_words(e.due)}.", _warned, _tell_warning,
            owed=(NoticeKind.PROMISE_WARNING, NoticeKind.DELAY_WARNING),
            public=lambda e: f": {e.promise}", stands=_still_near,
        ),
        PromiseMissed: EventSpec(
            _line, _missed, _tell_miss, owed=(NoticeKind.APOLOGY, NoticeKind.PROMISE_MISSED),
            triggers=(Trigger.PROMISE_MISSED,), triggered=_triggered, after_end=True,
            moves=Moves.RENEWS_MISSED, public=lambda e: f": {e.promise}", stands=still_late,
        ),
    },
    timers=timers,
    timers_need="clocks",
    wakes=lambda complaint: wakes_of(complaint.clocks, complaint.rules),
    timers_after_end=timers,
    of_time=(PromiseWarned, PromiseMissed),
)  # fmt: skip
