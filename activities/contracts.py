"""The names and arguments of the activities: all that a workflow may know of them.

Imports the domain only, so that workflows can import it without any adapter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache

from pydantic import TypeAdapter

from domain.complaint.commands import Actor
from domain.complaint.decider.evolve import Step
from domain.complaint.decider.react import react
from domain.complaint.decider.registry import EVENT_JSON, EVENTS_JSON, Event
from domain.complaint.state import Complaint
from domain.complaint.views.read_model import changed_clocks, changed_remedies, standing_of
from domain.complaint.views.standings import ClockStanding, RemedyStanding, Standing
from domain.notices import Notice
from domain.packing import pack_json, unpack_json

RESOLVE_CHARTER = "resolve_charter"
PROVE = "prove"
RECORD = "record"
SEND_NOTICE = "send_notice"
RECORD_AND_SEND = "record_and_send"
DIGEST_MAILBOXES = "digest_mailboxes"
SEND_DIGEST = "send_digest"
SEAL_LEDGER = "seal_ledger"
ERASE_SOME = "erase_some"
ERASE = "Erase"
"""The workflow that erases what was kept for as long as charters say, and what its Schedule starts."""
SEAL = "Seal"
"""The workflow that seals the ledger, and what its Schedule starts."""
DIGEST = "Digest"
"""The workflow that sends each mailbox its digest of the day, and what its Schedule starts."""


def letters_queue(task_queue: str) -> str:
    """The task queue of the letters that wait for the post, beside that of their complaints."""
    return f"{task_queue}-letters"


@dataclass(frozen=True, slots=True)
class CharterRequest:
    """Which charter to pin, for a complaint received when (UTC)."""

    charter: str
    received_at: datetime
    until: datetime | None = None
    """What the calendar has to reach beyond, where that is not the receipt: the present."""
    opens: str | None = None
    """The reference that is about to open, which must not be on record yet."""
    unproven: bool = False
    """Whether it is not known who opens it."""


@dataclass(frozen=True, slots=True)
class ProofRequest:
    """Who acts on a complaint, by the token that came beside a message and goes on beside this."""

    reference: str
    actor: Actor | None = None
    """Who acts as the message says; none for an opening, which does not."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who acts, or why that is not proven and what would be; nobody where it need not be."""

    by: Actor | None
    refused: str = ""
    allowed: str = ""


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
    remedies: tuple[RemedyStanding, ...] = ()
    """The remedies that these events promised, moved or settled."""

    @property
    def prompt(self) -> tuple[Notice, ...]:
        """The notices that go out now: all but those that wait for a digest."""
        return tuple(notice for notice in self.notices if not notice.waits)


def entry_of(before: Complaint, steps: Sequence[Step]) -> LedgerEntry:
    """What these steps of a complaint add to the ledger, with every notice that they owe."""
    after = steps[-1].complaint
    return LedgerEntry(
        reference=after.reference,
        events=tuple(step.event for step in steps),
        standing=standing_of(after),
        clocks=changed_clocks(before, after),
        notices=tuple(notice for step in steps for notice in react(step.complaint, step.event)),
        remedies=changed_remedies(before, after),
    )


@cache
def _entry_json() -> TypeAdapter[LedgerEntry]:
    return TypeAdapter(LedgerEntry)


def make_ready() -> None:
    """Make what is otherwise made at its first use: no complaint's first task is to wait for it."""
    for adapter in (EVENT_JSON, EVENTS_JSON, _entry_json()):
        adapter.rebuild()


def pack_entry(entry: LedgerEntry) -> bytes:
    """The entry, small enough to stand in a history that lasts for months."""
    return pack_json(_entry_json().dump_json(entry))


def unpack_entry(packed: bytes) -> LedgerEntry:
    """The entry that `pack_entry` packed."""
    return _entry_json().validate_json(unpack_json(packed))


def lane_of(notice: Notice) -> str:
    """Names the person whom a notice is for: what one person gets stays in its order."""
    return f"{notice.recipient.kind}/{notice.recipient.email or notice.recipient.name}"


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """Whose digest is wanted, and in whose morning that is (UTC)."""

    mailbox: str
    at: datetime


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
    address: str | None = None
    """The address or number that it was refused for."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A notice that did not go out at the first, prompt try: refused for good, or deferred."""

    key: str
    fate: Fate
    detail: str = ""
    address: str | None = None
    """The address or number that it was refused for."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What became of complaints that are due to be erased."""

    erased: int = 0
    kept: list[str] = field(default_factory=list)
    """Those that stay all the same, each with why."""
    after: str | None = None
    """Where more are due: the reference after which to go on."""
