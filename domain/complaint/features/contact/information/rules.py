"""Information: what is missing is asked for, and no question to the customer ends in silence.

Owns the rules; what time brings is in `timers`. A request that is not answered ends in a reminder, then in
notice that the complaint will be closed or, where the work can go on without an answer, in word that it does.
Source: `003_0c0e7b8081a12964.txt` (a complaint says what went wrong and what would put it right).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from domain.calendar.counting import day_before
from domain.calendar.pinned import BeyondCalendar, in_words
from domain.complaint.commands import Command, check_ahead, check_reason, check_room, check_said
from domain.complaint.feature import (
    CommandSpec,
    EventSpec,
    Feature,
    Moves,
    Policy,
    following,
    made,
    one_each,
)
from domain.complaint.features.contact.contacts import RecordContact
from domain.complaint.features.contact.information import events as info
from domain.complaint.features.contact.information import letters
from domain.complaint.features.contact.information.questions import (
    answered_by,
    new_readers,
    still_asked,
    still_open,
    unread,
    waiting,
)
from domain.complaint.features.contact.information.timers import timers
from domain.complaint.features.dates.pause_limits import check_pause
from domain.complaint.notify.recipients import reached_on
from domain.complaint.opening import Opening
from domain.complaint.policies.after_end import refuse_merged
from domain.complaint.policies.eligibility import is_theirs
from domain.complaint.policies.windows import last_day
from domain.complaint.state import Complaint
from domain.complaint.values import RequestState
from domain.errors import InvalidCommand, WrongState
from domain.notices import NoticeKind
from domain.vocabulary import ALL_SIDES, ANY, CASEWORK, HELD, WAYS, Missing, Role

_STAFF = (*CASEWORK, Role.MANAGER)

# --- what follows from verbs ----------------------------------------------------------------------


def _ask(complaint: Complaint, command: info.AskInformation, now: datetime) -> tuple[Any, ...]:
    check_room(len(complaint.requests), "questions")
    calendar = complaint.rules.calendar
    today = calendar.local_day(now)
    answer_by = command.answer_by or _answer_by(complaint, reached_on(complaint, now))
    check_ahead("answer_by", answer_by, calendar, now)
    if command.stops_clock and complaint.pause:
        raise WrongState(
            f"Complaint {complaint.reference} is paused already.",
            "Resume it first, or ask without stopping the clock.",
        )
    if command.stops_clock:
        check_pause(complaint, "answer_by", answer_by, now, for_customer=True)
    return made(
        info.InformationAsked, complaint, command, now, request=len(complaint.requests) + 1,
        missing=(), answer_by=answer_by, remind_on=_remind_on(complaint, today, answer_by),
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
    answered = answered_by(complaint, command.request)
    check_said("summary", command.summary, "Say what the answer was.")
    return made(info.InformationReceived, complaint, command, now, requests=answered)


def _answers(complaint: Complaint, command: info.RecordInformation) -> tuple[datetime, str]:
    """The question, or the last of those that are answered at once."""
    asked = [complaint.requests[n - 1].asked_at for n in answered_by(complaint, command.request)]
    return max(asked), "it was asked for"


def _revise(
    complaint: Complaint, command: info.ReviseInformation, now: datetime
) -> tuple[Any, ...]:
    numbers = waiting(complaint, command.request)
    check_reason(command.reason)
    if command.request is None and len(numbers) > 1:
        listed = ", ".join(str(number) for number in numbers)
        raise InvalidCommand("request: which one is meant?", f"Waiting: {listed}.")
    request = command.request or numbers[0]
    day, today = command.answer_by, complaint.rules.calendar.local_day(now)
    if day is None:
        return made(info.InformationWithdrawn, complaint, command, now, request=request)
    present = complaint.requests[request - 1].answer_by
    earliest = max(today, present)
    if day <= earliest:
        # A day that the customer was promised is never taken from them.
        raise InvalidCommand(f"answer_by: {day} is no more time.", f"After {earliest}.")
    complaint.rules.calendar.opening_time(day)
    remind_on = _remind_on(complaint, today, day)
    return made(
        info.InformationPostponed, complaint, command, now, request=request, remind_on=remind_on
    )


def _ask_again(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    """What had not arrived, or not been sent to who reads by now, is asked again with the full time."""
    asked = still_open(complaint)
    why = {each.number: info.Why.READERS for each in asked if new_readers(complaint, each)}
    why |= {each.number: info.Why.LOST for each in asked if each.astray}
    return _anew(complaint, why, now)


def _go_on(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    """Once all is answered that might have been the answer, what is still wanted is asked with the full time."""
    asked = [each for each in still_open(complaint) if each.unread and not each.astray]
    read = (each.number for each in asked if unread(complaint, each) is None)
    return _anew(complaint, dict.fromkeys(read, info.Why.ANSWERED), now)


def _anew(complaint: Complaint, why: dict[int, info.Why], now: datetime) -> tuple[Any, ...]:
    """These questions, by number, are asked anew: all readers are told, or the new ones where no day changes."""
    if complaint.reply or complaint.closed or not why:
        return ()
    today = complaint.rules.calendar.local_day(now)
    full = _answer_by(complaint, reached_on(complaint, now))
    anew: list[dict[str, Any]] = []
    for number in sorted(why):
        each = complaint.requests[number - 1]
        day, told = max(full, each.answer_by), why[number] is info.Why.READERS
        stays = told and each.closes_on is None and day == each.answer_by
        anew.append({
            "request": number, "answer_by": day, "why": why[number], "reason": "",
            "remind_on": _remind_on(complaint, today, day),
            "readers": new_readers(complaint, each) if stays else (),
        })  # fmt: skip
    return one_each(info.InformationPostponed, complaint, now, anew)


def _by_contact(complaint: Complaint, command: RecordContact, now: datetime) -> tuple[Any, ...]:
    """The customer's side may answer what was asked; anything they say keeps the complaint open."""
    if not is_theirs(complaint, command.from_whom, command.actor, command.who):
        return ()
    numbers, contact = still_asked(complaint), len(complaint.contacts)
    if not command.answers or not numbers:
        return _heard(complaint, now, contact)
    return following(
        info.InformationReceived, complaint, now, requests=numbers, summary=command.summary,
        by_contact=contact, received_at=_came(complaint, command, now),
    )  # fmt: skip


