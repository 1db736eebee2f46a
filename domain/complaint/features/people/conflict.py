"""Conflicts of interest: declared by people, or found by the engine; whoever has one does nothing more.

Owns the rules of both; that somebody barred is refused, in whatever role, is in `policies.eligibility`.
Sources: `001_52f8d27437deebc1.txt` (told as soon as somebody is aware of it, and passed on at once),
`003_0c0e7b8081a12964.txt` (independent), `004_223f6b270ec16c9f.txt` (the direct contact of whoever deals
with it).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.complaint.commands import Command, Reason, check_reason
from domain.complaint.events import Happened
from domain.complaint.feature import (
    Barred,
    CommandSpec,
    EventSpec,
    Feature,
    Policy,
    following,
    made,
    one_each,
    sets,
)
from domain.complaint.features.handling.allocation import tell_staff
from domain.complaint.notify.compose import ask_reviewer, tell, with_fields
from domain.complaint.policies.eligibility import (
    check_conflict,
    check_impartial,
    check_independence,
    check_reachable,
    complained_of,
    earlier_reviewers,
)
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand, WrongRole, WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import OPEN, REVIEWERS, Role, Trigger
from domain.wire import Handler, Person, sentence

_FOR_OTHERS = (Role.MANAGER, Role.ADMINISTRATOR)
"""Who, beside the reviewer of the stage, may say of somebody else that they have a conflict."""


class DeclareConflict(Command):
    """Say that somebody has a conflict of interest; if they have the complaint, it is handed on."""

    verb = "declare_conflict"
    reason: Reason = Field(description="Why; goes on record.")
    person: Person | None = Field(default=None, description="Who has it. Left out: the actor.")
    handler: Handler | None = Field(
        default=None, description="Who takes over. Left out: it goes back to its stage as a task."
    )


class Found(StrEnum):
    """Why somebody has a conflict though nobody declared one."""

    COMPLAINED_ABOUT = "complained-about"
    EARLIER_REVIEWER = "earlier-reviewer"


@value(frozen=True, slots=True, kw_only=True)
class ConflictDeclared(Happened):
    """Somebody has a conflict and does nothing more; `had_it` says that the complaint was theirs."""

    kind: Literal["conflict-declared"] = "conflict-declared"
    person: Person
    reason: str
    had_it: bool
    handler: Handler | None = None
    """Who took over at once."""


@value(frozen=True, slots=True, kw_only=True)
class ConflictFound(Happened):
    """Somebody has a conflict by what is on record, and does nothing more."""

    kind: Literal["conflict-found"] = "conflict-found"
    person: Person
    found: Found


@value(frozen=True, slots=True, kw_only=True)
class SuccessorTold(Happened):
    """Whoever took over a complaint that was handed back was made known to the customer."""

    kind: Literal["successor-told"] = "successor-told"


def _declare(complaint: Complaint, command: DeclareConflict, now: datetime) -> tuple[Any, ...]:
    actor, taking_over = command.actor, command.handler
    person = command.person or Person(id=actor.id, name=actor.name)
    check_reason(command.reason, "Say why; it goes on record.")
    allowed = (*_FOR_OTHERS, complaint.reviewer)
    if person.identity != actor.identity and actor.role not in allowed:
        raise WrongRole(
            f"{actor.role.somebody} may declare a conflict of their own at stage {complaint.stage}.",
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
        check_reachable(complaint, taking_over)
    return made(ConflictDeclared, complaint, command, now, person=person, had_it=had_it)


def _at_opening(complaint: Complaint, now: datetime) -> tuple[Any, ...]:
    """Nobody deals with a complaint about themselves; that they may not is with the opening."""
    if complaint.closed or not complaint.conflicted:
        return ()
    about = complained_of(complaint.rules, complaint.opened)
    return _found(complaint, now, about, Found.COMPLAINED_ABOUT)


def _at_independent_stage(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    """Whoever replied at an earlier stage has no part in an independent one, in any role."""
    return _found(complaint, now, earlier_reviewers(complaint), Found.EARLIER_REVIEWER)


def _found(
    complaint: Complaint, now: datetime, people: Iterable[Person], found: Found
) -> tuple[Any, ...]:
    barred = ({"person": who, "found": found} for who in people)
    return one_each(ConflictFound, complaint, now, barred)


def _successor(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    return following(SuccessorTold, complaint, now) if complaint.handed_back else ()


# --- what follows -----------------------------------------------------------------------------------


def _declared(complaint: Complaint, event: ConflictDeclared) -> dict[str, Any]:
    changes = _barred(complaint, event)
    if event.had_it:
        changes |= {"handler": event.handler, "handed_back": event.handler is None}
    if event.handler:
        changes["touched"] = complaint.touched | {(complaint.stage, event.handler.identity)}
    return changes


def _barred(complaint: Complaint, event: ConflictDeclared | ConflictFound) -> dict[str, Any]:
    who, aside = {event.person.identity}, complaint.set_aside
    earlier = isinstance(event, ConflictFound) and event.found is Found.EARLIER_REVIEWER
    return {
        "conflicted": complaint.conflicted | who,
        "set_aside": aside | who if earlier else aside - who,
    }


def _hand_on(complaint: Complaint, event: ConflictDeclared) -> Iterator[Notice]:
    if not event.had_it:
        yield from _note(complaint, event)
        return
    yield from tell(complaint, event, NoticeKind.NEW_HANDLER)
    if event.handler:
        yield from tell_staff(complaint, event)
    else:
        yield from ask_reviewer(
            complaint, event, NoticeKind.HANDED_BACK, person_name=event.person.name
        )


def _note(complaint: Complaint, event: ConflictDeclared | ConflictFound) -> Iterator[Notice]:
    found = str(event.found) if isinstance(event, ConflictFound) else "declared"
    yield from ask_reviewer(
        complaint, event, NoticeKind.CONFLICT_NOTED, person_name=event.person.name, found=found
    )


def _triggered(_: Complaint, event: ConflictDeclared) -> tuple[Trigger, ...]:
    """Nothing where it was handed back, and nobody has it yet."""
    return (Trigger.ALLOCATED,) if event.handler else ()


def _declared_line(event: ConflictDeclared) -> str:
    said = f"{event.person.name} has a conflict of interest: {sentence(event.reason)}"
    if event.handler:
        return f"{said} {event.handler.name} took over."
    return f"{said} It was handed back to the stage." if event.had_it else said


_WHY = {
    Found.COMPLAINED_ABOUT: "has a conflict of interest: the complaint is about them.",
    Found.EARLIER_REVIEWER: "answered at an earlier stage and has no part in an independent one.",
}
FEATURE = Feature(
    commands={
        DeclareConflict: CommandSpec(
            (*sorted(REVIEWERS), Role.ADMINISTRATOR), OPEN, (ConflictDeclared,), _declare,
            passes_on=True, barred=Barred.KEPT_AWAY,
        ),
    },
    events={
        ConflictDeclared: EventSpec(
            _declared_line, _declared, _hand_on,
            owed=(NoticeKind.NEW_HANDLER, NoticeKind.ALLOCATED, NoticeKind.HANDED_BACK, NoticeKind.CONFLICT_NOTED),
            triggers=(Trigger.ALLOCATED,), triggered=_triggered,
        ),
        ConflictFound: EventSpec(
            lambda e: f"{e.person.name} {_WHY[e.found]}", _barred, _note,
            owed=(NoticeKind.CONFLICT_NOTED,),
        ),
        SuccessorTold: EventSpec(
            lambda _: "The customer was told who has the complaint now.", sets(handed_back=False),
            with_fields(NoticeKind.NEW_HANDLER), owed=(NoticeKind.NEW_HANDLER,),
        ),
    },
    policies={
        "escalate": Policy((ConflictFound,), _at_independent_stage),
        "allocate": Policy((SuccessorTold,), _successor),
    },
    of_opening=(ConflictFound,),
    at_opening=_at_opening,
)  # fmt: skip
