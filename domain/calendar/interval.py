"""Times as they are written: an amount of one unit, such as the interval of updates that was agreed.

Owns their shape on the wire and in charters. Which clocks run on an interval is the charter's to say.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_serializer, model_validator

from domain.calendar.budget import Budget
from domain.wire import Term


class OneUnit(Term):
    """An amount of exactly one of the units that are its fields, as in `{"weeks": 2}`."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self._as_given()) != 1:
            names = (name.replace("_", "-") for name in type(self).model_fields)
            msg = f"give exactly one of {', '.join(names)}"
            raise ValueError(msg)
        return self

    @model_serializer
    def _as_given(self) -> dict[str, Any]:
        given = {name.replace("_", "-"): getattr(self, name) for name in type(self).model_fields}
        return {unit: amount for unit, amount in given.items() if amount is not None}

    @cached_property
    def budget(self) -> Budget:
        """The same as a budget that can be counted."""
        ((term, amount),) = self._as_given().items()
        return Budget.written(term.replace("-", "_"), int(amount))


class Interval(OneUnit):
    """Exactly one unit, as in `{"weeks": 2}`."""

    working_days: Annotated[int, Field(ge=1, le=250)] | None = None
    weeks: Annotated[int, Field(ge=1, le=52)] | None = None
    months: Annotated[int, Field(ge=1, le=12)] | None = None

    def as_fact(self) -> dict[str, str | int]:
        """The same for a letter: `unit` and `amount`."""
        ((unit, amount),) = self._as_given().items()
        return {"unit": unit, "amount": amount}

    def __str__(self) -> str:
        if self.weeks is not None:
            return "1 week" if self.weeks == 1 else f"{self.weeks} weeks"
        return str(self.budget)


def spoken(value: object) -> object:
    """The same where it is written as people say it, as in `2 weeks`."""
    found = _SPOKEN.fullmatch(value.strip()) if isinstance(value, str) else None
    return {found[2].replace(" ", "-") + "s": int(found[1])} if found else value


_SPOKEN = re.compile(r"(\d{1,4}) (working[ -]day|week|month)s?")

UpdateInterval = Annotated[Literal["none"] | Interval, BeforeValidator(spoken)]
"""How often; `none` where somebody wants no regular updates."""
NO_UPDATES: Literal["none"] = "none"
