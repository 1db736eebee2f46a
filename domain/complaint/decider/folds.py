"""What each kind of event changes of a complaint.

Owns the folds of the events that every complaint has; those of a matter are with it. `evolve`, in
`complaint`, puts them together with what every event changes.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from domain.charter.rules import still_closed, unpack
from domain.complaint import events as ev
from domain.complaint.feature import Fold, unchanged
from domain.complaint.features.contact.information.events import RequestState
from domain.complaint.features.registry import MATTERS
from domain.complaint.policies.hearing import is_theirs
from domain.complaint.policies.rescheduling import limited_anew, superseding
from domain.complaint.remembered import Contact, PausedFor
from domain.vocabulary import ClosedHow, ReassignReason
from domain.wire import Person

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


def _opened(_: Complaint, event: ev.Opened) -> dict[str, Any]:
    case = event.opening.subject_case
    return {
        "opening": event.opening,
        "complainant": event.opening.complainant,
        "preferred": event.opening.complainant.update_interval is not None,
        "representative": event.opening.representative,
        "stage": event.stage,
        "case_open": bool(case and case.open),
        "case_answered_at": case.answered_at if case else None,
    }


def _allocated(complaint: Complaint, event: ev.Allocated | ev.Reassigned) -> dict[str, Any]:
    # Whoever was given it has had it in hand, whoever notes down what they did.
    touched = complaint.touched | {(complaint.stage, event.handler.identity)}
    return {"handler": event.handler, "touched": touched}


def _acknowledged(_: Complaint, __: ev.Acknowledged) -> dict[str, Any]:
    return {"acknowledged": True}


def _paused(_: Complaint, event: ev.Paused) -> dict[str, Any]:
    return {"pause": PausedFor(event.reason, event.at, event.review_on, event.third_party)}


def _resumed(_: Complaint, __: ev.Resumed) -> dict[str, Any]:
    return {"pause": None}


def _review_fell_due(complaint: Complaint, event: ev.ReviewFellDue) -> dict[str, Any]:
    pause = complaint.pause
    return {"pause": replace(pause, review_on=event.next_review) if pause else None}


def _contact_received(complaint: Complaint, event: ev.ContactReceived) -> dict[str, Any]:
    contact = Contact(
        event.contact,
        event.channel,
        event.from_whom,
        event.received_at,
        kind=event.contact_kind,
        limited=event.limited,
    )
    theirs = is_theirs(complaint, event.from_whom, event.actor.role if event.actor else None)
    heard = complaint.heard or (theirs and complaint.reply is not None)
    return {"contacts": (*complaint.contacts, contact), "heard": heard}


def _contact_acknowledged(complaint: Complaint, event: ev.ContactAcknowledged) -> dict[str, Any]:
    return _with_contact(complaint, event.contact, answered=False)


def _contact_answered(complaint: Complaint, event: ev.ContactAnswered) -> dict[str, Any]:
    return _with_contact(complaint, event.contact, answered=True)


def _with_contact(complaint: Complaint, number: int, *, answered: bool) -> dict[str, Any]:
    contacts = (
        replace(contact, acknowledged=True, answered=answered)
        if contact.number == number
        else contact
        for contact in complaint.contacts
    )
    return {"contacts": tuple(contacts)}


def _escalated(complaint: Complaint, event: ev.Escalated) -> dict[str, Any]:
    return {
        "stage": event.to,
        "handler": None,
        "acknowledged": False,
        "pause": None,
        "reply": None,
        "handed_back": False,
        "customers_days": _customers_days(complaint, event),
    }


def _customers_days(complaint: Complaint, event: ev.Escalated | ev.Reopened) -> int:
    """The whole days that were the customer's by now: since the reply, or else since it was closed."""
    since = complaint.reply or complaint.closed or event
    return complaint.customers_days + max(0, (event.at - since.at).days)


