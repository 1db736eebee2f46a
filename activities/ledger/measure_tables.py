"""The tables beside the complaints: what is still to be put right, and what is measured.

Owns the tables of remedies, emergency closures, calls, satisfaction and samples. Other modules
reach them through `schema`.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKeyConstraint, Index, Integer, Table, Text

from activities.ledger.columns import Instant, Words, metadata

remedies = Table(
    "remedies",
    metadata,
    # `<reference>/<number>`.
    Column("id", Text, primary_key=True),
    # No foreign key: a remedy is tracked past its complaint, and may be recorded before it.
    Column("reference", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("charter", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Words, nullable=False),
    Column("owner_id", Words),
    Column("owner_name", Words),
    Column("owner_role", Text),
    Column("due_on", Date),
    Column("state", Text, nullable=False),
    Column("promised_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("reason", Words),
    Column("reminders", Integer, nullable=False),
    # How many of the remedy's own events this row stands after.
    Column("as_of", Integer, nullable=False),
    Index(None, "reference", "number"),
    Index(None, "charter", "promised_at"),
    Index(None, "state", "due_on"),
    Index(None, "owner_id"),
)

remedy_events = Table(
    "remedy_events",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", Text, nullable=False),
)

closures = Table(
    "closures",
    metadata,
    Column("region", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    # Empty for every charter of the region.
    Column("charter", Text, primary_key=True),
    Column("reason", Words, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", Words, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    # A row imported again is the same row; a corrected one takes its place.
    Column("charter", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    # The part of the day that the row counts, as the file names it; empty for all of it.
    Column("period", Words, primary_key=True),
    Column("offered", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("answered_within_target", Integer, nullable=False),
    Column("source", Words, nullable=False),
    Column("imported_at", Instant, nullable=False),
)

satisfaction = Table(
    "satisfaction",
    metadata,
    Column("charter", Text, primary_key=True),
    Column("response_id", Words, primary_key=True),
    Column("reference", Words),
    Column("answered_on", Date, nullable=False),
    Column("score", Integer, nullable=False),
    Column("comment", Words),
    Column("imported_at", Instant, nullable=False),
    Index(None, "charter", "answered_on"),
)

samples = Table(
    "samples",
    metadata,
    Column("charter", Text, primary_key=True),
    # `2026-11`.
    Column("month", Text, primary_key=True),
    Column("seed", Text, nullable=False),
    Column("size", Integer, nullable=False),
    # Of every handler's complaints, so many at least.
    Column("per_handler", Integer, nullable=False),
    # What is looked at in each case, as JSON text; a later charter changes nothing of it.
    Column("checklist", Text, nullable=False),
    # How many closed complaints the sample was drawn from.
    Column("population", Integer, nullable=False),
    Column("drawn_at", Instant, nullable=False),
)

sample_items = Table(
    "sample_items",
    metadata,
    Column("charter", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("reference", Text, nullable=False),
    Column("handler_id", Words),
    Column("reviewed_by", Words),
    Column("reviewed_at", Instant),
    # The checklist's results, as JSON text; null until somebody has looked.
    Column("results", Text),
    Column("note", Words),
    ForeignKeyConstraint(["charter", "month"], ["samples.charter", "samples.month"]),
    Index(None, "reference"),
)
