"""Ends that people bring: the customer is content or takes it back, staff close or merge it.

Owns `accept`, `withdraw`, `close` and `merge`, and the event of every end. What staff enter for the customer rests
on the customer's own word, and what they close without an answer on a second person and a ground that the charter
lists. Source: `003_0c0e7b8081a12964.txt` (the time to go on is the customer's).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.calendar.pinned import in_words
from domain.charter.terms import Name
from domain.complaint.commands import (
    IN_WELSH,
    Actor,
    Command,
    Reason,
    RestsOn,
    check_reason,
    check_said,
)
from domain.complaint.events import Happened
from domain.complaint.feature import made
from domain.complaint.opening import same_customer
from domain.complaint.policies.eligibility import (
    approval,
    check_independence,
    check_second_person,
    rests_on,
)
from domain.complaint.policies.windows import is_since, unanswered, window_after_reply
from domain.complaint.state import Complaint
from domain.complaint.values import Contact
from domain.errors import InvalidCommand, WrongRole, WrongState
from domain.vocabulary import CUSTOMERS_OWN, ClosedHow, Role
from domain.wire import Body, Line, Reference, sentence


class Accept(RestsOn):
    """The customer is content with the reply; staff name the contact in which they said so."""

    verb = "accept"


class Withdraw(RestsOn):
    """The customer takes the complaint back; staff name the contact in which they said so."""

    verb = "withdraw"
    reason: Reason = Field(description="Why; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)


class Close(Command):
    """Close the complaint for a reason that no other verb covers."""

    verb = "close"
    reason: Reason = Field(description="Why; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)
    ground: Name | None = Field(
        default=None, description="Without a reply: one of the grounds that the charter lists."
    )
    findings: Body = Field(
        default="", description="Without a reply: what was found; the customer reads it."
    )
    findings_cy: Body = Field(default="", description=IN_WELSH)
    approved_by: Actor | None = Field(
        default=None, description="Without a reply: the second person who agrees to it."
    )


class Merge(Command):
    """Close this complaint as a duplicate of the one that took it in."""

    verb = "merge"
    into: Reference = Field(description="The complaint that goes on for both.")
    reason: Reason = Field(description="Why; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)
    customer: Line | None = Field(
        default=None,
        description="`customer_key` of the other's status: without it nothing is merged.",
    )


@value(frozen=True, slots=True, kw_only=True)
class Closed(Happened):
    """The complaint ended."""

    kind: Literal["closed"] = "closed"
    how: ClosedHow
    reason: str
    window_closed: date | None = None
    into: str | None = None
    """The complaint that goes on for this one, where they were merged."""
    received_at: datetime | None = None
    """When the customer said so, if that was earlier: clocks that ran stop then."""
    contact: int | None = None
    """The contact in which they said so."""
    ground: str | None = None
    findings: str = ""
    approved_by: Actor | None = None
    without_answer: tuple[str, ...] = ()
    """The ids of the clocks that ran when staff closed it without a reply; the report counts them."""


_SAY_WHY = "Say why; it goes on record."


def answers(complaint: Complaint, _: RestsOn) -> tuple[datetime, str]:
    """What the customer is content with, or takes back."""
    if complaint.reply:
        return complaint.reply.at, f"the reply of {complaint.at_stage.title}"
    return complaint.opened.received_at, "the complaint was received"


def accept(complaint: Complaint, command: Accept, now: datetime) -> tuple[Any, ...]:
    """The customer is content."""
    reason = "The reply was accepted."
    said = _said(_word_of(complaint, command))
    return made(Closed, complaint, command, now, how=ClosedHow.ACCEPTED, reason=reason, **said)


def withdraw(complaint: Complaint, command: Withdraw, now: datetime) -> tuple[Any, ...]:
    """The customer takes it back."""
    said = _said(_word_of(complaint, command))
    check_reason(command.reason, _SAY_WHY)
    return made(Closed, complaint, command, now, how=ClosedHow.WITHDRAWN, **said)


def _said(contact: Contact | None) -> dict[str, Any]:
    return {"received_at": contact.received_at} if contact else {}


def _word_of(complaint: Complaint, command: Accept | Withdraw) -> Contact | None:
    """The contact that it rests on. Raises if staff would end it without the customer's word on record."""
    contact, reply = rests_on(complaint, command), complaint.reply
    if command.actor.role in CUSTOMERS_OWN:
        return contact
    _, what = answers(complaint, command)
    theirs = [
        each
        for each in complaint.contacts
        # Whoever asks somebody else to look neither accepts nor withdraws by that.
        if each.theirs and not each.asks_next_stage and (reply is None or is_since(reply, each))
    ]
    if contact in theirs:
        asking = [each for each in unanswered(complaint) if each.asks_next_stage]
        _check_nothing_waits(complaint, asking)
        return contact
    if not theirs:
        raise WrongState(
            f"Nothing was heard from the customer on {complaint.reference} since {what}.",
            f"Record what they said first (record_contact), or leave it to them to {command.verb}.",
        )
    raise InvalidCommand(
        f"contact: to {command.verb} for the customer rests on what they said.",
        f"The contact in which they did: {', '.join(str(each.number) for each in theirs)}.",
    )


