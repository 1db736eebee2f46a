"""Contacts: something comes in on a complaint, is acknowledged, and is answered.

Owns `record_contact` and `answer_contact`; `acknowledge` is in `handling.acknowledging`. Sources:
`001_52f8d27437deebc1.txt` and `004_223f6b270ec16c9f.txt` (messages are acknowledged and answered in time).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from domain import value
from domain.complaint.commands import IN_WELSH, Command, check_said
from domain.complaint.contact_limits import closed_channels
from domain.complaint.events import Happened
from domain.complaint.feature import Barred, CommandSpec, EventSpec, Feature, made
from domain.complaint.features.contact.limited_answers import period_of, waiting_together
from domain.complaint.features.contact.waiting import next_ask
from domain.complaint.notify.compose import answer_apart, ask, write_to
from domain.complaint.notify.facts import day_of
from domain.complaint.notify.offers import reopening
from domain.complaint.notify.recipients import sender_side
from domain.complaint.policies.after_end import refuse_merged, was_heard_in_time
from domain.complaint.policies.applicability import answered_by_reply, sender_of
from domain.complaint.policies.eligibility import is_theirs
from domain.complaint.policies.windows import silence_ends_at, telling, unanswered
from domain.complaint.state import Complaint
from domain.complaint.values import Contact, with_changes
from domain.errors import UnknownContact, WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import (
    ALL_SIDES,
    ANY,
    CASEWORK,
    Channel,
    ContactKind,
    FromWhom,
    Role,
    Trigger,
)
from domain.wire import Body, Instant, Line


class RecordContact(Command):
    """Something came in: a message, a letter, a call, a visit."""

    verb = "record_contact"
    channel: Channel = Field(description="How it reached us.")
    from_whom: FromWhom = Field(description="Who it came from.")
    summary: Body = Field(description="What it said.")
    received_at: Instant = Field(
        description="When it was received, such as 2026-11-20T16:45+00:00."
    )
    contact_kind: ContactKind | None = Field(
        default=None,
        description="What sort of message, where somebody says; a `call` was taken there and then.",
    )
    who: Line | None = Field(
        default=None, description="Which representative, by name; needed where several act."
    )
    answers: bool = Field(default=False, description="It answers what the customer was asked.")
    asks_next_stage: bool | None = Field(
        default=None,
        description="Whether it asks for the next stage. Left out: what comes after a reply may.",
    )


class AnswerContact(Command):
    """Answer one inbound contact by its number."""

    verb = "answer_contact"
    contact: Annotated[int, Field(ge=1, description="The contact's number.")]
    summary: Body = Field(description="The answer.")
    summary_cy: Body = Field(default="", description=IN_WELSH)


@value(frozen=True, slots=True, kw_only=True)
class ContactReceived(Happened):
    """Something came in; `contact` is its number within the complaint."""

    kind: Literal["contact-received"] = "contact-received"
    contact: int
    channel: Channel
    from_whom: FromWhom
    summary: str
    received_at: datetime
    contact_kind: ContactKind | None = None
    together: bool = False
    """Whether it is answered together with what else comes while contact is limited."""
    limited: bool = False
    """Whether it came by a channel that was closed to the customer; it counts all the same."""
    who: str | None = None
    """The name of the representative who wrote, where that was said."""
    asks_next_stage: bool | None = None
    """Whether it asks for the next stage; none where nobody has said."""
    ask_on: date | None = None
    """When staff are asked again to deal with it, if it keeps the complaint open till then."""


@value(frozen=True, slots=True, kw_only=True)
class ContactAcknowledged(Happened):
    """An inbound contact was acknowledged."""

    kind: Literal["contact-acknowledged"] = "contact-acknowledged"
    contact: int


@value(frozen=True, slots=True, kw_only=True)
class ContactAnswered(Happened):
    """An inbound contact was answered."""

    kind: Literal["contact-answered"] = "contact-answered"
    contact: int
    summary: str


def record(complaint: Complaint, command: RecordContact, now: datetime) -> tuple[Any, ...]:
    """It came in, and has the next number."""
    number, limited = len(complaint.contacts) + 1, _is_limited(complaint, command)
    return made(
        ContactReceived, complaint, command, now, contact=number, limited=limited,
        together=(many := _is_one_of_many(complaint, command)),
        ask_on=None if many and waiting_together(complaint) else next_ask(complaint, now, 0),
    )  # fmt: skip


def _is_limited(complaint: Complaint, command: RecordContact) -> bool:
    """Whether the contact came by a channel that is closed to the customer at present."""
    limited = complaint.restriction
    if limited is None or command.from_whom is not FromWhom.CUSTOMER:
        return False
    return command.channel in closed_channels(limited.limits)


def _is_one_of_many(complaint: Complaint, command: RecordContact) -> bool:
    """Whether it is answered together with what else they send, while contact is limited so."""
    return command.from_whom is FromWhom.CUSTOMER and period_of(complaint) is not None


def _answer(complaint: Complaint, command: AnswerContact, now: datetime) -> tuple[Any, ...]:
    check_said("summary", command.summary, "Say what the answer is.")
    check_waiting(complaint, command.contact, answered=True)
    check_sender(complaint, command.contact)
    return made(ContactAnswered, complaint, command, now)


def check_waiting(complaint: Complaint, number: int, *, answered: bool) -> None:
    """Raise `UnknownContact` unless that contact still waits to be acknowledged (or answered)."""
    numbers = [str(each.number) for each in complaint.contacts if not each.answered]
    waiting = f"Waiting: {', '.join(numbers)}." if numbers else "No contact is waiting."
    contact = complaint.contact(number, waiting)
    if contact.answered if answered else contact.acknowledged:
        raise UnknownContact(f"Contact {number} was dealt with already.", waiting)


def _received(complaint: Complaint, event: ContactReceived) -> dict[str, Any]:
    theirs = is_theirs(complaint, event.from_whom, event.actor, event.who)
    contact = Contact(
        event.contact, event.channel, event.from_whom, event.received_at, kind=event.contact_kind,
        limited=event.limited, together=event.together, theirs=theirs, asks_next_stage=event.asks_next_stage,
        ask_on=event.ask_on, who=event.who, after_end=complaint.closed is not None,
    )  # fmt: skip
    sender = sender_of(complaint, event.from_whom, event.who)
    helpers = tuple(
        replace(each, wrote=True) if each is sender else each for each in complaint.helpers
    )
    return {"contacts": (*complaint.contacts, contact), "helpers": helpers}


def _acknowledged(complaint: Complaint, event: ContactAcknowledged) -> dict[str, Any]:
    return {"contacts": with_changes(complaint.contacts, event.contact, acknowledged=True)}


def _answered(complaint: Complaint, event: ContactAnswered) -> dict[str, Any]:
    """The time to go on begins anew where only this contact has kept it from being over."""
    numbers = {event.contact}
    if complaint.contact(event.contact).together:
        numbers |= {each.number for each in waiting_together(complaint)}
    contacts = with_changes(complaint.contacts, *numbers, acknowledged=True, answered=True)
    ends, reply = silence_ends_at(complaint) if unanswered(complaint) else None, complaint.reply
    if reply and ends and ends <= event.at:
        reply = telling(complaint, reply, event.number, event.at)
    return {"contacts": contacts, "reply": reply}


def _tell_staff(complaint: Complaint, event: ContactReceived) -> Iterator[Notice]:
    """At once, unless it is one more of many that are answered together and asks for nothing new."""
    if event.together and len(waiting_together(complaint)) > 1 and not event.asks_next_stage:
        return
    ended = _after_end(complaint, event)
    manager = Role.MANAGER if ended and ended["manager"] else None
    yield from ask(
        complaint, event, NoticeKind.CONTACT_RECEIVED, (complaint.reviewer, manager),
        contact_number=event.contact, after_end=ended,
        channel=str(event.channel), from_whom=str(event.from_whom), summary=event.summary,
        contact_kind=str(event.contact_kind) if event.contact_kind else None,
        limited=event.limited, to_stage=_asked_for(complaint, event),
        asks_next_stage=bool(event.asks_next_stage),
    )  # fmt: skip


def _after_end(complaint: Complaint, event: ContactReceived) -> dict[str, Any] | None:
    """What staff are told of something that comes after the end; none where it had come in time."""
    closed, contact = complaint.closed, complaint.contact(event.contact)
    said_at = contact.received_at if contact.theirs else None
    if closed is None or was_heard_in_time(complaint, said_at):
        return None
    closed_on = day_of(complaint, closed.at).isoformat()
    return {"closed_on": closed_on, **reopening(complaint, event.at, contact)}


def _asked_for(complaint: Complaint, event: ContactReceived) -> str | None:
    """The title of the stage that this contact asks for, or may ask for."""
    following = complaint.rules.next_stage(complaint.stage)
    waits = any(each.number == event.contact for each in unanswered(complaint))
    return following.title if following and waits else None


def _tell_acknowledged(complaint: Complaint, event: ContactAcknowledged) -> Iterator[Notice]:
    contact = complaint.contact(event.contact)
    received_on = day_of(complaint, contact.received_at)
    yield from write_to(
        sender_side(complaint, contact), complaint, event, NoticeKind.CONTACT_ACKNOWLEDGED, channel=str(contact.channel),
        received_on=received_on.isoformat(),
    )  # fmt: skip


def check_sender(complaint: Complaint, number: int) -> None:
    """Raise `WrongState` for the letter of a member whom nothing on record names: they are to be answered."""
    if not answered_by_reply(complaint, number):
        raise WrongState(
            f"Contact {number} is a member's, and nothing on record says who that is.",
            "Name the member first (name_representative), or say who wrote (who).",
        )


def _tell_answer(complaint: Complaint, event: ContactAnswered) -> Iterator[Notice]:
    contact = complaint.contact(event.contact)
    to, sender = (
        sender_side(complaint, contact),
        sender_of(complaint, contact.from_whom, contact.who),
    )
    theirs = contact.from_whom is FromWhom.CUSTOMER
    wrote = complaint.customer.name if theirs else sender.who.name if sender else contact.who
    yield from write_to(
        to, complaint, event, NoticeKind.CONTACT_ANSWER, summary=event.summary, wrote=wrote
    )
    yield from answer_apart(complaint, event, (sender,) if sender else ())


def _line(event: ContactReceived) -> str:
    kind = f" ({event.contact_kind})" if event.contact_kind else ""
    limited = ", though limited" if event.limited else ""
    asks = ", asking for the next stage" if event.asks_next_stage else ""
    whence = f"by {event.channel}{kind} from {event.from_whom}{limited}{asks}"
    return f"Contact {event.contact} {whence}: {event.summary}"


FEATURE = Feature(
    commands={
        RecordContact: CommandSpec(
            ALL_SIDES, ANY, (ContactReceived,), record, guard=refuse_merged, passes_on=True, barred=Barred.NOBODY,
            without_authority=True,
        ),
        AnswerContact: CommandSpec(CASEWORK, ANY, (ContactAnswered,), _answer),
    },
    events={
        ContactReceived: EventSpec(
            _line, _received, _tell_staff, owed=(NoticeKind.CONTACT_RECEIVED,),
            triggers=(Trigger.CONTACT_RECEIVED,), since=lambda event: event.received_at,
            brings_contact=True, touches=False,
        ),
        ContactAcknowledged: EventSpec(
            lambda e: f"Contact {e.contact} acknowledged.", _acknowledged,
            _tell_acknowledged, owed=(NoticeKind.CONTACT_ACKNOWLEDGED,),
            triggers=(Trigger.CONTACT_ACKNOWLEDGED,),
        ),
        ContactAnswered: EventSpec(
            lambda e: f"Contact {e.contact} answered: {e.summary}", _answered,
            _tell_answer, owed=(NoticeKind.CONTACT_ANSWER, NoticeKind.ANSWERED_DIRECTLY),
            triggers=(Trigger.CONTACT_ANSWERED,),
        ),
    },
)  # fmt: skip
