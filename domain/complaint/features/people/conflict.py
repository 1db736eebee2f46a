"""Conflict of interest: declared by people, or found by the engine; who has one does nothing more.

Owns the rules of both; that somebody barred is refused, in whatever role, is in `impartiality`.
Sources: `001_52f8d27437deebc1.txt` (told as soon as somebody is aware of it, and passed on at once),
`003_0c0e7b8081a12964.txt` (independent), `004_223f6b270ec16c9f.txt` (the direct contact of whoever deals
with it).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from domain.complaint.commands import Allocate, Escalate
from domain.complaint.events import Happened
from domain.complaint.feature import OPEN, Asked, Follows, Matter, Permission, Told, stamp
from domain.complaint.features.people.conflict_commands import DeclareConflict
from domain.complaint.notify.recipients import ask, tell
from domain.complaint.policies.eligibility import (
    check_conflict,
    check_impartial,
    check_independence,
)
from domain.errors import InvalidCommand, WrongRole, WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import REVIEWERS, Role, Topic, Trigger
from domain.wire import Handler, Person

if TYPE_CHECKING:
    from domain.complaint.state import Complaint

_FOR_OTHERS = (Role.MANAGER, Role.ADMINISTRATOR)
"""Who, beside the reviewer of the stage, may say of somebody else that they have a conflict."""


class Found(StrEnum):
    """Why somebody has a conflict though nobody declared one."""

    COMPLAINED_ABOUT = "complained-about"
    EARLIER_REVIEWER = "earlier-reviewer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictDeclared(Happened):
    """Somebody has a conflict and does nothing more; `had_it` says that the complaint was theirs."""

    kind: Literal["conflict-declared"] = "conflict-declared"
    person: Person
    reason: str
    had_it: bool
    handler: Handler | None = None
    """Who took over at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictFound(Happened):
    """Somebody has a conflict by what is on record, and does nothing more."""

    kind: Literal["conflict-found"] = "conflict-found"
    person: Person
    found: Found


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessorTold(Happened):
    """Whoever took over a complaint that was handed back was made known to the customer."""

    kind: Literal["successor-told"] = "successor-told"


def _declare(complaint: Complaint, command: DeclareConflict, now: datetime) -> tuple[Any, ...]:
    actor, taking_over = command.actor, command.handler
    person = command.person or Person(id=actor.id, name=actor.name)
    if not command.reason:
        raise InvalidCommand("reason: it is empty.", "Say why; it goes on record.")
    allowed = (*_FOR_OTHERS, complaint.rules.stage(complaint.stage).role)
    if person.identity != actor.identity and actor.role not in allowed:
        raise WrongRole(
            f"A {actor.role} may declare a conflict of their own at stage {complaint.stage}.",
            f"Roles that may of somebody else: {', '.join(role for role in allowed if role)}.",
        )
    if person.identity != actor.identity:
        check_conflict(complaint, actor)  # who was set aside speaks for themselves at most
    if person.identity in complaint.kept_away:
        raise WrongState(
            f"{person.name} is barred from {complaint.reference} already.",
            "Nothing more is needed.",
        )
    had_it = bool(complaint.handler and complaint.handler.identity == person.identity)
    if taking_over:
        if not had_it or taking_over.identity == person.identity:
            raise InvalidCommand(
                "handler: there is nothing that they could take over.",
                "Name somebody else, and only where whoever has the conflict has the complaint.",
            )
        check_independence(complaint, actor)
        check_impartial(complaint, taking_over)
    return (
        ConflictDeclared(
            **stamp(complaint, command, now), person=person, reason=command.reason, had_it=had_it,
            handler=taking_over,
        ),
    )  # fmt: skip


def _at_opening(complaint: Complaint, now: datetime) -> Iterator[Any]:
    """Whose conduct is complained about deals with nothing of it."""
    case, topics = complaint.opened.subject_case, complaint.opened.about
    found = complaint.rules.charter.conflict.conduct and Topic.CONDUCT in topics
    if found and case and case.handler and complaint.closed is None:
        who = Person(id=case.handler.id, name=case.handler.name)  # their lines are not the event's
        yield ConflictFound(
            number=complaint.events + 1, at=now, person=who, found=Found.COMPLAINED_ABOUT
        )


