"""The bank holidays of each region: a maintained package's data, and what it does not know.

Owns the overrides file: days that are closed, or open, against the package's data, each with its
source, and how far the data reaches.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version as installed
from importlib.resources import files
from types import MappingProxyType
from typing import Self

import holidays
from pydantic import Field, model_validator

from domain.wire import Term, Text

REGIONS: Mapping[str, str] = MappingProxyType(
    {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}
)
"""The regions that are known, by their name in a charter; the values are the package's own."""

_OBSERVED = " (observed)"


class Override(Term):
    """One day that is closed, or open, in one region against the package's data."""

    region: Text
    day: date
    reason: Text
    """What the day is called in letters; for a removal, why it is worked."""
    source: Text
    """Where it was made known, in a sentence."""
    noted: date
    """When it was entered here."""


class Overrides(Term):
    """The whole file."""

    dated: date
    known_until: date
    addition: tuple[Override, ...] = ()
    removal: tuple[Override, ...] = ()
    names: dict[Text, Text] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        seen: set[tuple[str, date]] = set()
        for one in (*self.addition, *self.removal):
            if one.region not in REGIONS:
                raise ValueError(f"{one.region!r} is not a known region: {', '.join(REGIONS)}")
            if (one.region, one.day) in seen:
                raise ValueError(f"{one.region} on {one.day} is given twice")
            seen.add((one.region, one.day))
            if one.day > self.known_until:
                raise ValueError(f"{one.day} is after known-until {self.known_until}")
            if one.noted > self.dated:
                raise ValueError(
                    f"the entry for {one.day} was noted on {one.noted}, after dated {self.dated}"
                )
        return self


def known_until() -> date:
    """The last day for which bank holidays can be counted."""
    return overrides().known_until


def bank_holidays(region: str, first_day: date, last_day: date) -> dict[date, str]:
    """The bank holidays of a region within these days, overrides applied."""
    code, ours = REGIONS[region], overrides()
    years = range(first_day.year, last_day.year + 1)
    listed = holidays.country_holidays("GB", subdiv=code, years=years, language="en_GB")
    found = {day: _name(title, ours.names) for day, title in _kept(listed).items()}
    found |= {one.day: one.reason for one in ours.addition if one.region == region}
    worked = {one.day for one in ours.removal if one.region == region}
    return {
        day: name
        for day, name in sorted(found.items())
        if first_day <= day <= last_day and day not in worked
    }


def sources() -> str:
    """Which data bank holidays are counted by, as a calendar's version names it."""
    return f"holidays-{installed('holidays')} overrides-{overrides().dated.isoformat()}"


@cache
def overrides() -> Overrides:
    """The overrides file that ships."""
    file = files("charters").joinpath("calendar_data", "overrides.toml")
    return Overrides.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))


def _kept(listed: Mapping[date, str]) -> dict[date, str]:
    """The days as they are really kept: a holiday that moved closes its substitute day only."""
    parts = {day: title.split("; ") for day, title in listed.items()}
    for day, titles in list(parts.items()):
        for title in titles:
            if title.endswith(_OBSERVED):
                _take_out(parts, day, title.removesuffix(_OBSERVED))
    return {day: "; ".join(titles) for day, titles in parts.items() if titles}


def _take_out(parts: dict[date, list[str]], substitute: date, holiday: str) -> None:
    """Take the holiday from the day, at most a week before its substitute, on which it would fall."""
    for back in range(1, 8):
        day = substitute - timedelta(days=back)
        if holiday in parts.get(day, ()):
            parts[day] = [title for title in parts[day] if title != holiday]
            return


def _name(title: str, names: Mapping[str, str]) -> str:
    parts = []
    for part in title.split("; "):
        plain = part.removesuffix(_OBSERVED)
        parts.append(names.get(plain, plain) + (" (substitute day)" if plain != part else ""))
    return " and ".join(parts)
