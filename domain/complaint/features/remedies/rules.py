"""Remedies: what a reply undertook is followed up until it is done or refused, past the complaint's end.

Owns the rules: who may see to a remedy, and what becomes of it. Sources: `000_2dfa29253c41a6cc.txt` and
`002_b4e25913c9de5f70.txt` (mistakes are put right), `003_0c0e7b8081a12964.txt` (what an assessor recommends),
`001_52f8d27437deebc1.txt` (conflicts).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from domain.calendar.counting import due_day
from domain.calendar.pinned import BeyondCalendar, in_words
from domain.charter.feature_tables import REMEDY_OWNERS
from domain.complaint.commands import Actor, check_reason, check_said
from domain.complaint.feature import Barred, CommandSpec, EventSpec, Feature, Fold, made
from domain.complaint.features.remedies import events as ev
from domain.complaint.features.remedies import letters
from domain.complaint.features.remedies.promise import check_day
from domain.complaint.features.remedies.timers import terms_of, timers, wakes
from domain.complaint.notify.reasons import reason_after_outage, why_not_done
from domain.complaint.policies.eligibility import check_conflict
from domain.complaint.policies.rescheduling import dated
from domain.complaint.state import Complaint
from domain.complaint.values import Remedy, with_changes
from domain.errors import ExtensionRefused, InvalidCommand, WrongRole, WrongState
from domain.notices import NoticeKind
from domain.vocabulary import ANY, RemedyState, Role, Trigger

IN_CHARGE = (Role.MANAGER, Role.ADMINISTRATOR)
"""Who may see to any remedy, beside its owner."""
_WHO = tuple(sorted(REMEDY_OWNERS))


def _open(complaint: Complaint, command: ev.RemedyCommand) -> Remedy:
    """The remedy that is meant, if it is still owed and theirs to see to."""
    number = command.remedy
    if number > len(complaint.remedies):
        owed = ", ".join(str(each.number) for each in complaint.remedies_owed)
        raise InvalidCommand(
            f"remedy: {complaint.reference} has no remedy {number}.",
            f"Still owed: number {owed}." if owed else "No remedy is owed on it.",
        )
    remedy = complaint.remedies[number - 1]
    if remedy.settled_at:
        raise WrongState(
            f"Remedy {number} of {complaint.reference} was settled on"
            f" {in_words(complaint.rules.calendar.local_day(remedy.settled_at))} ({remedy.state}).",
            "Nothing more can be done on it.",
        )
    if command.actor.role not in IN_CHARGE and not _owns(remedy, command.actor):
        owner = f"{remedy.owner.name} ({remedy.owner.id})" if remedy.owner else remedy.owner_role
        may = dict.fromkeys((owner, *IN_CHARGE))
        raise WrongRole(
            f"{command.actor.role.somebody} who does not have remedy {number} may not do this.",
            f"These may: {', '.join(may)}.",
        )
    return remedy


def _owns(remedy: Remedy, actor: Actor) -> bool:
    if remedy.owner is None:
        return actor.role is remedy.owner_role
    return remedy.owner.identity == actor.identity


def _accept(complaint: Complaint, command: ev.AcceptRemedy, now: datetime) -> tuple[Any, ...]:
    remedy = _open(complaint, command)
    if not remedy.recommended:
        raise WrongState(
            f"Remedy {remedy.number} is no recommendation: the reply has promised it already.",
            "It can be done, or refused with a reason.",
        )
    if remedy.state is not RemedyState.OWED:
        raise WrongState(f"Recommendation {remedy.number} was accepted already.", "It can be done.")
    return made(ev.RemedyAccepted, complaint, command, now)


def _do(complaint: Complaint, command: ev.DoRemedy, now: datetime) -> tuple[Any, ...]:
    remedy = _open(complaint, command)
    if remedy.awaits_answer:
        raise WrongState(
            f"Recommendation {remedy.number} is neither accepted nor refused yet.",
            "Accept it first: whoever recommended it is told.",
        )
    check_said("how", command.how, "Say what was done; the customer is told.")
    return made(ev.RemedyDone, complaint, command, now)


def _refuse(complaint: Complaint, command: ev.RefuseRemedy, now: datetime) -> tuple[Any, ...]:
    _open(complaint, command)
    check_reason(command.reason)
    return made(ev.RemedyRefused, complaint, command, now)


def _reassign(complaint: Complaint, command: ev.ReassignRemedy, now: datetime) -> tuple[Any, ...]:
    remedy, owner = _open(complaint, command), command.owner
    check_conflict(complaint, owner, complaint.kept_away)
    if remedy.owner and remedy.owner.identity == owner.identity:
        raise InvalidCommand(f"owner.id: {owner.id} has it already.", "Name somebody else.")
    return made(ev.RemedyReassigned, complaint, command, now, from_owner=remedy.owner)


def _postpone(complaint: Complaint, command: ev.PostponeRemedy, now: datetime) -> tuple[Any, ...]:
    remedy = _open(complaint, command)
    check_reason(command.reason)
    old = remedy.waits_for
    if old is None:
        raise ExtensionRefused(
            f"Every date that was named for remedy {remedy.number} has passed.",
            "It can be done, or refused with a reason.",
        )
    furthest = _furthest(complaint, remedy, old)
    if not old < command.new_due <= furthest:
        raise ExtensionRefused(
            f"new_due: {command.new_due} is not between the date and the limit.",
            f"A working day after {in_words(old)} and not after {in_words(furthest)}.",
        )
    check_day(command.new_due, complaint.rules, now, "new_due")
    return made(ev.RemedyPostponed, complaint, command, now, old_due=old)


def _furthest(complaint: Complaint, remedy: Remedy, old: date) -> date:
    """The last day to which it can be moved from the old one; raises where no day is left."""
    calendar = complaint.rules.calendar
    try:
        return due_day(calendar, old, terms_of(complaint).within_for(remedy.kind).budget)
    except BeyondCalendar:
        last = calendar.last_day
    while calendar.why_closed(last):
        last -= timedelta(days=1)
    if old < last:
        return last
    raise ExtensionRefused(
        f"Remedy {remedy.number} cannot be dated later: the calendar ends on {in_words(last)}.",
        "It can be done, or refused with a reason.",
    )


# --- what follows -----------------------------------------------------------------------------------


def _changing(changes: Callable[[Remedy, Any], dict[str, Any]]) -> Fold:
    """A fold: the remedy of the event with these changes."""

    def fold(complaint: Complaint, event: Any) -> dict[str, Any]:
        remedies, number = complaint.remedies, event.remedy
        return {"remedies": with_changes(remedies, number, **changes(remedies[number - 1], event))}

    return fold


def _missed(remedy: Remedy, event: ev.RemedyMissed) -> dict[str, Any]:
    return {
        "missed": remedy.missed + 1,
        "missed_on": event.due,
        "missed_at": event.at,
        "new_due": event.new_due,
        "dated_at": event.at,
        "remind_on": event.remind_on,
        "warned": True,  # whoever is reminded every few days needs no warning as well
    }


def _missed_and_asked_why(complaint: Complaint, event: ev.RemedyMissed) -> dict[str, Any]:
    """The remedy with its new date and, unless the reason was given, one for a reason that is late by now."""
    changes = _changing(_missed)(complaint, event)
    if why_not_done(complaint, changes["remedies"][event.remedy - 1]) is None:
        again = reason_after_outage(complaint, event.number, event.at)
        changes["clocks"] = (*complaint.clocks, *again)
    return changes


def _reminded(remedy: Remedy, event: ev.RemedyReminded) -> dict[str, Any]:
    return {"remind_on": event.remind_on, "reminders": remedy.reminders + 1}


def _settled(state: RemedyState, reason: str, event: Any) -> dict[str, Any]:
    return {"state": state, "settled_at": event.acted_at, "reason": reason}


def _the(complaint: Complaint, event: ev.OfRemedy) -> Remedy:
    return complaint.remedies[event.remedy - 1]


def _still_owed(complaint: Complaint, event: ev.OfRemedy) -> bool:
    return _the(complaint, event).open


def _reassigned_line(event: ev.RemedyReassigned) -> str:
    old = f" in place of {event.from_owner.name}" if event.from_owner else ""
    return f"Remedy {event.remedy} given to {event.owner.name}{old}."


def _missed_line(event: ev.RemedyMissed) -> str:
    again = f" New date: {in_words(event.new_due)}." if event.new_due else ""
    return f"Remedy {event.remedy} was due on {in_words(event.due)} and was not done.{again}"


def _triggered(complaint: Complaint, event: ev.RemedyMissed) -> tuple[Trigger, ...]:
    """The reason is owed as for any other date, unless somebody gave it in time."""
    given = why_not_done(complaint, _the(complaint, event))
    return () if given else (Trigger.PROMISE_MISSED,)


def _answers(complaint: Complaint, command: ev.EnteredRemedy) -> tuple[datetime, str]:
    """The reply that has undertaken it."""
    for remedy in complaint.remedies:
        if remedy.number == command.remedy:
            return remedy.promised_at, f"remedy {remedy.number} was promised"
    return complaint.opened.received_at, "the complaint was received"


def _command(event: type[Any], decide: Any, answers: Any = None) -> CommandSpec:
    return CommandSpec(
        _WHO, ANY, (event,), decide, answers=answers, passes_on=True, barred=Barred.KEPT_AWAY,
    )  # fmt: skip


_KIND = NoticeKind
FEATURE = Feature(
    commands={
        ev.AcceptRemedy: _command(ev.RemedyAccepted, _accept, _answers),
        ev.DoRemedy: _command(ev.RemedyDone, _do, _answers),
        ev.RefuseRemedy: _command(ev.RemedyRefused, _refuse, _answers),
        ev.ReassignRemedy: _command(ev.RemedyReassigned, _reassign),
        ev.PostponeRemedy: _command(ev.RemedyPostponed, _postpone),
    },
    events={
        ev.RemedyAccepted: EventSpec(
            lambda e: f"Recommendation {e.remedy} was accepted.",
            _changing(lambda _, __: {"state": RemedyState.ACCEPTED}), letters.accepted,
            owed=(_KIND.REMEDY_ACCEPTED, _KIND.REMEDY_ANSWERED), touches=False,
        ),
        ev.RemedyDone: EventSpec(
            lambda e: f"Remedy {e.remedy} done: {e.how}",
            _changing(lambda _, e: _settled(RemedyState.DONE, e.how, e)), letters.done,
            owed=(_KIND.REMEDY_DONE, _KIND.REMEDY_ANSWERED), touches=False,
        ),
        ev.RemedyRefused: EventSpec(
            lambda e: f"Remedy {e.remedy} refused: {e.reason}",
            _changing(lambda _, e: _settled(RemedyState.REFUSED, e.reason, e)), letters.refused,
            owed=(_KIND.REMEDY_REFUSED, _KIND.REMEDY_ANSWERED), touches=False,
        ),
        ev.RemedyReassigned: EventSpec(
            _reassigned_line, _changing(lambda _, e: {"owner": e.owner}), letters.reassigned,
            owed=(_KIND.REMEDY_OWED,), touches=False,
        ),
        ev.RemedyPostponed: EventSpec(
            lambda e: (
                f"Remedy {e.remedy} due {in_words(e.new_due)} instead of {in_words(e.old_due)}. {e.reason}"
            ),
            _changing(lambda remedy, e: dated(remedy, e.new_due, e.at)), letters.postponed, owed=(_KIND.REMEDY_POSTPONED,), touches=False,
        ),
        ev.RemedyWarned: EventSpec(
            lambda e: f"Remedy {e.remedy} is due on {in_words(e.due)}.",
            _changing(lambda _, __: {"warned": True}), letters.warned, owed=(_KIND.REMEDY_DUE,),
            stands=lambda complaint, e: _the(complaint, e).waits_for == e.due,
        ),
        ev.RemedyMissed: EventSpec(
            _missed_line, _missed_and_asked_why, letters.missed, owed=(_KIND.REMEDY_MISSED, _KIND.REMEDY_OVERDUE),
            triggers=(Trigger.PROMISE_MISSED,), triggered=_triggered, after_end=True,
            stands=lambda complaint, e: _still_owed(complaint, e) and _the(complaint, e).missed_on == e.due,
        ),
        ev.RemedyReminded: EventSpec(
            lambda e: (
                f"Remedy {e.remedy} is overdue since {in_words(e.due)}; asked again on"
                f" {in_words(e.remind_on)}."
            ),
            _changing(_reminded), letters.overdue, owed=(_KIND.REMEDY_OVERDUE,),
            stands=lambda complaint, e: _still_owed(complaint, e) and _the(complaint, e).remind_on == e.remind_on,
        ),
    },
    timers=timers,
    timers_need="remedies",
    wakes=wakes,
    timers_after_end=timers,
    of_time=(ev.RemedyWarned, ev.RemedyMissed, ev.RemedyReminded),
)  # fmt: skip
