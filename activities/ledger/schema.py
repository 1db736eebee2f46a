"""The ledger's tables.

Owns their columns and how Python values are kept in them; `migrations` must always add up to the
same. Reads and writes are in `reading` and `writing`.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from activities.ledger.rows import to_utc

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


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

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        """The instant, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text from outside. PostgreSQL cannot hold the character NUL, so it is shown as unknown."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> str | None:
        """The text without NUL."""
        return value.replace("\x00", "\ufffd") if value else value


class Days(TypeDecorator[tuple[date, ...]]):
    """A list of local dates, as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self,
        value: tuple[date, ...] | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> str:
        """The dates as a JSON list of ISO dates."""
        return json.dumps([day.isoformat() for day in value or ()])

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> tuple[date, ...]:
        """The dates."""
        return tuple(date.fromisoformat(day) for day in json.loads(value or "[]"))


def _complaint() -> Column[Any]:
    return Column("reference", Text, ForeignKey("complaints.reference"), primary_key=True)


complaints = Table(
    "complaints",
    metadata,
    Column("reference", Text, primary_key=True),
    Column("charter", Text, nullable=False),
    Column("charter_version", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("correspondent", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("handler_id", Words),
    Column("handler_name", Words),
    Column("received_at", Instant, nullable=False),
    Column("next_due", Instant),
    Column("missed", Integer, nullable=False),
    Column("outcome", Text),
    Column("closed_at", Instant),
    Column("closed_how", Text),
    Column("events", Integer, nullable=False),
    Index(None, "charter", "stage", "state"),
    Index(None, "stage", "state"),
    Index(None, "next_due"),
    Index(None, "handler_id"),
)

events = Table(
    "events",
    metadata,
    _complaint(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor_id", Words),
    Column("actor_role", Text),
    Column("command_id", Words),
    Column("body", Text, nullable=False),
)

clocks = Table(
    "clocks",
    metadata,
    _complaint(),
    Column("id", Text, primary_key=True),
    Column("promise", Text, nullable=False),
    Column("part", Text),
    Column("stage", Text, nullable=False),
    Column("contact", Integer),
    Column("state", Text, nullable=False),
    Column("budget", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("due_on", Date),
    Column("due_at", Instant),
    Column("ended_at", Instant),
    Column("fulfilled_late_at", Instant),
    Column("extensions", Integer, nullable=False),
    Column("renewal", Boolean, nullable=False),
    Column("superseded", Days, nullable=False),
    Column("proof", Text, nullable=False),
    # The event after which the clock stood like this.
    Column("as_of", Integer, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("key", Text, primary_key=True),
    Column("reference", Text, ForeignKey("complaints.reference"), nullable=False),
    Column("event", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("recipient_kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("owed_at", Instant, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "reference", "event"),
)

fates = Table(
    "fates",
    metadata,
    # No foreign key: a notice may be under way before the entry that owes it is recorded.
    Column("key", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("message_id", Words),
    Column("attempted_at", Instant),
    Column("delivered_at", Instant),
    Column("where", Words),
    Column("refused_at", Instant),
    Column("reason", Words),
)

charters = Table(
    "charters",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("charter", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("packed", LargeBinary, nullable=False),
)
