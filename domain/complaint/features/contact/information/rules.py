"""Information: what is missing is asked for, and no question to the customer ends in silence.

Owns the rules; what time brings is in `information_time`. Source: `003_0c0e7b8081a12964.txt` (a complaint says what went wrong, what contact there was
and what would put it right). A request that is not answered ends in a reminder, then in notice that the
complaint will be closed or, where the work can go on without an answer, in word that it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from domain.calendar.counting import BeyondCalendar, day_before, in_words
from domain.complaint import commands as cmd
from domain.complaint.feature import (
    CUSTOMER_SIDE,
    HELD,
    REVIEWER,
    Asked,
    Follows,
    Matter,
    Permission,
    Told,
    stamp,
)
from domain.complaint.features.contact.information import events as info
from domain.complaint.features.contact.information import folds, letters
from domain.complaint.features.contact.information.events import RequestState
from domain.complaint.features.contact.information.time import moments, still_open
from domain.complaint.opening import Opening
from domain.complaint.policies.hearing import is_theirs
from domain.complaint.policies.windows import last_day
from domain.errors import InvalidCommand, WrongState
from domain.notices import NoticeKind
from domain.vocabulary import Missing, Role

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


# --- what follows from verbs ----------------------------------------------------------------------


def _ask(complaint: Complaint, command: info.AskInformation, now: datetime) -> tuple[Any, ...]:
    today = complaint.rules.calendar.local_day(now)
    if command.answer_by and command.answer_by <= today:
        raise InvalidCommand(f"answer_by: {command.answer_by} is not ahead.", f"After {today}.")
    if command.stops_clock and complaint.pause:
        raise WrongState(
            f"Complaint {complaint.reference} is paused already.",
            "Resume it first, or ask without stopping the clock.",
        )
    answer_by = command.answer_by or _answer_by(complaint, today)
    complaint.rules.calendar.opening_time(answer_by)
    return (
        info.InformationAsked(
            **stamp(complaint, command, now), request=len(complaint.requests) + 1, missing=(),
            questions=command.questions, answer_by=answer_by, essential=command.essential,
            remind_on=_remind_on(complaint, today, answer_by), stops_clock=command.stops_clock,
        ),
    )  # fmt: skip


def _answer_by(complaint: Complaint, today: date) -> date:
    within = complaint.rules.charter.information.answer_within.budget
    return last_day(complaint.rules.calendar, today, within)


def _remind_on(complaint: Complaint, today: date, answer_by: date) -> date | None:
    """The working day of the reminder, or none where the answer is due too soon for one."""
    before = complaint.rules.charter.information.remind_before.budget
    day = day_before(complaint.rules.calendar, answer_by, before)
    return day if day > today else None


def _record(
    complaint: Complaint, command: info.RecordInformation, now: datetime
) -> tuple[Any, ...]:
    numbers = _waiting(complaint, command.request)
    if not command.summary:
        raise InvalidCommand("summary: it is empty.", "Say what the answer was.")
    return (
        info.InformationReceived(
            **stamp(complaint, command, now), summary=command.summary,
            requests=(command.request,) if command.request else numbers,
        ),
    )  # fmt: skip


def _waiting(complaint: Complaint, asked: int | None) -> tuple[int, ...]:
    """The numbers that wait. Raises `WrongState` if none does, `InvalidCommand` if not that one."""
    numbers = tuple(each.number for each in still_open(complaint))
    if not numbers:
        raise WrongState(
            f"Nothing that was asked on {complaint.reference} waits for an answer.",
            "What comes in unasked is a contact (record_contact).",
        )
    if asked and asked not in numbers:
        listed = ", ".join(str(number) for number in numbers)
        raise InvalidCommand(f"request: {asked} is not waiting.", f"Waiting: {listed}.")
    return numbers


def _revise(
    complaint: Complaint, command: info.ReviseInformation, now: datetime
) -> tuple[Any, ...]:
    numbers, reason = _waiting(complaint, command.request), command.reason
    if not reason:
        raise InvalidCommand("reason: it is empty.", "Say why; the customer is told.")
    if command.request is None and len(numbers) > 1:
        listed = ", ".join(str(number) for number in numbers)
        raise InvalidCommand("request: which one is meant?", f"Waiting: {listed}.")
    request, stamped = command.request or numbers[0], stamp(complaint, command, now)
    day, today = command.answer_by, complaint.rules.calendar.local_day(now)
    if day is None:
        return (info.InformationWithdrawn(**stamped, request=request, reason=reason),)
    present = complaint.requests[request - 1].answer_by
    earliest = max(today, present)
    if day <= earliest:
        # A day that the customer was promised is never taken from them.
        raise InvalidCommand(f"answer_by: {day} is no more time.", f"After {earliest}.")
    complaint.rules.calendar.opening_time(day)
    return (
        info.InformationPostponed(
            **stamped, request=request, answer_by=day, reason=reason,
            remind_on=_remind_on(complaint, today, day),
        ),
    )  # fmt: skip


def _by_contact(complaint: Complaint, command: cmd.RecordContact, now: datetime) -> tuple[Any, ...]:
    """The customer's own side may answer what was asked; any word of theirs keeps it open."""
    if not is_theirs(complaint, command.from_whom, command.actor.role):
        return ()
    numbers = tuple(each.number for each in still_open(complaint))
    if not command.answers or not numbers:
        return _heard(complaint, now, len(complaint.contacts))
    return (
        info.InformationReceived(
            number=complaint.events + 1, at=now, requests=numbers, summary=command.summary,
            by_contact=len(complaint.contacts),
        ),
    )  # fmt: skip


