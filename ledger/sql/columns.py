"""What the ledger's tables are made of: how Python values are kept in columns.

Owns the column types. Knows no table.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from ledger.rows import to_utc


class Instant(TypeDecorator[datetime]):
    """An instant, kept as UTC and read as UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC; without its zone where the database knows none."""
        if value is None:
            return None
        in_utc = to_utc(value)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        """The instant, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text from outside. PostgreSQL cannot hold the character NUL, so it is shown as unknown."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _: Dialect) -> str | None:
        """The text without NUL."""
        return value.replace("\x00", "\ufffd") if value else value


class Names(TypeDecorator[tuple[str, ...]]):
    """A list of names, as JSON text. Such lists were added later: a row from before has none."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _: Dialect) -> str:
        """The names as a JSON list."""
        return json.dumps(value or ())

    def process_result_value(self, value: str | None, _: Dialect) -> tuple[str, ...]:
        """The names."""
        return tuple(json.loads(value or "[]"))


class Days(TypeDecorator[tuple[date, ...]]):
    """A list of local dates, as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[date, ...] | None, _: Dialect) -> str:
        """The dates as a JSON list of ISO dates."""
        return json.dumps([day.isoformat() for day in value or ()])

    def process_result_value(self, value: str | None, _: Dialect) -> tuple[date, ...]:
        """The dates."""
        return tuple(date.fromisoformat(day) for day in json.loads(value or "[]"))
