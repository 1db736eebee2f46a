"""Counting from the right receipt: what a corrected date of receipt does to the clocks.

Owns the arithmetic. Clocks that run are counted anew; those that have ended are judged anew by what was
done and when. A miss that turns out to be none is undone: the clock goes on as the one that followed it did,
which runs, is paused or was stopped. A promise that repeats and has come round keeps the dates that were told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.calendar.budget import Unit
from domain.calendar.counting import day_zero
from domain.charter.rules import Rules
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import budget_of, due_of
from domain.clocks.transitions import end, run_out
from domain.complaint.policies.rescheduling import limited_anew
from domain.complaint.state import Complaint
from domain.complaint.values import StageRequest
from domain.errors import WrongStage


def stage_request(complaint: Complaint, stage: str) -> StageRequest:
    """By what the present stage was asked for. Raises `WrongStage` if it is another, or the first."""
    for each in complaint.stage_requests:
        if each.stage == stage == complaint.stage:
            return each
    raise WrongStage(
        f"{complaint.reference} does not stand at {stage} because somebody asked for that.",
        f"It is at {complaint.stage}."
        if complaint.stage_requests
        else "It is at the stage at which it was opened.",
    )


def received_at(
    complaint: Complaint, contact: int | None = None, stage: str | None = None
) -> datetime:
    """When (UTC) the complaint, that contact or the request for that stage was received.

    Raises `UnknownContact`, `WrongStage`.
    """
    if stage is not None:
        return stage_request(complaint, stage).received_at
    if contact is None:
        return complaint.opened.received_at
    return complaint.contact(contact, f"There are {len(complaint.contacts)}.").received_at


def recounted(complaint: Complaint, correction: Any) -> tuple[Clock, ...]:
    """The clocks after a correction: `old` and `new` receipt (UTC), of a `contact` or none, made `at`."""
    limited = complaint.clocks
    if correction.contact is None and correction.stage is None:
        limited = limited_anew(complaint, complaint.rules, correction.new)
    counted = {clock.id: clock for clock in limited}
    requests = of_requests(complaint, correction)
    for clock in limited:
        if not _from_that_receipt(clock, correction, complaint.rules, requests):
            continue
        changed = _counted_anew(clock, correction, complaint.rules)
        if clock.live:
            counted[clock.id] = changed
        else:
            _judge_anew(counted, clock, changed, correction, complaint.rules)
    return tuple(counted.values())


def of_requests(complaint: Complaint, correction: Any) -> frozenset[int]:
    """The numbers of the events by which a stage was entered at this receipt."""
    return frozenset(
        each.number
        for each in complaint.stage_requests
        if each.stage == complaint.stage
        and (
            each.stage == correction.stage
            or (correction.contact is not None and each.contact == correction.contact)
        )
    )


def _from_that_receipt(
    clock: Clock, correction: Any, rules: Rules, requests: frozenset[int]
) -> bool:
    """Whether this receipt started the clock, and not something else at the same instant."""
    if clock.promise not in rules.promises or clock.renewal or clock.appointment:
        return False
    if clock.started_at != correction.old:
        return False
    if int(clock.id.rsplit("#", 1)[1]) in requests:
        return True
    if correction.contact is not None:
        return bool(clock.contact == correction.contact)
    by_opening: bool = correction.stage is None and clock.id.endswith("#1")
    return by_opening


def _counted_anew(clock: Clock, correction: Any, rules: Rules) -> Clock:
    calendar, budget = rules.calendar, budget_of(clock, rules)
    day = day_zero(calendar, correction.new, budget, first_counts=clock.first_counts)
    changed = replace(clock, started_at=correction.new, day_zero=day)
    if not clock.pauses or budget.unit is Unit.MONTHS:
        return replace(changed, start_day=day)
    if budget.unit is Unit.CALENDAR_DAYS:
        more = (clock.day_zero - day).days
    else:
        more = calendar.working_days_between(day, clock.day_zero)
    return replace(changed, spent=max(0, clock.spent + more))


def _judge_anew(
    counted: dict[str, Clock], old: Clock, new: Clock, correction: Any, rules: Rules
) -> None:
    """Put the clock into `counted` as it would have ended, had it been counted from the right day."""
    if old.state is ClockState.STOPPED or rules.promises[old.promise].repeats:
        return
    done = old.ended_at if old.state is ClockState.MET else old.fulfilled_late_at
    at_limit = bool(old.pauses) and old.pauses[-1].to is None
    going = replace(
        new, state=ClockState.PAUSED if at_limit else ClockState.RUNNING,
        ended_at=None, due_when_ended=None, fulfilled_late_at=None,
    )  # fmt: skip
    counting = due_of(going, rules)
    if counting.beyond:
        return
    ended, due = replace(going, due_when_ended=counting.day), counting.at
    if done and done < due:
        counted[old.id] = replace(ended, state=ClockState.MET, ended_at=done)
    elif done or due <= correction.at:
        late = run_out(going, min(due, correction.at), rules)
        counted[old.id] = replace(late, fulfilled_late_at=done)
    else:
        _go_on(counted, replace(going, warned=False), correction, rules)


def _go_on(counted: dict[str, Clock], clock: Clock, correction: Any, rules: Rules) -> None:
    """The clock takes the place of the one that followed its miss, which is pointless now."""
    after = [each for each in counted.values() if each.subject == clock.subject]
    following = next((c for c in reversed(after) if c.renewal), None)
    if any(other.live and not other.renewal and other.id != clock.id for other in after):
        # The promise was made again since then, by a reopening for example: that one counts.
        counted[clock.id] = end(clock, ClockState.STOPPED, correction.at, rules)
        return
    if following is None:
        counted[clock.id] = clock
        return
    if not following.live:
        at = following.ended_at or correction.at
        counted[clock.id] = end(clock, ClockState.STOPPED, at, rules)
        return
    counted[clock.id] = clock  # what followed the miss never stood still
    counted[following.id] = end(following, ClockState.STOPPED, correction.at, rules)
