"""Extending: a due date is moved, with a reason, before it passes.

Owns `extend` and what a charter demands of it. Sources: `000_2dfa29253c41a6cc.txt` (why, and when the full
answer comes), `003_0c0e7b8081a12964.txt` (told when more time is needed).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import Any, Literal, NoReturn

from pydantic import Field

from domain import value
from domain.calendar.budget import Budget
from domain.calendar.counting import due_day as last_day_of
from domain.calendar.pinned import BeyondCalendar, in_words
from domain.charter.rules import Rules
from domain.clocks.clock import Clock, with_changed
from domain.clocks.due import due_of
from domain.clocks.transitions import extend
from domain.complaint.commands import IN_WELSH, Command, Reason
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, Moves, made
from domain.complaint.notify.compose import with_fields
from domain.complaint.state import Complaint
from domain.errors import ExtensionRefused
from domain.notices import NoticeKind
from domain.vocabulary import REVIEWER, WORKING, Role, Trigger
from domain.wire import Day, Line


class Extend(Command):
    """Move a due date, with a reason, before it passes."""

    verb = "extend"
    new_due: Day = Field(description="The new due date.")
    reason: Reason = Field(description="Why; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)
    promise: Line | None = Field(default=None, description="Which promise, where several could be.")


@value(frozen=True, slots=True, kw_only=True)
class Extended(Happened):
    """A due date was moved; the old one stays on record."""

    kind: Literal["extended"] = "extended"
    clock: str
    old_due: date
    new_due: date
    reason: str


def _extend(complaint: Complaint, command: Extend, now: datetime) -> tuple[Any, ...]:
    clock, old_due = _extendable(complaint, command)
    return made(Extended, complaint, command, now, clock=clock.id, old_due=old_due)


def _extendable(complaint: Complaint, command: Extend) -> tuple[Clock, date]:
    """The clock that the command would extend, and its present due date.

    Raises `ExtensionRefused` without a reason, for a date that is not later, on a closed day,
    beyond the charter's limit, or when no clock may be extended (again).
    """
    if not command.reason:
        _refuse("An extension needs a reason: the customer is told why.", "Give a reason.")
    clock = _candidate(complaint, command)
    rules = complaint.rules
    rule = rules.promises[clock.promise]
    old_due = due_of(clock, rules).day
    if rule.promise.extension is None or rule.extension is None:
        _refuse(f"{rule.key} may not be extended.", _extendable_keys(complaint))
    if len(clock.superseded) >= rule.promise.extension.times:
        _refuse(
            f"{rule.key} was extended {len(clock.superseded)} time(s) already, which is the limit.",
            f"It stays due on {old_due}.",
        )
    furthest = _furthest(clock, rules, rule.extension)
    allowed = f"A working day after {old_due} and not after {furthest}."
    if not old_due < command.new_due <= furthest:
        _refuse(f"new_due: {command.new_due} is not between the due date and the limit.", allowed)
    closed = rules.calendar.why_closed(command.new_due)
    if closed:
        _refuse(f"new_due: {command.new_due} is a closed day ({closed}).", allowed)
    return clock, old_due


def _furthest(clock: Clock, rules: Rules, extension: Budget) -> date:
    """The last day to which the clock can be extended: its limit holds all the same."""
    furthest = last_day_of(rules.calendar, due_of(clock, rules).day, extension)
    return min(furthest, clock.limit_day) if clock.limit_day else furthest


def can_extend(complaint: Complaint, clock: Clock) -> bool:
    """Whether more time can be given for that clock now: what staff are told must not be refused."""
    rules = complaint.rules
    rule = rules.promises[clock.promise]
    terms, extension = rule.promise.extension, rule.extension
    if complaint.state not in WORKING or terms is None or extension is None:
        return False
    if clock not in _running(complaint) or len(clock.superseded) >= terms.times:
        return False
    with suppress(BeyondCalendar):
        following = rules.calendar.next_working_day(due_of(clock, rules).day)
        return following <= _furthest(clock, rules, extension)
    return False


def _candidate(complaint: Complaint, command: Extend) -> Clock:
    promises = complaint.rules.promises
    running = _running(complaint)
    if command.promise:
        named = [c for c in running if command.promise in (c.promise, c.promise.split("/")[0])]
        named = [c for c in named if promises[c.promise].promise.extension] or named
    else:
        named = [
            clock
            for clock in running
            if promises[clock.promise].promise.extension
            and Trigger.REPLIED in promises[clock.promise].meets
        ]
    if not named:
        gone = "It ran out, was met, or never started: an extension has to come before expiry."
        what = command.promise or "the reply"
        _refuse(f"No clock of {what} is running. {gone}", _extendable_keys(complaint))
    return _first_to_extend(complaint, [c for c in named if c.promise == named[0].promise])


def _first_to_extend(complaint: Complaint, clocks: list[Clock]) -> Clock:
    """Of several that were promised the same the one that runs out first, of those that can have more time."""
    able = [clock for clock in clocks if can_extend(complaint, clock)]
    due = [clock for clock in able or clocks if not due_of(clock, complaint.rules).beyond]
    return min(due, key=lambda clock: due_of(clock, complaint.rules).at, default=clocks[0])


def _running(complaint: Complaint) -> list[Clock]:
    """The clocks that run; the new date after a miss stays, but an estimate may always move."""
    promises = complaint.rules.promises
    return [
        clock
        for clock in complaint.clocks
        if clock.running and (not clock.renewal or promises[clock.promise].estimate)
    ]


def _extendable_keys(complaint: Complaint) -> str:
    promises = complaint.rules.promises
    keys = [c.promise for c in _running(complaint) if promises[c.promise].extension]
    return f"Running and extendable: {', '.join(keys)}." if keys else "Nothing can be extended now."


def _refuse(message: str, allowed: str) -> NoReturn:
    raise ExtensionRefused(message, allowed)


def _fold(complaint: Complaint, event: Extended) -> dict[str, Any]:
    extended = extend(complaint.clock(event.clock), event.new_due, complaint.rules)
    return {"clocks": with_changed(complaint.clocks, extended)}


def _facts(complaint: Complaint, event: Extended) -> dict[str, Any]:
    return {"estimate": complaint.rules.promises[complaint.clock(event.clock).promise].estimate}


def _line(event: Extended) -> str:
    promise, old, new = event.clock.split("#")[0], in_words(event.old_due), in_words(event.new_due)
    return f"More time for {promise}: due {new} instead of {old}. {event.reason}"


FEATURE = Feature(
    commands={
        Extend: CommandSpec((REVIEWER, Role.MANAGER), WORKING, (Extended,), _extend),
    },
    events={
        Extended: EventSpec(
            _line, _fold,
            with_fields(NoticeKind.MORE_TIME, "old_due", "new_due", "reason", facts=_facts),
            owed=(NoticeKind.MORE_TIME,), moves=Moves.EXTENDS,
        ),
    },
)  # fmt: skip
