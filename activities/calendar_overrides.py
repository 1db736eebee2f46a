"""The overrides file: bank holidays that the holiday package does not know, each with its source.

Owns the file's shape and the errors it can have. Reads no file itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from datetime import date
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from domain.errors import UpholdError

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_STRICT = ConfigDict(
    frozen=True,
    extra="forbid",
    alias_generator=lambda name: name.replace("_", "-"),
)


class OverridesWrong(UpholdError, ValueError):
    """The overrides file cannot be used; the message names each key and value."""


class Override(BaseModel):
    """One day that is closed, or open, in one region against the package's data."""

    model_config = _STRICT

    region: Text
    day: date
    reason: Text
    """What the day is called in letters; for a removal, why it is worked."""
    source: Text
    """Where it was made known, in a sentence."""
    noted: date
    """When it was entered here."""


class Overrides(BaseModel):
    """The whole file."""

    model_config = _STRICT

    dated: date
    known_until: date
    addition: tuple[Override, ...] = ()
    removal: tuple[Override, ...] = ()
    names: dict[Text, Text] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        seen: set[tuple[str, date]] = set()
        for one in (*self.addition, *self.removal):
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


def load_overrides(text: str, name: str, regions: Collection[str]) -> Overrides:
    """The overrides that a TOML text holds; `name` is the file's, for errors. OverridesWrong."""
    try:
        overrides = Overrides.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise OverridesWrong(f"{name}: not TOML: {error}") from error
    except ValidationError as error:
        raise OverridesWrong(_said(name, error)) from error
    for table in ("addition", "removal"):
        for number, one in enumerate(getattr(overrides, table), start=1):
            if one.region not in regions:
                raise OverridesWrong(
                    f"{name}: {table} {number}: region: {one.region!r} is not a known region. "
                    f"Allowed: {', '.join(regions)}."
                )
    return overrides


def _said(name: str, error: ValidationError) -> str:
    lines = []
    for fault in error.errors(include_url=False):
        where = [str(part + 1) if isinstance(part, int) else str(part) for part in fault["loc"]]
        given = fault["input"]
        value = "" if isinstance(given, dict) else f": {given!r}"
        lines.append(": ".join([name, " ".join(where) or "the file"]) + f"{value}: {fault['msg']}")
    return "\n".join(lines)
