"""The timeline: each event in a line that staff can read.

Owns the words. They hold what staff may see; `public` gives the same without anything personal,
for places that are stored in the clear.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from domain.calendar.counting import in_words
from domain.calendar.interval import NO_UPDATES
from domain.complaint import events as ev
from domain.complaint.features.registry import MATTERS
from domain.notices import Notice


def line(event: Any) -> str:
    """The event in one line, for staff."""
    return _LINES[type(event)](event)


def by(event: Any) -> str:
    """Who did it: `H Jones (manager)`, or `time` where nobody did."""
    return f"{event.actor.name} ({event.actor.role})" if event.actor else "Uphold"


def row(event: Any) -> dict[str, Any]:
    """The event as a row of the timeline: number, at (ISO, UTC), kind, by, text."""
    at: datetime = event.at
    return {
        "number": event.number,
        "at": at.isoformat(),
        "kind": event.kind,
        "by": by(event),
        "text": line(event),
    }


def public(event: Any) -> str:
    """The event's kind in words, without anything personal: `Promise missed: FO-8/reply`."""
    words = event.kind.replace("-", " ").capitalize()
    if isinstance(event, ev.PromiseWarned | ev.PromiseMissed):
        return f"{words}: {event.promise}"
    if isinstance(event, ev.Escalated):
        return f"{words} to {event.to}"
    if isinstance(event, ev.Replied):
        return f"{words}: {event.outcome}"
    return f"{words}: {event.how}" if isinstance(event, ev.Closed) else words


def notice_summary(notice: Notice) -> str:
    """What a notice is, without anything personal: `acknowledgement to customer`."""
    return f"{notice.kind} to {notice.recipient.kind}"


def _opened(event: ev.Opened) -> str:
    opening = event.opening
    exempt = f" Not promised, as a {opening.correspondent} acts: {', '.join(event.exempted)}."
    often = opening.complainant.update_interval
    wish = (
        "They want no regular updates"
        if often == NO_UPDATES
        else f"They want to hear every {often}"
    )
    return (
        f"Complaint received by {opening.channel} on {in_words(opening.received_at.date())}, "
        f"about {', '.join(opening.about)}; it opens at {event.stage}."
        f"{exempt if event.exempted else ''}{f' {wish}.' if often else ''}"
    )


def _replied(event: ev.Replied) -> str:
    remedies = f" Remedies: {'; '.join(event.remedies)}." if event.remedies else ""
    return f"Replied at {event.stage}: {event.outcome}.{remedies}"


def _reassigned(event: ev.Reassigned) -> str:
    old = f" from {event.from_handler.name}" if event.from_handler else ""
    return f"Reassigned{old} to {event.handler.name}: {event.reason}."


def _missed(event: ev.PromiseMissed) -> str:
    again = f" New date: {in_words(event.new_due)}." if event.new_due else ""
    told = "" if event.apology else " The customer is not written to about it again."
    return f"{event.promise} was missed: it was due on {in_words(event.due)}.{again}{told}"


_LINES: dict[type, Callable[[Any], str]] = {
    ev.Opened: _opened,
    ev.Signposted: lambda e: f"Signposted elsewhere: {', '.join(e.topics)}.",
    ev.Allocated: lambda e: f"Allocated to {e.handler.name}.",
    ev.Introduced: lambda _: "The handler introduced themselves.",
    ev.Acknowledged: lambda _: "Acknowledged.",
    ev.Updated: lambda e: f"Update sent: {e.message}",
    ev.Extended: lambda e: (
        f"More time for {e.clock.split('#')[0]}: due {in_words(e.new_due)} instead of "
        f"{in_words(e.old_due)}. {e.reason}"
    ),
    ev.Paused: lambda e: f"Paused, to be reviewed on {in_words(e.review_on)}. {e.reason}",
    ev.Resumed: lambda _: "Resumed.",
    ev.ReviewFellDue: lambda e: (
        f"The pause is due for review; asked again on {in_words(e.next_review)}."
    ),
    ev.ContactReceived: lambda e: (
        f"Contact {e.contact} by {e.channel}{f' ({e.contact_kind})' if e.contact_kind else ''} "
        f"from {e.from_whom}{', though limited' if e.limited else ''}: {e.summary}"
    ),
    ev.ContactAcknowledged: lambda e: f"Contact {e.contact} acknowledged.",
    ev.ContactAnswered: lambda e: f"Contact {e.contact} answered: {e.summary}",
    ev.Escalated: lambda e: f"Escalated from {e.from_stage} to {e.to}: {e.grounds}",
    ev.Reassigned: _reassigned,
    ev.Replied: _replied,
    ev.Reopened: lambda e: f"Reopened: {e.reason}",
    ev.Closed: lambda e: f"Closed ({e.how}): {e.reason}",
    ev.PassedToDecision: lambda _: "The case went to its decision maker.",
    ev.CaseConcluded: lambda e: f"The case was answered on {in_words(e.answered_at.date())}.",
    ev.PromiseWarned: lambda e: f"{e.promise} is due on {in_words(e.due)}.",
    ev.PromiseMissed: _missed,
    ev.CommandRefused: lambda e: f"{e.verb} was refused ({e.refusal}): {e.message}",
    ev.NoticeUndeliverable: lambda e: f"Notice {e.notice} could not be delivered: {e.reason}",
    ev.CharterRefreshed: lambda e: f"Charter and calendar pinned anew ({e.digest}).",
    **{kind: told.line for matter in MATTERS for kind, told in matter.events.items()},
}
