"""What happened: the record of a complaint, numbered 1, 2, 3 … within it.

Owns the base of every event and the kinds that every complaint has; those of a single matter are
with it in `matters`, and the JSON form of all in `record`. Events are never changed or renumbered
once they are recorded; a new field must have a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.complaint.commands import Actor
from domain.complaint.features.remedies.remedy_promise import PromisedRemedy
from domain.complaint.opening import Opening
from domain.complaint.remembered import Moved
from domain.vocabulary import (
    Channel,
    ClosedHow,
    ContactKind,
    FromWhom,
    Outcome,
    ReassignReason,
    Topic,
)
from domain.wire import Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What every event carries: its number, its instant (UTC), who and by which command."""

    number: int
    at: datetime
    actor: Actor | None = None
    command_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Happened):
    """The complaint was received; `digest` names the pinned charter and calendar."""

    kind: Literal["opened"] = "opened"
    opening: Opening
    stage: str
    digest: str
    exempted: tuple[str, ...] = ()
    """The promises that are not made because of who acts for the customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signposted(Happened):
    """Topics that are dealt with elsewhere were pointed there."""

    kind: Literal["signposted"] = "signposted"
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated(Happened):
    """A handler was given the complaint."""

    kind: Literal["allocated"] = "allocated"
    handler: Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduced(Happened):
    """The handler introduced themselves."""

    kind: Literal["introduced"] = "introduced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(Happened):
    """The complaint was acknowledged at its stage."""

    kind: Literal["acknowledged"] = "acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated(Happened):
    """The customer was told where things stand."""

    kind: Literal["updated"] = "updated"
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended(Happened):
    """A due date was moved; the old one stays on record."""

    kind: Literal["extended"] = "extended"
    clock: str
    old_due: date
    new_due: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Happened):
    """The pausable clocks were stopped until facts are checked."""

    kind: Literal["paused"] = "paused"
    reason: str
    review_on: date
    third_party: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Happened):
    """The paused clocks run on."""

    kind: Literal["resumed"] = "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFellDue(Happened):
    """A pause reached its review date; `next_review` is when staff are asked again."""

    kind: Literal["review-fell-due"] = "review-fell-due"
    next_review: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReceived(Happened):
    """Something came in; `contact` is its number within the complaint."""

    kind: Literal["contact-received"] = "contact-received"
    contact: int
    channel: Channel
    from_whom: FromWhom
    summary: str
    received_at: datetime
    contact_kind: ContactKind | None = None
    limited: bool = False
    """Whether it came by a channel that was closed to the customer; it counts all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAcknowledged(Happened):
    """An inbound contact was acknowledged."""

    kind: Literal["contact-acknowledged"] = "contact-acknowledged"
    contact: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAnswered(Happened):
    """An inbound contact was answered."""

    kind: Literal["contact-answered"] = "contact-answered"
    contact: int
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Happened):
    """The complaint went up to a later stage."""

    kind: Literal["escalated"] = "escalated"
    from_stage: str
    to: str
    grounds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned(Happened):
    """Another handler took over; with reason `conflict` the old one is barred."""

    kind: Literal["reassigned"] = "reassigned"
    handler: Handler
    from_handler: Handler | None
    reason: ReassignReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied(Happened):
    """The complaint was answered at its stage."""

    kind: Literal["replied"] = "replied"
    stage: str
    findings: str
    outcome: Outcome
    remedies: tuple[str, ...]
    commitments: tuple[PromisedRemedy, ...] = ()
    """What is followed up of them, where the charter says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Happened):
    """The complaint was taken up again at its stage; after a closed window, the window was."""

    kind: Literal["reopened"] = "reopened"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Happened):
    """The complaint ended."""

    kind: Literal["closed"] = "closed"
    how: ClosedHow
    reason: str
    window_closed: date | None = None
    into: str | None = None
    """The complaint that goes on for this one, where they were merged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedToDecision(Happened):
    """The subject case went to its decision maker."""

    kind: Literal["passed-to-decision"] = "passed-to-decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseConcluded(Happened):
    """The subject case was answered."""

    kind: Literal["case-concluded"] = "case-concluded"
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseWarned(Happened):
    """A clock comes near its due date."""

    kind: Literal["promise-warned"] = "promise-warned"
    clock: str
    promise: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMissed(Happened):
    """A clock ran out; `new_due` is the date told instead, `apology` whether the customer is told."""

    kind: Literal["promise-missed"] = "promise-missed"
    clock: str
    promise: str
    due: date
    new_due: date | None
    apology: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRefused(Happened):
    """A signal was refused; nothing else changed."""

    kind: Literal["command-refused"] = "command-refused"
    verb: str
    refusal: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeUndeliverable(Happened):
    """A notice was refused for good: somebody must reach the person in another way."""

    kind: Literal["notice-undeliverable"] = "notice-undeliverable"
    notice: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterRefreshed(Happened):
    """The charter and calendar were pinned anew; `pinned` is their packed text."""

    kind: Literal["charter-refreshed"] = "charter-refreshed"
    digest: str
    pinned: str
    moved: tuple[Moved, ...] = ()
    """Every due date that this superseded."""
