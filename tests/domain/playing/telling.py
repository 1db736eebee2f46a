"""What letters tell: every day that one names is the complaint's own, lies ahead, and stays unless it is moved.

Owns the laws of days. They are asked of every story that is played, by `watching`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any

from domain.clocks.due import due_of
from domain.complaint.features.contact.appointments.events import (
    AppointmentCancelled,
    AppointmentNotHeld,
    AppointmentPutOff,
)
from domain.complaint.features.contact.contacts import ContactAnswered
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
from domain.notices import Notice, NoticeKind, RecipientKind
from domain.vocabulary import Trigger

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
    "window.closes": (Replied, LastDayTold, ReplySentAgain, Reopened, HeardInTime, ContactAnswered),
    "answer_by": (InformationPostponed,),
    "closes_on": (InformationPostponed, InformationOverdue),
    "remedy_due": (*ANEW, RemedyMissed, RemedyPostponed),
    "reopen_by": (Reopened,),
    "arrange_by": (
        *MOVES,
        PromiseMissed,
        AppointmentNotHeld,
        AppointmentPutOff,
        AppointmentCancelled,
    ),
}
"""What may stand between two letters that name two days for one thing."""
Said = tuple[str, date]
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
BEHIND = {
    "broken.due", "broken.done", "missed_due", "old_due", "window_closed", "received_on", "came_on", "old_received",
    "new_received", "first_sent", "closed_on", "missed.due", "not_done.due",
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


class Told:
    """What the letters of one story have told so far, and when."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._events: list[Any] = []
        self._days: dict[Any, tuple[date, int]] = {}

    def hear(self, event: Any, after: Complaint, notices: Iterable[Notice]) -> None:
        """The letters that the event owes. Raises `AssertionError` where one of them is not true."""
        self._events.append(event)
        for notice in notices:
            if notice.recipient.kind is RecipientKind.STAFF:
                continue
            ahead = list(_ahead(notice))
            _check_days(notice, event, after, ahead)
            here: dict[Any, date] = {}
            for thing, day in _things(notice, event, after, ahead):
                where = f"{notice.kind} on {event.at}: {thing} is {day}"
                assert here.setdefault(thing, day) == day, (
                    f"{where}, and {here[thing]} in one letter"
                )
                self._compare(thing, day, after, where)

    def _compare(self, thing: Any, day: date, after: Complaint, where: str) -> None:
        """What the letter before it said of this holds, unless something moved it since."""
        first, since = self._days.get(thing, (day, 0))
        self._days[thing] = day, len(self._events)
        if day != first:
            between = self._events[since:]
            moved = any(_moves(each, thing, after) for each in between)
            assert moved, f"{where}, and was {first}; between: {[each.kind for each in between]}"


def _moves(event: Any, thing: Any, complaint: Complaint) -> bool:
    """Whether the event may have moved it: a miss moves the date of its own promise alone."""
    if isinstance(event, PromiseMissed) and thing[1] == "due":
        rule = complaint.rules.promises.get(event.promise)
        return rule is None or Trigger.REPLIED in rule.meets
    return isinstance(event, MOVED_BY[thing[1]])


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
            yield ((who, "due", complaint.stage) if answer else (who, name, clock.subject)), day
        elif name in {"answer_by", "closes_on", "arrange_by", "remedy_due", "reopen_by"}:
            number = [getattr(event, each, None) for each in ("request", "appointment", "remedy")]
            yield (who, name, *number), day


def _ahead(notice: Notice) -> Iterator[Said]:
    for name, day in _named("", notice.facts):
        leaf = name.rsplit(".", 1)[-1]
        if not BEHIND & {leaf, name} and notice.kind not in BEHIND_IN.get(leaf, ()):
            yield name, day


def _named(name: str, facts: Any) -> Iterator[Said]:
    """Every day among the facts, by the names that lead to it; neither how it was counted nor one that passed."""
    if isinstance(facts, dict):
        for key, value in facts.items():
            if key != "proof" and not (key == "new_due" and facts.get("late")):
                yield from _named(f"{name}.{key}".lstrip("."), value)
    elif isinstance(facts, list | tuple):
        for value in facts:
            yield from _named(name, value)
    elif isinstance(facts, str) and DAY.fullmatch(facts):
        yield name, date.fromisoformat(facts)


def _days(name: str, notice: Notice, complaint: Complaint) -> set[date | None]:
    """The days that the complaint itself has for what the letter names."""
    step = (notice.facts["next_step"] or {}).get("kind")
    if notice.kind in LIMITS and name == "answer_by":
        name = "arrange_by"
    elif (name == "new_due" and notice.kind.startswith("remedy")) or (
        name == "next_step.on" and step in {"remedy-owed", "remedy-answer"}
    ):
        name = "remedy_due"
    elif name == "next_step.on" and step == "acknowledge":
        name = "arrange_by"
    assert name in KNOWN, f"{notice.kind}: nobody says what {name} is"
    return KNOWN[name](complaint)


def _clocks(complaint: Complaint, *, of_reply: bool = False) -> set[date | None]:
    rules = complaint.rules
    return {
        due_of(each, rules).day
        for each in complaint.clocks
        if each.ticking and not each.untold and not due_of(each, rules).beyond
        if not of_reply or Trigger.REPLIED in rules.promises[each.promise].meets
    }


def _remedies(complaint: Complaint) -> set[date | None]:
    return {each.waits_for for each in complaint.remedies}


def _until(complaint: Complaint) -> set[date | None]:
    return {complaint.reply.until if complaint.reply else None}


def _reviews(complaint: Complaint) -> set[date | None]:
    return {each.review_on for each in (complaint.pause, complaint.restriction) if each}


def _appointments(complaint: Complaint) -> set[date | None]:
    local_day = complaint.rules.calendar.local_day
    return {local_day(each.at) for each in complaint.appointments if each.at}


LIMITS = {NoticeKind.CONTACT_LIMITED, NoticeKind.LIMITS_KEPT}
KNOWN: dict[str, Callable[[Complaint], set[date | None]]] = {
    "due": partial(_clocks, of_reply=True),
    "new_due": _clocks,
    "moved.new_due": lambda complaint: _clocks(complaint) | _remedies(complaint),
    "remedies.due": _remedies,
    "remedy_due": _remedies,
    "window.closes": _until,
    "next_step.on": lambda complaint: _until(complaint) | _reviews(complaint),
    "review_on": _reviews,
    "reason_by": _clocks,
    "next_step.why_by": _clocks,
    "promised_by": _clocks,
    "answer_by": lambda complaint: {each.answer_by for each in complaint.requests},
    "closes_on": lambda complaint: {each.closes_on for each in complaint.requests},
    "reopen_by": lambda complaint: {last_day_to_reopen(complaint)},
    "arrange_by": _clocks,
    "appointment_day": _appointments,
}
"""The days that a complaint has for what a letter names."""
