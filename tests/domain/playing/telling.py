"""What letters tell: every day that one names is the complaint's own, lies ahead, and stays unless it is moved.

Owns the laws of a whole story's letters; `tests/letters/specimens` asks them of every specimen and of
stories of every verb, under every charter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from domain.clocks.due import due_of
from domain.complaint.commands import Actor
from domain.complaint.decider.decide import decide
from domain.complaint.decider.parsing import parse_command
from domain.complaint.features.contact.information.events import (
    InformationAsked,
    InformationLapsed,
    InformationOverdue,
    InformationPostponed,
    InformationReceived,
    InformationWithdrawn,
)
from domain.complaint.features.dates.charter_versions import CharterMigrated, CharterRefreshed
from domain.complaint.features.dates.closures import ClosureApplied
from domain.complaint.features.dates.corrections import ReceiptCorrected
from domain.complaint.features.dates.estimates import EstimatePassed
from domain.complaint.features.dates.extending import Extended
from domain.complaint.features.dates.pausing import Paused, PauseRanOut, Resumed
from domain.complaint.features.dates.promises import PromiseMissed
from domain.complaint.features.ending.heard_in_time import HeardInTime
from domain.complaint.features.ending.last_day import LastDayTold, ReplySentAgain
from domain.complaint.features.ending.reopening import Reopened
from domain.complaint.features.handling.escalation import Escalated
from domain.complaint.features.handling.replying import Replied
from domain.complaint.features.remedies.events import RemedyMissed, RemedyPostponed
from domain.complaint.policies.windows import last_day_to_reopen
from domain.complaint.state import Complaint
from domain.errors import UpholdError
from domain.notices import Notice, NoticeKind, RecipientKind
from domain.vocabulary import Role, Trigger

MOVES = (
    Extended, Paused, Resumed, PauseRanOut, Escalated, CharterRefreshed,
    ReceiptCorrected, ClosureApplied, CharterMigrated,
    InformationAsked, InformationReceived, InformationLapsed,
    InformationWithdrawn,
)  # fmt: skip
"""The events that may move a due date; an escalation ends a pause."""
ANEW = (CharterRefreshed, ClosureApplied, CharterMigrated)
MOVED_BY: dict[str, tuple[type, ...]] = {
    "due": (*MOVES, PromiseMissed, EstimatePassed, Reopened),
    "new_due": (*MOVES, PromiseMissed, EstimatePassed, Reopened),
    "window.closes": (Replied, LastDayTold, ReplySentAgain, Reopened, HeardInTime),
    "answer_by": (InformationPostponed,),
    "closes_on": (InformationPostponed, InformationOverdue),
    "remedy_due": (*ANEW, RemedyMissed, RemedyPostponed),
    "reopen_by": (Reopened,),
    "arrange_by": (*MOVES, PromiseMissed),
}
"""What may stand between two letters that name two days for one thing."""
NOT_THE_ANSWER = {"LG-3": "both stages together: it goes on after the answer at the first"}
"""Promises that a reply keeps though their date is another than the answer's, and why."""
Step = tuple[Complaint, Any, Complaint, tuple[Notice, ...]]
"""The complaint before an event, the event, the complaint after it, the notices that it owes."""
Said = tuple[str, date]
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
BEHIND = {
    "missed_due", "old_due", "window_closed", "received_on", "came_on", "old_received",
    "new_received", "first_sent", "closed_on", "missed.due",
    "counted_from", "replied_on", "acted_on", "answered_on",
}  # fmt: skip
"""Facts that name a day which has been."""
BEHIND_IN: dict[str, set[NoticeKind]] = {
    "answer_by": {
        NoticeKind.INFORMATION_LAPSED, NoticeKind.INFORMATION_OVERDUE,
        NoticeKind.INFORMATION_WITHDRAWN,
    },
    "appointment_day": {
        NoticeKind.APPOINTMENT_NOT_ATTENDED, NoticeKind.APPOINTMENT_FAILED,
        NoticeKind.APPOINTMENT_CANCELLED, NoticeKind.APPOINTMENT_LAPSED,
    },
}  # fmt: skip
"""Letters about a day that may have been, though in others it lies ahead."""


def check_letters(steps: Iterable[Step]) -> None:
    """All of it, for the letters of one story in the order in which they went out."""
    told: dict[Any, tuple[date, int]] = {}
    events: list[Any] = []
    for _, event, after, notices in steps:
        events.append(event)
        for notice in notices:
            if notice.recipient.kind is RecipientKind.STAFF:
                continue
            ahead = list(_ahead(notice))
            _check_days(notice, event, after, ahead)
            for thing, day in _things(notice, event, after, ahead):
                first, since = told.get(thing, (day, len(events)))
                moved = any(isinstance(each, MOVED_BY[thing[1]]) for each in events[since:])
                between = [each.kind for each in events[since:]]
                where = f"{notice.kind} on {event.at}: {thing} is {day}, and was {first}"
                assert day == first or moved, f"{where}; between: {between}"
                told[thing] = day, len(events)
            _check_offers(notice, after, event)


