"""Receiving: what comes in becomes a complaint, and topics that are dealt with elsewhere are pointed there.

Owns the opening and its first events. That it may end at once is `ending.closing`'s. Sources:
`003_0c0e7b8081a12964.txt` (where a complaint may be opened; outcomes and data protection are other
procedures).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from domain import value
from domain.calendar.interval import NO_UPDATES, Interval
from domain.calendar.pinned import in_words
from domain.charter.rules import Rules
from domain.charter.tables import Stage
from domain.complaint.commands import Actor, Proof, check_past
from domain.complaint.events import Happened
from domain.complaint.feature import EventSpec, Feature, following
from domain.complaint.features.people.preferences import noted
from domain.complaint.features.people.representation.named import not_promised
from domain.complaint.notify.compose import ask_reviewer, tell
from domain.complaint.notify.offers import scope_signposts, topic_words
from domain.complaint.opening import Helper, Opening
from domain.complaint.policies.applicability import exemptions
from domain.complaint.policies.eligibility import complained_of
from domain.complaint.policies.service_times import check_service
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand, WrongStage
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Topic, Trigger
from domain.wire import Wire

TOLERANCE = timedelta(minutes=5)
"""How far a sender's clock may run ahead of ours."""


class Open(Wire):
    """Start the complaint: made by the workflow from its argument."""

    verb: ClassVar[Literal["open"]] = "open"
    opening: Opening
    digest: str
    by: Actor | None = None
    """Who opens it, where that was proven, and by what."""
    proof: Proof | None = None


@value(frozen=True, slots=True, kw_only=True)
class Opened(Happened):
    """The complaint was received; `digest` names the pinned charter and calendar."""

    kind: Literal["opened"] = "opened"
    opening: Opening
    stage: str
    digest: str
    exempted: tuple[str, ...] = ()
    """The promises that are not made because of who acts for the customer."""
    interval_kept: bool = True
    """Whether a promise that is made to the customer goes by how often they asked to hear."""


@value(frozen=True, slots=True, kw_only=True)
class Signposted(Happened):
    """Topics that are dealt with elsewhere were pointed there."""

    kind: Literal["signposted"] = "signposted"
    topics: tuple[Topic, ...]


def receive(complaint: Complaint, command: Open, now: datetime) -> tuple[Any, ...]:
    """The complaint is received at that instant (UTC); its clocks start at the receipt as it was given.

    Raises `InvalidCommand` for a receipt in the future, or so long ago that its calendar does not
    reach today, `WrongStage` for a stage that does not open complaints, `BeyondCalendar` for a
    receipt outside the calendar.
    """
    opening, rules = command.opening, complaint.rules
    check_past("received_at", opening.received_at, now + TOLERANCE)
    if rules.calendar.last_day < now.date():
        raise InvalidCommand(
            f"received_at: {opening.received_at.isoformat()} lies too far back.",
            f"It may not be before {now.year - 2}.",
        )
    if opening.answered_at:
        check_past("subject_case.answered_at", opening.answered_at, now + TOLERANCE)
    check_service(rules, opening.service)
    stage = opening_stage(rules, opening.stage)
    exempted = exemptions(rules, filter(None, (opening.representative,)))
    agreed = (key for key, rule in rules.promises.items() if rule.agreed and key not in exempted)
    asked = isinstance(opening.complainant.update_interval, Interval)
    return (
        Opened(
            number=1, at=now, opening=opening, stage=stage.id, digest=command.digest,
            actor=command.by, proof=command.proof, exempted=exempted, interval_kept=not asked or any(agreed),
        ),
    )  # fmt: skip


def opening_stage(rules: Rules, asked: str | None) -> Stage:
    """The stage at which a complaint opens: the first, or the one asked for if it opens any."""
    if asked is None:
        return rules.ladder[0]
    openers = [stage for at, stage in enumerate(rules.ladder) if at == 0 or stage.opens]
    for stage in openers:
        if stage.id == asked:
            return stage
    raise WrongStage(
        f"{rules.charter.id} does not open complaints at stage {asked!r}.",
        f"Stages that do: {', '.join(stage.id for stage in openers)}.",
    )


