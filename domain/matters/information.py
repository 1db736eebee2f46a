"""Information: what is missing is asked for, and no question to the customer ends in silence.

Owns the rules. Source: `003_0c0e7b8081a12964.txt` (a complaint says what went wrong, what contact there was
and what would put it right). A request that is not answered ends in a reminder, then in notice that the
complaint will be closed or, where the work can go on without an answer, in word that it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from domain import commands as cmd
from domain import events as ev
from domain.errors import InvalidCommand, WrongState
from domain.matter import (
    CUSTOMER_SIDE,
    HELD,
    REVIEWER,
    Asked,
    Follows,
    Matter,
    Moment,
    Permission,
    Told,
    stamp,
)
from domain.matters import information_events as info
from domain.matters import information_folds as folds
from domain.matters import information_letters as letters
from domain.matters.information_events import Request, RequestState
from domain.notices import NoticeKind
from domain.opening import Opening
from domain.vocabulary import ClosedHow, Missing, Role
from domain.windows import last_day
from domain.working_days import BeyondCalendar, day_before, in_words

if TYPE_CHECKING:
    from domain.complaint import Complaint


def _open(complaint: Complaint) -> tuple[Request, ...]:
    return tuple(each for each in complaint.requests if each.state is RequestState.OPEN)


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
    waiting = _open(complaint)
    if not waiting:
        raise WrongState(
            f"Nothing that was asked on {complaint.reference} waits for an answer.",
            "What comes in unasked is a contact (record_contact).",
        )
    if not command.summary:
        raise InvalidCommand("summary: it is empty.", "Say what the answer was.")
    numbers = tuple(each.number for each in waiting)
    if command.request and command.request not in numbers:
        listed = ", ".join(str(number) for number in numbers)
        raise InvalidCommand(f"request: {command.request} is not waiting.", f"Waiting: {listed}.")
    return (
        info.InformationReceived(
            **stamp(complaint, command, now), summary=command.summary,
            requests=(command.request,) if command.request else numbers,
        ),
    )  # fmt: skip


def _by_contact(complaint: Complaint, command: cmd.RecordContact, now: datetime) -> tuple[Any, ...]:
    """A contact may answer what was asked; nothing else of it changes."""
    numbers = tuple(each.number for each in _open(complaint))
    if not command.answers or not numbers:
        return ()
    return (
        info.InformationReceived(
            number=complaint.events + 1, at=now, requests=numbers, summary=command.summary,
            by_contact=len(complaint.contacts),
        ),
    )  # fmt: skip


def _drop(complaint: Complaint, _: cmd.Command, now: datetime) -> tuple[Any, ...]:
    """Who has replied, or takes a closed complaint up again, waits for no earlier answer."""
    numbers = tuple(each.number for each in _open(complaint))
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


# --- what time brings -----------------------------------------------------------------------------


def _moments(complaint: Complaint) -> Iterator[Moment]:
    if complaint.reply:
        return
    calendar = complaint.rules.calendar
    for request in _open(complaint):
        with suppress(BeyondCalendar):
            name, last = f"request {request.number}", calendar.end_of_day(request.answer_by)
            if request.remind_on and not request.reminded and request.closes_on is None:
                at = calendar.opening_time(request.remind_on)
                event = partial(_remind, request.number)
                yield Moment(at, f"reminder of {name}", event, lapses=last)
            if request.closes_on:
                closes = calendar.end_of_day(request.closes_on)
                yield Moment(closes, f"no answer to {name}", partial(_close, request))
            else:
                yield Moment(last, f"answer to {name}", partial(_run_out, complaint, request))


def _remind(request: int, number: int, now: datetime) -> Any:
    return info.InformationReminded(number=number, at=now, request=request)


def _run_out(complaint: Complaint, request: Request, number: int, now: datetime) -> Any:
    """Notice of the closing, as long as the charter gives, also where it is noted late."""
    if not request.essential:
        return info.InformationLapsed(number=number, at=now, request=request.number)
    calendar, terms = complaint.rules.calendar, complaint.rules.charter.information
    closes_on = now.date() + timedelta(days=14)
    with suppress(BeyondCalendar):
        # The day that ended the request is over when this falls due at its midnight.
        told_on = max(request.answer_by, calendar.local_day(now) - timedelta(days=1))
        closes_on = last_day(calendar, told_on, terms.close_after.budget)
    return info.InformationOverdue(
        number=number, at=now, request=request.number, closes_on=closes_on
    )


def _close(request: Request, number: int, now: datetime) -> Any:
    return ev.Closed(
        number=number, at=now, how=ClosedHow.NO_ANSWER,
        reason=f"What we asked for by {in_words(request.answer_by)} did not come.",
    )  # fmt: skip


def _line_asked(event: info.InformationAsked) -> str:
    said = [*event.questions, *(each.replace("-", " ") for each in event.missing)]
    stands = " The clocks stand until then." if event.stops_clock else ""
    return f"Asked the customer, by {in_words(event.answer_by)}: {'; '.join(said)}.{stands}"


MATTER = Matter(
    verbs={
        info.AskInformation: Asked(
            Permission((REVIEWER, Role.CASE_HANDLER, Role.MANAGER), HELD, (info.InformationAsked,)),
            _ask,
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
    },
    follows={
        cmd.RecordContact: Follows((info.InformationReceived,), _by_contact),
        cmd.Reply: Follows((info.InformationDropped,), _drop),
        cmd.Reopen: Follows((info.InformationDropped,), _drop),
    },
    moments=_moments,
    of_time=(info.InformationReminded, info.InformationOverdue, info.InformationLapsed),
    of_opening=(info.InformationAsked,),
    at_opening=_ask_at_opening,
)  # fmt: skip
