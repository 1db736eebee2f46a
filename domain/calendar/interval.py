"""How often somebody wants to hear: the interval of updates that was agreed with them.

Owns its shape on the wire. Which clocks run on it is the charter's to say.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_serializer,
    model_validator,
)

from domain.calendar.budget import Budget, Unit


class Interval(BaseModel):
    """Exactly one unit, as in `{"weeks": 2}`."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        alias_generator=lambda name: name.replace("_", "-"),
    )

    working_days: Annotated[int, Field(ge=1, le=250)] | None = None
    weeks: Annotated[int, Field(ge=1, le=52)] | None = None
    months: Annotated[int, Field(ge=1, le=12)] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(each is not None for each in (self.working_days, self.weeks, self.months)) != 1:
            msg = "give exactly one of working-days, weeks, months"
            raise ValueError(msg)
        return self

    @model_serializer
    def _as_given(self) -> dict[str, int]:
        given = {
            "working-days": self.working_days,
            "weeks": self.weeks,
            "months": self.months,
        }
        return {unit: amount for unit, amount in given.items() if amount is not None}

    @property
    def budget(self) -> Budget:
        """The same as a budget that can be counted."""
        if self.working_days is not None:
            return Budget(Unit.WORKING_DAYS, self.working_days)
        if self.weeks is not None:
            return Budget(Unit.CALENDAR_DAYS, 7 * self.weeks)
        return Budget(Unit.MONTHS, self.months or 1)

    def as_fact(self) -> dict[str, str | int]:
        """The same for a letter: `unit` and `amount`."""
        ((unit, amount),) = self._as_given().items()
        return {"unit": unit, "amount": amount}

    def __str__(self) -> str:
        if self.weeks is not None:
            return "1 week" if self.weeks == 1 else f"{self.weeks} weeks"
        return str(self.budget)


def _spoken(value: object) -> object:
    """The same where it is written as people say it, as in `2 weeks`."""
    found = _SPOKEN.fullmatch(value.strip()) if isinstance(value, str) else None
    return {found[2].replace(" ", "-") + "s": int(found[1])} if found else value


_SPOKEN = re.compile(r"(\d{1,4}) (working[ -]day|week|month)s?")

UpdateInterval = Annotated[Literal["none"] | Interval, BeforeValidator(_spoken)]
"""How often; `none` where somebody wants no regular updates."""
NO_UPDATES: Literal["none"] = "none"
