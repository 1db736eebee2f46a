"""What falls due: the moments at which a complaint has to wake, and what happens then.

Owns `next_wake` and `fallen_due`. A moment is due at its instant exactly: a clock whose time has
come is missed even if whoever would have met it comes in the same second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from domain.calendar.counting import BeyondCalendar
from domain.clocks import due as dues
from domain.clocks import transitions as clk
from domain.clocks.clock import Clock
from domain.complaint import events as ev
from domain.complaint.decider.evolve import Step, evolve
from domain.complaint.derived import once
from domain.complaint.feature import Moment, no_moments
from domain.complaint.features.registry import MATTERS
from domain.complaint.policies.applicability import own_budget
from domain.complaint.policies.windows import ends_at, reopens_until, window_after_reply
from domain.complaint.state import Complaint
from domain.vocabulary import ClosedHow

REMIND_EVERY = 5
"""Working days after which staff are asked again about a pause whose review date has passed."""


APOLOGIES, APOLOGIES_OF_CONTACT = 3, 1
"""How often the customer is apologised to for one miss; a third apology names no date any more,
so that none passes in silence."""


def moments(complaint: Complaint) -> Iterator[Moment]:
    """Every moment that the complaint waits for, in no order."""
    if complaint.closed:
        for matter in MATTERS:
            yield from matter.afterwards(complaint)
        return
    for clock in complaint.clocks:
        if clock.ticking:
            yield from _clock_moments(complaint, clock)
    # What lies beyond the calendar waits until that is refreshed; nothing else waits for it.
    for waits in _WAITS:
        with suppress(BeyondCalendar):
            yield from waits(complaint)


@once
def next_wake(complaint: Complaint) -> datetime | None:
    """The earliest instant (UTC) at which time alone changes something, or none."""
    if complaint.closed:
        after = (moment.at for moment in moments(complaint))
        return min(after, default=reopens_until(complaint))
    return _earliest(complaint)


def wakes_for(complaint: Complaint) -> str:
    """What the next wake-up is for, in a few words without personal data."""
    first = min(moments(complaint), key=lambda moment: moment.at, default=None)
    return first.why if first else "the time to reopen ends"


def finished(complaint: Complaint, now: datetime) -> bool:
    """Whether nothing can happen to the complaint any more at `now`."""
    if complaint.closed is None:
        return False
    until = reopens_until(complaint)
    return (until is None or now >= until) and not any(moments(complaint))


def fallen_due(complaint: Complaint, now: datetime) -> tuple[Step, ...]:
    """Everything that was due by `now`, in the order in which it fell due."""
    steps: list[Step] = []
    while True:
        # Mostly nothing has, and when it will was found when the complaint last changed.
        wake = next_wake(complaint)
        if wake is None or now < wake:
            return _with_one_apology_each(steps) if steps else ()
        due = [
            moment
            for moment in moments(complaint)
            if moment.at <= now and (moment.lapses is None or now < moment.lapses)
        ]
        if not due:
            return _with_one_apology_each(steps)
        event = min(due, key=lambda moment: moment.at).event(complaint.events + 1, now)
        complaint = evolve(complaint, event)
        steps.append(Step(event, complaint))


def _earliest(complaint: Complaint) -> datetime | None:
    """The first of the instants of `moments`, without making any: it is asked after every event."""
    rules = complaint.rules
    found = [
        at
        for clock in complaint.clocks
        if clock.ticking and (at := dues.first_instant(clock, rules)) is not None
    ]
    try:
        found += [moment.at for waits in _WAITS for moment in waits(complaint)]
    except BeyondCalendar:  # the first of what can be counted, then
        return min((moment.at for moment in moments(complaint)), default=None)
    return min(found, default=None)


def _with_one_apology_each(steps: list[Step]) -> tuple[Step, ...]:
    """The same steps, but only the last miss of a promise is told, with the first date ahead.

    After an outage several periods of a promise lapse at once; every date but the last has passed.
    """
    told: set[str] = set()
    kept: list[Step] = []
    for step in reversed(steps):
        event = step.event
        if isinstance(event, ev.PromiseMissed) and event.apology:
            if event.promise in told:
                kept.append(Step(replace(event, new_due=None, apology=False), step.complaint))
                continue
            told.add(event.promise)
        kept.append(step)
    return tuple(reversed(kept))


def _review(complaint: Complaint) -> Iterator[Moment]:
    if complaint.pause:
        at = complaint.rules.calendar.opening_time(complaint.pause.review_on)
        yield Moment(at, "review of the pause", partial(_review_fell_due, complaint))


def _end(complaint: Complaint) -> Iterator[Moment]:
    ends = ends_at(complaint)
    if ends:
        yield Moment(ends, "the window closes", partial(_ended, complaint))


def _clock_moments(complaint: Complaint, clock: Clock) -> Iterator[Moment]:
    rules = complaint.rules
    try:
        due, warn = dues.due_at(clock, rules), dues.warn_at(clock, rules)
    except BeyondCalendar:  # it shows as such in the standing, until the calendar is refreshed
        return
    yield Moment(due, f"{clock.promise} is due", partial(_missed, complaint, clock))
    if warn and warn < due:
        event = partial(_warned, complaint, clock)
        yield Moment(warn, f"warning of {clock.promise}", event, lapses=due)


def _warned(complaint: Complaint, clock: Clock, number: int, now: datetime) -> Any:
    due = dues.due_day(clock, complaint.rules)
    return ev.PromiseWarned(number=number, at=now, clock=clock.id, promise=clock.promise, due=due)


def _missed(complaint: Complaint, clock: Clock, number: int, now: datetime) -> Any:
    rules = complaint.rules
    again = _goes_on(complaint, clock, number, now)
    tries = _dates_given(complaint, clock)
    apology = tries < (APOLOGIES_OF_CONTACT if clock.contact or clock.appointment else APOLOGIES)
    new_due = None
    if again and apology and tries + 1 < APOLOGIES:
        with suppress(BeyondCalendar):
            new_due = dues.due_day(again, rules)
    return ev.PromiseMissed(
        number=number, at=now, clock=clock.id, promise=clock.promise,
        due=dues.due_day(clock, rules), new_due=new_due, apology=apology,
    )  # fmt: skip


def _goes_on(complaint: Complaint, clock: Clock, number: int, now: datetime) -> Clock | None:
    """The clock whose date is told after the miss: the one that follows it.

    Where the promise gives way to another it is that one's, if it still lies ahead.
    """
    rules = complaint.rules
    rule = rules.promises[clock.promise]
    other = rule.promise.gives_way_to
    if rule.promise.once:
        return None
    if other is None:
        budget = own_budget(complaint, rule)
        return clk.renew(clock, rules, number=number, noted_at=now, budget=budget)
    with suppress(BeyondCalendar):
        for each in complaint.clocks:
            if each.promise == other and each.running and dues.due_at(each, rules) > now:
                return each
    return None


def _dates_given(complaint: Complaint, clock: Clock) -> int:
    """How many new dates were given for what this clock promises, one after the other."""
    given = 0
    for each in complaint.clocks:
        if _subject(each) == _subject(clock):
            given = given + 1 if each.renewal else 0
    return given


def _subject(clock: Clock) -> tuple[Any, ...]:
    return clock.promise, clock.contact, clock.appointment


def _review_fell_due(complaint: Complaint, number: int, now: datetime) -> Any:
    calendar = complaint.rules.calendar
    try:
        following = calendar.add_working_days(calendar.local_day(now), REMIND_EVERY)
    except BeyondCalendar:  # a reminder is no promise: a plain week will do
        following = now.date() + timedelta(days=7)
    return ev.ReviewFellDue(number=number, at=now, next_review=following)


def _ended(complaint: Complaint, number: int, now: datetime) -> Any:
    window = window_after_reply(complaint)
    if window is None:
        return ev.Closed(
            number=number, at=now, how=ClosedHow.PROCEDURE_ENDED,
            reason="Nothing more was heard after the last reply.",
        )  # fmt: skip
    return ev.Closed(
        number=number, at=now, how=ClosedHow.WINDOW_CLOSED, window_closed=window.closes,
        reason=f"The time to ask for {window.stage.title} ended without a request.",
    )  # fmt: skip


_WAITS: tuple[Callable[[Complaint], Iterator[Moment]], ...] = (
    _review,
    _end,
    *(matter.moments for matter in MATTERS if matter.moments is not no_moments),
)
"""What an open complaint waits for beside its clocks."""
