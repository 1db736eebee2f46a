"""The names and arguments of the activities: all that a workflow may know of them.

Imports the domain only, so that workflows can import it without any adapter.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter

from domain.complaint.decider.record import Event
from domain.complaint.features.remedies.remedy_events import RemedyEvent
from domain.complaint.features.remedies.remedy_standing import RemedyStanding
from domain.complaint.views import status
from domain.complaint.views.status import ClockStanding, Standing
from domain.notices import Notice

RESOLVE_CHARTER = "resolve_charter"
RECORD = "record"
SEND_NOTICE = "send_notice"
RECORD_AND_SEND = "record_and_send"
RECORD_REMEDY = "record_remedy"
RECORD_REMEDY_AND_SEND = "record_remedy_and_send"


@dataclass(frozen=True, slots=True)
class CharterRequest:
    """Which charter to pin, for a complaint received when (UTC)."""

    charter: str
    received_at: datetime
    until: datetime | None = None
    """What the calendar has to reach beyond, where that is not the receipt: the present."""
    opens: str | None = None
    """The reference that is about to open, which must not be on record yet."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What one change adds to the ledger: consecutive events and how things stand after them."""

    reference: str
    events: tuple[Event, ...]
    standing: Standing
    clocks: tuple[ClockStanding, ...]
    """The clocks that these events started, moved or ended."""
    notices: tuple[Notice, ...]
    """The notices that these events owe."""
    remedies: tuple[status.RemedyStanding, ...] = ()
    """The remedies that these events promised, moved or settled."""


@dataclass(frozen=True, slots=True)
class RemedyEntry:
    """What one change of a remedy adds to the ledger."""

    id: str
    events: tuple[RemedyEvent, ...]
    standing: RemedyStanding
    notices: tuple[Notice, ...]


_ENTRY: TypeAdapter[LedgerEntry] = TypeAdapter(LedgerEntry)
_REMEDY_ENTRY: TypeAdapter[RemedyEntry] = TypeAdapter(RemedyEntry)


def pack_entry(entry: LedgerEntry | RemedyEntry) -> bytes:
    """The entry, small enough to stand in a history that lasts for months."""
    if isinstance(entry, RemedyEntry):
        return zlib.compress(_REMEDY_ENTRY.dump_json(entry), 9)
    return zlib.compress(_ENTRY.dump_json(entry), 9)


def unpack_entry(packed: bytes) -> LedgerEntry:
    """The entry of a complaint that `pack_entry` packed."""
    return _ENTRY.validate_json(zlib.decompress(packed))


def unpack_remedy_entry(packed: bytes) -> RemedyEntry:
    """The entry of a remedy that `pack_entry` packed."""
    return _REMEDY_ENTRY.validate_json(zlib.decompress(packed))


def lane_of(notice: Notice) -> str:
    """Names the person whom a notice is for: what one person gets stays in its order."""
    return f"{notice.recipient.kind}/{notice.recipient.email or notice.recipient.name}"


class Fate(StrEnum):
    """What became of a notice."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    """Refused for good: a bad address, or none. Trying again is of no use."""
    DEFERRED = "deferred"
    """Not delivered yet; worth another try."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one notice, and why."""

    fate: Fate
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A notice that did not go out at the first, prompt try: refused for good, or deferred."""

    key: str
    fate: Fate
    detail: str = ""
