"""The ledger's tables.

Owns what there is of complaints and what is owed because of them, and beside them of closures,
calls, satisfaction and samples. What the domain has a row for has its fields as columns.
`migrations` must always add up to the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

from domain.complaint.views.read_model import ClockStanding, RemedyStanding, Standing
from domain.quality.measures import CallCount, SurveyResponse
from ledger.keys.holds import Hold
from ledger.port import NoticeFate
from ledger.sql.columns import Days, Instant, Words
from sealing.port import KeptKey

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _complaint() -> Column[Any]:
    return Column("reference", Text, ForeignKey("complaints.reference"), primary_key=True)


def _columns(row: type, *keys: str) -> Iterator[Column[Any]]:
    """A column for each field of a row of the domain; what may be None there may be null here."""
    for name, hint in get_type_hints(row).items():
        null = isinstance(hint, UnionType)
        kind = next(each for each in get_args(hint) if each is not NoneType) if null else hint
        kept_as = Words if isinstance(kind, type) and issubclass(kind, str) else _KINDS[kind]
        yield Column(name, kept_as, nullable=null, primary_key=name in keys, autoincrement=False)


_KINDS: dict[Any, type[TypeEngine[Any]]] = {
    int: Integer,
    bool: Boolean,
    datetime: Instant,
    date: Date,
    bytes: LargeBinary,
    tuple[date, ...]: Days,
}

complaints = Table(
    "complaints",
    metadata,
    *_columns(Standing, "reference"),
    # Closed, and no remedy owed: no list shows it unless it is asked for.
    Column("ended", Boolean, nullable=False),
    # The link of the last event, so that the next one is chained without reading any.
    Column("head", Text, nullable=False),
    # In the order of lists, so that a page costs the same in a ledger of any size.
    Index(None, "ended", "next_due", "reference"),
    Index(None, "charter", "ended", "next_due", "reference"),
    Index(None, "handler_id", "ended", "next_due", "reference"),
)

events = Table(
    "events",
    metadata,
    _complaint(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", Text, nullable=False),
    # `evidence.chain`: a hash of the link before, of this row, and of the letters it owes.
    Column("link", Text, nullable=False),
    Index(None, "kind", "reference"),
)

clocks = Table(
    "clocks",
    metadata,
    _complaint(),
    *_columns(ClockStanding, "id"),
    # The event after which the clock stood like this.
    Column("as_of", Integer, nullable=False),
)

remedies = Table(
    "remedies",
    metadata,
    *_columns(RemedyStanding, "reference", "number"),
    # Done or refused.
    Column("settled", Boolean, nullable=False),
    # The event after which the remedy stood like this.
    Column("as_of", Integer, nullable=False),
    ForeignKeyConstraint(["reference"], ["complaints.reference"]),
    Index(None, "charter", "promised_at"),
    # As those of complaints.
    Index(None, "settled", "next_due", "reference", "number"),
    Index(None, "charter", "settled", "next_due", "reference", "number"),
    Index(None, "owner_id", "settled", "next_due", "reference", "number"),
)

notices = Table(
    "notices",
    metadata,
    Column("key", Text, primary_key=True),
    Column("reference", Text, ForeignKey("complaints.reference"), nullable=False),
    Column("event", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("owed_at", Instant, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "reference", "event"),
)

fates = Table(
    "fates",
    metadata,
    # No foreign key: a notice may be under way before the entry that owes it is recorded.
    *_columns(NoticeFate, "key"),
)

waiting = Table(
    "waiting",
    metadata,
    # A note to staff that waits for the digest of its mailbox; gone once that has told it.
    Column("key", Text, ForeignKey("notices.key"), primary_key=True),
    Column("mailbox", Text, nullable=False),
    # The key of the digest that took it up.
    Column("digest", Text, nullable=True),
    Index(None, "mailbox"),
)

charters = Table(
    "charters",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
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
    *_columns(CallCount, "day", "period"),
    Column("source", Words, nullable=False),
    Column("imported_at", Instant, nullable=False),
)

satisfaction = Table(
    "satisfaction",
    metadata,
    Column("charter", Text, primary_key=True),
    *_columns(SurveyResponse, "response_id"),
    Column("imported_at", Instant, nullable=False),
    Index(None, "charter", "answered_on"),
)

seals = Table(
    "seals",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    # Hexadecimal: a hash of the root before, of this row and of what it seals; and the key's name.
    Column("root", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("key", Text, nullable=False),
)

sealed = Table(
    "sealed",
    metadata,
    # The number of the last event, and its link, of each complaint with new ones. No foreign key: a
    # seal is counted from these rows, and no row is changed.
    Column("seal", Integer, primary_key=True, autoincrement=False),
    Column("reference", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("head", Text, nullable=False),
    Index(None, "reference", "number"),
)

data_keys = Table(
    "data_keys",
    metadata,
    # No foreign key: whoever opens a complaint seals it before it is on record.
    *_columns(KeptKey, "reference"),
    Index(None, "id", unique=True),
    Index(None, "ring_key"),
)

holds = Table(
    "holds",
    metadata,
    *_columns(Hold, "reference"),
)

APPEND_ONLY = (charters, events, notices, seals, sealed)
"""What is never altered nor taken away; the owner of the tables grants nobody that, and SQLite's
triggers refuse it."""

samples = Table(
    "samples",
    metadata,
    Column("charter", Text, primary_key=True),
    # `2026-11`.
    Column("month", Text, primary_key=True),
    # The whole sample as JSON text, its questions with it: a later charter changes nothing of them.
    Column("body", Text, nullable=False),
)