def _by_an_answer(
    complaint: Complaint, _: info.RecordInformation, now: datetime
) -> tuple[Any, ...]:
    """Who answers one question is heard on the others."""
    return _heard(complaint, now, None)


def _heard(complaint: Complaint, now: datetime, contact: int | None) -> tuple[Any, ...]:
    """Whatever would have closed the complaint by itself is the reviewer's again."""
    numbers = tuple(each.number for each in still_open(complaint) if each.closes_on)
    if not numbers:
        return ()
    number = complaint.events + 1
    return (info.InformationHeard(number=number, at=now, requests=numbers, by_contact=contact),)


def _drop(complaint: Complaint, _: cmd.Command, now: datetime) -> tuple[Any, ...]:
    """Who has replied waits for no earlier answer, nor does the next stage: it asks its own."""
    numbers = tuple(each.number for each in still_open(complaint))
    if not numbers or complaint.closed:
        return ()
    return (info.InformationDropped(number=complaint.events + 1, at=now, requests=numbers),)


def _ask_at_opening(complaint: Complaint, now: datetime) -> Iterator[Any]:
    """Ask back what the charter wants to know and the opening does not say; the clocks run."""
    wanted = complaint.rules.charter.information.asked_at_opening
    missing = tuple(each for each in wanted if not _told(complaint.opened, each))
    if complaint.closed or not missing:
        return
    answer_by, remind_on = now.date() + timedelta(days=14), None
    with suppress(BeyondCalendar):  # what cannot be counted must not keep a complaint out
        today = complaint.rules.calendar.local_day(now)
        answer_by = _answer_by(complaint, today)
        remind_on = _remind_on(complaint, today, answer_by)
    yield info.InformationAsked(
        number=complaint.events + 1, at=now, request=len(complaint.requests) + 1, questions=(),
        missing=missing, answer_by=answer_by, remind_on=remind_on, stops_clock=False,
        # With nothing to look into there is nothing to go on with.
        essential=Missing.DETAILS in missing,
    )  # fmt: skip


def _told(opening: Opening, what: Missing) -> bool:
    return bool(getattr(opening, what.replace("-", "_")))


# --- how it is told -------------------------------------------------------------------------------


def _line_asked(event: info.InformationAsked) -> str:
    said = [*event.questions, *(each.replace("-", " ") for each in event.missing)]
    stands = " The clocks stand until then." if event.stops_clock else ""
    return f"Asked the customer, by {in_words(event.answer_by)}: {'; '.join(said)}.{stands}"


