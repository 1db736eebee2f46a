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

from domain.complaint.views.standings import ClockStanding, RemedyStanding, Standing
from domain.quality.measures import CallCount, SurveyResponse
from ledger.keys.holds import Act, Hold
from ledger.port import NoticeFate
from ledger.sql.columns import Days, Instant, Names, Words
from sealing.port import KeptKey, KeyUse

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _complaint() -> Column[Any]:
    return Column("reference", Text, ForeignKey("complaints.reference"), primary_key=True)


def _sealed_with() -> Column[Any]:
    """The id of the key under which the row's words are (`keys.words`); none where they can be read."""
    return Column("sealed_with", Text, nullable=True)


def _columns(row: type, *keys: str) -> Iterator[Column[Any]]:
    """A column for each field of a row of the domain; what may be None there may be null here."""
    for name, hint in get_type_hints(row).items():
        null = isinstance(hint, UnionType)
        kind = next(each for each in get_args(hint) if each is not NoneType) if null else hint
        kept_as = Words if isinstance(kind, type) and issubclass(kind, str) else _KINDS[kind]
        null = null or kept_as is Names
        yield Column(name, kept_as, nullable=null, primary_key=name in keys, autoincrement=False)


_KINDS: dict[Any, type[TypeEngine[Any]]] = {
    int: Integer,
    bool: Boolean,
    datetime: Instant,
    date: Date,
    bytes: LargeBinary,
    tuple[date, ...]: Days,
    tuple[str, ...]: Names,
}

complaints = Table(
    "complaints",
    metadata,
    *_columns(Standing, "reference"),
    # Closed, with no remedy owed and nothing due: no list shows it unless it is asked for.
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
    _sealed_with(),
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

letters = Table(
    "letters",
    metadata,
    # What was handed to a channel (`evidence.letters`). No foreign key, as of fates.
    Column("reference", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("at", Instant, nullable=False),
    _sealed_with(),
    Column("content", LargeBinary, nullable=False),
    Column("link", Text, nullable=False),
    Index(None, "key", "digest", unique=True),
)

fates = Table(
    "fates",
    metadata,
    # No foreign key: a notice may be under way before the entry that owes it is recorded.
    *_columns(NoticeFate, "key"),
    _sealed_with(),
    # Few are under way at any time, and few were refused of late.
    Index(None, "state", "at"),
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
    *(Column(name, Text, nullable=True) for name in ("issuer", "token")),
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
    _sealed_with(),
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
    # The same of the letters that left, and of the acts on its keeping; 0 where there is none.
    Column("letters", Integer, nullable=False),
    Column("letters_head", Text, nullable=False),
    Column("acts", Integer, nullable=False),
    Column("acts_head", Text, nullable=False),
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
    _sealed_with(),
)

found_by = Table(
    "found_by",
    metadata,
    # A keyed digest of something that a complaint is found by (`keys.finding`). No foreign key: it is made of the
    # events again whenever that is asked.
    Column("field", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("reference", Text, primary_key=True),
    Index(None, "reference"),
)

key_uses = Table(
    "key_uses",
    metadata,
    Column("id", Text, primary_key=True),
    # No foreign key: a key is asked for before its complaint is on record.
    *_columns(KeyUse),
    Index(None, "reference"),
)

keeping = Table(
    "keeping",
    metadata,
    # No foreign key: it says what became of a complaint also where its rows are made anew. `keys.keeping.acts` links it.
    *_columns(Act, "reference", "number"),
    _sealed_with(),
    Column("link", Text, nullable=False),
)

APPEND_ONLY = (charters, events, keeping, notices, letters, seals, sealed, key_uses)
"""What is never altered nor taken away: their owner grants nobody that, and SQLite's triggers refuse it."""

samples = Table(
    "samples",
    metadata,
    Column("charter", Text, primary_key=True),
    # `2026-11`.
    Column("month", Text, primary_key=True),
    # The whole sample as JSON text, its questions with it: a later charter changes nothing of them.
    Column("body", Text, nullable=False),
)
