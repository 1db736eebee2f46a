"""The last day: the customer is told until when they can go on before that ends anything.

Owns the letter that tells it once what kept the time open has ended, and what is sent again where it had
not arrived. From either the customer has the charter's full time; until then nothing ends, and staff are
asked to put right how the customer is reached. Source: `003_0c0e7b8081a12964.txt` (within a month of
receiving the response, or while the case is open).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any, Literal

from domain import value
from domain.calendar.counting import reminder_day
from domain.calendar.pinned import in_words
from domain.complaint.commands import Command
from domain.complaint.events import Happened
from domain.complaint.feature import EventSpec, Feature, Policy, Timer, following
from domain.complaint.features.handling.replying import findings_of, letter_of
from domain.complaint.features.remedies.promise import facts_by_now, remedies_said
from domain.complaint.notify.compose import ask_reviewer, tell
from domain.complaint.notify.facts import day_of
from domain.complaint.notify.recipients import readers
from domain.complaint.policies.windows import telling, time_after_reply
from domain.complaint.state import Complaint
from domain.complaint.values import Reply
from domain.notices import Notice, NoticeKind
from domain.vocabulary import WAYS


@value(frozen=True, slots=True, kw_only=True)
class LastDayTold(Happened):
    """The customer was told until when they can go on; the charter's full time begins with this."""

    kind: Literal["last-day-told"] = "last-day-told"
    case_answered: bool
    """Whether the case that had kept the time open was answered."""


@value(frozen=True, slots=True, kw_only=True)
class ReplySentAgain(Happened):
    """The reply had not arrived and went out once more; the customer's time begins with this."""

    kind: Literal["reply-sent-again"] = "reply-sent-again"
    first_sent: date


@value(frozen=True, slots=True, kw_only=True)
class AstrayReminded(Happened):
    """The customer has still not been reached with what they must know: staff were asked again."""

    kind: Literal["astray-reminded"] = "astray-reminded"
    notice: str
    ask_on: date


def _case_answered(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    """What kept the time to go on open has ended: the customer hears the last day."""
    reply = complaint.reply
    if reply is None or reply.until or reply.astray or time_after_reply(complaint) is None:
        return ()
    return following(LastDayTold, complaint, now, case_answered=True)


def _put_right(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    return put_right(complaint, now)


def put_right(complaint: Complaint, now: datetime) -> tuple[Any, ...]:
    """Where the customer can be reached again, they hear what had not arrived."""
    reply = complaint.reply
    if complaint.closed or reply is None or not reply.astray:
        return ()
    if not reply.unread:
        return following(LastDayTold, complaint, now, case_answered=False)
    first_sent = day_of(complaint, reply.at)
    return following(ReplySentAgain, complaint, now, first_sent=first_sent)


def gone_astray(complaint: Complaint, notice: str, number: str, at: datetime) -> dict[str, Any]:
    """What changes if that notice, of the event of that number, did not arrive: no time runs from it.

    Nothing, unless it was the reply or told until when they can go on.
    """
    reply = complaint.reply
    if reply is None or number not in (str(reply.letter), str(reply.told_by)):
        return {}
    unread = reply.unread or number == str(reply.letter)
    ask_on = reminder_day(complaint.rules.calendar, at, 0)
    lost = replace(reply, until=None, unread=unread, astray=notice, ask_on=ask_on, asked=0)
    return {"reply": lost}


def _timers(complaint: Complaint) -> Iterator[Timer]:
    reply = complaint.reply
    if reply and reply.astray and reply.ask_on:
        yield Timer(
            complaint.rules.calendar.opening_time(reply.ask_on), "the reply has not arrived",
            partial(_reminded, complaint, reply),
        )  # fmt: skip


def _reminded(complaint: Complaint, reply: Reply, *, number: int, at: datetime) -> AstrayReminded:
    ask_on = reminder_day(complaint.rules.calendar, at, reply.asked + 1)
    return AstrayReminded(number=number, at=at, notice=reply.astray, ask_on=ask_on)


def _asked(complaint: Complaint, event: AstrayReminded) -> dict[str, Any]:
    reply = complaint.reply
    return {"reply": replace(reply, ask_on=event.ask_on, asked=reply.asked + 1)} if reply else {}


def _ask_staff(complaint: Complaint, event: AstrayReminded) -> Iterator[Notice]:
    yield from ask_reviewer(
        complaint, event, NoticeKind.UNDELIVERABLE, notice=event.notice,
        reason="They have still not been reached. Until they are, their time to go on does not begin.",
        again=True,
    )  # fmt: skip


def _still_astray(complaint: Complaint, event: AstrayReminded) -> bool:
    reply = None if complaint.closed else complaint.reply
    return bool(reply and reply.astray and reply.ask_on == event.ask_on)


def _told(complaint: Complaint, event: LastDayTold) -> dict[str, Any]:
    reply = complaint.reply
    return {"reply": telling(complaint, reply, event.number, event.at)} if reply else {}


def _sent_again(complaint: Complaint, event: ReplySentAgain) -> dict[str, Any]:
    reply = complaint.reply
    if reply is None:
        return {}
    reply = replace(reply, letter=event.number, unread=False, readers=readers(complaint))
    return {"reply": telling(complaint, reply, event.number, event.at)}


def _tell_last_day(complaint: Complaint, event: LastDayTold) -> Iterator[Notice]:
    yield from tell(complaint, event, NoticeKind.LAST_DAY, case_answered=event.case_answered)


def _reply_again(complaint: Complaint, event: ReplySentAgain) -> Iterator[Notice]:
    said = complaint.reply and complaint.reply.said
    if said:
        yield from tell(
            complaint, event, letter_of(complaint, said), **findings_of(said),
            **remedies_said(said, facts_by_now(complaint, said)), first_sent=event.first_sent.isoformat(),
        )  # fmt: skip


FEATURE = Feature(
    events={
        LastDayTold: EventSpec(
            lambda _: "The customer was told until when they can go on.", _told, _tell_last_day,
            owed=(NoticeKind.LAST_DAY,),
        ),
        AstrayReminded: EventSpec(
            lambda _: "The customer has not been reached yet; staff were asked again.", _asked,
            _ask_staff, owed=(NoticeKind.UNDELIVERABLE,), stands=_still_astray,
        ),
        ReplySentAgain: EventSpec(
            lambda e: f"The reply of {in_words(e.first_sent)} had not arrived; it was sent again.",
            _sent_again, _reply_again, owed=(NoticeKind.REPLY, NoticeKind.FINAL_REPLY),
        ),
    },
    timers=_timers,
    timers_need="reply",
    of_time=(AstrayReminded,),
    policies={
        "conclude_case": Policy((LastDayTold,), _case_answered),
        **dict.fromkeys(WAYS, Policy((LastDayTold, ReplySentAgain), _put_right)),
    },
)  # fmt: skip