def _named(numbers: tuple[int, ...]) -> str:
    return f"request {', '.join(map(str, numbers))}"


MATTER = Matter(
    verbs={
        info.AskInformation: Asked(
            Permission((REVIEWER, Role.CASE_HANDLER, Role.MANAGER), HELD, (info.InformationAsked,)),
            _ask,
        ),
        info.ReviseInformation: Asked(
            Permission(
                (REVIEWER, Role.CASE_HANDLER, Role.MANAGER), HELD,
                (info.InformationPostponed, info.InformationWithdrawn),
            ),
            _revise,
        ),
        info.RecordInformation: Asked(
            Permission(
                (*CUSTOMER_SIDE, Role.CASE_HANDLER, Role.MANAGER, Role.ADMINISTRATOR), HELD,
                (info.InformationReceived,), passes_on=True,
            ),
            _record,
        ),
    },
    events={
        info.InformationAsked: Told(
            folds.asked, _line_asked, letters.asked, owed=(NoticeKind.INFORMATION_ASKED,),
            turn=folds.turned,
        ),
        info.InformationReminded: Told(
            lambda complaint, event: folds.with_changes(complaint, event.request, reminded=True),
            lambda e: f"The customer was reminded of request {e.request}.",
            letters.reminded, owed=(NoticeKind.INFORMATION_REMINDER,),
        ),
        info.InformationOverdue: Told(
            lambda complaint, e: folds.with_changes(complaint, e.request, closes_on=e.closes_on),
            lambda e: (
                f"No answer came to request {e.request}; the customer was told that the complaint "
                f"closes after {in_words(e.closes_on)}."
            ),
            letters.overdue,
            owed=(NoticeKind.INFORMATION_OVERDUE, NoticeKind.INFORMATION_AWAITED),
        ),
        info.InformationReceived: Told(
            folds.over(RequestState.ANSWERED), lambda e: f"The customer answered: {e.summary}",
            letters.received,
            owed=(NoticeKind.INFORMATION_RECEIVED, NoticeKind.INFORMATION_IN), turn=folds.turned,
        ),
        info.InformationLapsed: Told(
            folds.over(RequestState.LAPSED),
            lambda e: f"No answer came to request {e.request}; the work goes on without one.",
            letters.lapsed, owed=(NoticeKind.INFORMATION_LAPSED,), turn=folds.turned,
        ),
        info.InformationDropped: Told(
            folds.over(RequestState.LAPSED),
            lambda e: f"Requests no longer waited for: {', '.join(map(str, e.requests))}.",
        ),
        info.InformationHeard: Told(
            folds.heard,
            lambda e: (
                f"The customer was heard; {_named(e.requests)} no longer closes the complaint."
            ),
            letters.heard, owed=(NoticeKind.INFORMATION_HEARD, NoticeKind.INFORMATION_BACK),
        ),
        info.InformationPostponed: Told(
            folds.postponed,
            lambda e: (
                f"The customer has until {in_words(e.answer_by)} for request {e.request}: {e.reason}"
            ),
            letters.postponed, owed=(NoticeKind.INFORMATION_POSTPONED,),
        ),
        info.InformationWithdrawn: Told(
            folds.over(RequestState.LAPSED),
            lambda e: f"Request {e.request} was taken back: {e.reason}",
            letters.withdrawn, owed=(NoticeKind.INFORMATION_WITHDRAWN,), turn=folds.turned,
        ),
    },
    follows={
        cmd.RecordContact: Follows((info.InformationReceived, info.InformationHeard), _by_contact),
        info.RecordInformation: Follows((info.InformationHeard,), _by_an_answer),
        cmd.Reply: Follows((info.InformationDropped,), _drop),
        cmd.Escalate: Follows((info.InformationDropped,), _drop),
    },
    moments=moments,
    of_time=(info.InformationReminded, info.InformationOverdue, info.InformationLapsed),
    of_opening=(info.InformationAsked,),
    at_opening=_ask_at_opening,
)  # fmt: skip
