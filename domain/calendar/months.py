"""Calendar months: one, as reports and samples are made of, and so many of them on from a day.

Owns how one is written, where it begins and ends, and on which day of another it falls. Imports nothing of ours.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final, NamedTuple, Self

FIRST_YEAR: Final = 2000


def months_later(day: date, count: int) -> date:
    """The same day so many months on (or back), clipped to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class Month(NamedTuple):
    """A calendar month."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The month that `2026-10` names. Raises `ValueError`."""
        found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
        if found is None or not FIRST_YEAR <= int(found[1]) < date.max.year:
            raise ValueError(
                f"{text!r} is not a month. Allowed: a year and a month, as in 2026-10."
            )
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The month in which a day lies."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def after(self) -> date:
        """The first day of the month that follows."""
        return date(self.year + self.month // 12, self.month % 12 + 1, 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"
