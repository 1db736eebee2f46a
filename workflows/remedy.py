"""The Remedy workflow: one thing that a reply undertook, from the promise until it is settled.

Owns the waiting and nothing else, as `complaint` does: what is allowed and what follows is decided
by `domain`. It is started by its complaint, and goes on when that has ended.
"""

from __future__ import annotations

import asyncio
import zlib
from datetime import datetime
from typing import Any, ClassVar, NoReturn, TypeVar

from pydantic import ValidationError
from temporalio import workflow

from activities import contracts
from activities.contracts import RemedyEntry
from domain.charter.rules import unpack
from domain.complaint.commands import ReportUndeliverable, Tick
from domain.complaint.features.remedies import remedy_commands as cmd
from domain.complaint.features.remedies.remedy import Remedy, RemedyStep
from domain.complaint.features.remedies.remedy_decisions import take
from domain.complaint.features.remedies.remedy_opening import People, RemedyOpening
from domain.complaint.features.remedies.remedy_reactions import react
from domain.complaint.features.remedies.remedy_standing import (
    brief_of,
    carry,
    next_due,
    public,
    restore,
    result_of,
    standing_of,
    status_of,
)
from domain.complaint.features.remedies.remedy_time import next_wake, wakes_for
from domain.errors import Refused
from domain.faults import describe_faults
from domain.notices import Notice
from engine import search_attributes as keys
from workflows.effects import Effects
from workflows.messages import TakesMessages, fail, taking_messages
from workflows.remedies import FOLLOW, WORKFLOW_TYPE, remedy_id
from workflows.visibility import LATEST, publish
from workflows.waiting import sleep_until

T = TypeVar("T", bound=TakesMessages)


class RemedyEffects(Effects):
    """What a remedy still owes to the outside."""

    record_and_send: ClassVar[str] = contracts.RECORD_REMEDY_AND_SEND
    record: ClassVar[str] = contracts.RECORD_REMEDY


def _taking(kind: type[T]) -> type[T]:
    return taking_messages(kind, cmd.REMEDY_VERBS)