def close(complaint: Complaint, command: Close, now: datetime) -> tuple[Any, ...]:
    """Staff end it; without a reply only on a ground, with findings and a second person."""
    window = window_after_reply(complaint)
    if window and command.actor.role is not Role.ADMINISTRATOR:
        until = f" until {in_words(window.closes)}" if window.closes else ""
        raise WrongRole(
            f"The customer may still ask for {window.stage.title}{until}.",
            f"Roles that may close before that: {Role.ADMINISTRATOR}.",
        )
    check_reason(command.reason, _SAY_WHY)
    _check_nothing_waits(complaint, unanswered(complaint))
    without: tuple[str, ...] = ()
    if command.approved_by:  # to agree to an end is to judge as well
        check_independence(complaint, command.approved_by)
        check_second_person(complaint, command.actor, command.approved_by)
    if complaint.reply is None:
        _check_without_reply(complaint, command)
        promises = complaint.rules.promises
        owed = [each for each in complaint.clocks if each.live]
        without = tuple(each.id for each in owed if not promises[each.promise].promise.gives_way_to)
    return made(Closed, complaint, command, now, how=ClosedHow.BY_STAFF, without_answer=without)


def _check_nothing_waits(complaint: Complaint, waiting: Sequence[Contact]) -> None:
    """Raise `WrongState` if staff would end it over what the customer asked for and nobody answered."""
    if waiting:
        numbers = ", ".join(str(each.number) for each in waiting)
        raise WrongState(
            f"On {complaint.reference} the customer waits for an answer: contact {numbers}.",
            "Take it to the next stage if they ask for that (escalate), or answer it (answer_contact).",
        )


def grounds_of(complaint: Complaint) -> dict[str, str]:
    """The grounds on which a complaint may be closed without a reply, by their ids."""
    return {each.id: each.text for each in complaint.rules.charter.closing.grounds}


def _check_without_reply(complaint: Complaint, command: Close) -> None:
    """Raise `InvalidCommand` unless a ground, findings and a second person stand behind it."""
    grounds = grounds_of(complaint)
    if command.ground not in grounds:
        raise InvalidCommand(
            "ground: without a reply a complaint is closed only on one that its charter lists.",
            f"One of: {', '.join(grounds)}." if grounds else "It lists none: reply to it.",
        )
    check_said("findings", command.findings, "Say what was found; the customer reads it.")
    if command.approved_by is None:
        raise InvalidCommand(
            "approved_by: without a reply a complaint is closed by two people.",
            "Somebody else, as manager or administrator.",
        )


def merge(complaint: Complaint, command: Merge, now: datetime) -> tuple[Any, ...]:
    """It is dealt with as part of another."""
    check_duplicate(complaint, "into", command.into, command.reason)
    check_same_customer(complaint, "into", command.into, command.customer)
    return made(Closed, complaint, command, now, how=ClosedHow.MERGED)


def check_duplicate(complaint: Complaint, field_name: str, other: str, reason: str) -> None:
    """Raise `InvalidCommand` for a duplicate of itself, or without a word on how that is known."""
    if other == complaint.reference:
        raise InvalidCommand(f"{field_name}: {other} is this complaint.", "Name the other one.")
    check_reason(reason, "Say how it is known; it goes on record.")


def check_same_customer(complaint: Complaint, field_name: str, other: str, key: str | None) -> None:
    """Raise `InvalidCommand` unless that key of the other's customer says that both are of one customer."""
    instead = "Each customer has an answer of their own: link the two instead (link)."
    if key is None:
        raise InvalidCommand(
            f"customer: nothing says that {other} is of the same customer.",
            f"Give the customer_key of its status. Another customer's is not merged. {instead}",
        )
    if not same_customer(complaint.customer, key):
        raise InvalidCommand(f"{field_name}: {other} is another customer's complaint.", instead)


def line(event: Closed) -> str:
    """Its line in the timeline."""
    by = f" {approval(event.approved_by, event.actor)}" if event.approved_by else ""
    ground = f" ({event.ground})" if event.ground else ""
    said = f" Said in contact {event.contact}." if event.contact else ""
    reason = sentence(event.reason) if said or by else event.reason
    return f"Closed ({event.how}){ground}: {reason}{said}{by}"