def _at_opening(complaint: Complaint, now: datetime) -> tuple[Any, ...]:
    """Topics that the charter leaves out are pointed to where they are dealt with."""
    elsewhere = {term.topic for term in complaint.rules.charter.scope}
    topics = tuple(topic for topic in complaint.opened.about if topic in elsewhere)
    return following(Signposted, complaint, now, topics=topics) if topics else ()


def _is_feedback(opening: Opening) -> bool:
    return set(opening.about) == {Topic.FEEDBACK}


def _opened(complaint: Complaint, event: Opened) -> dict[str, Any]:
    opening, case = event.opening, event.opening.subject_case
    helper = opening.representative
    return {
        "opening": opening,
        "feedback": _is_feedback(opening),
        "complainant": opening.complainant,
        "preferred": opening.complainant.update_interval is not None,
        "helpers": (Helper(helper, wrote=True),) if helper else (),
        "stage": event.stage,
        "conflicted": frozenset(w.identity for w in complained_of(complaint.rules, opening)),
        "case_open": bool(case and case.open),
        "case_answered_at": case.answered_at if case else None,
    }


def _new_complaint(complaint: Complaint, event: Opened) -> Iterator[Notice]:
    opening = event.opening
    if complaint.feedback:
        if not opening.answer_wanted:  # else staff are asked once it was thanked for
            done = {"due": None, "proof": None}
            yield from tell_of_feedback(complaint, event, **done)
        return
    yield from ask_reviewer(
        complaint, event, NoticeKind.NEW_COMPLAINT, channel=str(opening.channel),
        about=topic_words(opening.about), details=opening.details,
        remedy_sought=opening.remedy_sought, adjustments=list(complaint.customer.adjustments),
        language=complaint.customer.language,
        asked_at_once=[str(each) for each in complaint.rules.charter.information.asked_at_opening],
    )  # fmt: skip
    if not event.interval_kept:
        yield from noted(complaint, event)


def tell_of_feedback(complaint: Complaint, event: Any, **facts: Any) -> Iterator[Notice]:
    """Staff read feedback, whether or not it asks for an answer."""
    opening = complaint.opened
    yield from ask_reviewer(
        complaint, event, NoticeKind.NEW_FEEDBACK, channel=str(opening.channel),
        details=opening.details, answer_wanted=opening.answer_wanted, **facts,
    )  # fmt: skip


def _point(complaint: Complaint, event: Signposted) -> Iterator[Notice]:
    if len(event.topics) < len(complaint.opened.about):
        further, topics = scope_signposts(complaint), topic_words(event.topics)
        yield from tell(complaint, event, NoticeKind.SIGNPOSTED, topics=topics, further=further)


def _line(event: Opened) -> str:
    opening = event.opening
    exempt = not_promised(opening.correspondent, event.exempted)
    often = opening.complainant.update_interval
    wish = (
        "They want no regular updates"
        if often == NO_UPDATES
        else f"They want to hear every {often}"
    )
    wish += "" if event.interval_kept else "; nothing keeps that at present"
    what, about = "Complaint", f", about {', '.join(opening.about)}"
    if _is_feedback(opening):
        what, about = "Feedback", ""
    return (
        f"{what} received by {opening.channel} on {in_words(opening.received_at.date())}{about}; "
        f"it opens at {event.stage}."
        f"{exempt}{f' {wish}.' if often else ''}"
    )


FEATURE = Feature(
    events={
        Opened: EventSpec(
            _line, _opened, _new_complaint,
            owed=(NoticeKind.NEW_COMPLAINT, NoticeKind.NEW_FEEDBACK, NoticeKind.PREFERENCES_NOTED),
            triggers=(Trigger.RECEIVED, Trigger.STAGE_ENTERED),
            since=lambda event: event.opening.received_at,
        ),
        Signposted: EventSpec(
            lambda e: f"Signposted elsewhere: {', '.join(e.topics)}.", react=_point,
            owed=(NoticeKind.SIGNPOSTED,),
        ),
    },
    at_opening=_at_opening,
    of_opening=(Opened, Signposted),
)  # fmt: skip
