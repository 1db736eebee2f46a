"""What follows from a command to a remedy: the events that it makes, or a refusal.

Owns `take`, who may ask and what a command has to say. What time alone brings is in `remedy_time`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from domain.calendar.counting import BeyondCalendar, due_day, in_words
from domain.complaint.commands import Actor, ReportUndeliverable, Tick
from domain.complaint.feature import CUSTOMERS_OWN
from domain.complaint.features.remedies import remedy_commands as cmd
from domain.complaint.features.remedies import remedy_events as rev
from domain.complaint.features.remedies.remedy import Remedy, RemedyStep, evolve
from domain.complaint.features.remedies.remedy_promise import check_day
from domain.complaint.features.remedies.remedy_time import fallen_due
from domain.errors import (
    CalendarTooShort,
    ConflictOfInterest,
    ExtensionRefused,
    InvalidCommand,
    WrongRole,
    WrongState,
)
from domain.vocabulary import RemedyState, Role
from domain.wire import Person

IN_CHARGE = (Role.MANAGER, Role.ADMINISTRATOR)
"""Who may see to any remedy, beside its owner."""


def decide(remedy: Remedy, command: cmd.AnyRemedyCommand, now: datetime) -> tuple[Any, ...]:
    """The events that follow from the command at that instant (UTC), numbered from the next.

    As for a complaint: what had fallen due comes first, a repeat gives no events, and a refusal
    changes nothing. Raises the `Refused` that applies.
    """
    return tuple(step.event for step in take(remedy, command, now))


def take(remedy: Remedy, command: cmd.AnyRemedyCommand, now: datetime) -> tuple[RemedyStep, ...]:
    """The same as `decide`, each event with the remedy after it."""
    if isinstance(command, cmd.RemedyCommand) and remedy.done(command):
        return ()
    if isinstance(command, cmd.Undertake):
        return _step(remedy, rev.RemedyPromised(number=1, at=now, opening=command.opening))
    try:
        steps = fallen_due(remedy, now)
        if isinstance(command, Tick):
            return steps
        current = steps[-1].remedy if steps else remedy
        if isinstance(command, cmd.RemedyCommand):
            _check(current, command)
        event = _DECISIONS[type(command)](current, command, now)
        return steps if event is None else (*steps, *_step(current, event))
    except BeyondCalendar as error:
        raise CalendarTooShort(str(error), error.reach) from None


def _step(remedy: Remedy, event: Any) -> tuple[RemedyStep, ...]:
    return (RemedyStep(event, evolve(remedy, event)),)


def _check(remedy: Remedy, command: cmd.RemedyCommand) -> None:
    if remedy.settled:
        raise WrongState(
            f"Remedy {remedy.id} was settled on {remedy.settled.at:%d %B %Y} ({remedy.state}).",
            "Nothing more can be done on it.",
        )
    actor = command.actor
    _check_impartial(remedy, actor)
    if actor.role in IN_CHARGE or _owns(remedy, actor):
        return
    owner = f"{remedy.owner.name} ({remedy.owner.id})" if remedy.owner else remedy.owner_role
    raise WrongRole(
        f"A {actor.role} who does not have remedy {remedy.id} may not do this.",
        f"Its owner may: {owner}; or: {', '.join(IN_CHARGE)}.",
    )


def _owns(remedy: Remedy, actor: Actor) -> bool:
    if actor.role in CUSTOMERS_OWN:
        return False
    if remedy.owner is None:
        return actor.role is remedy.owner_role
    return remedy.owner.identity == actor.identity


def _check_impartial(remedy: Remedy, person: Person) -> None:
    """Raise if the person has a conflict. Source: `001_52f8d27437deebc1.txt`."""
    if person.identity in remedy.whom.barred:
        raise ConflictOfInterest(
            f"{person.name} has a declared conflict of interest in {remedy.opened.reference}.",
            "Somebody else has to see to it.",
        )


def _stamp(remedy: Remedy, command: cmd.RemedyCommand, now: datetime) -> dict[str, Any]:
    return {
        "number": remedy.events + 1,
        "at": now,
        "actor": command.actor,
        "command_id": command.command_id,
    }


def _accept(remedy: Remedy, command: cmd.AcceptRemedy, now: datetime) -> Any:
    if not remedy.recommended:
        raise WrongState(
            f"Remedy {remedy.id} is no recommendation: the reply has promised it already.",
            "It can be done, or refused with a reason.",
        )
    if remedy.state is not RemedyState.OWED:
        raise WrongState(f"Recommendation {remedy.id} was accepted already.", "It can be done.")
    return rev.RemedyAccepted(**_stamp(remedy, command, now))


def _do(remedy: Remedy, command: cmd.DoRemedy, now: datetime) -> Any:
    if remedy.recommended and remedy.state is RemedyState.OWED:
        raise WrongState(
            f"Recommendation {remedy.id} is neither accepted nor refused yet.",
            "Accept it first: whoever recommended it is told.",
        )
    if not command.how:
        raise InvalidCommand("how: it is empty.", "Say what was done; the customer is told.")
    return rev.RemedyDone(**_stamp(remedy, command, now), how=command.how)


def _refuse(remedy: Remedy, command: cmd.RefuseRemedy, now: datetime) -> Any:
    _check_reason(command.reason)
    return rev.RemedyRefused(**_stamp(remedy, command, now), reason=command.reason)


def _reassign(remedy: Remedy, command: cmd.ReassignRemedy, now: datetime) -> Any:
    owner = command.owner
    _check_impartial(remedy, owner)
    if remedy.owner and remedy.owner.identity == owner.identity:
        raise InvalidCommand(f"owner.id: {owner.id} has it already.", "Name somebody else.")
    stamp = _stamp(remedy, command, now)
    return rev.RemedyReassigned(**stamp, owner=owner, from_owner=remedy.owner)


def _postpone(remedy: Remedy, command: cmd.PostponeRemedy, now: datetime) -> Any:
    _check_reason(command.reason)
    old, rules = remedy.waits_for, remedy.rules
    if old is None:
        raise ExtensionRefused(
            f"Every date that was named for remedy {remedy.id} has passed.",
            "It can be done, or refused with a reason.",
        )
    furthest = _furthest(remedy, old)
    if not old < command.new_due <= furthest:
        raise ExtensionRefused(
            f"new_due: {command.new_due} is not between the date and the limit.",
            f"A working day after {in_words(old)} and not after {in_words(furthest)}.",
        )
    check_day(command.new_due, rules, now, "new_due")
    return rev.RemedyPostponed(
        **_stamp(remedy, command, now), old_due=old, new_due=command.new_due, reason=command.reason
    )


def _furthest(remedy: Remedy, old: date) -> date:
    """The last day to which it can be moved from the old one; raises where no day is left."""
    calendar = remedy.rules.calendar
    try:
        return due_day(calendar, old, remedy.terms.within_for(remedy.commitment.kind).budget)
    except BeyondCalendar:
        last = calendar.last_day
    while calendar.why_closed(last):
        last -= timedelta(days=1)
    if old < last:
        return last
    raise ExtensionRefused(
        f"Remedy {remedy.id} was promised under a calendar that ends on {in_words(last)}.",
        "It can be done, or refused with a reason.",
    )


def _check_reason(reason: str) -> None:
    if not reason:
        raise InvalidCommand("reason: it is empty.", "Say why; the customer is told.")


def _follow(remedy: Remedy, command: cmd.FollowComplaint, now: datetime) -> Any:
    if command.people == remedy.whom:
        return None
    return rev.RemedyFollowed(number=remedy.events + 1, at=now, people=command.people)


def _report_undeliverable(remedy: Remedy, command: ReportUndeliverable, now: datetime) -> Any:
    return rev.RemedyUndeliverable(
        number=remedy.events + 1, at=now, notice=command.notice, reason=command.reason
    )


_DECISIONS: dict[type, Callable[[Remedy, Any, datetime], Any]] = {
    cmd.AcceptRemedy: _accept,
    cmd.DoRemedy: _do,
    cmd.RefuseRemedy: _refuse,
    cmd.ReassignRemedy: _reassign,
    cmd.PostponeRemedy: _postpone,
    cmd.FollowComplaint: _follow,
    ReportUndeliverable: _report_undeliverable,
}
