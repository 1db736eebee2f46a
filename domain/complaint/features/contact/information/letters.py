"""What people are told of questions to the customer, and what the timeline says of them.

Owns the notices of each event and the longer of their lines; the shorter stand beside each event in `rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.calendar.pinned import in_words
from domain.complaint.features.contact.information import events as info
from domain.complaint.notify.compose import ask_reviewer, tell, with_fields, write_to
from domain.complaint.notify.recipients import customer_side, readers
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind
from domain.wire import sentence


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


# --- lines of the timeline --------------------------------------------------------------------------

_WHY = {
    info.Why.LOST: "what was asked had not arrived.",
    info.Why.READERS: "others read it by now.",
    info.Why.ANSWERED: "what came is answered.",
}


def asked_line(event: info.InformationAsked) -> str:
    """What is wanted, and by when."""
    said = [*event.questions, *(each.replace("-", " ") for each in event.missing)]
    stands = " The clocks stand until then." if event.stops_clock else ""
    return (
        f"Asked the customer, by {in_words(event.answer_by)}: {sentence('; '.join(said))}{stands}"
    )


def heard_line(event: info.InformationHeard) -> str:
    """What becomes of the question."""
    which = f"request {', '.join(map(str, event.requests))}"
    waits = (
        "waits until what came is answered" if event.unread else "no longer closes the complaint"
    )
    return f"The customer was heard; {which} {waits}."


def postponed_line(event: info.InformationPostponed) -> str:
    """Until when, and why."""
    until = f"The customer has until {in_words(event.answer_by)} for request {event.request}"
    why = event.reason or (_WHY[event.why] if event.why else "")
    return f"{until}: {why}" if why else f"{until}."
