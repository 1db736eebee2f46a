"""What people are told of questions to the customer.

Owns the notices of each event. The rules are in `rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.complaint.features.contact.information import events as info
from domain.complaint.notify.compose import ask_reviewer, tell, with_fields
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
postponed = with_fields(NoticeKind.INFORMATION_POSTPONED, "reason", facts=_facts)
"""The customer hears until when they have."""
withdrawn = with_fields(NoticeKind.INFORMATION_WITHDRAWN, "reason", facts=_facts)
"""The customer hears that no answer is needed."""


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
    yield from tell(complaint, event, NoticeKind.INFORMATION_HEARD, **wanted)
    yield from ask_reviewer(complaint, event, NoticeKind.INFORMATION_BACK, contact_number=event.by_contact, **wanted,
    )  # fmt: skip