def _came(complaint: Complaint, command: RecordContact, now: datetime) -> datetime | None:
    """When the contact came, if that was after what it answers was asked."""
    asked = max(complaint.requests[each - 1].asked_at for each in still_asked(complaint))
    return command.received_at if asked <= command.received_at <= now else None


def _by_an_answer(
    complaint: Complaint, _: info.RecordInformation, now: datetime
) -> tuple[Any, ...]:
    """An answer to one question also keeps the others from closing the complaint."""
    return _heard(complaint, now, None)


def _heard(complaint: Complaint, now: datetime, contact: int | None) -> tuple[Any, ...]:
    """Requests that would have closed the complaint wait for the reviewer again."""
    numbers = tuple(each.number for each in still_open(complaint) if each.closes_on)
    if not numbers:
        return ()
    return following(info.InformationHeard, complaint, now, requests=numbers, by_contact=contact)


def _drop(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    """After a reply nobody waits for earlier answers, and the next stage asks its own questions."""
    numbers = still_asked(complaint)
    if not numbers or complaint.closed:
        return ()
    return following(info.InformationDropped, complaint, now, requests=numbers)


def _ask_at_opening(complaint: Complaint, now: datetime) -> tuple[Any, ...]:
    """Ask back what the charter wants to know and the opening does not say; the clocks run."""
    wanted = complaint.rules.charter.information.asked_at_opening
    missing = tuple(each for each in wanted if not _told(complaint.opened, each))
    if complaint.closed or complaint.feedback or not missing:
        return ()
    answer_by, remind_on = now.date() + timedelta(days=14), None
    with suppress(BeyondCalendar):  # what cannot be counted must not keep a complaint out
        today = complaint.rules.calendar.local_day(now)
        answer_by = _answer_by(complaint, reached_on(complaint, now))
        remind_on = _remind_on(complaint, today, answer_by)
    return following(
        info.InformationAsked, complaint, now, request=len(complaint.requests) + 1, questions=(),
        missing=missing, answer_by=answer_by, remind_on=remind_on, stops_clock=False,
        # Without details there is nothing to look into.
        essential=Missing.DETAILS in missing,
    )  # fmt: skip


def _told(opening: Opening, what: Missing) -> bool:
    return bool(getattr(opening, what.replace("-", "_")))


FEATURE = Feature(
    commands={
        info.AskInformation: CommandSpec(
            _STAFF, HELD, (info.InformationAsked,), _ask, of_feedback=False,
        ),
        info.ReviseInformation: CommandSpec(
            _STAFF, HELD, (info.InformationPostponed, info.InformationWithdrawn), _revise,
        ),
        info.RecordInformation: CommandSpec(
            ALL_SIDES, ANY, (info.InformationReceived,), _record, guard=refuse_merged, passes_on=True, answers=_answers,
        ),
    },
    events={
        info.InformationAsked: EventSpec(
            letters.asked_line, info.asked, letters.asked, owed=(NoticeKind.INFORMATION_ASKED,),
            turn=info.turned, moves=Moves.PAUSES,
        ),
        info.InformationReminded: EventSpec(
            lambda e: f"The customer was reminded of request {e.request}.",
            info.reminded, letters.reminded, owed=(NoticeKind.INFORMATION_REMINDER,),
        ),
        info.InformationOverdue: EventSpec(
            lambda e: (
                f"No answer came to request {e.request}; the customer was told that the complaint "
                f"closes after {in_words(e.closes_on)}."
            ),
            info.overdue, letters.overdue, stands=info.still_awaited,
            owed=(NoticeKind.INFORMATION_OVERDUE, NoticeKind.INFORMATION_AWAITED),
        ),
        info.InformationReceived: EventSpec(
            lambda e: f"The customer answered: {e.summary}", info.over(RequestState.ANSWERED),
            letters.received, owed=(NoticeKind.INFORMATION_RECEIVED, NoticeKind.INFORMATION_IN),
            turn=info.turned, moves=Moves.RESUMES,
        ),
        info.InformationLapsed: EventSpec(
            lambda e: f"No answer came to request {e.request}; the work goes on without one.",
            info.over(RequestState.LAPSED), letters.lapsed, owed=(NoticeKind.INFORMATION_LAPSED,),
            turn=info.turned, moves=Moves.RESUMES,
        ),
        info.InformationDropped: EventSpec(
            lambda e: f"Requests no longer waited for: {', '.join(map(str, e.requests))}.",
            info.over(RequestState.LAPSED),
        ),
        info.InformationHeard: EventSpec(
            letters.heard_line, info.heard, letters.heard,
            owed=(NoticeKind.INFORMATION_HEARD, NoticeKind.INFORMATION_BACK),
        ),
        info.InformationPostponed: EventSpec(
            letters.postponed_line, info.postponed, letters.postponed,
            owed=(NoticeKind.INFORMATION_POSTPONED,),
        ),
        info.InformationWithdrawn: EventSpec(
            lambda e: f"Request {e.request} was taken back: {e.reason}",
            info.over(RequestState.LAPSED), letters.withdrawn,
            owed=(NoticeKind.INFORMATION_WITHDRAWN,), turn=info.turned, moves=Moves.RESUMES,
        ),
    },
    policies={
        "record_contact": Policy((info.InformationReceived, info.InformationHeard), _by_contact),
        **dict.fromkeys(WAYS, Policy((info.InformationPostponed,), _ask_again)),
        "answer_contact": Policy((info.InformationPostponed,), _go_on),
        "return_call": Policy((info.InformationPostponed,), _go_on),
        "record_information": Policy((info.InformationHeard,), _by_an_answer),
        "reply": Policy((info.InformationDropped,), _drop),
        "escalate": Policy((info.InformationDropped,), _drop),
    },
    timers=timers,
    timers_need="requests",
    of_time=(
        info.InformationReminded, info.InformationOverdue, info.InformationLapsed, info.InformationHeard,
    ),
    of_opening=(info.InformationAsked,),
    at_opening=_ask_at_opening,
)  # fmt: skip
