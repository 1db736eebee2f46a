"""A clock: one promise running on one complaint, as a frozen value.

Owns the value and its states. When it is due is in `due`, how it starts, pauses, resumes and ends in
`transitions`: both stand above it.
"""

from __future__ import annotations

from dataclasses import field, fields
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

from domain import value
from domain.calendar.budget import Budget


class ClockState(StrEnum):
    """Where a clock stands; the last four are final."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    PASSED = "passed"
    """It ran out and nothing was missed: it was an estimate, or a chance."""
    STOPPED = "stopped"


@value(frozen=True, slots=True)
class Pausing:
    """One pause of a clock: the days after `since` up to `to` do not count; none while it lasts."""

    since: date
    to: date | None = None


@value(frozen=True, slots=True)
class Clock:
    """One promise running on one complaint.

    `start_day` is day 0 of the present run: the days after it count. `spent` and `extra` are days in
    the unit of the budget (calendar days for months): spent in earlier runs, granted by extensions.
    """

    id: str
    promise: str
    stage: str
    contact: int | None
    started_at: datetime
    noted_at: datetime
    day_zero: date
    start_day: date
    state: ClockState = ClockState.RUNNING
    spent: int = 0
    extra: int = 0
    limit_day: date | None = None
    warned: bool = False
    renewal: bool = False
    pauses: tuple[Pausing, ...] = ()
    superseded: tuple[date, ...] = ()
    moved: tuple[date, ...] = ()
    """Earlier due days that nobody asked to move: a closure did, a correction, a new charter."""
    kept_day: date | None = None
    """A day that was told and stays, although it would be an earlier one by now."""
    due_when_ended: date | None = None
    ended_at: datetime | None = None
    fulfilled_late_at: datetime | None = None
    budget: Budget | None = None
    """A budget of its own, in place of the promise's: a service's, or an agreed one."""
    appointment: int | None = None
    first_counts: bool = False
    """Whether the day from which it was counted is day 1: day 0 is the day before then."""
    together: bool = False
    """Whether it is for everything that the customer sends while contact is limited."""
    untold: bool = False
    """Whether the customer was told no such date: staff alone are asked, each time that it passes."""
    service: str | None = None
    """The service whose timescale its own budget is."""
    counted: Any = field(default=None, init=False, repr=False, compare=False)
    """When it is due, and by which rules, once somebody has asked (`due_of`)."""
    told: Any = field(default=None, init=False, repr=False, compare=False)
    """What letters tell of how that was counted, in the same way (`proof_facts`)."""

    @property
    def running(self) -> bool:
        """Whether time is being spent on it."""
        return self.state is ClockState.RUNNING

    @property
    def ticking(self) -> bool:
        """Whether time alone can end it: it runs, or it is paused and a limit holds all the same."""
        state = self.state
        return state is ClockState.RUNNING or (state is ClockState.PAUSED and bool(self.limit_day))

    @property
    def late(self) -> bool:
        """Whether what it promises came, but too late."""
        return self.fulfilled_late_at is not None

    @property
    def live(self) -> bool:
        """Whether it can still be met, missed or stopped."""
        return self.state is ClockState.RUNNING or self.state is ClockState.PAUSED

    @property
    def subject(self) -> tuple[str, int | None, int | None]:
        """What it promises, and for which contact or appointment."""
        return self.promise, self.contact, self.appointment

    def changed(self, **changes: Any) -> Clock:
        """A copy in which these fields are others: `dataclasses.replace`, without asking for each field."""
        after = Clock(*_VALUES(self))
        for name, new in changes.items():
            setattr(after, name, new)
        return after


def with_changed(clocks: tuple[Clock, ...], *changed: Clock) -> tuple[Clock, ...]:
    """The clocks, each of the changed ones in the place of the one that has its id."""
    anew = {clock.id: clock for clock in changed}
    return tuple([anew.get(clock.id, clock) for clock in clocks])


_VALUES: attrgetter[Any] = attrgetter(*(each.name for each in fields(Clock) if each.init))
