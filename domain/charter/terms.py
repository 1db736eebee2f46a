"""The small terms that a charter file is written in: texts, names, times, hours.

Owns what a single value may be. The tables made of them are in `tables` and `feature_tables`.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Literal, Self, get_args

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from domain.calendar.budget import IN_WORKING_DAYS, Unit
from domain.calendar.interval import OneUnit
from domain.wire import Term, Text

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
PromiseId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}-[0-9]+$")]
PromiseKey = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}-[0-9]+(/[a-z0-9-]+)?$")]
Anchor = Annotated[str, StringConstraints(pattern=r"^[a-z-]+$|^met:[A-Z]{2,4}-[0-9]+(/[a-z-]+)?$")]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
END_OF_DAY = 24 * 60
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


class Within(OneUnit):
    """How long a promise or a window lasts: exactly one unit."""

    working_days: Annotated[int, Field(ge=1, le=500)] | None = None
    calendar_days: Annotated[int, Field(ge=1, le=1500)] | None = None
    weeks: Annotated[int, Field(ge=1, le=200)] | None = None
    months: Annotated[int, Field(ge=1, le=48)] | None = None
    end_of_next_working_day: Literal[True] | None = None

    @property
    def nominal_days(self) -> float:
        """Roughly how many days it takes: five working days a week, a month of thirty days."""
        unit, amount = self.budget.unit, self.budget.amount
        if unit in IN_WORKING_DAYS:
            return amount * 7 / 5
        return amount * (30 if unit is Unit.MONTHS else 1)

    def __str__(self) -> str:
        ((unit, amount),) = self._as_given().items()
        return "the end of the next working day" if amount is True else f"{amount} {unit}"


class WarnBefore(Within):
    """How long before the due date staff are warned; `working-days = 0` is that day's opening."""

    working_days: Annotated[int, Field(ge=0, le=500)] | None = None


def _hours(value: object) -> object:
    if isinstance(value, str) and (found := re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", value)):
        return {"open": found[1], "close": found[2]}
    if isinstance(value, str):
        msg = f"{value!r} is not a span of opening hours such as '09:00-17:00'"
        raise ValueError(msg)
    return value


def _minutes(value: object) -> int:
    """`09:30` as minutes after midnight; `24:00` is the end of the day."""
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    found = isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)|24:00", value)
    if not found:
        msg = f"{value!r} is not a time such as '09:00', or '24:00' for the end of the day"
        raise ValueError(msg)
    return int(found[1]) * 60 + int(found[2]) if found[1] else END_OF_DAY


def clock_time(minutes: int) -> str:
    """`09:30` for so many minutes after midnight; the end of a day is `24:00`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


Minutes = Annotated[
    int, BeforeValidator(_minutes), Field(ge=0, le=END_OF_DAY), PlainSerializer(clock_time)
]
"""Minutes after local midnight, written `09:30`."""


class Hours(Term):
    """Opening hours of one weekday, local time; a day that closes at `24:00` is open to its end."""

    open: Minutes
    close: Minutes

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.open >= self.close:
            msg = f"opens at {clock_time(self.open)} but closes at {clock_time(self.close)}"
            raise ValueError(msg)
        return self

    def __str__(self) -> str:
        return f"{clock_time(self.open)}-{clock_time(self.close)}"


class ClosureTerm(Term):
    """A day on which this organisation is closed though its region is not."""

    day: date
    reason: Text


class CalendarTerms(Term):
    """Region, time zone, opening hours and the rules by which days are counted."""

    region: str
    time_zone: str = "Europe/London"
    receipt: Literal["same-day", "next-working-day"] = "same-day"
    closed_day: Literal["earlier", "later"] = "earlier"
    hours: Annotated[dict[Weekday, Annotated[Hours, BeforeValidator(_hours)]], Field(min_length=1)]
    closures: tuple[ClosureTerm, ...] = ()
