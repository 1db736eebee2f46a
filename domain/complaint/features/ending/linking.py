"""Links: complaints about the same matter, each with a customer and an answer of its own.

Owns `link` and `unlink`. Staff of the complaint are told; no letter to anybody on the customer's side says that
there is another. What is one complaint of one customer, sent twice, is merged instead (`merging`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.complaint.commands import Command, Reason, check_reason, check_room
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.notify.compose import ask_reviewer
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand
from domain.notices import Notice, NoticeKind
from domain.vocabulary import ANY, REVIEWER, REVIEWERS, Role
from domain.wire import Reference

_WHO: tuple[Role | str, ...] = (REVIEWER, *sorted(REVIEWERS), Role.ADMINISTRATOR)


class Link(Command):
    """Link the complaint with another about the same matter: each customer keeps an answer of their own."""

    verb = "link"
    to: Reference = Field(description="The other complaint.")
    reason: Reason = Field(description="What they have in common; staff read it, no customer.")


class Unlink(Command):
    """Take a link back: the two complaints have nothing to do with each other."""

    verb = "unlink"
    to: Reference = Field(description="The other complaint.")
    reason: Reason = Field(description="Why; staff read it, no customer.")


@value(frozen=True, slots=True, kw_only=True)
class Linked(Happened):
    """Another complaint is about the same matter."""

    kind: Literal["linked"] = "linked"
    to: str
    reason: str


@value(frozen=True, slots=True, kw_only=True)
class Unlinked(Happened):
    """It is not, after all."""

    kind: Literal["unlinked"] = "unlinked"
    to: str
    reason: str


def _link(complaint: Complaint, command: Link, now: datetime) -> tuple[Any, ...]:
    if command.to == complaint.reference:
        raise InvalidCommand(f"to: {command.to} is this complaint.", "Name the other one.")
    if command.to in complaint.linked:
        raise InvalidCommand(f"to: {command.to} is linked already.", "Nothing more is needed.")
    check_reason(command.reason, "Say what they have in common; staff read it.")
    check_room(len(complaint.linked), "links")
    return made(Linked, complaint, command, now)


def _unlink(complaint: Complaint, command: Unlink, now: datetime) -> tuple[Any, ...]:
    if command.to not in complaint.linked:
        links = ", ".join(complaint.linked) or "none"
        raise InvalidCommand(f"to: {command.to} is not linked.", f"Linked: {links}.")
    check_reason(command.reason, "Say why; staff read it.")
    return made(Unlinked, complaint, command, now)


def links_of(events: Iterable[Any]) -> tuple[str, ...]:
    """The references that a complaint of these events is linked with, in the order in which they were."""
    found: dict[str, None] = {}
    for event in events:
        if isinstance(event, Linked):
            found[event.to] = None
        elif isinstance(event, Unlinked):
            found.pop(event.to, None)
    return tuple(found)


def _without(complaint: Complaint, event: Unlinked) -> dict[str, Any]:
    return {"linked": tuple(each for each in complaint.linked if each != event.to)}


def _tell(complaint: Complaint, event: Linked | Unlinked) -> Iterator[Notice]:
    yield from ask_reviewer(
        complaint, event, NoticeKind.LINKED, other=event.to, reason=event.reason,
        taken_back=isinstance(event, Unlinked),
    )  # fmt: skip


FEATURE = Feature(
    commands={
        Link: CommandSpec(_WHO, ANY, (Linked,), _link, passes_on=True),
        Unlink: CommandSpec(_WHO, ANY, (Unlinked,), _unlink, passes_on=True),
    },
    events={
        Linked: EventSpec(
            lambda e: f"Linked with {e.to}, about the same matter: {e.reason}",
            lambda complaint, e: {"linked": (*complaint.linked, e.to)}, _tell,
            owed=(NoticeKind.LINKED,), touches=False,
        ),
        Unlinked: EventSpec(
            lambda e: f"No longer linked with {e.to}: {e.reason}", _without, _tell,
            owed=(NoticeKind.LINKED,), touches=False,
        ),
    },
)  # fmt: skip
