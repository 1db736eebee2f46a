"""How figures are written for people: percentages, days, months, names.

Owns their English words. Nothing here counts.
"""

from __future__ import annotations

from datetime import date

from domain.calendar.pinned import MONTHS
from reporting.model import OPEN
from reporting.sections import NO_REPLY


def percent(share: float | None) -> str:
    """`91.7 %`; a dash where there is nothing to be a share of."""
    return "–" if share is None else f"{share:.1f} %".replace(".0 %", " %")


def days(number: int | None) -> str:
    """The number of days; a dash where nothing came."""
    return "–" if number is None else str(number)


def amount(number: int) -> str:
    """`12,345`."""
    return f"{number:,}"


def times(number: int) -> str:
    """How often, as in `1 time` and `12 times`."""
    return f"{amount(number)} time{'' if number == 1 else 's'}"


def on_day(day: date) -> str:
    """`16 October 2026`, whatever the machine's language."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_in_words(name: str) -> str:
    """`November 2026` for `2026-11`; for what no month decided, that it is open."""
    if name == OPEN:
        return "still open"
    year, month = name.split("-")
    return f"{MONTHS[int(month) - 1]} {year}"


def short_month(name: str) -> str:
    """`Nov 2026` for `2026-11`, where there is little room."""
    month, year = month_in_words(name).split()
    return f"{month[:3]} {year}"


def named(name: str) -> str:
    """A name of the ledger's as words: `partly-upheld` is `partly upheld`."""
    return name.replace("-", " ")


def outcome_in_words(name: str) -> str:
    """An outcome as words; of what ended without one, that there was no reply."""
    return "no reply" if name == NO_REPLY else named(name)
