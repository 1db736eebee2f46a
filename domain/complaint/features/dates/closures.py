"""Emergency closures: a day that turned out not to be a working day, while complaints run.

Owns the verb by which the day enters a running complaint's calendar, and what follows: every date that
moves is superseded on record, and the customer is told the new one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from domain import value
from domain.calendar.budget import Unit
from domain.calendar.pinned import in_words
from domain.charter.rules import Rules, name_of, with_closures
from domain.clocks.clock import Clock
from domain.clocks.due import budget_of
from domain.complaint.commands import IN_WELSH, Command, Reason, check_reason
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.notify.moved_dates import moved_line, tell_moved
from domain.complaint.policies.rescheduling import (
    Moved,
    MovedRemedy,
    limited_anew,
    moved,
    moved_remedies,
    under,
)
from domain.complaint.state import Complaint
from domain.notices import NoticeKind
from domain.vocabulary import ANY, Role
from domain.wire import Day, sentence


class ApplyClosure(Command):
    """Count these days as closed: an emergency that the pinned calendar could not know of."""

    verb = "apply_closure"
    days: Annotated[tuple[Day, ...], Field(min_length=1, max_length=60)] = Field(
        description="The closed days."
    )
    reason: Reason = Field(description="Why; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)


@value(frozen=True, slots=True, kw_only=True)
class ClosureApplied(Happened):
    """Days became closed days; `moved` and `remedies` hold every date that this superseded."""

    kind: Literal["closure-applied"] = "closure-applied"
    days: tuple[date, ...]
    reason: str
    moved: tuple[Moved, ...]
    remedies: tuple[MovedRemedy, ...] = ()


def _apply(complaint: Complaint, command: ApplyClosure, now: datetime) -> tuple[Any, ...]:
    check_reason(command.reason)
    rules, calendar = complaint.rules, complaint.rules.calendar
    # Raises `BeyondCalendar` for a day that the calendar does not hold.
    days = tuple(sorted({day for day in command.days if not calendar.why_closed(day)}))
    if not days:
        return ()
    changed = with_closures(rules, days, command.reason)
    clocks = _counted_anew(complaint, changed, days)
    return made(
        ClosureApplied, complaint, command, now, days=days,
        moved=moved(complaint.clocks, rules, clocks, changed, now),
        remedies=moved_remedies(complaint, changed),
    )  # fmt: skip


def _fold(complaint: Complaint, event: ClosureApplied) -> dict[str, Any]:
    rules = with_closures(complaint.rules, event.days, event.reason)
    clocks = _counted_anew(complaint, rules, event.days)
    closures = (*complaint.closures, (event.days, event.reason))
    said = name_of(event.said_in_welsh("reason") or "")
    names = (*complaint.closures_cy, (name_of(event.reason), said))
    return under(complaint, rules, clocks, event) | {"closures": closures, "closures_cy": names}


def _counted_anew(complaint: Complaint, rules: Rules, days: tuple[date, ...]) -> tuple[Clock, ...]:
    """The clocks with their limits anew, and with days given back that were spent before a pause."""
    return tuple(_given_back(clock, rules, days) for clock in limited_anew(complaint, rules))


def _given_back(clock: Clock, rules: Rules, days: tuple[date, ...]) -> Clock:
    if not clock.live or not clock.pauses or clock.promise not in rules.promises:
        return clock
    if budget_of(clock, rules).unit in (Unit.CALENDAR_DAYS, Unit.MONTHS):
        return clock
    starts = (clock.day_zero, *(each.to for each in clock.pauses if each.to))
    runs = [(start, each.since) for start, each in zip(starts, clock.pauses, strict=False)]
    spent = sum(start < day <= since for day in days for start, since in runs)
    return replace(clock, spent=max(0, clock.spent - spent)) if spent else clock


def _line(event: ClosureApplied) -> str:
    days = ", ".join(in_words(day) for day in event.days)
    return f"Closed on {days}: {sentence(event.reason)} {moved_line(event)}"


FEATURE = Feature(
    commands={
        ApplyClosure: CommandSpec(
            (Role.ADMINISTRATOR,), ANY, (ClosureApplied,), _apply, passes_on=True,
        ),
    },
    events={
        ClosureApplied: EventSpec(
            _line, _fold,
            lambda complaint, event: tell_moved(complaint, event, reason=event.reason),
            owed=(NoticeKind.DATES_CORRECTED,),
            recounts="Every clock that runs is counted anew, with these days closed.",
        ),
    },
)  # fmt: skip
