"""The Complaint workflow: one complaint from receipt to outcome, durably.

Owns the waiting and nothing else. What is allowed and what follows is decided by `domain`; how
effects leave is in `effects`; what the pages show is in `visibility`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError

from activities.contracts import entry_of
from domain.complaint.commands import ID_LIMIT, Command, Tick
from domain.complaint.decider.access import check
from domain.complaint.decider.decide import AnyCommand, take
from domain.complaint.decider.evolve import Step
from domain.complaint.decider.parsing import parse_command, read_signal
from domain.complaint.decider.timers import finished, next_wake, wakes_for
from domain.complaint.features.contact.reports import ReportRefusal
from domain.complaint.features.dates.charter_versions import PinsAnew
from domain.complaint.features.people.reaching import ReportUndeliverable
from domain.complaint.notify.own_words import warnings_of
from domain.complaint.opening import Opening
from domain.complaint.state import Complaint
from domain.complaint.views.packing import carry, handed_out, restore
from domain.complaint.views.record import Record
from domain.complaint.views.status import brief_of, status_of
from domain.errors import Refused
from domain.faults import SHOWN, describe_faults
from domain.notices import Notice
from workflows.effects import Effects
from workflows.messages import CANNOT_BE_CANCELLED, fail, taking_messages
from workflows.pinning import admit, complete, proof_beside, prove
from workflows.visibility import NOTHING, show
from workflows.waiting import goes_on, history_is_long, sleep_until


# Not in the sandbox, as all of it is passed through: docs/decisions/no-sandbox.md
@workflow.defn(name="Complaint", sandboxed=False)
@taking_messages
class ComplaintWorkflow:
    """One complaint. Its one argument is an `Opening`; `carried` follows when history is cut."""

    @workflow.init
    def __init__(
        self,
        opening: Any = None,  # noqa: ARG002 - taken by `run`
        carried: Any = None,
        *more: Any,  # noqa: ARG002 - refused by `run`
    ) -> None:
        """Get ready for messages, which may come before `run` does."""
        self._pinned = b""
        self._record = Record()
        self._complaint: Complaint | None = None
        self._stillborn = ""
        self._wake: datetime | None = None
        self._shown = NOTHING
        self._foreseen: tuple[Complaint, Command, datetime, tuple[Step, ...]] | None = None
        self._effects = Effects(self._undeliverable)
        self._turn = asyncio.Lock()  # what was sent first is taken first
        if carried is not None and goes_on():
            self._pinned, self._record, complaint, self._effects.fault = restore(carried)
            self._complaint = complaint
            self._show(complaint)

    @workflow.run
    async def run(self, opening: Any = None, carried: Any = None, *more: Any) -> dict[str, Any]:
        """Keep the complaint's promises until nothing can happen to it any more."""
        if more or (carried is not None and self._complaint is None):
            opening = None  # several are none
        while True:
            try:
                return await self._live(opening)
            except asyncio.CancelledError:
                if self._complaint is None:
                    raise
                self._report("cancel", "", CANNOT_BE_CANCELLED)

    async def _live(self, opening: Any) -> dict[str, Any]:
        if self._complaint is None:
            try:
                await self._open(opening)
            except ApplicationError as refused:
                self._stillborn = refused.message
                await workflow.wait_condition(workflow.all_handlers_finished)
                raise
        while not self._finished:
            self._take(Tick())
            await self._sleep()
            if self._ready_for_a_new_history:
                workflow.continue_as_new(
                    # The opening is among the events.
                    args=[None, carry(self._pinned, self._record, self._effects.fault)]
                )
        await workflow.wait_condition(lambda: self._quiet)
        return brief_of(self._standing)

    @workflow.query
    def status(self) -> dict[str, Any]:
        """Stage, state, handler, every clock with due date and proof, and the timeline."""
        if self._complaint is None:
            return {"state": "opening"}
        status = status_of(self._complaint, self._record.events)
        return status | {"ledger_fault": self._effects.fault, "effects_owed": not self._quiet}

    @workflow.query
    def events_from(self, number: int) -> dict[str, Any]:
        """The events from that number on, for a ledger that was restored (`views.packing`)."""
        return handed_out(self._pinned, self._record, number)

    async def _open(self, argument: Any) -> None:
        """Pin the charter and take the first events, or fail with what is wrong."""
        try:
            opening = Opening.model_validate(argument)
            if workflow.info().workflow_id != f"complaint:{opening.reference}":
                # Only the workflow's id keeps a reference from being used twice.
                fail("InvalidOpening", f"reference: {opening.reference} is not the workflow's.")
            rules, command = await admit(opening)
            self._pinned = rules.packed  # the one text that all complaints under it share
            self._absorb(Complaint(rules), take(Complaint(rules), command, workflow.now()))
        except ValidationError as error:
            fail("InvalidOpening", describe_faults(error, values=False))
        except Refused as refused:
            fail(refused.kind, refused.message, refused.allowed)
        except ActivityError as error:
            fail(getattr(error.cause, "type", None) or "UnknownCharter", str(error.cause or error))

    async def _is_open(self) -> bool:
        """Whether the complaint was opened, as soon as that is known."""
        await workflow.wait_condition(lambda: self._complaint is not None or self._stillborn != "")
        return self._complaint is not None

    async def _sleep(self) -> None:
        """Wait for the earliest wake-up, or until something has changed."""
        wake = self._wake
        await sleep_until(
            wake,
            wakes_for(self._standing) if wake else None,
            lambda: self._wake != wake or self._finished or self._ready_for_a_new_history,
        )

    @property
    def _standing(self) -> Complaint:
        """The complaint, once it has opened."""
        if self._complaint is None:
            msg = "the complaint has not opened yet"
            raise RuntimeError(msg)
        return self._complaint

    @property
    def _finished(self) -> bool:
        return finished(self._standing, workflow.now())

    @property
    def _quiet(self) -> bool:
        return self._effects.idle and workflow.all_handlers_finished()

    @property
    def _ready_for_a_new_history(self) -> bool:
        """Only then is it left: while effects are owed, clocks go on in the old one."""
        return history_is_long() and self._quiet

    def _take(self, command: AnyCommand) -> tuple[Notice, ...]:
        """Let the core decide, perform what follows and tell what is owed; raises the `Refused` that applies."""
        before, now, foreseen = self._standing, workflow.now(), self._foreseen
        self._foreseen = None
        if foreseen and foreseen[0] is before and foreseen[1] is command and foreseen[2] == now:
            return self._absorb(before, foreseen[3])  # checked just before, in the same breath
        return self._absorb(before, take(before, command, now))

    def _absorb(self, before: Complaint, steps: tuple[Step, ...]) -> tuple[Notice, ...]:
        if not steps:
            return ()
        entry = entry_of(before, steps)
        self._complaint = steps[-1].complaint
        self._record = self._record.with_steps(before, steps)
        self._effects.owe(entry)
        self._show(self._complaint)
        return entry.notices

    def _show(self, complaint: Complaint) -> None:
        self._wake = next_wake(complaint)
        self._shown = show(complaint, self._record.events, self._shown)

    def _undeliverable(self, notice: Notice, reason: str, address: str | None) -> None:
        self._take(ReportUndeliverable(notice=notice.key, reason=reason, address=address))

    async def handle(self, verb: str, text: bytes) -> dict[str, Any]:
        """Do what an update asks, and answer how the complaint stands; raises its refusal."""
        if not await self._is_open():
            fail("NotOpened", "The complaint was not opened.", self._stillborn)
        try:
            async with self._turn:
                command = await complete(parse_command(verb, text, proof_beside()), self._standing)
                owed = self._take(command)
                self._take(Tick())  # what has fallen due by it is told as well
        except Refused as refused:
            fail(refused.kind, refused.message, refused.allowed)
        return brief_of(self._standing) | warnings_of(command, owed)

    def validate(self, verb: str, text: bytes) -> None:
        """Refuse before anything is written to history, where that can be known already."""
        try:
            command = parse_command(verb, text, proof_beside())
            before, now = self._complaint, workflow.now()
            if before and not before.done(command):
                if isinstance(command, PinsAnew):
                    check(before, command)
                else:
                    self._foreseen = (before, command, now, take(before, command, now))
        except Refused as refused:
            fail(refused.kind, refused.message, refused.allowed)

    @workflow.signal(dynamic=True)
    async def heed(self, name: str, arguments: Sequence[RawValue]) -> None:
        """Do what a signal asks; a refusal is recorded, since its sender does not wait for it.

        Dynamic, for only so is everything seen that was sent, however many arguments of any kind.
        """
        if not await self._is_open():
            return
        command_id = ""
        try:
            fields = read_signal(name, [raw.payload.data for raw in arguments])
            command_id = str(fields.get("command_id", ""))
            command = parse_command(name, fields, proof_beside())
            async with self._turn:
                await prove(self._standing.reference, command.actor)
                self._take(command)
        except Refused as refused:
            self._report(name, command_id, refused)

    def _report(self, verb: str, command_id: str, refused: Refused) -> None:
        self._take(
            ReportRefusal(
                command_id=command_id if len(command_id) <= ID_LIMIT else "",
                refused_verb=verb[:SHOWN],
                refusal=refused.kind,
                message=str(refused),
            )
        )
