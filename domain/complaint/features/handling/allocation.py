"""Allocation: who has the complaint in hand, and that they make themselves known.

Owns `allocate`, `reassign` and `introduce`. Sources: `001_52f8d27437deebc1.txt` (the handler introduces
themselves; a conflict passes the case on), `004_223f6b270ec16c9f.txt` (the direct contact of whoever deals
with it).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.complaint.commands import Command
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.notify.compose import ask_reviewer, tell, with_fields
from domain.complaint.policies.eligibility import check_handler, check_impartial, check_reachable
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand, WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import HELD, OPEN, REVIEWER, STAFF, ReassignReason, Role, Trigger
from domain.wire import Handler


class Allocate(Command):
    """Give the complaint to a handler at its present stage."""

    verb = "allocate"
    handler: Handler = Field(description="Who has it from now on.")


class Reassign(Command):
    """Give the complaint to another handler, and say why."""

    verb = "reassign"
    handler: Handler = Field(description="Who has it from now on.")
    reason: ReassignReason = Field(description="Why another handler; `conflict` bars the old one.")


class Introduce(Command):
    """The handler has introduced themselves to the customer."""

    verb = "introduce"


@value(frozen=True, slots=True, kw_only=True)
class Allocated(Happened):
    """A handler was given the complaint."""

    kind: Literal["allocated"] = "allocated"
    handler: Handler


@value(frozen=True, slots=True, kw_only=True)
class Reassigned(Happened):
    """Another handler took over; with reason `conflict` the old one is barred."""

    kind: Literal["reassigned"] = "reassigned"
    handler: Handler
    from_handler: Handler | None
    reason: ReassignReason


@value(frozen=True, slots=True, kw_only=True)
class Introduced(Happened):
    """The handler introduced themselves."""

    kind: Literal["introduced"] = "introduced"


def _allocate(complaint: Complaint, command: Allocate, now: datetime) -> tuple[Any, ...]:
    check_impartial(complaint, command.handler)
    check_reachable(complaint, command.handler)
    if complaint.handler:
        raise WrongState(
            f"{complaint.handler.name} has complaint {complaint.reference} already.",
            "To give it to somebody else, use reassign, with a reason.",
        )
    if complaint.reply and not complaint.handed_back:
        raise WrongState(
            f"Complaint {complaint.reference} has its reply, and nobody has to take it up.",
            "If somebody is to have it all the same, use reassign, with a reason.",
        )
    return made(Allocated, complaint, command, now)


def _reassign(complaint: Complaint, command: Reassign, now: datetime) -> tuple[Any, ...]:
    check_impartial(complaint, command.handler)
    check_reachable(complaint, command.handler)
    if complaint.handler and complaint.handler.identity == command.handler.identity:
        raise InvalidCommand(
            f"handler.id: {command.handler.id} has the complaint already.", "Name somebody else."
        )
    return made(Reassigned, complaint, command, now, from_handler=complaint.handler)


def _introduce(complaint: Complaint, command: Introduce, now: datetime) -> tuple[Any, ...]:
    check_handler(complaint, command.actor)
    return made(Introduced, complaint, command, now)


def _given(complaint: Complaint, event: Allocated | Reassigned) -> dict[str, Any]:
    # Whoever was given it has had it in hand, whoever notes down what they did.
    touched = complaint.touched | {(complaint.stage, event.handler.identity)}
    return {"handler": event.handler, "touched": touched}


def _given_anew(complaint: Complaint, event: Reassigned) -> dict[str, Any]:
    changes = _given(complaint, event) | {"handed_back": False}
    if event.reason is ReassignReason.CONFLICT and event.from_handler:
        changes["conflicted"] = complaint.conflicted | {event.from_handler.identity}
    return changes


def _first_word(complaint: Complaint, _: Introduced) -> dict[str, Any]:
    """Whether the customer has not heard yet that it arrived."""
    return {"first_word": not complaint.acknowledged}


def tell_staff(complaint: Complaint, event: Any) -> Iterator[Notice]:
    """The stage hears who has the complaint now, and what helps the customer."""
    adjustments = list(complaint.customer.adjustments)
    yield from ask_reviewer(complaint, event, NoticeKind.ALLOCATED, adjustments=adjustments)


def _tell_all(complaint: Complaint, event: Reassigned) -> Iterator[Notice]:
    yield from tell(complaint, event, NoticeKind.NEW_HANDLER)
    yield from tell_staff(complaint, event)


def _line(event: Reassigned) -> str:
    old = f" from {event.from_handler.name}" if event.from_handler else ""
    return f"Reassigned{old} to {event.handler.name}: {event.reason}."


FEATURE = Feature(
    commands={
        Allocate: CommandSpec((*STAFF, Role.UPSTREAM_APP), OPEN, (Allocated,), _allocate),
        Introduce: CommandSpec((REVIEWER,), HELD, (Introduced,), _introduce),
        Reassign: CommandSpec(STAFF, OPEN, (Reassigned,), _reassign),
    },
    events={
        Allocated: EventSpec(
            lambda e: f"Allocated to {e.handler.name}.", _given, tell_staff,
            owed=(NoticeKind.ALLOCATED,), triggers=(Trigger.ALLOCATED,),
        ),
        Introduced: EventSpec(
            lambda _: "The handler introduced themselves.",
            react=with_fields(NoticeKind.INTRODUCTION, facts=_first_word), owed=(NoticeKind.INTRODUCTION,),
            triggers=(Trigger.INTRODUCED,),
        ),
        Reassigned: EventSpec(
            _line, _given_anew, _tell_all, owed=(NoticeKind.NEW_HANDLER, NoticeKind.ALLOCATED),
            triggers=(Trigger.ALLOCATED,),
        ),
    },
)  # fmt: skip
