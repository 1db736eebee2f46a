"""Restriction: contact with a customer is limited, with approval and a reason, and for a time.

Owns the rules. A limit stops no clock and drops nothing: what comes by a closed channel is recorded
and counts. It outlives the complaint, whose remedies are still written of; nobody is asked to review it
until the complaint is reopened. Sources: `000_2dfa29253c41a6cc.txt` (threats and harassment are acted
upon), `004_223f6b270ec16c9f.txt` (contact may be limited in certain circumstances).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from domain.calendar.counting import BeyondCalendar, due_day, in_words
from domain.complaint.commands import Actor
from domain.complaint.feature import OPEN, STAFF, Asked, Matter, Moment, Permission, Told, stamp
from domain.complaint.features.people import restriction_events as ev
from domain.complaint.notify.contact_limits import Limit, closed_channels, open_ways, said
from domain.complaint.notify.recipients import ask, customer_and_helper, write_to
from domain.complaint.policies.eligibility import check_conflict
from domain.complaint.remembered import Restriction
from domain.errors import InvalidCommand, WrongRole, WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import REVIEWERS, Channel, Role
from domain.wire import Person

if TYPE_CHECKING:
    from domain.complaint.state import Complaint

ASK_EVERY = 5
"""Working days after which staff are asked again about a review that is overdue."""

APPROVERS = (Role.MANAGER, Role.ADMINISTRATOR)


def _present(complaint: Complaint) -> Restriction:
    """The restriction that holds. Raises `WrongState` if none does."""
    if complaint.restriction is None:
        raise WrongState(
            f"Contact is not limited on {complaint.reference}.",
            "restrict_contact limits it, with somebody's approval.",
        )
    return complaint.restriction


def _check_reason(reason: str) -> None:
    if not reason:
        raise InvalidCommand("reason: it is empty.", "Say why; the customer is told.")


def _restrict(complaint: Complaint, command: ev.RestrictContact, now: datetime) -> tuple[Any, ...]:
    if complaint.restriction:
        raise WrongState(
            f"Contact is limited on {complaint.reference} already.",
            "Review that limit (review_restriction) or lift it first (lift_restriction).",
        )
    _check_reason(command.reason)
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
    _check_approval(complaint, command.actor, command.approved_by)
    _check_review(complaint, command.review_on, now)
    return (
        ev.ContactRestricted(
            **stamp(complaint, command, now), limits=command.limits, reason=command.reason,
            approved_by=command.approved_by, review_on=command.review_on,
        ),
    )  # fmt: skip


def _check_approval(complaint: Complaint, asks: Actor, approver: Actor) -> None:
    """Raise if whoever approves may not, or is the one who asks or who has the complaint."""
    allowed = f"Somebody else, as {' or '.join(APPROVERS)}."
    if approver.role not in APPROVERS:
        raise InvalidCommand(f"approved_by.role: a {approver.role} may not approve this.", allowed)
    if approver.identity == asks.identity:
        raise InvalidCommand(f"approved_by: {approver.id} is the one who asks for it.", allowed)
    if complaint.handler and complaint.handler.identity == approver.identity:
        raise InvalidCommand(f"approved_by: {approver.id} has the complaint in hand.", allowed)
    check_conflict(complaint, approver)


def _check_review(complaint: Complaint, review_on: date, now: datetime) -> None:
    """Raise `InvalidCommand` for a date that is not ahead, or further than the charter allows."""
    calendar, within = complaint.rules.calendar, complaint.rules.charter.restriction.review_within
    today = calendar.local_day(now)
    if review_on <= today:
        raise InvalidCommand(f"review_on: {review_on} is not ahead.", f"After {today}.")
    calendar.opening_time(review_on)
    if within is not None:
        furthest = due_day(calendar, today, within.budget)
        if review_on > furthest:
            raise InvalidCommand(
                f"review_on: {review_on} is further ahead than the charter allows.",
                f"After {today} and not after {furthest}.",
            )


def _review(complaint: Complaint, command: ev.ReviewRestriction, now: datetime) -> tuple[Any, ...]:
    _present(complaint)
    _check_reason(command.reason)
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
    stamped = stamp(complaint, command, now)
    return (ev.RestrictionReviewed(**stamped, reason=command.reason, review_on=command.review_on),)


def _lift(complaint: Complaint, command: ev.LiftRestriction, now: datetime) -> tuple[Any, ...]:
    _present(complaint)
    _check_reason(command.reason)
    return (ev.RestrictionLifted(**stamp(complaint, command, now), reason=command.reason),)


# --- what follows -----------------------------------------------------------------------------------


def _restricted(complaint: Complaint, event: ev.ContactRestricted) -> dict[str, Any]:
    by = event.approved_by
    changes: dict[str, Any] = {
        "restriction": Restriction(
            event.limits, event.reason, Person(id=by.id, name=by.name), event.at,
            event.review_on, event.review_on,
        )
    }  # fmt: skip
    if by.role in REVIEWERS:  # whoever approves it has had a part in the complaint
        changes["touched"] = complaint.touched | {(complaint.stage, by.identity)}
    return changes


def _asked(complaint: Complaint, event: ev.RestrictionReviewDue) -> dict[str, Any]:
    return {"restriction": replace(_present(complaint), ask_on=event.next_ask)}


def _reviewed(complaint: Complaint, event: ev.RestrictionReviewed) -> dict[str, Any]:
    day = event.review_on
    kept = day and replace(_present(complaint), review_on=day, ask_on=day)
    return {"restriction": kept}


def _lifted(_: Complaint, __: ev.RestrictionLifted) -> dict[str, Any]:
    return {"restriction": None}


def _moments(complaint: Complaint) -> Iterator[Moment]:
    if complaint.restriction:
        at = complaint.rules.calendar.opening_time(complaint.restriction.ask_on)
        yield Moment(
            at, "review of the limits of contact",
            lambda number, now: ev.RestrictionReviewDue(
                number=number, at=now, next_ask=_next_ask(complaint, now)
            ),
        )  # fmt: skip


def _next_ask(complaint: Complaint, now: datetime) -> date:
    calendar = complaint.rules.calendar
    try:
        return calendar.add_working_days(calendar.local_day(now), ASK_EVERY)
    except BeyondCalendar:  # a reminder is no promise: a plain week will do
        return now.date() + timedelta(days=7)


def _tell(complaint: Complaint, event: Any, kind: NoticeKind, **facts: Any) -> Iterator[Notice]:
    """The customer is told wherever letters go otherwise, with whoever acts for them and gets any."""
    told = customer_and_helper(complaint)
    yield from write_to(told, complaint, event, kind, reason=event.reason, **facts)


def _tell_limits(
    complaint: Complaint,
    event: ev.ContactRestricted | ev.RestrictionReviewed | ev.RestrictionLifted,
) -> Iterator[Notice]:
    restriction = complaint.restriction
    if restriction is None:
        yield from _tell(complaint, event, NoticeKind.LIMITS_LIFTED)
        return
    anew = isinstance(event, ev.ContactRestricted)
    yield from _tell(
        complaint, event, NoticeKind.CONTACT_LIMITED if anew else NoticeKind.LIMITS_KEPT,
        limits=[_as_fact(limit) for limit in restriction.limits],
        review_on=restriction.review_on.isoformat(),
        appeal=complaint.rules.charter.restriction.appeal,
    )  # fmt: skip


def _as_fact(limit: Limit) -> dict[str, Any]:
    channels = [str(channel) for channel in limit.channels]
    return {"kind": str(limit.kind), "channels": channels, "text": limit.text}


def _ask_staff(complaint: Complaint, event: ev.RestrictionReviewDue) -> Iterator[Notice]:
    roles = (Role.MANAGER, complaint.rules.stage(complaint.stage).role)
    restriction = _present(complaint)
    yield from ask(
        complaint, event, NoticeKind.LIMITS_REVIEW_DUE, roles, reason=restriction.reason,
        review_on=restriction.review_on.isoformat(), next_ask=event.next_ask.isoformat(),
    )  # fmt: skip


def _line(event: ev.ContactRestricted) -> str:
    by = event.approved_by
    return (
        f"Contact is limited: {'; '.join(said(limit) for limit in event.limits)}. Approved by "
        f"{by.name} ({by.role}), to be reviewed on {in_words(event.review_on)}. {event.reason}"
    )


def _review_line(event: ev.RestrictionReviewed) -> str:
    if event.review_on is None:
        return f"The limits of contact were reviewed, and ended: {event.reason}"
    return f"The limits of contact are kept until {in_words(event.review_on)}: {event.reason}"


_KINDS = (NoticeKind.CONTACT_LIMITED, NoticeKind.LIMITS_KEPT, NoticeKind.LIMITS_LIFTED)
MATTER = Matter(
    verbs={
        ev.RestrictContact: Asked(
            Permission(STAFF, OPEN, (ev.ContactRestricted,), passes_on=True), _restrict
        ),
        ev.ReviewRestriction: Asked(
            Permission(APPROVERS, OPEN, (ev.RestrictionReviewed,), passes_on=True), _review
        ),
        ev.LiftRestriction: Asked(
            Permission(APPROVERS, OPEN, (ev.RestrictionLifted,), passes_on=True), _lift
        ),
    },
    events={
        ev.ContactRestricted: Told(_restricted, _line, _tell_limits, owed=_KINDS[:1]),
        ev.RestrictionReviewDue: Told(
            _asked,
            lambda e: f"The limits of contact are due for review; asked again on {in_words(e.next_ask)}.",
            _ask_staff, owed=(NoticeKind.LIMITS_REVIEW_DUE,),
        ),
        ev.RestrictionReviewed: Told(_reviewed, _review_line, _tell_limits, owed=_KINDS[1:]),
        ev.RestrictionLifted: Told(
            _lifted, lambda e: f"The limits of contact were lifted: {e.reason}", _tell_limits,
            owed=_KINDS[2:],
        ),
    },
    moments=_moments,
    of_time=(ev.RestrictionReviewDue,),
)  # fmt: skip
