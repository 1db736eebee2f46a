"""Which notices an event owes, to whom, with which facts.

Owns `react` and the table of notice kinds per event. How a notice is worded is the templates'
business, how it travels the channels'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from domain.clocks.proof import proof_facts, proof_of
from domain.complaint import events as ev
from domain.complaint.features.ending.closings import CLOSINGS, closed, topic_words
from domain.complaint.features.registry import MATTERS
from domain.complaint.features.remedies.remedy_promise import remedy_facts
from domain.complaint.notify.facts import day_of, scope_signposts
from domain.complaint.notify.recipients import ask, tell
from domain.complaint.policies.rescheduling import moved_facts
from domain.complaint.policies.service_times import service_facts, time_of_its_own
from domain.notices import Notice, NoticeKind, RecipientKind
from domain.vocabulary import Role

if TYPE_CHECKING:
    from domain.complaint.state import Complaint

OWED: dict[type, tuple[NoticeKind, ...]] = {
    ev.Opened: (NoticeKind.NEW_COMPLAINT,),
    ev.Signposted: (NoticeKind.SIGNPOSTED,),
    ev.Allocated: (NoticeKind.ALLOCATED,),
    ev.Introduced: (NoticeKind.INTRODUCTION,),
    ev.Acknowledged: (NoticeKind.ACKNOWLEDGEMENT,),
    ev.Updated: (NoticeKind.PROGRESS,),
    ev.Extended: (NoticeKind.MORE_TIME,),
    ev.Paused: (NoticeKind.PAUSED,),
    ev.Resumed: (NoticeKind.RESUMED,),
    ev.ReviewFellDue: (NoticeKind.REVIEW_DUE, NoticeKind.STILL_WAITING),
    ev.ContactReceived: (NoticeKind.CONTACT_RECEIVED,),
    ev.ContactAcknowledged: (NoticeKind.CONTACT_ACKNOWLEDGED,),
    ev.ContactAnswered: (NoticeKind.CONTACT_ANSWER,),
    ev.Escalated: (NoticeKind.ESCALATED, NoticeKind.STAGE_ENTERED),
    ev.Reassigned: (NoticeKind.NEW_HANDLER, NoticeKind.ALLOCATED),
    ev.Replied: (NoticeKind.REPLY, NoticeKind.FINAL_REPLY),
    ev.Reopened: (NoticeKind.REOPENED, NoticeKind.STAGE_ENTERED),
    ev.Closed: tuple(CLOSINGS.values()),
    ev.PassedToDecision: (),
    ev.CaseConcluded: (),
    ev.PromiseWarned: (NoticeKind.PROMISE_WARNING, NoticeKind.DELAY_WARNING),
    ev.PromiseMissed: (NoticeKind.APOLOGY, NoticeKind.PROMISE_MISSED),
    ev.CommandRefused: (NoticeKind.SIGNAL_REFUSED,),
    ev.NoticeUndeliverable: (NoticeKind.UNDELIVERABLE,),
    ev.CharterRefreshed: (NoticeKind.DATES_CORRECTED,),
    **{kind: told.owed for matter in MATTERS for kind, told in matter.events.items()},
}
"""Every kind of notice that an event can owe; what `react` gives is always among these."""


def react(complaint: Complaint, event: Any) -> tuple[Notice, ...]:
    """The notices owed because of the event, which has been folded into the complaint already.

    Keys are `<reference>/<event number>/<kind>/<recipient>`: made again, they are the same.
    """
    reaction = _REACTIONS.get(type(event))
    return tuple(reaction(complaint, event)) if reaction else ()


def _reviewer(complaint: Complaint) -> Role | None:
    return complaint.rules.stage(complaint.stage).role


def _following(complaint: Complaint) -> Role | None:
    following = complaint.rules.next_stage(complaint.stage)
    return following.role if following else Role.MANAGER


def _opened(complaint: Complaint, event: ev.Opened) -> Iterator[Notice]:
    opening = event.opening
    yield from ask(
        complaint, event, NoticeKind.NEW_COMPLAINT, (_reviewer(complaint),),
        channel=str(opening.channel), about=topic_words(opening.about), details=opening.details,
        remedy_sought=opening.remedy_sought, adjustments=list(complaint.customer.adjustments),
        language=complaint.customer.language,
    )  # fmt: skip


def _signposted(complaint: Complaint, event: ev.Signposted) -> Iterator[Notice]:
    if len(event.topics) < len(complaint.opened.about):
        further = scope_signposts(complaint)
        topics = topic_words(event.topics)
        yield from tell(complaint, event, NoticeKind.SIGNPOSTED, topics=topics, further=further)


def _allocated(complaint: Complaint, event: ev.Allocated | ev.Reassigned) -> Iterator[Notice]:
    adjustments = list(complaint.customer.adjustments)
    role = (_reviewer(complaint),)
    yield from ask(complaint, event, NoticeKind.ALLOCATED, role, adjustments=adjustments)


def _acknowledged(complaint: Complaint, event: ev.Acknowledged) -> Iterator[Notice]:
    """Whoever has not said how and how often they want to hear is asked, where the charter says so."""
    asks = complaint.rules.charter.preferences.ask and not complaint.preferred
    facts = {"ask_preferences": asks, "service": service_facts(complaint)}
    yield from tell(complaint, event, NoticeKind.ACKNOWLEDGEMENT, **facts)


def _reassigned(complaint: Complaint, event: ev.Reassigned) -> Iterator[Notice]:
    yield from tell(complaint, event, NoticeKind.NEW_HANDLER)
    yield from _allocated(complaint, event)


def _plain(kind: NoticeKind, *fields: str) -> Callable[[Complaint, Any], Iterator[Notice]]:
    """A notice to the customer's side with these fields of the event as its facts."""

    def reaction(complaint: Complaint, event: Any) -> Iterator[Notice]:
        facts = {field: _as_fact(getattr(event, field)) for field in fields}
        yield from tell(complaint, event, kind, **facts)

    return reaction


