"""The faults that any table of a charter can have.

Owns their one form: a check yields what is wrong with a table, `found` says which table it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from domain.charter.tables import Charter
from domain.charter.terms import Within
from domain.errors import CharterError
from domain.faults import allowed_words
from domain.wire import Term

Fault = tuple[str, str, str]
"""The key, what is wrong with it, and what is allowed."""
Entry = TypeVar("Entry")

HORIZON_MONTHS, HORIZON_DAYS = 24, 730
"""A complaint's calendar is pinned for the year of receipt and two more: no time is longer."""


def found(table: str, faults: Iterable[Fault]) -> Iterator[CharterError]:
    """These faults of that table as errors."""
    return (CharterError(table, *fault) for fault in faults)


def numbered(
    name: str, entries: Iterable[Entry], by: str = "id"
) -> Iterator[tuple[str, Entry, Any]]:
    """Each entry with its table's name in a message, `stage[1] (manager)`, and what it is named by."""
    for at, entry in enumerate(entries, 1):
        named = getattr(entry, by)
        yield f"{name}[{at}] ({named})", entry, named


def twice(
    entries: Iterable[tuple[str, Any, Any]], key: str, what: str, allowed: str = "an id of its own",
    before: Iterable[str] = (),
) -> Iterator[CharterError]:  # fmt: skip
    """A fault for each entry, as `numbered` gives it, whose name came before it; it fills `what`."""
    seen = set(before)
    for table, _, named in entries:
        if named in seen:
            yield CharterError(table, key, what.format(named), allowed)
        seen.add(named)


def unknown_source(charter: Charter, source: str) -> Iterator[Fault]:
    """A source that the charter does not name at its top."""
    sources = charter.charter.sources
    if source not in sources:
        what = f"{source!r} is not one of the charter's sources"
        yield "source", what, allowed_words(source, sources)


def too_long(value: Any, key: str = "") -> Iterator[Fault]:
    """Each time in a table, whatever it is for, that is longer than a complaint's calendar is sure to reach."""
    if isinstance(value, Within) and value.nominal_days > HORIZON_DAYS:
        what = "is longer than the calendar of a complaint reaches"
        yield key, what, f"at most {HORIZON_MONTHS} months"
    inner = dict(value) if isinstance(value, Term | Mapping) else {}
    for name, each in inner.items():
        named = name.replace("_", "-")
        yield from too_long(each, f"{key}.{named}" if key else named)
