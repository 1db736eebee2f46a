"""Owns the client for remedies: asking how one stands, settling it, listing those that are owed.

remedies = await Remedies.connect()
for row in await remedies.list(overdue=True):
    status = await remedies.status(row.reference, row.number)
await remedies.do("FO-2026-000123", 1, actor, how="We paid it on 3 November.")

Nobody starts a remedy: a reply undertakes it, and its complaint starts it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any, Final, Self
from uuid import uuid4

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from domain.complaint.commands import Actor
from domain.complaint.features.remedies.remedy_commands import (
    RemedyCommand,
    parse_remedy_command,
    settled_by,
)
from domain.errors import ComplaintClosed, WrongState
from domain.wire import Person
from engine.settings import Settings
from starter.contract import SETTLED_BY, STATUS_QUERY, STILL_OPENING, remedy_workflow_id
from starter.errors import NotAnswered, UnknownComplaint, UnknownRemedy, from_server, told_apart
from starter.listing import next_due_first
from starter.remedy_listing import ListedRemedy, RemedyFilters, to_remedy_query, to_remedy_row
from starter.remedy_status import RemedyStatus, RemedySummary

ANSWER_WITHIN: Final = timedelta(seconds=30)


class Remedies:
    """Remedies on one Temporal server and namespace.

    Every verb answers how the remedy stands afterwards and raises the refusal if the rules do not
    allow it; `command_id` is as for complaints: a caller that tries again passes its own.
    """

    def __init__(self, client: Client, *, answer_within: timedelta = ANSWER_WITHIN) -> None:
        """`client` must carry `engine.plugin.UpholdPlugin`; `connect` makes one that does."""
        self._client, self._answer_within = client, answer_within

    @classmethod
    async def connect(cls, settings: Settings | None = None) -> Self:
        """The remedies on the server that the environment names. Raises the `EngineError`."""
        from engine.connect import connect
        from engine.settings import load_settings

        return cls(await connect(settings or load_settings()))

    async def status(self, reference: str, number: int) -> RemedyStatus:
        """How the remedy stands, with its dates and its timeline; also of one that is settled.

        Raises `UnknownRemedy`, `NotAnswered`, `ServerUnavailable`.
        """
        async with _told_apart(f"{reference}/{number}"):
            answer = await self._handle(reference, number).query(
                STATUS_QUERY, result_type=dict[str, Any], rpc_timeout=self._answer_within
            )
        if answer.get("state") == STILL_OPENING:
            raise NotAnswered(f"Remedy {reference}/{number} begins; ask again in a moment.")
        return RemedyStatus.model_validate(answer)

    async def send(
        self,
        verb: str,
        reference: str,
        number: int,
        actor: Actor,
        command_id: str | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> RemedySummary:
        """Send the verb with its own `fields`; every verb below is this one, typed.

        Raises the refusal, `UnknownRemedy`, `NotAnswered` (ask again with the same `command_id`),
        `ServerUnavailable`.
        """
        given = {"command_id": command_id or str(uuid4()), "actor": actor, **(fields or {})}
        command = parse_remedy_command(verb, given)
        async with _told_apart(f"{reference}/{number}"):
            try:
                async with asyncio.timeout(self._answer_within.total_seconds()):
                    answer = await self._handle(reference, number).execute_update(
                        verb,
                        command.model_dump(mode="json", exclude_defaults=True),
                        # Not the command's: the server would keep a refusal under it for ever.
                        id=str(uuid4()),
                        result_type=dict[str, Any],
                    )
            except RPCError as error:
                answer = await self._settled_by(command, reference, number, error)
        return RemedySummary.model_validate(answer)

    async def accept(
        self, reference: str, number: int, actor: Actor, *, command_id: str | None = None
    ) -> RemedySummary:
        """Say that what was recommended will be done."""
        return await self.send("accept_remedy", reference, number, actor, command_id)

    async def do(
        self, reference: str, number: int, actor: Actor, how: str, *, command_id: str | None = None
    ) -> RemedySummary:
        """Say that it is done, and how; the customer is told."""
        return await self.send("do_remedy", reference, number, actor, command_id, {"how": how})

    async def refuse(
        self, reference: str, number: int, actor: Actor, reason: str,
        *, command_id: str | None = None,
    ) -> RemedySummary:  # fmt: skip
        """Say that it will not be done, and why; the customer is told."""
        fields = {"reason": reason}
        return await self.send("refuse_remedy", reference, number, actor, command_id, fields)

    async def reassign(
        self, reference: str, number: int, actor: Actor, owner: Person,
        *, command_id: str | None = None,
    ) -> RemedySummary:  # fmt: skip
        """Let somebody else see to it."""
        fields = {"owner": owner}
        return await self.send("reassign_remedy", reference, number, actor, command_id, fields)

    async def postpone(
        self, reference: str, number: int, actor: Actor, new_due: date, reason: str,
        *, command_id: str | None = None,
    ) -> RemedySummary:  # fmt: skip
        """Move its date, with a reason, before it passes; the customer is told."""
        fields = {"new_due": new_due, "reason": reason}
        return await self.send("postpone_remedy", reference, number, actor, command_id, fields)

    async def list(
        self,
        *,
        charter: str | None = None,
        state: str | None = None,
        overdue: bool = False,
        owner: str | None = None,
        reference: str | None = None,
        settled: bool = False,
        limit: int = 100,
    ) -> list[ListedRemedy]:
        """At most `limit` remedies for which all that is given holds, the next due first.

        Those that are settled only with `settled` or a `state` that says so. Raises `InvalidCommand`.
        """
        filters = RemedyFilters(charter, state, owner, reference, overdue, settled)
        query = to_remedy_query(filters)
        found = self._client.list_workflows(query)
        try:
            return await next_due_first((await to_remedy_row(each) async for each in found), limit)
        except RPCError as error:
            raise from_server(error) from error

    def _handle(self, reference: str, number: int) -> WorkflowHandle[Any, Any]:
        return self._client.get_workflow_handle(remedy_workflow_id(reference, number))

    async def _settled_by(
        self, command: RemedyCommand, reference: str, number: int, error: RPCError
    ) -> dict[str, Any]:
        """How the remedy ended, if this very command settled it; its first answer was lost.

        Raises `WrongState` for another, and the error itself where no remedy has ended.
        """
        # The server says NOT_FOUND for a remedy that has ended as well as for none.
        if error.status != RPCStatusCode.NOT_FOUND:
            raise error
        handle = self._handle(reference, number)
        told = await handle.describe(rpc_timeout=self._answer_within)
        if told.status == WorkflowExecutionStatus.RUNNING:
            raise error
        if told.status == WorkflowExecutionStatus.COMPLETED:
            ended: dict[str, Any] = await handle.result(rpc_timeout=self._answer_within)
            by = ended.pop(SETTLED_BY, {})
            if by == settled_by(command):
                return ended
        raise _settled(f"{reference}/{number}") from None


@asynccontextmanager
async def _told_apart(remedy: str) -> AsyncIterator[None]:
    """Turns the SDK's errors about one remedy into those of `starter.errors`."""
    try:
        async with told_apart(remedy):
            yield
    except UnknownComplaint:
        raise UnknownRemedy(f"No remedy {remedy} is known to the server.") from None
    except ComplaintClosed:
        raise _settled(remedy) from None
    except NotAnswered:
        raise NotAnswered(
            f"No worker answered for remedy {remedy} in time. What was asked may or may not be"
            " done: ask again with the same command id, and it is done once. Is a worker running"
            " (`uphold health`)?"
        ) from None


def _settled(remedy: str) -> WrongState:
    return WrongState(f"Remedy {remedy} is settled.", "Nothing more can be done on it.")