def _reassigned(complaint: Complaint, event: ev.Reassigned) -> dict[str, Any]:
    changes = _allocated(complaint, event) | {"handed_back": False}
    if event.reason is ReassignReason.CONFLICT and event.from_handler:
        changes["conflicted"] = complaint.conflicted | {event.from_handler.identity}
    return changes


def _replied(complaint: Complaint, event: ev.Replied) -> dict[str, Any]:
    changes = {"reply": event, "window_anew": None, "acknowledged": True, "heard": False}
    by = event.actor and ((event.stage, Person(id=event.actor.id, name=event.actor.name)),)
    return {
        **changes,
        "remedies": complaint.remedies + len(event.commitments),
        "replied_by": (*complaint.replied_by, *(by or ())),
    }


def _reopened(complaint: Complaint, event: ev.Reopened) -> dict[str, Any]:
    closed = complaint.closed
    if closed and closed.how is ClosedHow.WINDOW_CLOSED:
        # The stage has answered; what the customer lacked was the time to go on.
        return {"closed": None, "window_anew": event.at}
    return {
        "closed": None,
        "reply": None,
        "window_anew": None,
        "acknowledged": False,
        "customers_days": _customers_days(complaint, event),
    }


def _closed(complaint: Complaint, event: ev.Closed) -> dict[str, Any]:
    requests = tuple(
        replace(each, state=RequestState.LAPSED) if each.state is RequestState.OPEN else each
        for each in complaint.requests
    )
    return {"closed": event, "pause": None, "requests": requests}


def _passed_to_decision(_: Complaint, __: ev.PassedToDecision) -> dict[str, Any]:
    return {"deciding": True}


def _case_concluded(_: Complaint, event: ev.CaseConcluded) -> dict[str, Any]:
    return {"case_open": False, "case_answered_at": event.answered_at, "deciding": False}


def _promise_missed(complaint: Complaint, event: ev.PromiseMissed) -> dict[str, Any]:
    # The new date that an apology gave is no promise of its own: the miss is counted once.
    counts = not complaint.clock(event.clock).renewal
    return {"missed": complaint.missed + counts}


def _command_refused(complaint: Complaint, event: ev.CommandRefused) -> dict[str, Any]:
    refused = (event.command_id, event.verb, event.refusal)
    return {"refused": complaint.refused | {refused}} if event.command_id else {}


def _charter_refreshed(complaint: Complaint, event: ev.CharterRefreshed) -> dict[str, Any]:
    rules = still_closed(unpack(base64.b64decode(event.pinned)), complaint.closures)
    return {
        "rules": rules,
        "former": (*complaint.former, (event.at, complaint.rules)),
        "clocks": superseding(limited_anew(complaint, rules), event),
    }


FOLDS: dict[type, Fold] = {
    ev.Opened: _opened,
    ev.Signposted: unchanged,
    ev.Allocated: _allocated,
    ev.Introduced: unchanged,
    ev.Acknowledged: _acknowledged,
    ev.Updated: unchanged,
    ev.Extended: unchanged,
    ev.Paused: _paused,
    ev.Resumed: _resumed,
    ev.ReviewFellDue: _review_fell_due,
    ev.ContactReceived: _contact_received,
    ev.ContactAcknowledged: _contact_acknowledged,
    ev.ContactAnswered: _contact_answered,
    ev.Escalated: _escalated,
    ev.Reassigned: _reassigned,
    ev.Replied: _replied,
    ev.Reopened: _reopened,
    ev.Closed: _closed,
    ev.PassedToDecision: _passed_to_decision,
    ev.CaseConcluded: _case_concluded,
    ev.PromiseWarned: unchanged,
    ev.PromiseMissed: _promise_missed,
    ev.CommandRefused: _command_refused,
    ev.NoticeUndeliverable: unchanged,
    ev.CharterRefreshed: _charter_refreshed,
    **{kind: told.fold for matter in MATTERS for kind, told in matter.events.items()},
}
"""What of the complaint each kind of event changes."""
