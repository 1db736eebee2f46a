"""Updating: the customer hears where things stand.

Owns `update`. Source: `001_52f8d27437deebc1.txt` (an update at least monthly).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.complaint.commands import IN_WELSH, Command, check_said
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.notify.compose import with_fields
from domain.complaint.state import Complaint
from domain.notices import NoticeKind
from domain.vocabulary import CASEWORK, OPEN, Trigger
from domain.wire import Body


class Update(Command):
    """Tell the customer where things stand."""

    verb = "update"
    message: Body = Field(description="What the customer is told.")
    message_cy: Body = Field(default="", description=IN_WELSH)


@value(frozen=True, slots=True, kw_only=True)
class Updated(Happened):
    """The customer was told where things stand."""

    kind: Literal["updated"] = "updated"
    message: str


def _update(complaint: Complaint, command: Update, now: datetime) -> tuple[Any, ...]:
    check_said("message", command.message, "Say where things stand.")
    return made(Updated, complaint, command, now)


FEATURE = Feature(
    commands={
        Update: CommandSpec(CASEWORK, OPEN, (Updated,), _update),
    },
    events={
        Updated: EventSpec(
            lambda e: f"Update sent: {e.message}",
            react=with_fields(NoticeKind.PROGRESS, "message"), owed=(NoticeKind.PROGRESS,),
            triggers=(Trigger.UPDATED,),
        ),
    },
)  # fmt: skip
