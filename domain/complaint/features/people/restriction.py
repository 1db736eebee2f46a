"""Restriction: contact with a customer is limited, with approval and a reason, and for a time.

A limit stops no clock and drops nothing: what comes by a closed channel is recorded and counts. It outlives the complaint, because letters about remedies still follow; nobody is asked to review it until the complaint is reopened.
Sources: `000_2dfa29253c41a6cc.txt` (threats and harassment are acted upon), `004_223f6b270ec16c9f.txt` (contact may be limited).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from domain import value
from domain.calendar.counting import due_day, reminder_day
from domain.calendar.pinned import in_words
from domain.complaint import contact_limits
from domain.complaint.commands import IN_WELSH, Actor, Command, Reason, check_ahead, check_reason
from domain.complaint.contact_limits import Limit, answer_period, closed_channels, open_ways, said
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, Timer, made, sets
from domain.complaint.features.contact.limited_answers import (
    answered_by,
    gathered,
    period_of,
    turned,
)
from domain.complaint.notify.compose import as_fact, ask, write_to
from domain.complaint.notify.recipients import customer_and_helper
from domain.complaint.policies.eligibility import APPROVERS, approval, check_second_person
from domain.complaint.state import Complaint
from domain.complaint.values import with_changes
from domain.errors import InvalidCommand, WrongRole, WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import OPEN, REVIEWERS, STAFF, Channel, Role
from domain.wire import Day, sentence


class RestrictContact(Command):
    """Limit contact with the customer, with a reason, somebody's approval and a date of review."""

    verb = "restrict_contact"
    inner_welsh: ClassVar[Mapping[str, str]] = {"limits": "text_cy of each limit"}
    limits: Annotated[tuple[Limit, ...], Field(min_length=1, max_length=10)] = Field(
        description="What holds from now on."
    )
    reason: Reason = Field(description="Why; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)
    approved_by: Actor = Field(
        description="A manager or administrator, not the one who asks or the handler."
    )
    review_on: Day = Field(description="When to look at it again.")


class ReviewRestriction(Command):
    """Look at the limits again: keep them until a further date, or end them."""

    verb = "review_restriction"
    keep: bool = Field(description="Whether the limits are kept, or end.")
    reason: Reason = Field(description="Why; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)
    review_on: Day | None = Field(default=None, description="Where they are kept: the next review.")


class LiftRestriction(Command):
    """End the limits before their review."""

    verb = "lift_restriction"
    reason: Reason = Field(description="Why; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)


@value(frozen=True, slots=True, kw_only=True)
class ContactRestricted(Happened):
    """Contact with the customer was limited; no clock stops for it."""

    kind: Literal["contact-restricted"] = "contact-restricted"
    limits: tuple[Limit, ...]
    reason: str
    approved_by: Actor
    review_on: date


@value(frozen=True, slots=True, kw_only=True)
class RestrictionReviewDue(Happened):
    """The review of the limits is due, or overdue: staff were asked."""

    kind: Literal["restriction-review-due"] = "restriction-review-due"
    next_ask: date


@value(frozen=True, slots=True, kw_only=True)
class RestrictionReviewed(Happened):
    """The limits were looked at again; `review_on` is null where they ended."""

    kind: Literal["restriction-reviewed"] = "restriction-reviewed"
    reason: str
    review_on: date | None = None


@value(frozen=True, slots=True, kw_only=True)
class RestrictionLifted(Happened):
    """The limits ended before their review."""

    kind: Literal["restriction-lifted"] = "restriction-lifted"
    reason: str


def _present(complaint: Complaint) -> contact_limits.Restriction:
    """The restriction that holds. Raises `WrongState` if none does."""
    if complaint.restriction is None:
        raise WrongState(
            f"Contact is not limited on {complaint.reference}.",
            "restrict_contact limits it, with somebody's approval.",
        )
    return complaint.restriction


def _restrict(complaint: Complaint, command: RestrictContact, now: datetime) -> tuple[Any, ...]:
    if complaint.restriction:
        raise WrongState(
            f"Contact is limited on {complaint.reference} already.",
            "Review that limit (review_restriction) or lift it first (lift_restriction).",
        )
    check_reason(command.reason)
    if closed_channels(command.limits) == set(Channel):
        raise InvalidCommand(
            "limits: together they close every channel.",
            "A customer is never cut off: at least one channel stays open.",
        )
    if not open_ways(complaint.customer, closed_channels(command.limits)):
        raise InvalidCommand(
            "limits: they leave no open channel by which the customer can be reached.",
            "Leave one open, or put on record first where else they are reached (prefer).",
        )
    check_second_person(complaint, command.actor, command.approved_by)
    _check_review(complaint, command.review_on, now)
    return made(ContactRestricted, complaint, command, now)


def _check_review(complaint: Complaint, review_on: date, now: datetime) -> None:
    """Raise `InvalidCommand` for a date that is not ahead, or further than the charter allows."""
    calendar, within = complaint.rules.calendar, complaint.rules.charter.restriction.review_within
    check_ahead("review_on", review_on, calendar, now)
    if within is not None:
        today = calendar.local_day(now)
        furthest = due_day(calendar, today, within.budget)
        if review_on > furthest:
            raise InvalidCommand(
                f"review_on: {review_on} is further ahead than the charter allows.",
                f"After {today} and not after {furthest}.",
            )


def _review(complaint: Complaint, command: ReviewRestriction, now: datetime) -> tuple[Any, ...]:
    _present(complaint)
    check_reason(command.reason)
    handler = complaint.handler
    if handler and handler.identity == command.actor.identity:
        raise WrongRole(
            f"{command.actor.name} has the complaint in hand and does not review its limits.",
            f"Somebody else, as {' or '.join(APPROVERS)}.",
        )
    if command.keep != (command.review_on is not None):
        raise InvalidCommand(
            "review_on: limits that are kept need a further date, and limits that end have none.",
            "A date with keep = true, or none with keep = false.",
        )
    if command.review_on:
        _check_review(complaint, command.review_on, now)
    return made(RestrictionReviewed, complaint, command, now)


def _lift(complaint: Complaint, command: LiftRestriction, now: datetime) -> tuple[Any, ...]:
    _present(complaint)
    check_reason(command.reason)
    return made(RestrictionLifted, complaint, command, now)


# --- what follows -----------------------------------------------------------------------------------


def _restricted(complaint: Complaint, event: ContactRestricted) -> dict[str, Any]:
    by = event.approved_by
    changes: dict[str, Any] = {
        "restriction": contact_limits.Restriction(
            event.limits, event.reason, event.at, event.review_on, event.review_on
        ),
        "contacts": complaint.contacts,
    }  # fmt: skip
    if answer_period(event.limits):
        many = gathered(complaint)
        changes["contacts"] = with_changes(complaint.contacts, *many, together=True)
    if by.role in REVIEWERS:  # whoever approves it has had a part in the complaint
        changes["touched"] = complaint.touched | {(complaint.stage, by.identity)}
    return changes


def _asked(complaint: Complaint, event: RestrictionReviewDue) -> dict[str, Any]:
    was = _present(complaint)
    return {"restriction": replace(was, ask_on=event.next_ask, asked=was.asked + 1)}


def _still_due(complaint: Complaint, event: RestrictionReviewDue) -> bool:
    limited = None if complaint.closed else complaint.restriction
    return bool(limited and limited.ask_on == event.next_ask)


def _reviewed(complaint: Complaint, event: RestrictionReviewed) -> dict[str, Any]:
    day = event.review_on
    return {"restriction": day and replace(_present(complaint), review_on=day, ask_on=day, asked=0)}


def _timers(complaint: Complaint) -> Iterator[Timer]:
    if complaint.restriction:
        at = complaint.rules.calendar.opening_time(complaint.restriction.ask_on)
        yield Timer(at, "review of the limits of contact", partial(_ask_again, complaint))


def _ask_again(complaint: Complaint, *, number: int, at: datetime) -> Any:
    again = reminder_day(complaint.rules.calendar, at, _present(complaint).asked)
    return RestrictionReviewDue(number=number, at=at, next_ask=again)


def _tell_limits(complaint: Complaint, event: Any) -> Iterator[Notice]:
    """The customer is told, even where letters go to their representative."""
    kind, restriction = NoticeKind.LIMITS_LIFTED, complaint.restriction
    facts: dict[str, Any] = {}
    if restriction:
        anew = isinstance(event, ContactRestricted)
        kind = NoticeKind.CONTACT_LIMITED if anew else NoticeKind.LIMITS_KEPT
        facts = {
            **contact_limits.as_facts(restriction.limits),
            "review_on": restriction.review_on.isoformat(),
            "answer_every": (period := period_of(complaint)) and period.as_fact(),
            "answer_by": as_fact(answered_by(complaint)),
            "appeal": complaint.rules.charter.restriction.appeal,
        }
    told = customer_and_helper(complaint)
    yield from write_to(told, complaint, event, kind, reason=event.reason, **facts)


def _ask_staff(complaint: Complaint, event: RestrictionReviewDue) -> Iterator[Notice]:
    roles = (Role.MANAGER, complaint.reviewer)
    restriction = _present(complaint)
    yield from ask(
        complaint, event, NoticeKind.LIMITS_REVIEW_DUE, roles, reason=restriction.reason,
        review_on=restriction.review_on.isoformat(), next_ask=event.next_ask.isoformat(),
    )  # fmt: skip


def _line(event: ContactRestricted) -> str:
    return (
        f"Contact is limited: {'; '.join(said(limit) for limit in event.limits)}; to be reviewed on"
        f" {in_words(event.review_on)}. {sentence(event.reason)} {approval(event.approved_by, event.actor)}"
    )


def _review_line(event: RestrictionReviewed) -> str:
    if event.review_on is None:
        return f"The limits of contact were reviewed, and ended: {event.reason}"
    return f"The limits of contact are kept until {in_words(event.review_on)}: {event.reason}"


_KINDS = (NoticeKind.CONTACT_LIMITED, NoticeKind.LIMITS_KEPT, NoticeKind.LIMITS_LIFTED)
FEATURE = Feature(
    commands={
        RestrictContact: CommandSpec(STAFF, OPEN, (ContactRestricted,), _restrict, passes_on=True),
        ReviewRestriction: CommandSpec(
            APPROVERS, OPEN, (RestrictionReviewed,), _review, passes_on=True,
        ),
        LiftRestriction: CommandSpec(
            APPROVERS, OPEN, (RestrictionLifted,), _lift, passes_on=True,
        ),
    },
    events={
        ContactRestricted: EventSpec(_line, _restricted, _tell_limits, owed=_KINDS[:1], turn=turned),
        RestrictionReviewDue: EventSpec(
            lambda e: f"The limits of contact are due for review; asked again on {in_words(e.next_ask)}.",
            _asked, _ask_staff, owed=(NoticeKind.LIMITS_REVIEW_DUE,), stands=_still_due,
        ),
        RestrictionReviewed: EventSpec(_review_line, _reviewed, _tell_limits, owed=_KINDS[1:]),
        RestrictionLifted: EventSpec(
            lambda e: f"The limits of contact were lifted: {e.reason}", sets(restriction=None),
            _tell_limits, owed=_KINDS[2:],
        ),
    },
    timers=_timers,
    timers_need="restriction",
    of_time=(RestrictionReviewDue,),
)  # fmt: skip