def _as_fact(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _review_fell_due(complaint: Complaint, event: ev.ReviewFellDue) -> Iterator[Notice]:
    pause = complaint.pause
    facts = {
        "reason": pause.reason if pause else "",
        "third_party": pause.third_party if pause else None,
        "next_review": event.next_review.isoformat(),
    }
    yield from ask(complaint, event, NoticeKind.REVIEW_DUE, (_reviewer(complaint),), **facts)
    if pause and pause.third_party:  # it drags on, and the customer knows whom it waits for
        yield from tell(complaint, event, NoticeKind.STILL_WAITING, **facts)


def _contact_received(complaint: Complaint, event: ev.ContactReceived) -> Iterator[Notice]:
    yield from ask(
        complaint, event, NoticeKind.CONTACT_RECEIVED, (_reviewer(complaint),),
        contact_number=event.contact, channel=str(event.channel), from_whom=str(event.from_whom),
        summary=event.summary, contact_kind=str(event.contact_kind) if event.contact_kind else None,
        limited=event.limited,
    )  # fmt: skip


def _contact_acknowledged(complaint: Complaint, event: ev.ContactAcknowledged) -> Iterator[Notice]:
    contact = complaint.contacts[event.contact - 1]
    received_on = day_of(complaint, contact.received_at)
    yield from tell(
        complaint, event, NoticeKind.CONTACT_ACKNOWLEDGED, channel=str(contact.channel),
        received_on=received_on.isoformat(),
    )  # fmt: skip


def _escalated(complaint: Complaint, event: ev.Escalated) -> Iterator[Notice]:
    facts = {
        "grounds": event.grounds,
        "from_stage_title": complaint.rules.stage(event.from_stage).title,
    }
    yield from tell(complaint, event, NoticeKind.ESCALATED, **facts)
    yield from ask(complaint, event, NoticeKind.STAGE_ENTERED, (_reviewer(complaint),), **facts)


def _reopened(complaint: Complaint, event: ev.Reopened) -> Iterator[Notice]:
    title = complaint.rules.stage(complaint.stage).title
    yield from tell(complaint, event, NoticeKind.REOPENED, reason=event.reason)
    if complaint.reply:
        return  # only the window is open again: the stage has answered
    yield from ask(
        complaint, event, NoticeKind.STAGE_ENTERED, (_reviewer(complaint),),
        grounds=event.reason, from_stage_title=title,
    )  # fmt: skip


def _replied(complaint: Complaint, event: ev.Replied) -> Iterator[Notice]:
    last = complaint.rules.next_stage(event.stage) is None
    yield from tell(
        complaint, event, NoticeKind.FINAL_REPLY if last else NoticeKind.REPLY,
        findings=event.findings, outcome=str(event.outcome), remedies=remedy_facts(event.remedies, event.commitments),
    )  # fmt: skip


def _warned(complaint: Complaint, event: ev.PromiseWarned) -> Iterator[Notice]:
    promise = complaint.rules.promises[event.promise].promise
    facts = {
        "promise": event.promise,
        "promise_text": promise.text,
        "own_time": time_of_its_own(complaint, complaint.clock(event.clock)),
        "due": event.due.isoformat(),
        "proof": proof_facts(proof_of(complaint.clock(event.clock), complaint.rules)),
    }
    roles = (_reviewer(complaint),)
    yield from ask(complaint, event, NoticeKind.PROMISE_WARNING, roles, **facts)
    if promise.tell_customer:
        said = {name: facts[name] for name in ("promise_text", "own_time")}
        yield from tell(complaint, event, NoticeKind.DELAY_WARNING, **said)


def _missed(complaint: Complaint, event: ev.PromiseMissed) -> Iterator[Notice]:
    """An apology to the customer, if one is due, and word to the role responsible and the next."""
    facts = {
        "promise_text": complaint.rules.promises[event.promise].promise.text,
        "own_time": time_of_its_own(complaint, complaint.clock(event.clock)),
        "missed_due": event.due.isoformat(),
        "new_due": _as_fact(event.new_due),
    }
    if event.apology:
        yield from tell(complaint, event, NoticeKind.APOLOGY, **facts)
    roles = (_reviewer(complaint), _following(complaint))
    yield from ask(
        complaint, event, NoticeKind.PROMISE_MISSED, roles, promise=event.promise,
        apology=event.apology, **facts,
    )  # fmt: skip


def _command_refused(complaint: Complaint, event: ev.CommandRefused) -> Iterator[Notice]:
    yield from ask(
        complaint, event, NoticeKind.SIGNAL_REFUSED, (_reviewer(complaint),),
        verb=event.verb, refusal=event.refusal, message=event.message,
    )  # fmt: skip


def _undeliverable(complaint: Complaint, event: ev.NoticeUndeliverable) -> Iterator[Notice]:
    """A task for staff; none if it was a note to staff itself that bounced, to end the circle."""
    to_staff = event.notice.rsplit("/", 1)[-1] not in tuple(RecipientKind)
    roles = (Role.ADMINISTRATOR,) if to_staff else (_reviewer(complaint),)
    if f"/{NoticeKind.UNDELIVERABLE}/" in event.notice:
        return
    yield from ask(
        complaint, event, NoticeKind.UNDELIVERABLE, roles, notice=event.notice, reason=event.reason
    )


def _refreshed(complaint: Complaint, event: ev.CharterRefreshed) -> Iterator[Notice]:
    dates = moved_facts(complaint, event)
    if dates:
        yield from tell(
            complaint, event, NoticeKind.DATES_CORRECTED, reason=None, charter_version=None,
            moved=dates,
        )  # fmt: skip


_REACTIONS: dict[type, Callable[[Any, Any], Iterator[Notice]]] = {
    ev.Opened: _opened,
    ev.Signposted: _signposted,
    ev.Allocated: _allocated,
    ev.Introduced: _plain(NoticeKind.INTRODUCTION),
    ev.Acknowledged: _acknowledged,
    ev.Updated: _plain(NoticeKind.PROGRESS, "message"),
    ev.Extended: _plain(NoticeKind.MORE_TIME, "old_due", "new_due", "reason"),
    ev.Paused: _plain(NoticeKind.PAUSED, "reason", "review_on", "third_party"),
    ev.Resumed: _plain(NoticeKind.RESUMED),
    ev.ReviewFellDue: _review_fell_due,
    ev.ContactReceived: _contact_received,
    ev.ContactAcknowledged: _contact_acknowledged,
    ev.ContactAnswered: _plain(NoticeKind.CONTACT_ANSWER, "summary"),
    ev.Escalated: _escalated,
    ev.Reassigned: _reassigned,
    ev.Replied: _replied,
    ev.Reopened: _reopened,
    ev.Closed: closed,
    ev.PromiseWarned: _warned,
    ev.PromiseMissed: _missed,
    ev.CommandRefused: _command_refused,
    ev.NoticeUndeliverable: _undeliverable,
    ev.CharterRefreshed: _refreshed,
    **{
        kind: told.react
        for matter in MATTERS
        for kind, told in matter.events.items()
        if told.react is not None
    },
}