def _at_independent_stage(complaint: Complaint, _: Escalate, now: datetime) -> tuple[Any, ...]:
    """Who has replied at an earlier stage has no part in an independent one, in whatever role."""
    stage = complaint.rules.stage(complaint.stage)
    if not (complaint.rules.charter.conflict.earlier_reviewer and stage.independent):
        return ()
    earlier = {
        who.identity: who
        for where, who in complaint.replied_by
        if where != stage.id and who.identity not in complaint.conflicted
    }
    return tuple(
        ConflictFound(number=number, at=now, person=who, found=Found.EARLIER_REVIEWER)
        for number, who in enumerate(earlier.values(), complaint.events + 1)
    )


def _successor(complaint: Complaint, _: Allocate, now: datetime) -> tuple[Any, ...]:
    told = SuccessorTold(number=complaint.events + 1, at=now)
    return (told,) if complaint.handed_back else ()


# --- what follows -----------------------------------------------------------------------------------


def _declared(complaint: Complaint, event: ConflictDeclared) -> dict[str, Any]:
    changes = _barred(complaint, event)
    if event.had_it:
        changes |= {"handler": event.handler, "handed_back": event.handler is None}
    if event.handler:
        changes["touched"] = complaint.touched | {(complaint.stage, event.handler.identity)}
    return changes


def _barred(complaint: Complaint, event: ConflictDeclared | ConflictFound) -> dict[str, Any]:
    changes = {"conflicted": complaint.conflicted | {event.person.identity}}
    who = {event.person.identity}
    earlier = isinstance(event, ConflictFound) and event.found is Found.EARLIER_REVIEWER
    changes["set_aside"] = complaint.set_aside | who if earlier else complaint.set_aside - who
    return changes


def _told(_: Complaint, __: SuccessorTold) -> dict[str, Any]:
    return {"handed_back": False}


def _hand_on(complaint: Complaint, event: ConflictDeclared) -> Iterator[Notice]:
    if not event.had_it:
        yield from _note(complaint, event)
        return
    yield from tell(complaint, event, NoticeKind.NEW_HANDLER)
    role = (complaint.rules.stage(complaint.stage).role,)
    if event.handler:
        adjustments = list(complaint.customer.adjustments)
        yield from ask(complaint, event, NoticeKind.ALLOCATED, role, adjustments=adjustments)
    else:
        yield from ask(
            complaint, event, NoticeKind.HANDED_BACK, role, person_name=event.person.name
        )


def _note(complaint: Complaint, event: ConflictDeclared | ConflictFound) -> Iterator[Notice]:
    found = str(event.found) if isinstance(event, ConflictFound) else "declared"
    yield from ask(
        complaint, event, NoticeKind.CONFLICT_NOTED, (complaint.rules.stage(complaint.stage).role,),
        person_name=event.person.name, found=found,
    )  # fmt: skip


def _tell_successor(complaint: Complaint, event: SuccessorTold) -> Iterator[Notice]:
    yield from tell(complaint, event, NoticeKind.NEW_HANDLER)


def _declared_line(event: ConflictDeclared) -> str:
    said = f"{event.person.name} has a conflict of interest: {event.reason}"
    if event.handler:
        return f"{said} {event.handler.name} took over."
    return f"{said} It was handed back to the stage." if event.had_it else said


_WHY = {
    Found.COMPLAINED_ABOUT: "has a conflict of interest: the complaint is about their conduct.",
    Found.EARLIER_REVIEWER: "answered at an earlier stage and has no part in an independent one.",
}
MATTER = Matter(
    verbs={
        DeclareConflict: Asked(
            Permission(
                (*sorted(REVIEWERS), Role.ADMINISTRATOR), OPEN, (ConflictDeclared,), passes_on=True
            ),
            _declare,
        )
    },
    events={
        ConflictDeclared: Told(
            _declared, _declared_line, _hand_on,
            owed=(
                NoticeKind.NEW_HANDLER, NoticeKind.ALLOCATED, NoticeKind.HANDED_BACK,
                NoticeKind.CONFLICT_NOTED,
            ),
            triggers=(Trigger.ALLOCATED,),
        ),
        ConflictFound: Told(
            _barred, lambda e: f"{e.person.name} {_WHY[e.found]}", _note,
            owed=(NoticeKind.CONFLICT_NOTED,),
        ),
        SuccessorTold: Told(
            _told, lambda _: "The customer was told who has the complaint now.", _tell_successor,
            owed=(NoticeKind.NEW_HANDLER,),
        ),
    },
    follows={
        Escalate: Follows((ConflictFound,), _at_independent_stage),
        Allocate: Follows((SuccessorTold,), _successor),
    },
    of_opening=(ConflictFound,),
    at_opening=_at_opening,
)  # fmt: skip
