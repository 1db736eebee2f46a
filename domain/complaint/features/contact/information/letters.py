"""What people are told of questions to the customer.

Owns the notices of each event. The rules are in `information`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from domain.complaint.features.contact.information import events as info
from domain.complaint.notify.recipients import ask, tell
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Role

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


def asked(complaint: Complaint, event: info.InformationAsked) -> Iterator[Notice]:
    """What is asked, by when, and what follows without an answer."""
    yield from tell(
        complaint, event, NoticeKind.INFORMATION_ASKED, **_facts(complaint, event.request),
        stops_clock=event.stops_clock,
    )  # fmt: skip


def reminded(complaint: Complaint, event: info.InformationReminded) -> Iterator[Notice]:
    """The same again."""
    facts = _facts(complaint, event.request)
    yield from tell(complaint, event, NoticeKind.INFORMATION_REMINDER, **facts)


def overdue(complaint: Complaint, event: info.InformationOverdue) -> Iterator[Notice]:
    """Notice to the customer that the complaint will be closed, and word of that to the reviewer."""
    facts = _facts(complaint, event.request) | {"closes_on": event.closes_on.isoformat()}
    yield from tell(complaint, event, NoticeKind.INFORMATION_OVERDUE, **facts)
    yield from ask(
        complaint, event, NoticeKind.INFORMATION_AWAITED, (_reviewer(complaint),), **facts
    )


def received(complaint: Complaint, event: info.InformationReceived) -> Iterator[Notice]:
    """Thanks to the customer; the answer to the reviewer."""
    yield from tell(complaint, event, NoticeKind.INFORMATION_RECEIVED)
    yield from ask(
        complaint, event, NoticeKind.INFORMATION_IN, (_reviewer(complaint),), summary=event.summary
    )


def lapsed(complaint: Complaint, event: info.InformationLapsed) -> Iterator[Notice]:
    """The customer hears that the work goes on without the answer."""
    facts = _facts(complaint, event.request)
    yield from tell(complaint, event, NoticeKind.INFORMATION_LAPSED, **facts)


def heard(complaint: Complaint, event: info.InformationHeard) -> Iterator[Notice]:
    """The customer hears that it stays open; the reviewer, that it is theirs to go on."""
    facts = [_facts(complaint, number) for number in event.requests]
    wanted = {
        "questions": [each for one in facts for each in one["questions"]],
        "missing": list(dict.fromkeys(each for one in facts for each in one["missing"])),
    }
    yield from tell(complaint, event, NoticeKind.INFORMATION_HEARD, **wanted)
    yield from ask(
        complaint, event, NoticeKind.INFORMATION_BACK, (_reviewer(complaint),),
        contact_number=event.by_contact, **wanted,
    )  # fmt: skip


def postponed(complaint: Complaint, event: info.InformationPostponed) -> Iterator[Notice]:
    """The customer hears until when they have."""
    facts = _facts(complaint, event.request) | {"reason": event.reason}
    yield from tell(complaint, event, NoticeKind.INFORMATION_POSTPONED, **facts)


def withdrawn(complaint: Complaint, event: info.InformationWithdrawn) -> Iterator[Notice]:
    """The customer hears that no answer is needed."""
    facts = _facts(complaint, event.request) | {"reason": event.reason}
    yield from tell(complaint, event, NoticeKind.INFORMATION_WITHDRAWN, **facts)


def _facts(complaint: Complaint, number: int) -> dict[str, Any]:
    request = complaint.requests[number - 1]
    return {
        "questions": list(request.questions),
        "missing": [str(each) for each in request.missing],
        "answer_by": request.answer_by.isoformat(),
        "essential": request.essential,
    }


def _reviewer(complaint: Complaint) -> Role | None:
    return complaint.rules.stage(complaint.stage).role
