"""How a page of complaints or of remedies is read.

Owns the queries of lists. A list is read along an index, in two stretches or four: what is under way
before what is over, and in each what has something due before what has not. Within a stretch both
databases agree on the order; about the place of NULL they do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic

from sqlalchemy import ColumnElement, Connection, Select, literal, select, tuple_

from ledger.keys.words import WITH, read_words
from ledger.paging import ListOf, Place, Row
from ledger.port import Listing, Page, RemedyListing
from ledger.rows import to_utc
from ledger.sql.tables import metadata


class Reading(Generic[Row]):
    """A list with what is wanted of it."""

    def __init__(self, of: ListOf[Row], where: Listing | RemedyListing) -> None:
        """Raises `ValueError` for an instant without a zone."""
        self._of: ListOf[Row] = of
        self._where = where
        self._before = to_utc(where.due_before) if where.due_before else None
        columns = metadata.tables[of.table].c
        self._columns = [columns[name] for name in of.row.__slots__]
        self._words = metadata.tables[of.table] if WITH in columns else None
        if self._words is not None:
            self._columns.append(columns[WITH])
        self._is_over, self._next_due = columns[of.over], columns.next_due
        self._key = tuple(columns[name] for name in of.key)
        self._conditions: list[ColumnElement[bool]] = [
            columns[name] == value for name, value in where.equal.items() if value is not None
        ]
        if where.missed:
            self._conditions.append(columns.missed > 0)

    def page(self, connection: Connection, after: str | None, limit: int) -> Page[Row]:
        """The rows after that place; whether there are more is seen from one row too many.

        Raises `BadListing`.
        """
        rows: list[Row] = []
        if isinstance(self._where, Listing) and self._where.found_by:
            from ledger.keys.finding import finding

            reference, wanted = self._key[0], self._where.found_by
            self._conditions += finding(connection, reference, wanted)
        for query in self._stretches(self._of.place_after(after, limit)):
            found: Any = connection.execute(query.limit(limit + 1 - len(rows))).mappings()
            if self._words is not None:
                found = read_words(connection, self._words, found)
            rows += (self._of.row(**row) for row in found)
            if len(rows) > limit:
                return Page(tuple(rows[:limit]), self._of.place(rows[limit - 1]).token())
        return Page(tuple(rows))

    def _stretches(self, place: Place | None) -> Iterator[Select[Any]]:
        """Each stretch of the list that lies behind the place."""
        for over in (False, True) if self._where.over is None else (self._where.over,):
            for undated in (False,) if self._before else (False, True):
                if place and (over, undated) < (place.over, place.undated):
                    continue
                query = select(*self._columns).where(
                    self._is_over == literal(over), *self._conditions
                )
                query = query.where(*self._due(undated=undated))
                if place and (over, undated) == (place.over, place.undated):
                    query = query.where(self._behind(place))
                yield query.order_by(self._next_due, *self._key)

    def _due(self, *, undated: bool) -> Iterator[ColumnElement[bool]]:
        yield self._next_due.is_(None) if undated else self._next_due.is_not(None)
        if self._before:
            yield self._next_due < self._before

    def _behind(self, place: Place) -> ColumnElement[bool]:
        given: list[tuple[Any, Any]] = list(zip(self._key, place.key, strict=True))
        if place.next_due:
            given.insert(0, (self._next_due, place.next_due))
        values = (literal(value, column.type) for column, value in given)
        behind: ColumnElement[bool] = tuple_(*(column for column, _ in given)) > tuple_(*values)
        return behind