def _check_days(notice: Notice, event: Any, after: Complaint, ahead: list[Said]) -> None:
    """Each is the complaint's own, and none has passed."""
    for name, day in ahead:
        where = f"{notice.kind} of {event.kind} on {event.at}: {name} {day}"
        known = _days(name, notice, after)
        assert day in known, f"{where}, but it is {known}"
        assert after.rules.calendar.end_of_day(day) > event.at, f"{where} has passed"


def _things(
    notice: Notice, event: Any, complaint: Complaint, ahead: list[Said]
) -> Iterator[tuple[Any, date]]:
    """What is told to whom, and its day."""
    who = notice.recipient.kind, notice.recipient.name
    for name, day in ahead:
        if name in {"due", "window.closes"}:
            yield (who, name, complaint.stage), day
        elif name == "new_due" and hasattr(event, "clock"):
            clock = complaint.clock(event.clock)
            rule = complaint.rules.promises[clock.promise]
            answer = rule.meets == {Trigger.REPLIED} and not rule.promise.gives_way_to
            answer = answer and rule.key not in NOT_THE_ANSWER
            yield ((who, "due", complaint.stage) if answer else (who, name, clock.subject)), day
        elif name in {"answer_by", "closes_on", "arrange_by", "remedy_due", "reopen_by"}:
            number = [getattr(event, each, None) for each in ("request", "appointment", "remedy")]
            yield (who, name, *number), day


def steps_of(story: Any) -> Iterator[Step]:
    """The steps of a played story, each with the complaint before it."""
    before = Complaint(story.rules)
    for _, event, after, notices in story.steps:
        yield before, event, after, notices
        before = after


def _ahead(notice: Notice) -> Iterator[Said]:
    for name, day in _named("", notice.facts):
        leaf = name.rsplit(".", 1)[-1]
        if not BEHIND & {leaf, name} and notice.kind not in BEHIND_IN.get(leaf, ()):
            yield name, day


def _named(name: str, facts: Any) -> Iterator[Said]:
    """Every day among the facts, by the names that lead to it; how it was counted is left out."""
    if isinstance(facts, dict):
        for key, value in facts.items():
            if key != "proof":
                yield from _named(f"{name}.{key}".lstrip("."), value)
    elif isinstance(facts, list | tuple):
        for value in facts:
            yield from _named(name, value)
    elif isinstance(facts, str) and DAY.fullmatch(facts):
        yield name, date.fromisoformat(facts)


def _days(name: str, notice: Notice, complaint: Complaint) -> set[date | None]:
    """The days that the complaint itself has for what the letter names."""
    step = (notice.facts["next_step"] or {}).get("kind")
    of_remedy = "remedy" in f"{notice.kind} {step}"
    of_limits = notice.kind in {NoticeKind.CONTACT_LIMITED, NoticeKind.LIMITS_KEPT}
    remedies = {each.waits_for for each in complaint.remedies}
    reviews = {each.review_on for each in (complaint.pause, complaint.restriction) if each}
    until = {complaint.reply.until if complaint.reply else None}
    clocks, calendar = _clocks(complaint), complaint.rules.calendar
    found: dict[str, set[date | None]] = {
        "due": _clocks(complaint, of_reply=True),
        "new_due": remedies if of_remedy else clocks,
        "moved.new_due": {*clocks, *remedies},
        "remedies.due": remedies,
        "remedy_due": remedies,
        "window.closes": until,
        "next_step.on": remedies
        if of_remedy
        else clocks
        if step == "acknowledge"
        else {*until, *reviews},
        "review_on": {*reviews},
        "reason_by": clocks,
        "answer_by": clocks if of_limits else {each.answer_by for each in complaint.requests},
        "closes_on": {each.closes_on for each in complaint.requests},
        "reopen_by": {last_day_to_reopen(complaint)},
        "arrange_by": clocks,
        "appointment_day": {calendar.local_day(e.at) for e in complaint.appointments if e.at},
    }
    assert name in found, f"{notice.kind}: nobody says what {name} is"
    return found[name]


def _clocks(complaint: Complaint, *, of_reply: bool = False) -> set[date | None]:
    rules = complaint.rules
    return {
        due_of(each, rules).day
        for each in complaint.clocks
        if each.ticking and not due_of(each, rules).beyond
        if not of_reply or Trigger.REPLIED in rules.promises[each.promise].meets
    }


def _check_offers(notice: Notice, complaint: Complaint, event: Any) -> None:
    facts = notice.facts
    ways: list[tuple[str, Role, dict[str, Any]]] = []
    if facts.get("window"):
        stage = complaint.rules.next_stage(complaint.stage)
        assert stage, f"{notice.kind}: no next stage"
        ways.append(("escalate", Role.CUSTOMER, {"to": stage.id, "grounds": "No."}))
    if facts.get("reopen_by"):
        ways.append(("reopen", Role.MANAGER, {"reason": "They asked."}))
    for verb, role, fields in ways:
        actor = Actor(id="somebody.new", name="N", role=role)
        said = {"command_id": "new", "actor": actor.model_dump(mode="json"), **fields}
        try:
            decide(complaint, parse_command(verb, json.dumps(said).encode()), event.at)
        except UpholdError as refusal:
            raise AssertionError(f"{notice.kind} offers {verb}: {refusal}") from refusal