@workflow.defn(
    name=WORKFLOW_TYPE,
    failure_exception_types=[ValidationError],  # an argument that is no JSON fails, and cannot hang
)
@_taking
class RemedyWorkflow:
    """One remedy. Its arguments are a `RemedyOpening` and the packed rules; `carried` follows."""

    @workflow.init
    def __init__(
        self,
        opening: Any = None,  # noqa: ARG002 - taken by `run`
        pinned: bytes = b"",
        carried: bytes | None = None,
    ) -> None:
        """Get ready for messages, which may come before `run` does."""
        self._pinned = pinned
        self._events: tuple[Any, ...] = ()
        self._remedy: Remedy | None = None
        self._stillborn = ""
        self._wake: datetime | None = None
        self._shown: dict[Any, Any] = {}
        self._effects = RemedyEffects(self._undeliverable)
        if carried is not None:
            self._events, self._remedy, self._effects.fault = restore(pinned, carried)
            self._show(self._remedy)

    @workflow.run
    async def run(  # `pinned` and `carried` were taken by `__init__`
        self,
        opening: Any = None,
        pinned: bytes = b"",  # noqa: ARG002
        carried: bytes | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """See the remedy through, and answer how it ended."""
        while True:
            try:
                return await self._live(opening)
            except asyncio.CancelledError:
                if self._remedy is None:
                    raise
                workflow.logger.warning("a remedy cannot be cancelled; it can be refused")

    async def _live(self, opening: Any) -> dict[str, Any]:
        if self._remedy is None:
            await self._open(opening)
        while not self._finished:
            self._take(Tick())
            await self._sleep()
            if self._ready_for_a_new_history:
                carried = carry(self._events, self._effects.fault)
                workflow.continue_as_new(args=[opening, self._pinned, carried])
        await workflow.wait_condition(lambda: self._quiet)
        return result_of(self._standing)

    async def _open(self, argument: Any) -> None:
        try:
            opening = RemedyOpening.model_validate(argument)
            wanted = remedy_id(opening.reference, opening.commitment.number)
            if workflow.info().workflow_id != wanted:
                # Only the workflow's id keeps a remedy from being started twice.
                await self._never(f"reference: remedy {opening.id} is not the workflow's.")
            remedy = Remedy(unpack(self._pinned))
            self._absorb(take(remedy, cmd.Undertake(opening=opening), workflow.now()))
        except ValidationError as error:
            await self._never(describe_faults(error, values=False))
        except (zlib.error, ValueError, KeyError):
            await self._never("pinned: it holds no charter.")

    async def _never(self, why: str) -> NoReturn:
        self._stillborn = why
        await workflow.wait_condition(workflow.all_handlers_finished)
        fail("InvalidOpening", why)

    async def _sleep(self) -> None:
        """Wait for the earliest wake-up, or until something has changed."""
        wake = self._wake
        await sleep_until(
            wake,
            wakes_for(self._standing) if wake else None,
            lambda: self._wake != wake or self._finished or self._ready_for_a_new_history,
        )

    @property
    def _standing(self) -> Remedy:
        if self._remedy is None:
            msg = "the remedy was not undertaken yet"
            raise RuntimeError(msg)
        return self._remedy

    @property
    def _finished(self) -> bool:
        return self._standing.settled is not None

    @property
    def _quiet(self) -> bool:
        return self._effects.idle and workflow.all_handlers_finished()

    @property
    def _ready_for_a_new_history(self) -> bool:
        return workflow.info().is_continue_as_new_suggested() and self._quiet

    def _take(self, command: cmd.AnyRemedyCommand) -> None:
        """Let the core decide and perform what follows; raises the `Refused` that applies."""
        self._absorb(take(self._standing, command, workflow.now()))

    def _absorb(self, steps: tuple[RemedyStep, ...]) -> None:
        if not steps:
            return
        after = steps[-1].remedy
        events = tuple(step.event for step in steps)
        self._remedy, self._events = after, (*self._events, *events)
        notices = tuple(notice for step in steps for notice in react(step.remedy, step.event))
        self._effects.owe(RemedyEntry(after.id, events, standing_of(after), notices))
        self._show(after)

    def _show(self, remedy: Remedy) -> None:
        self._wake = next_wake(remedy)
        self._shown = publish(attributes_of(remedy), _details(remedy, self._events), self._shown)

    def _undeliverable(self, notice: Notice, reason: str) -> None:
        self._take(ReportUndeliverable(notice=notice.key, reason=reason))

    async def _is_open(self) -> bool:
        await workflow.wait_condition(lambda: self._remedy is not None or self._stillborn != "")
        return self._remedy is not None

    @workflow.query
    def status(self) -> dict[str, Any]:
        """How the remedy stands: owner, dates with their proof, and the timeline."""
        if self._remedy is None:
            return {"state": "opening"}
        status = status_of(self._remedy, self._events)
        fault, owed = self._effects.fault, not self._effects.idle
        return status | {"ledger_fault": fault, "effects_owed": owed}

    async def handle(self, verb: str, fields: Any) -> dict[str, Any]:
        """Do what an update asks, and answer how the remedy stands; raises its refusal."""
        if not await self._is_open():
            fail("NotOpened", "The remedy was not undertaken.", self._stillborn)
        try:
            self._take(cmd.parse_remedy_command(verb, fields))
        except Refused as refused:
            fail(refused.kind, refused.message, refused.allowed)
        return brief_of(self._standing)

    def validate(self, verb: str, fields: Any) -> None:
        """Refuse before anything is written to history, where that can be known already."""
        try:
            command = cmd.parse_remedy_command(verb, fields)
            if self._remedy:
                take(self._remedy, command, workflow.now())
        except Refused as refused:
            fail(refused.kind, refused.message, refused.allowed)

    @workflow.signal(name=FOLLOW)
    async def follow(self, people: Any = None) -> None:
        """Write to these people from now on: its complaint says so."""
        if not await self._is_open():
            return
        try:
            self._take(cmd.FollowComplaint(people=People.model_validate(people)))
        except ValidationError as error:
            faults = describe_faults(error, values=False)
            workflow.logger.warning("other people were not understood: %s", faults)


def attributes_of(remedy: Remedy) -> dict[Any, Any]:
    """The search attributes of a remedy, by key; none where there is no value."""
    return {
        keys.CHARTER: remedy.rules.charter.id,
        keys.STAGE: remedy.opened.stage,
        keys.STATE: str(remedy.state),
        keys.NEXT_DUE: next_due(remedy),
        keys.MISSED: remedy.missed,
        keys.HANDLER: remedy.owner.id if remedy.owner else None,
    }


def _details(remedy: Remedy, events: tuple[Any, ...]) -> str:
    due = next_due(remedy)
    lines = [
        f"**{remedy.commitment.kind}** promised at *{remedy.opened.stage}*: {remedy.state}",
        f"Due: {due:%d %B %Y %H:%M} UTC" if due else "No date is waited for",
        f"Dates missed: {remedy.missed}",
        "",
        *(f"{event.number}. {event.at:%d %B %Y} {public(event)}" for event in events[-LATEST:]),
    ]
    return "\n".join(lines)
