"""The ledger's tables.

Owns the tables of complaints and what is owed because of them, and offers those of `measure_tables` as
well, so that `metadata` is whole once this module is imported; `migrations` must always add up to
the same. Reads and writes are in `reading` and `writing`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text

from activities.ledger.columns import Days, Instant, Words, metadata
from activities.ledger.measure_tables import (
    calls,
    closures,
    remedies,
    remedy_events,
    sample_items,
    samples,
    satisfaction,
)

__all__ = [
    "calls",
    "charters",
    "clocks",
    "closures",
    "complaints",
    "events",
    "fates",
    "metadata",
    "notices",
    "remedies",
    "remedy_events",
    "sample_items",
    "samples",
    "satisfaction",
]


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
    Index(None, "kind", "reference"),
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
    # Working days; null where what was promised has not come, or nobody counted.
    Column("days_taken", Integer),
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
