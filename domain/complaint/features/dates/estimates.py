"""Estimates: an answer is expected by a day, where the page gives no figure that could be promised.

Owns what follows when that day passes: nothing was broken, so nobody is apologised to for a broken
promise; the customer hears it all the same, with a new day. Sources: `000_2dfa29253c41a6cc.txt` (when to
expect a response), `004_223f6b270ec16c9f.txt` (how long we think our work will take).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from domain.calendar.pinned import in_words
from domain.clocks import transitions as clk
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import due_of
from domain.complaint.events import Happened
from domain.complaint.feature import EventSpec, Feature, Moves
from domain.complaint.notify.compose import as_fact, ask, in_charge, tell
from domain.complaint.notify.reasons import dates_given
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatePassed(Happened):
    """The day by which an answer was expected has passed; `new_due` is the one that is told instead."""

    kind: Literal["estimate-passed"] = "estimate-passed"
    clock: str
    promise: str
    due: date
    new_due: date | None


def passed(complaint: Complaint, clock: Clock, *, number: int, at: datetime) -> EstimatePassed:
    """The event of an estimate whose day has passed: it always has a new day, if one can be counted."""
    due = due_of(_renewed(complaint, clock, number, at), complaint.rules)
    return EstimatePassed(
        number=number, at=at, clock=clock.id, promise=clock.promise,
        due=due_of(clock, complaint.rules).day, new_due=None if due.beyond else due.day,
    )  # fmt: skip


def _renewed(complaint: Complaint, clock: Clock, number: int, now: datetime) -> Clock:
    """The estimate that follows: the more of them have passed, the further ahead it lies."""
    given = dates_given(complaint, clock)
    return clk.renew(clock, complaint.rules, number=number, noted_at=now, given=given)


def _fold(complaint: Complaint, event: EstimatePassed) -> dict[str, Any]:
    rules, clock = complaint.rules, complaint.clock(event.clock)
    over = clk.end(clock, ClockState.MISSED, due_of(clock, rules).at, rules)
    clocks = tuple(over if each is clock else each for each in complaint.clocks)
    return {"clocks": (*clocks, _renewed(complaint, clock, event.number, event.at))}


def _react(complaint: Complaint, event: EstimatePassed) -> Iterator[Notice]:
    facts = {"missed_due": event.due.isoformat(), "new_due": as_fact(event.new_due)}
    yield from tell(complaint, event, NoticeKind.ESTIMATE_PASSED, **facts)
    yield from ask(
        complaint, event, NoticeKind.PROMISE_MISSED, in_charge(complaint), promise=event.promise,
        promise_text=complaint.rules.promises[event.promise].promise.text, estimate=True,
        apology=False, own_time=None, why=None, reason_by=None, **facts,
    )  # fmt: skip


def still_late(complaint: Complaint, event: Any) -> bool:
    """Whether what was missed has not come since, and no further date of it has passed."""
    following = f"{event.promise}#{event.number}"
    return any(clock.id == following and clock.live for clock in complaint.clocks)


def _line(event: EstimatePassed) -> str:
    again = f" New estimate: {in_words(event.new_due)}." if event.new_due else ""
    return f"The estimate {event.promise} passed: it was {in_words(event.due)}.{again}"


FEATURE = Feature(
    events={
        EstimatePassed: EventSpec(
            _line, _fold, _react, owed=(NoticeKind.ESTIMATE_PASSED, NoticeKind.PROMISE_MISSED),
            moves=Moves.RENEWS_MISSED, public=lambda e: f": {e.promise}", stands=still_late,
        ),
    },
    of_time=(EstimatePassed,),
)  # fmt: skip
