"""Replying: the complaint is answered at its stage, with findings, an outcome and what is put right.

Owns `reply`. What a reply undertakes is followed up in `remedies`. Source: `003_0c0e7b8081a12964.txt` (a
reply sets out the findings and how to go further).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field

from domain import value
from domain.complaint import values
from domain.complaint.commands import IN_WELSH, Command, check_room
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.features.handling.grounds import (
    check_complete,
    check_recommends,
    ground_facts,
    said_of,
)
from domain.complaint.features.remedies.letters import owed
from domain.complaint.features.remedies.promise import (
    MOST,
    PromisedRemedy,
    RemedyGiven,
    commitments_of,
    remedies_of,
    remedies_said,
    remedy_facts,
    texts_of,
    with_welsh,
)
from domain.complaint.notify.compose import answer_apart, tell
from domain.complaint.notify.recipients import readers
from domain.complaint.policies.windows import as_told
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind
from domain.vocabulary import REVIEWER, WORKING, Cause, Outcome, Side, Trigger
from domain.wire import Body, Line, Person, sentence

Lines = Annotated[tuple[Line, ...], Field(max_length=MOST)]


class Reply(Command):
    """Answer the complaint at this stage."""

    verb = "reply"
    findings: Body = Field(default="", description="What was found, and why.")
    findings_cy: Body = Field(default="", description=IN_WELSH)
    outcome: Outcome | None = Field(default=None, description="What the reply finds.")
    remedies: tuple[RemedyGiven, ...] = Field(
        max_length=50,
        default=(),
        description="What is put right: a text, or an object with text, kind, owner, due.",
    )
    remedies_cy: Annotated[tuple[Line, ...], Field(max_length=50)] = Field(
        default=(), description=IN_WELSH
    )
    heard: Annotated[tuple[Side, ...], Field(max_length=len(Side))] = Field(
        default=(), description="Whom it has heard; both sides, where the charter says so."
    )
    unheard: Line | None = Field(
        default=None, description="Which side was not heard, and why; the customer is told."
    )
    unheard_cy: Line | None = Field(default=None, description=IN_WELSH)
    evidence: Lines = Field(
        default=(), description="What the findings rest on: letters, records, recordings …"
    )
    evidence_cy: Lines = Field(default=(), description=IN_WELSH)
    cause: Cause | None = Field(default=None, description="Why it went wrong, if it did.")
    changes: Lines = Field(
        default=(), description="What is done otherwise from now on, because of it."
    )
    changes_cy: Lines = Field(default=(), description=IN_WELSH)
    unchanged: Line | None = Field(
        default=None, description="Why nothing is done otherwise; the customer is told."
    )
    unchanged_cy: Line | None = Field(default=None, description=IN_WELSH)
    nothing_recommended: Body = Field(
        default="", description="Where it is upheld and nothing is recommended: why not."
    )
    nothing_recommended_cy: Body = Field(default="", description=IN_WELSH)


@value(frozen=True, slots=True, kw_only=True)
class Replied(Happened):
    """The complaint was answered at its stage."""

    kind: Literal["replied"] = "replied"
    stage: str
    findings: str
    outcome: Outcome
    remedies: tuple[str, ...]
    commitments: tuple[PromisedRemedy, ...] = ()
    """What is followed up of them, where the charter says so."""
    heard: tuple[Side, ...] = ()
    unheard: str | None = None
    evidence: tuple[str, ...] = ()
    cause: Cause | None = None
    changes: tuple[str, ...] = ()
    unchanged: str | None = None
    nothing_recommended: str = ""
    """Why nothing is recommended, where that had to be said."""


def _reply(complaint: Complaint, command: Reply, now: datetime) -> tuple[Any, ...]:
    check_room(len(complaint.remedies), "remedies")
    check_complete(complaint.at_stage, command)
    commitments = commitments_of(complaint, command.remedies, now)
    check_recommends(complaint.at_stage, command, commitments)
    in_welsh = command.in_welsh()
    return made(
        Replied, complaint, command, now, stage=complaint.stage, in_welsh=in_welsh,
        remedies=texts_of(command.remedies), commitments=with_welsh(commitments, in_welsh),
    )  # fmt: skip


def _fold(complaint: Complaint, event: Replied) -> dict[str, Any]:
    by = event.actor and ((event.stage, _person(event.actor.id, event.actor.name)),)
    reply = values.Reply(
        event.number, event.at, event.outcome, len(complaint.contacts), event, event.number,
        readers=readers(complaint), **as_told(complaint, event.number, event.at),
    )  # fmt: skip
    return {
        "reply": reply,
        "acknowledged": True,
        "remedies": (*complaint.remedies, *remedies_of(event.commitments, event.stage, event.at)),
        "replied_by": (*complaint.replied_by, *(by or ())),
    }


@lru_cache(maxsize=1024)
def _person(id: str, name: str) -> Person:  # noqa: A002 - as its field is called
    """Somebody who replies to many complaints is the same person in all."""
    return Person(id=id, name=name)


def _react(complaint: Complaint, event: Replied) -> Iterator[Notice]:
    yield from tell(
        complaint, event, letter_of(complaint, event), **findings_of(event),
        **remedies_said(event, remedy_facts(event.remedies, event.commitments)),
    )  # fmt: skip
    yield from answer_apart(complaint, event, complaint.helpers)
    made = {each.number for each in event.commitments if not each.done}
    yield from owed(complaint, event, (each for each in complaint.remedies if each.number in made))


def letter_of(complaint: Complaint, said: Replied) -> NoticeKind:
    """The kind of letter that the reply is: the last stage's is another."""
    last = complaint.rules.next_stage(said.stage) is None
    return NoticeKind.FINAL_REPLY if last else NoticeKind.REPLY


def findings_of(said: Replied) -> dict[str, Any]:
    """What was found, and what that rests on, as facts of its letter."""
    found = {
        "findings": said.findings,
        "outcome": str(said.outcome),
        "nothing_recommended": said.nothing_recommended,
        **ground_facts(said),
    }
    welsh = said.in_welsh or {}
    return found | {f"{name}_cy": words for name, words in welsh.items() if name in found}


def _triggered(complaint: Complaint, event: Replied) -> tuple[Trigger, ...]:
    resolved = (Trigger.RESOLVED,) if event.outcome is Outcome.RESOLVED else ()
    last = complaint.rules.next_stage(event.stage) is None
    return (Trigger.REPLIED, *resolved, *((Trigger.PROCEDURE_ENDED,) if last else ()))


def _line(event: Replied) -> str:
    remedies = f" Remedies: {sentence('; '.join(event.remedies))}" if event.remedies else ""
    why = event.nothing_recommended
    nothing = f" Nothing is recommended: {sentence(why)}" if why else ""
    return f"Replied at {event.stage}: {event.outcome}.{remedies}{nothing}{said_of(event)}"


FEATURE = Feature(
    commands={
        Reply: CommandSpec((REVIEWER,), WORKING, (Replied,), _reply, of_feedback=False),
    },
    events={
        Replied: EventSpec(
            _line, _fold, _react,
            owed=(NoticeKind.REPLY, NoticeKind.FINAL_REPLY, NoticeKind.ANSWERED_DIRECTLY, NoticeKind.REMEDY_OWED),
            triggers=(Trigger.REPLIED, Trigger.RESOLVED, Trigger.PROCEDURE_ENDED),
            triggered=_triggered,
            public=lambda e: f": {e.outcome}",
        ),
    },
)  # fmt: skip
