"""What the timeline says of questions to the customer.

Owns the longer of their lines; the shorter stand beside each event in `rules`.
"""

from __future__ import annotations

from domain.calendar.pinned import in_words
from domain.complaint.features.contact.information import events as info

_WHY = {
    info.Why.LOST: "what was asked had not arrived.",
    info.Why.READERS: "others read it by now.",
    info.Why.ANSWERED: "what came is answered.",
}


def asked(event: info.InformationAsked) -> str:
    """What is wanted, and by when."""
    said = [*event.questions, *(each.replace("-", " ") for each in event.missing)]
    stands = " The clocks stand until then." if event.stops_clock else ""
    return f"Asked the customer, by {in_words(event.answer_by)}: {'; '.join(said)}.{stands}"


def heard(event: info.InformationHeard) -> str:
    """What becomes of the question."""
    which = f"request {', '.join(map(str, event.requests))}"
    waits = (
        "waits until what came is answered" if event.unread else "no longer closes the complaint"
    )
    return f"The customer was heard; {which} {waits}."


def postponed(event: info.InformationPostponed) -> str:
    """Until when, and why."""
    until = f"The customer has until {in_words(event.answer_by)} for request {event.request}"
    why = event.reason or (_WHY[event.why] if event.why else "")
    return f"{until}: {why}" if why else f"{until}."
