"""The verbs and events by which contact with a customer is limited, reviewed and free again.

Owns their shapes. What follows from them is in `restriction`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.complaint.commands import Actor, Command, Reason
from domain.complaint.events import Happened
from domain.complaint.notify.contact_limits import Limit
from domain.wire import Day


class RestrictContact(Command):
    """Limit contact with the customer, with a reason, somebody's approval and a date of review."""

    verb = "restrict_contact"
    limits: Annotated[tuple[Limit, ...], Field(min_length=1, max_length=10)]
    reason: Reason
    approved_by: Annotated[
        Actor, Field(description="a manager or administrator, not the one who asks or the handler")
    ]
    review_on: Day


class ReviewRestriction(Command):
    """Look at the limits again: keep them until a further date, or end them."""

    verb = "review_restriction"
    keep: bool
    reason: Reason
    review_on: Annotated[Day | None, Field(description="where they are kept: until when")] = None


class LiftRestriction(Command):
    """End the limits before their review."""

    verb = "lift_restriction"
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRestricted(Happened):
    """Contact with the customer was limited; no clock stops for it."""

    kind: Literal["contact-restricted"] = "contact-restricted"
    limits: tuple[Limit, ...]
    reason: str
    approved_by: Actor
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionReviewDue(Happened):
    """The review of the limits is due, or overdue: staff were asked."""

    kind: Literal["restriction-review-due"] = "restriction-review-due"
    next_ask: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionReviewed(Happened):
    """The limits were looked at again; `review_on` is null where they ended."""

    kind: Literal["restriction-reviewed"] = "restriction-reviewed"
    reason: str
    review_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionLifted(Happened):
    """The limits ended before their review."""

    kind: Literal["restriction-lifted"] = "restriction-lifted"
    reason: str
