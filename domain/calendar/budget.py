"""How long something may take: a number of units, and how that is said.

Owns the units in which time is counted, and those in which it is written. Imports nothing of ours.
"""

from __future__ import annotations

from enum import StrEnum

from domain import value


class Unit(StrEnum):
    """What a budget is counted in; the values are those of the wire."""

    WORKING_DAYS = "working-days"
    CALENDAR_DAYS = "calendar-days"
    MONTHS = "months"
    END_OF_NEXT_WORKING_DAY = "end-of-next-working-day"


_SINGULAR = {
    Unit.WORKING_DAYS: "working day",
    Unit.CALENDAR_DAYS: "calendar day",
    "weeks": "week",
    Unit.MONTHS: "month",
}


_WRITTEN = {
    "working_days": (Unit.WORKING_DAYS, 1),
    "calendar_days": (Unit.CALENDAR_DAYS, 1),
    "weeks": (Unit.CALENDAR_DAYS, 7),
    "months": (Unit.MONTHS, 1),
    "end_of_next_working_day": (Unit.END_OF_NEXT_WORKING_DAY, 1),
}


@value(frozen=True, slots=True)
class Budget:
    """An amount of one unit. What is left of a paused budget is a budget too, so 0 is allowed."""

    unit: Unit
    amount: int

    def __post_init__(self) -> None:
        if self.amount < 0:
            msg = f"a budget of {self.amount} {self.unit} is less than nothing"
            raise ValueError(msg)
        if self.unit is Unit.END_OF_NEXT_WORKING_DAY and self.amount > 1:
            msg = f"{self.unit} is one day, not {self.amount}; use {Unit.WORKING_DAYS} for more"
            raise ValueError(msg)

    @classmethod
    def written(cls, term: str, amount: int) -> Budget:
        """The budget of `weeks = 2` or another term of a charter or of an agreement."""
        unit, times = _WRITTEN[term]
        return cls(unit, times * amount)

    @property
    def spoken(self) -> tuple[int, str]:
        """The amount and the unit as people say them: whole weeks are weeks."""
        weeks, rest = divmod(self.amount, 7)
        if self.unit is Unit.CALENDAR_DAYS and weeks > 1 and not rest:
            return weeks, "weeks"
        return self.amount, str(self.unit)

    def __str__(self) -> str:
        if self.unit is Unit.END_OF_NEXT_WORKING_DAY:
            return "the end of the next working day"
        amount, unit = self.spoken
        return f"{amount} {_SINGULAR[unit]}{'' if amount == 1 else 's'}"


IN_WORKING_DAYS = (Unit.WORKING_DAYS, Unit.END_OF_NEXT_WORKING_DAY)
"""The units that are counted in working days."""
