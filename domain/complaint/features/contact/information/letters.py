"""What people are told of questions to the customer.

Owns the notices of each event. The rules are in `rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.complaint.features.contact.information import events as info
from domain.complaint.notify.compose import ask_reviewer, tell, with_fields, write_to
from domain.complaint.notify.recipients import customer_side, readers
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind


def _facts(complaint: Complaint, event: Any) -> dict[str, Any]:
    return _request(complaint, event.request)


def _request(complaint: Complaint, number: int) -> dict[str, Any]:
    request = complaint.requests[number - 1]
    return {
        "questions": list(request.questions),
        **({"questions_cy": list(request.questions_cy)} if request.questions_cy else {}),
        "missing": [str(each) for each in request.missing],
        "answer_by": request.answer_by.isoformat(),
        "essential": request.essential,
    }


asked = with_fields(NoticeKind.INFORMATION_ASKED, "stops_clock", facts=_facts)
"""What is asked, by when, and what follows without an answer."""
reminded = with_fields(NoticeKind.INFORMATION_REMINDER, facts=_facts)
"""The same again."""
lapsed = with_fields(NoticeKind.INFORMATION_LAPSED, facts=_facts)
"""The customer hears that the work goes on without the answer."""
withdrawn = with_fields(NoticeKind.INFORMATION_WITHDRAWN, "reason", facts=_facts)
"""The customer hears that no answer is needed."""


def postponed(complaint: Complaint, event: info.InformationPostponed) -> Iterator[Notice]:
    """The customer's side hears until when they have or, where no day changed, who comes to read it does."""
    side = zip(readers(complaint), customer_side(complaint), strict=True)
    told = tuple(reader for name, reader in side if not event.readers or name in event.readers)
    facts = _facts(complaint, event)
    yield from write_to(
        told, complaint, event, NoticeKind.INFORMATION_POSTPONED, reason=event.reason, **facts
    )


def overdue(complaint: Complaint, event: info.InformationOverdue) -> Iterator[Notice]:
    """The customer hears that the complaint will be closed, and so does the reviewer."""
    facts = _facts(complaint, event) | {"closes_on": event.closes_on.isoformat()}
    yield from tell(complaint, event, NoticeKind.INFORMATION_OVERDUE, **facts)
    yield from ask_reviewer(complaint, event, NoticeKind.INFORMATION_AWAITED, **facts)


def received(complaint: Complaint, event: info.InformationReceived) -> Iterator[Notice]:
    """Thanks to the customer; the answer to the reviewer. What comes too late is told as a contact."""
    if complaint.reply or complaint.closed:
        return
    yield from tell(complaint, event, NoticeKind.INFORMATION_RECEIVED)
    yield from ask_reviewer(complaint, event, NoticeKind.INFORMATION_IN, summary=event.summary)


def heard(complaint: Complaint, event: info.InformationHeard) -> Iterator[Notice]:
    """The customer hears that it stays open, and the reviewer that they have to go on."""
    facts = [_request(complaint, number) for number in event.requests]
    in_welsh = {"questions_cy": [each for one in facts for each in one.get("questions_cy", ())]}
    wanted = {
        "questions": [each for one in facts for each in one["questions"]],
        **(in_welsh if all("questions_cy" in one for one in facts if one["questions"]) else {}),
        "missing": list(dict.fromkeys(each for one in facts for each in one["missing"])),
    }
    if not event.unread:  # else they were never told that it would be closed
        yield from tell(complaint, event, NoticeKind.INFORMATION_HEARD, **wanted)
    yield from ask_reviewer(
        complaint, event, NoticeKind.INFORMATION_BACK, contact_number=event.by_contact,
        unread=event.unread, **wanted,
    )  # fmt: skip
