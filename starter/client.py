"""Owns the client for apps: opening complaints, asking how they stand, sending verbs, listing.

complaints = await Complaints.connect()
started = await complaints.open(opening)
await complaints.acknowledge(started.reference, actor)
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import uuid4

from pydantic import ValidationError
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.complaint.commands import Actor, Command
from domain.complaint.decider.verbs import SIGNALS, parse_command
from domain.complaint.opening import Opening
from domain.errors import InvalidCommand
from domain.faults import describe_faults
from engine.settings import Settings
from starter.contract import (
    DIGEST_MEMO,
    STATUS_QUERY,
    STILL_OPENING,
    TASK_QUEUE,
    WORKFLOW_TYPE,
    workflow_id,
)
from starter.errors import AlreadyClosed, ended, from_server, still_opening, told_apart
from starter.listing import Filters, Listed, next_due_first, to_query, to_row
from starter.status import Status, Summary
from starter.verbs import Fields, Verbs

ANSWER_WITHIN: Final = timedelta(seconds=30)
_Handle = WorkflowHandle[Any, Any]


@dataclass(frozen=True, slots=True)
class Started:
    """A complaint that runs now."""

    reference: str
    already: bool
    """Whether it ran before this call: then nothing was started."""
    differs: bool = False
    """Whether it was opened before with another content; the first one counts."""


class Complaints(Verbs):
    """Complaints on one Temporal server and namespace."""

    def __init__(
        self,
        client: Client,
        task_queue: str = TASK_QUEUE,
        *,
        answer_within: timedelta = ANSWER_WITHIN,
    ) -> None:
        """`client` must carry `engine.plugin.UpholdPlugin`; `connect` makes one that does."""
        self._client = client
        self._task_queue = task_queue
        self._answer_within = answer_within

    @classmethod
    async def connect(cls, settings: Settings | None = None) -> Self:
        """The complaints on the server that the environment names.

        Raises the `EngineError` that says what is not there.
        """
        from engine.connect import connect
        from engine.settings import load_settings

        settings = settings or load_settings()
        return cls(await connect(settings), settings.task_queue)

    async def open(
        self, opening: Opening | Mapping[str, Any], *, _start_delay: timedelta | None = None
    ) -> Started:
        """Start a complaint, once: the same reference again returns the one that runs.

        Raises `InvalidCommand` naming each field at fault (nothing is started), `AlreadyClosed`
        for a reference whose complaint has ended, `ServerUnavailable`. `_start_delay` is for the
        demo on skipped time, which opens complaints in its future.
        """
        valid = parse_opening(opening)
        digest = digest_of(valid)
        async with told_apart(valid.reference):
            try:
                await self._client.start_workflow(
                    WORKFLOW_TYPE,
                    valid.model_dump(mode="json"),
                    id=workflow_id(valid.reference),
                    task_queue=self._task_queue,
                    # A complaint whose opening was refused never was; one that ended is not started again.
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                    id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                    memo={DIGEST_MEMO: digest},
                    static_summary=f"{valid.charter}, received {valid.received_at:%-d %B %Y} by {valid.channel}",
                    start_delay=_start_delay,
                    rpc_timeout=self._answer_within,
                )
            except WorkflowAlreadyStartedError:
                return await self._already(valid.reference, digest)
        return Started(valid.reference, already=False)

    async def status(self, reference: str) -> Status:
        """How the complaint stands: every clock with its proof, and the timeline.

        Also of one that has ended, for as long as the server keeps it. Raises `UnknownComplaint`,
        `NotAnswered`, `ServerUnavailable`.
        """
        async with told_apart(reference):
            answer = await self._handle(reference).query(
                STATUS_QUERY, result_type=dict[str, Any], rpc_timeout=self._answer_within
            )
        if answer.get("state") == STILL_OPENING:
            async with told_apart(reference):
                told = await self._handle(reference).describe()
                if told.status != WorkflowExecutionStatus.RUNNING:
                    raise await ended(reference, self._handle(reference))
            raise still_opening(reference)
        return Status.model_validate(answer)

    async def send(
        self,
        verb: str,
        reference: str,
        actor: Actor,
        command_id: str | None = None,
        fields: Fields | None = None,
    ) -> Summary:
        """Send the verb and wait until it is done.

        Raises the refusal, `UnknownComplaint`, `NotAnswered` (ask again with the same
        `command_id`), `ServerUnavailable`.
        """
        command = _command(verb, actor, command_id, fields)
        async with told_apart(reference):
            try:
                async with asyncio.timeout(self._answer_within.total_seconds()):
                    answer = await self._handle(reference).execute_update(
                        verb,
                        _on_the_wire(command),
                        # Not the command's: the server would keep a refusal under it for ever.
                        id=str(uuid4()),
                        result_type=dict[str, Any],
                    )
            except RPCError as error:
                await self._raise_if_ended(reference, error)
                raise
        return Summary.model_validate(answer)

    async def signal(
        self,
        verb: str,
        reference: str,
        actor: Actor,
        command_id: str | None = None,
        fields: Fields | None = None,
    ) -> None:
        """Send `escalate`, `record_contact` or `withdraw` without waiting for what becomes of it.

        A refusal is then recorded with the complaint and told to staff, not raised here.
        """
        if verb not in SIGNALS:
            raise InvalidCommand(
                f"{verb!r} cannot be signalled.", f"Signals: {', '.join(SIGNALS)}."
            )
        command = _command(verb, actor, command_id, fields)
        async with told_apart(reference):
            try:
                await self._handle(reference).signal(
                    verb, _on_the_wire(command), rpc_timeout=self._answer_within
                )
            except RPCError as error:
                await self._raise_if_ended(reference, error)
                raise

    async def list(
        self,
        *,
        charter: str | None = None,
        stage: str | None = None,
        state: str | None = None,
        due_before: datetime | None = None,
        handler: str | None = None,
        closed: bool = False,
        limit: int = 100,
    ) -> list[Listed]:
        """At most `limit` complaints for which all that is given holds, the next due first.

        Those that have ended only with `closed` or `state="closed"`. Raises `InvalidCommand`.
        """
        query = to_query(Filters(charter, stage, state, due_before, handler, closed))
        found = self._client.list_workflows(query)
        try:
            return await next_due_first((to_row(each) async for each in found), limit)
        except RPCError as error:
            raise from_server(error) from error

    def _handle(self, reference: str) -> _Handle:
        return self._client.get_workflow_handle(workflow_id(reference))

    async def _already(self, reference: str, digest: str) -> Started:
        told = await self._handle(reference).describe(rpc_timeout=self._answer_within)
        first = await told.memo_value(DIGEST_MEMO, digest, type_hint=str)
        if told.status != WorkflowExecutionStatus.RUNNING:
            raise AlreadyClosed(reference, differs=first != digest)
        return Started(reference, already=True, differs=first != digest)

    async def _raise_if_ended(self, reference: str, error: RPCError) -> None:
        # The server says NOT_FOUND for a complaint that has ended as well as for none.
        if error.status != RPCStatusCode.NOT_FOUND:
            return
        handle = self._handle(reference)
        told = await handle.describe(rpc_timeout=self._answer_within)
        if told.status != WorkflowExecutionStatus.RUNNING:
            raise await ended(reference, handle) from None


def parse_opening(opening: Opening | Mapping[str, Any]) -> Opening:
    """The opening, checked. Raises `InvalidCommand` naming each field at fault and its value."""
    if isinstance(opening, Opening):
        return opening
    try:
        return Opening.model_validate(opening)
    except ValidationError as error:
        raise InvalidCommand(f"open: {describe_faults(error)}") from None


def digest_of(opening: Opening) -> str:
    """A short digest by which the same opening is known again; says nothing about the customer."""
    return hashlib.sha256(opening.model_dump_json().encode()).hexdigest()[:16]


def _command(verb: str, actor: Actor, command_id: str | None, fields: Fields | None) -> Command:
    given = {"command_id": command_id or str(uuid4()), "actor": actor, **(fields or {})}
    return parse_command(verb, given)


def _on_the_wire(command: Command) -> dict[str, Any]:
    return command.model_dump(mode="json", exclude_defaults=True)
