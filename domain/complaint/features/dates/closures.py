"""Emergency closures: a day that turned out not to be a working day, while complaints run.

Owns the verb by which the day enters a running complaint's calendar, and what follows: every date that
moves is superseded on record, and the customer is told the new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from domain.calendar.counting import Unit, in_words
from domain.charter.rules import Rules, with_closures
from domain.clocks.clock import Clock
from domain.clocks.due import budget_of
from domain.complaint.commands import Command, Reason
from domain.complaint.events import Happened
from domain.complaint.feature import OPEN, Asked, Matter, Permission, Told, stamp
from domain.complaint.notify.recipients import tell
from domain.complaint.policies.rescheduling import limited_anew, moved, moved_facts, superseding
from domain.complaint.remembered import Moved
from domain.errors import InvalidCommand
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Role
from domain.wire import Day

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


class ApplyClosure(Command):
    """Count these days as closed: an emergency that the pinned calendar could not know of."""

    verb = "apply_closure"
    days: Annotated[tuple[Day, ...], Field(min_length=1, max_length=60)]
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureApplied(Happened):
    """Days became closed days; `moved` holds every due date that this superseded."""

    kind: Literal["closure-applied"] = "closure-applied"
    days: tuple[date, ...]
    reason: str
    moved: tuple[Moved, ...]


def check_reason(command: ApplyClosure) -> None:
    """Raise `InvalidCommand` for a closure without a reason."""
    if not command.reason:
        raise InvalidCommand("reason: it is empty.", "Say why; the customer is told.")


def _apply(complaint: Complaint, command: ApplyClosure, now: datetime) -> tuple[Any, ...]:
    check_reason(command)
    rules, calendar = complaint.rules, complaint.rules.calendar
    for day in command.days:
        calendar.why_closed(day)  # raises `BeyondCalendar` for a day that it does not hold
    days = tuple(sorted({day for day in command.days if not calendar.why_closed(day)}))
    if not days:
        return ()
    changed = with_closures(rules, days, command.reason)
    dates = moved(complaint.clocks, rules, _counted_anew(complaint, changed, days), changed, now)
    stamped = stamp(complaint, command, now)
    return (ClosureApplied(**stamped, days=days, reason=command.reason, moved=dates),)


def _fold(complaint: Complaint, event: ClosureApplied) -> dict[str, Any]:
    rules = with_closures(complaint.rules, event.days, event.reason)
    return {
        "rules": rules,
        "former": (*complaint.former, (event.at, complaint.rules)),
        "clocks": superseding(_counted_anew(complaint, rules, event.days), event),
        "closures": (*complaint.closures, (event.days, event.reason)),
    }


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


def _react(complaint: Complaint, event: ClosureApplied) -> Iterator[Notice]:
    dates = moved_facts(complaint, event)
    if dates:
        yield from tell(
            complaint, event, NoticeKind.DATES_CORRECTED, reason=event.reason,
            charter_version=None, moved=dates,
        )  # fmt: skip


def _line(event: ClosureApplied) -> str:
    days = ", ".join(in_words(day) for day in event.days)
    dates = "; ".join(
        f"{each.promise} from {in_words(each.old_due)} to {in_words(each.new_due)}"
        for each in event.moved
    )
    return f"Closed on {days}: {event.reason} Moved: {dates or 'no date'}."


MATTER = Matter(
    verbs={
        ApplyClosure: Asked(
            Permission((Role.ADMINISTRATOR,), OPEN, (ClosureApplied,), passes_on=True), _apply
        )
    },
    events={ClosureApplied: Told(_fold, _line, _react, owed=(NoticeKind.DATES_CORRECTED,))},
)
