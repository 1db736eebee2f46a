"""Promises in time: staff are warned before a clock runs out, and a miss is told with a new date.

Owns the timers of clocks and what follows when one runs out. Sources: `000_2dfa29253c41a6cc.txt` (why, and
when the full answer comes), `004_223f6b270ec16c9f.txt` (an apology for a shortfall).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any, Literal

from domain.calendar.pinned import in_words
from domain.clocks import transitions as clk
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import due_of
from domain.clocks.proof import proof_of
from domain.complaint.events import Happened
from domain.complaint.feature import EventSpec, Feature, Moves, Timer
from domain.complaint.features.dates.estimates import passed
from domain.complaint.notify.compose import as_fact, ask, ask_reviewer, in_charge, tell
from domain.complaint.policies.applicability import own_budget
from domain.complaint.policies.service_times import time_of_its_own
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind

APOLOGIES, APOLOGIES_OF_CONTACT = 3, 1
"""How often the customer is apologised to for one miss; a third apology names no date any more,
so that none passes in silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseWarned(Happened):
    """A clock comes near its due date."""

    kind: Literal["promise-warned"] = "promise-warned"
    clock: str
    promise: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
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
    """The warning and the end of each clock that time alone can end."""
    for clock in complaint.clocks:
        if clock.ticking:
            yield from _of(complaint, clock)


def _of(complaint: Complaint, clock: Clock) -> Iterator[Timer]:
    due = due_of(clock, complaint.rules)
    if due.beyond:  # it shows as such in the status, until the calendar is refreshed
        return
    runs_out = passed if complaint.rules.promises[clock.promise].estimate else _miss
    yield Timer(due.at, f"{clock.promise} is due", partial(runs_out, complaint, clock))
    if due.warn_at:
        event = partial(PromiseWarned, clock=clock.id, promise=clock.promise, due=due.day)
        yield Timer(due.warn_at, f"warning of {clock.promise}", event, lapses=due.at)


def _miss(complaint: Complaint, clock: Clock, *, number: int, at: datetime) -> Any:
    rules = complaint.rules
    again = _goes_on(complaint, clock, number, at)
    tries = _dates_given(complaint, clock)
    apology = tries < (APOLOGIES_OF_CONTACT if clock.contact or clock.appointment else APOLOGIES)
    new_due = None
    if again and apology and tries + 1 < APOLOGIES:
        due = due_of(again, rules)
        new_due = None if due.beyond else due.day
    return PromiseMissed(
        number=number, at=at, clock=clock.id, promise=clock.promise,
        due=due_of(clock, rules).day, new_due=new_due, apology=apology,
    )  # fmt: skip


def _goes_on(complaint: Complaint, clock: Clock, number: int, now: datetime) -> Clock | None:
    """The clock whose date is told after the miss: the one that follows it.

    Where the promise gives way to another it is that one's, if it still lies ahead.
    """
    rules = complaint.rules
    other = rules.promises[clock.promise].promise.gives_way_to
    if other is None:
        return _renewed(complaint, clock, number, now)
    for each in complaint.clocks:
        if each.promise == other and each.running:
            due = due_of(each, rules)
            if not due.beyond and due.at > now:
                return each
    return None


def _renewed(complaint: Complaint, clock: Clock, number: int, now: datetime) -> Clock | None:
    """The clock that follows the missed one, or none where nothing follows it."""
    rules = complaint.rules
    rule = rules.promises[clock.promise]
    if rule.promise.gives_way_to or rule.promise.once:
        return None
    key = (_renewed, clock, number, now)
    if key not in complaint.known:  # asked by the event and by its fold
        budget = own_budget(complaint, rule)
        complaint.known[key] = clk.renew(clock, rules, number=number, noted_at=now, budget=budget)
    renewed: Clock = complaint.known[key]
    return renewed


def _dates_given(complaint: Complaint, clock: Clock) -> int:
    """How many new dates were given for what this clock promises, one after the other."""
    given = 0
    for each in complaint.clocks:
        if each.subject == clock.subject:
            given = given + 1 if each.renewal else 0
    return given


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
        kept.append(step)
    return tuple(reversed(kept))


# --- what follows -----------------------------------------------------------------------------------


def _missed(complaint: Complaint, event: PromiseMissed) -> dict[str, Any]:
    # The new date that an apology gave is no promise of its own: the miss is counted once.
    rules, clock = complaint.rules, complaint.clock(event.clock)
    lost = clk.end(clock, ClockState.MISSED, due_of(clock, rules).at, rules)
    renewed = _renewed(complaint, clock, event.number, event.at)
    clocks = tuple(lost if each is clock else each for each in complaint.clocks)
    return {
        "missed": complaint.missed + (not clock.renewal),
        "clocks": (*clocks, renewed) if renewed else clocks,
    }


def _warned(complaint: Complaint, event: PromiseWarned) -> dict[str, Any]:
    return {
        "clocks": tuple(
            clock.changed(warned=True) if clock.id == event.clock else clock
            for clock in complaint.clocks
        )
    }


def _tell_warning(complaint: Complaint, event: PromiseWarned) -> Iterator[Notice]:
    promise, clock = complaint.rules.promises[event.promise].promise, complaint.clock(event.clock)
    facts = {
        "promise": event.promise,
        "promise_text": promise.text,
        "own_time": time_of_its_own(complaint, clock),
        "estimate": promise.estimate,
        "due": event.due.isoformat(),
        "proof": proof_of(clock, complaint.rules).facts,
    }
    yield from ask_reviewer(complaint, event, NoticeKind.PROMISE_WARNING, **facts)
    if promise.tell_customer:
        said = {name: facts[name] for name in ("promise_text", "own_time", "estimate")}
        yield from tell(complaint, event, NoticeKind.DELAY_WARNING, **said)


def _tell_miss(complaint: Complaint, event: PromiseMissed) -> Iterator[Notice]:
    """An apology to the customer, if one is due, and word to the role responsible and the next."""
    facts = {
        "promise_text": complaint.rules.promises[event.promise].promise.text,
        "own_time": time_of_its_own(complaint, complaint.clock(event.clock)),
        "missed_due": event.due.isoformat(),
        "new_due": as_fact(event.new_due),
    }
    if event.apology:
        yield from tell(complaint, event, NoticeKind.APOLOGY, **facts)
    yield from ask(
        complaint, event, NoticeKind.PROMISE_MISSED, in_charge(complaint), promise=event.promise,
        apology=event.apology, **facts,
    )  # fmt: skip


def _line(event: PromiseMissed) -> str:
    again = f" New date: {in_words(event.new_due)}." if event.new_due else ""
    told = "" if event.apology else " The customer is not written to about it again."
    return f"{event.promise} was missed: it was due on {in_words(event.due)}.{again}{told}"


FEATURE = Feature(
    events={
        PromiseWarned: EventSpec(
            lambda e: f"{e.promise} is due on {in_words(e.due)}.", _warned, _tell_warning,
            owed=(NoticeKind.PROMISE_WARNING, NoticeKind.DELAY_WARNING),
            public=lambda e: f": {e.promise}",
        ),
        PromiseMissed: EventSpec(
            _line, _missed, _tell_miss, owed=(NoticeKind.APOLOGY, NoticeKind.PROMISE_MISSED),
            moves=Moves.RENEWS_MISSED, public=lambda e: f": {e.promise}",
        ),
    },
    timers=timers,
    timers_after_end=timers,
    of_time=(PromiseWarned, PromiseMissed),
)  # fmt: skip
