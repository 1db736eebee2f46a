"""Estimates and chances: days that may pass, as nothing was promised by them.

Owns what follows then: nothing was broken, so nobody is apologised to. An estimate says when an answer is
expected, where the page gives no figure: the customer hears that it passed, why if somebody has
said so, and a new day; staff are asked for the reason. A chance is
what is tried first: from then on the promise holds that it gives way to, and staff hear that. Sources:
`000_2dfa29253c41a6cc.txt` (when to expect a response), `004_223f6b270ec16c9f.txt` (how long we think our
work will take); Financial Conduct Authority, Handbook, DISP 1.5 (resolved by the third business day).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Literal

from domain import value
from domain.calendar.pinned import in_words
from domain.clocks import transitions as clk
from domain.clocks.clock import Clock, with_changed
from domain.clocks.due import due_of
from domain.complaint.events import Happened
from domain.complaint.feature import EventSpec, Feature, Moves
from domain.complaint.notify.compose import as_fact, ask, ask_reviewer, in_charge, tell
from domain.complaint.notify.facts import awaited, cannot_go_on
from domain.complaint.notify.reasons import dates_given, in_welsh, why_missed
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind


@value(frozen=True, slots=True, kw_only=True)
class EstimatePassed(Happened):
    """The day by which an answer was expected has passed; `new_due` is the one that is told instead."""

    kind: Literal["estimate-passed"] = "estimate-passed"
    clock: str
    promise: str
    due: date
    new_due: date | None


@value(frozen=True, slots=True, kw_only=True)
class ChancePassed(Happened):
    """What was tried first did not come off; `then` is the promise that holds, due on `then_due`."""

    kind: Literal["chance-passed"] = "chance-passed"
    clock: str
    promise: str
    due: date
    then: str
    then_due: date | None


def passed(
    complaint: Complaint, clock: Clock, *, number: int, at: datetime
) -> EstimatePassed | ChancePassed:
    """The event of an estimate or a chance whose day has passed.

    An estimate always has a new day, if one can be counted; a chance has that of the promise that
    holds from then on, if it still lies ahead.
    """
    then = complaint.rules.promises[clock.promise].promise.gives_way_to
    if then:
        return ChancePassed(
            number=number, at=at, clock=clock.id, promise=clock.promise,
            due=due_of(clock, complaint.rules).day, then=then, then_due=_ahead(complaint, then, at),
        )  # fmt: skip
    again = _renewed(complaint, clock, number, at)
    return EstimatePassed(
        number=number, at=at, clock=clock.id, promise=clock.promise,
        due=due_of(clock, complaint.rules).day, new_due=due_of(again, complaint.rules).known,
    )  # fmt: skip


def _renewed(complaint: Complaint, clock: Clock, number: int, now: datetime) -> Clock:
    """The estimate that follows: the more of them have passed, the further ahead it lies."""
    given = dates_given(complaint, clock)
    return clk.renew(clock, complaint.rules, number=number, noted_at=now, given=given)


def _ahead(complaint: Complaint, promise: str, now: datetime) -> date | None:
    """The day on which the running clock of that promise is due, if it still lies ahead."""
    for clock in complaint.clocks:
        if clock.promise == promise and clock.running:
            due = due_of(clock, complaint.rules)
            if due.lies_ahead(now):
                return due.day
    return None


def _fold(complaint: Complaint, event: EstimatePassed) -> dict[str, Any]:
    clock = complaint.clock(event.clock)
    again = _renewed(complaint, clock, event.number, event.at)
    return {"clocks": (*_without(complaint, clock), again)}


def _without(complaint: Complaint, clock: Clock) -> tuple[Clock, ...]:
    """The clocks, of which that one has passed."""
    rules = complaint.rules
    over = clk.run_out(clock, due_of(clock, rules).at, rules)
    return with_changed(complaint.clocks, over)


def _react(complaint: Complaint, event: EstimatePassed) -> Iterator[Notice]:
    why = why_missed(complaint, complaint.clock(event.clock))
    facts = {
        "missed_due": event.due.isoformat(),
        "new_due": as_fact(event.new_due),
        "why": why,
        **in_welsh(complaint, why),
    }
    closes = awaited(complaint, event.at)["closes_on"]
    waits = {"waits_for_you": cannot_go_on(complaint), "closes_on": closes}
    yield from tell(complaint, event, NoticeKind.ESTIMATE_PASSED, **facts, **waits)
    yield from ask(
        complaint, event, NoticeKind.PROMISE_MISSED, in_charge(complaint), promise=event.promise,
        promise_text=complaint.rules.promises[event.promise].promise.text, estimate=True,
        apology=False, own_time=None, says_why=not why, reason_by=None, **facts,
    )  # fmt: skip


def still_late(complaint: Complaint, event: Any) -> bool:
    """Whether what was missed has not come since, and no further date of it has passed."""
    following = f"{event.promise}#{event.number}"
    return any(clock.id == following and clock.live for clock in complaint.clocks)


def _ask(complaint: Complaint, event: ChancePassed) -> Iterator[Notice]:
    """Word to the reviewer of what holds now; none where the full answer has been given."""
    if complaint.reply:
        return
    promises = complaint.rules.promises
    yield from ask_reviewer(
        complaint, event, NoticeKind.CHANCE_PASSED, promise=event.promise, then=event.then,
        promise_text=promises[event.promise].promise.text, passed_on=event.due.isoformat(),
        then_text=promises[event.then].promise.text, then_due=as_fact(event.then_due),
    )  # fmt: skip


def _chance_line(event: ChancePassed) -> str:
    until = f", until {in_words(event.then_due)}" if event.then_due else ""
    return f"{event.promise}, which is tried first, passed on {in_words(event.due)}. {event.then} holds{until}."


def _line(event: EstimatePassed) -> str:
    again = f" New estimate: {in_words(event.new_due)}." if event.new_due else ""
    return f"The estimate {event.promise} passed: it was {in_words(event.due)}.{again}"


FEATURE = Feature(
    events={
        EstimatePassed: EventSpec(
            _line, _fold, _react, owed=(NoticeKind.ESTIMATE_PASSED, NoticeKind.PROMISE_MISSED),
            moves=Moves.RENEWS_MISSED, public=lambda e: f": {e.promise}", stands=still_late,
        ),
        ChancePassed: EventSpec(
            _chance_line,
            lambda complaint, event: {"clocks": _without(complaint, complaint.clock(event.clock))},
            _ask, owed=(NoticeKind.CHANCE_PASSED,), public=lambda e: f": {e.promise}",
        ),
    },
    of_time=(EstimatePassed, ChancePassed),
)  # fmt: skip
