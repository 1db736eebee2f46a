"""What letters offer: each is asked of the rules in the moment in which the letter goes out.

Owns which letter offers which verb, and the asking.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from domain.complaint.commands import Actor
from domain.complaint.decider.decide import decide
from domain.complaint.decider.parsing import parse_command
from domain.complaint.state import FULL_FOR_CUSTOMERS, Complaint
from domain.errors import CalendarTooShort, UpholdError
from domain.notices import Notice, NoticeKind, RecipientKind
from domain.vocabulary import ClosedHow, Role

ANSWERS = {
    NoticeKind.INFORMATION_ASKED, NoticeKind.INFORMATION_REMINDER, NoticeKind.INFORMATION_OVERDUE,
    NoticeKind.INFORMATION_POSTPONED,
}  # fmt: skip
APPOINTMENTS = {NoticeKind.APPOINTMENT_OFFER, NoticeKind.APPOINTMENT_NOT_ATTENDED}
"""Letters that offer another appointment, unless the complaint is closed by then."""
AUTHORITY = {NoticeKind.AUTHORITY_REQUEST, NoticeKind.AUTHORITY_REMINDER}
FOR_GOOD = {
    NoticeKind.CLOSED, NoticeKind.WITHDRAWN, NoticeKind.WINDOW_CLOSED, NoticeKind.NO_ANSWER,
}  # fmt: skip
"""Letters of an end that say, where they name no day, that the complaint cannot be opened again."""
ELSEWHERE = {ClosedHow.MERGED: "what is sent is recorded where it goes on"}
"""Ends after which nothing is recorded here, and why that is as the letter says."""
SOMEBODY = {"kind": "friend", "name": "Somebody Else", "email": "somebody@else.example"}
_WAYS = ("email", "letter", "phone", "web-form", "visit")
_asked: set[Any] = set()
"""What was found to hold already, of a letter's kind, the reader and where the complaint stands."""
Offer = tuple[str, tuple[Role, ...], dict[str, Any]]


def check_offers(notice: Notice, complaint: Complaint, event: Any) -> None:
    """Raise `AssertionError` where the letter offers what would be refused, or denies what would not."""
    at = max(event.at, complaint.opened.received_at)  # a sender's clock may go before ours
    if complaint.events >= FULL_FOR_CUSTOMERS:
        return  # it has grown so large that only what answers and ends it is taken
    for verb, roles, fields in _offers(notice, complaint, event):
        refused = refusal_of(complaint, at, verb, roles, fields)
        assert refused is None, f"{notice.kind} on {at} offers {verb}: {refused}"
    if notice.kind in FOR_GOOD and not notice.facts["reopen_by"]:
        refused = refusal_of(complaint, at, "reopen", (Role.MANAGER,), {"reason": "They asked."})
        assert refused, f"{notice.kind} on {at} says that it cannot be opened again, but it can be"


def check_asked_in_time(complaint: Complaint, now: datetime) -> None:
    """What came by the day that the letter of the end named opens it again, however late somebody reads it."""
    closed, until = complaint.closed, complaint.closed.reopens_until if complaint.closed else None
    if closed is None or until is None or complaint.events >= FULL_FOR_CUSTOMERS:
        return
    for contact in complaint.contacts[closed.contacts :]:  # a reopening answered what came before
        waits = contact.theirs and not contact.answered
        if waits and contact.asks_next_stage is not False and contact.received_at < until:
            refused = refusal_of(
                complaint, max(now, until), "reopen", (Role.MANAGER,), {"reason": "They asked."}
            )
            assert refused is None, f"{contact} came before {until}: {refused}"


def refusal_of(
    complaint: Complaint, at: datetime, verb: str, roles: tuple[Role, ...], fields: dict[str, Any]
) -> UpholdError | None:
    """The refusal that the verb meets then, said by the last of these roles; none if one may."""
    refused: UpholdError | None = None
    for role in roles:
        actor = Actor(id="somebody.new", name="N", role=role)
        said = {"command_id": "new", "actor": actor.model_dump(mode="json"), **fields}
        try:
            decide(complaint, parse_command(verb, json.dumps(said, default=str).encode()), at)
        except CalendarTooShort:
            return None  # nothing can be counted from there, until it is pinned anew
        except UpholdError as error:
            refused = error
        else:
            return None
    return refused


def _offers(notice: Notice, complaint: Complaint, event: Any) -> Iterator[Offer]:
    facts, kind = notice.facts, notice.kind
    reviewer = complaint.at_stage.role or Role.ADMINISTRATOR
    staff = (reviewer, Role.MANAGER, Role.ADMINISTRATOR)
    if facts.get("window"):
        stage = complaint.rules.next_stage(complaint.stage)
        assert stage, f"{kind}: no next stage"
        yield "escalate", (Role.CUSTOMER,), {"to": stage.id, "grounds": "No."}
    if facts.get("reopen_by"):
        yield "reopen", (Role.MANAGER,), {"reason": "They asked."}
    if kind in ANSWERS:
        said = {"request": event.request, "summary": "It was in May."}
        yield "record_information", staff, said
    if (kind in APPOINTMENTS and not complaint.closed) or (
        kind is NoticeKind.APPOINTMENT_CANCELLED and not facts["anew"]
    ):
        said = {"about": "My papers.", "requested_at": complaint.opened.received_at}
        yield "request_appointment", (*staff, Role.CUSTOMER), said
    if kind in AUTHORITY:
        said = {"how": "They wrote.", "who": notice.facts["representative_name"]}
        yield "give_authority", staff, said
    if kind is NoticeKind.INFORMER_NOTED and notice.recipient.kind is RecipientKind.CUSTOMER:
        yield "hear_directly", (Role.CUSTOMER,), {}
    if kind is NoticeKind.PREFERENCES_NOTED:  # "if you change your mind"
        yield "prefer", (Role.CUSTOMER,), {"adjustments": []}
    if kind is NoticeKind.AUTHORITY_WITHDRAWN:  # "if you would like somebody else"
        yield "name_representative", (Role.CUSTOMER,), {"representative": SOMEBODY}
    yield from _that_we_hear(notice, complaint, event)


def _that_we_hear(notice: Notice, complaint: Complaint, event: Any) -> Iterator[Offer]:
    """Every letter asks its reader to tell us; asked once for each kind wherever a complaint may stand."""
    closed = complaint.closed.how if complaint.closed else None
    key = notice.kind, notice.recipient.kind, complaint.rules.charter.id, complaint.state, closed
    customer = notice.recipient.kind is RecipientKind.CUSTOMER
    if key in _asked or not customer or closed in ELSEWHERE:
        return
    way = next(each for each in _WAYS if each not in notice.facts["closed_ways"])
    said = {"channel": way, "from_whom": "customer", "summary": "No.", "received_at": event.at}
    yield "record_contact", (Role.CASE_HANDLER, Role.UPSTREAM_APP), said
    _asked.add(key)
