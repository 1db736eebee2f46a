"""The names and arguments of the activities: all that a workflow may know of them.

Imports the domain only, so that workflows can import it without any adapter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.events import Event
from domain.notices import Notice
from domain.standing import ClockStanding, Standing

RESOLVE_CHARTER = "resolve_charter"
RECORD = "record"
SEND_NOTICE = "send_notice"
RECORD_AND_SEND = "record_and_send"
SEND_NOTICE_PROMPTLY = "send_notice_promptly"


@dataclass(frozen=True, slots=True)
class CharterRequest:
    """Which charter to pin, for a complaint received when (UTC)."""

    charter: str
    received_at: datetime


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
