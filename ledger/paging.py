"""The lists of a ledger, and where a page of one begins: the place of the row before it, as a token.

Owns the order of lists and the tokens, which say nothing to whoever holds them. Touches no database.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from domain.complaint.views.standings import RemedyStanding, Standing
from ledger.errors import BadListing
from ledger.rows import has_ended, is_settled, to_utc

Row = TypeVar("Row", Standing, RemedyStanding)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The place of one row. What is over comes last, and before that what has nothing due."""

    over: bool
    undated: bool
    due: str
    """The instant (UTC) in a form that sorts; empty where nothing is due."""
    key: tuple[str | int, ...]
    """The reference; of a remedy, its number as well."""

    @property
    def next_due(self) -> datetime | None:
        """When something is due next, if anything is."""
        return datetime.fromisoformat(self.due) if self.due else None

    def token(self) -> str:
        """The place as text for whoever asks for the next page."""
        told = json.dumps([self.over, self.due, *self.key], separators=(",", ":"))
        return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class ListOf(Generic[Row]):
    """One of the lists: its rows, where they are kept, and what its order is made of."""

    row: type[Row]
    table: str
    key: Mapping[str, type]
    """The names of the fields that tell rows apart, with their kinds."""
    over: str
    """The column that says what `is_over` does."""
    is_over: Callable[[Row], bool]

    def place(self, row: Row) -> Place:
        """The place of a row."""
        due = to_utc(row.next_due).isoformat(timespec="microseconds") if row.next_due else ""
        key = tuple(getattr(row, name) for name in self.key)
        return Place(self.is_over(row), not due, due, key)

    def place_after(self, token: str | None, limit: int) -> Place | None:
        """The place that a token names; none without a token.

        Raises `BadListing` for a token that no page gave, or a limit below 1.
        """
        if limit < 1:
            raise BadListing(f"A page holds 1 row or more, not {limit}.")
        if token is None:
            return None
        try:
            padded = token + "=" * (-len(token) % 4)
            over, due, *key = json.loads(base64.urlsafe_b64decode(padded))
            if due and datetime.fromisoformat(due).tzinfo is None:
                raise ValueError(due)
            if [type(part) for part in (over, due, *key)] != [bool, str, *self.key.values()]:
                raise ValueError(key)
            return Place(over, not due, due, tuple(key))
        except (ValueError, TypeError):
            raise BadListing(
                f"No page of this list ended with {token!r}."
                " Begin without it, or use what a page gave."
            ) from None


COMPLAINTS: Final = ListOf(Standing, "complaints", {"reference": str}, "ended", has_ended)
REMEDIES: Final = ListOf(
    RemedyStanding, "remedies", {"reference": str, "number": int}, "settled", is_settled
)
