"""The sending of a verb to a running complaint, as plain JSON. Loads no model.

Whoever has models checks the command before (`starter.client`); the complaint checks it in any case,
and an update that is refused there has changed nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final, TypeVar
from uuid import uuid4

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from engine.errors import ServerUnavailable
from identity.sending import TokenOf, sending, with_tokens
from starter.wire.errors import (
    NotAnswered,
    ServerBusy,
    ended,
    is_busy,
    not_answered_by_server,
    still_opening,
    told_apart,
)
from starter.wire.names import STATUS_QUERY, STILL_OPENING, workflow_id

ANSWER_WITHIN: Final = timedelta(seconds=30)
_PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.5, *(2.0,) * 30)
"""Seconds between two attempts at a server that is busy, for as long as an answer is waited for."""
_GLANCE: Final = timedelta(seconds=2)
_AWAY: Final = (
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.CANCELLED,
)
T = TypeVar("T")
Handle = WorkflowHandle[Any, Any]


class Sender:
    """Whatever is sent to a complaint of one Temporal server and namespace."""

    def __init__(
        self,
        client: Client,
        *,
        answer_within: timedelta = ANSWER_WITHIN,
        token: TokenOf | None = None,
    ) -> None:
        """The client stays the caller's. `token` gives what proves who acts, each time anew."""
        self._client = with_tokens(client) if token else client
        self._answer_within, self._token = answer_within, token

    async def execute(self, verb: str, reference: str, argument: Mapping[str, Any]) -> Any:
        """Send the verb, wait until it is done, and return how the complaint stands as JSON.

        Raises the refusal, `UnknownComplaint`, `NotAnswered` (ask again with the same
        `command_id`), `ServerUnavailable`.
        """
        async with (
            self._asking(reference, argument),
            asyncio.timeout(self._answer_within.total_seconds()),
        ):
            return await self._patiently(
                lambda: self._handle(reference).execute_update(
                    verb,
                    argument,
                    # Not the command's: the server would keep a refusal under it for ever.
                    id=str(uuid4()),
                    result_type=dict[str, Any],
                )
            )

    async def hand_over(self, verb: str, reference: str, argument: Mapping[str, Any]) -> None:
        """Send the verb as a signal, without waiting for what becomes of it."""
        async with self._asking(reference, argument):
            await self._patiently(
                lambda: self._handle(reference).signal(
                    verb, argument, rpc_timeout=self._answer_within
                )
            )

    async def standing(self, reference: str) -> dict[str, Any]:
        """How the complaint stands, as JSON that `starter.wire.status.Status` reads; one that is being opened is waited for.

        Raises `UnknownComplaint`, `NotAnswered`, `ServerUnavailable`.
        """
        async with self._asking(reference):
            answer = await self._patiently(
                lambda: self._standing(reference), until=lambda it: it["state"] != STILL_OPENING
            )
        if answer["state"] == STILL_OPENING:
            raise still_opening(reference)
        return answer

    async def end_for_good(self, reference: str) -> bool:
        """End what still runs of a complaint that is about to be erased; says whether anything did.

        It hears nothing any more and sends nothing. No reason is given: the server keeps it in the clear.
        """
        async with self._asking(reference):
            told = await self._handle(reference).describe(rpc_timeout=self._answer_within)
            if told.status != WorkflowExecutionStatus.RUNNING:
                return False
            await self._handle(reference).terminate("erased", rpc_timeout=self._answer_within)
            return True

    @asynccontextmanager
    async def _asking(
        self, reference: str, argument: Mapping[str, Any] | None = None
    ) -> AsyncIterator[None]:
        """Turn the SDK's errors about one complaint into those of `starter.wire.errors`.

        What is sent meanwhile carries the token of the actor in the argument. A verb that does not reach its
        complaint is told why, where that has ended.

        Where nothing was answered, it is asked whether there is a server at all: a cluster that is away is no
        missing worker.
        """
        try:
            actor = (argument or {}).get("actor")
            with sending(self._token(reference, actor) if self._token else None):
                async with told_apart(reference):
                    try:
                        yield
                    except RPCError as error:
                        if argument is not None:
                            await self._raise_if_ended(reference, error)
                        raise
        except ServerBusy:
            raise
        except (NotAnswered, ServerUnavailable) as silent:
            if isinstance(silent, NotAnswered) and await self._server_answers():
                raise
            address = self._client.service_client.config.target_host
            raise not_answered_by_server(reference, address) from silent

    async def _server_answers(self) -> bool:
        try:
            return await self._client.service_client.check_health(timeout=_GLANCE)
        except RPCError as error:
            return error.status not in _AWAY

    async def _patiently(
        self, ask: Callable[[], Awaitable[T]], *, until: Callable[[T], bool] = lambda _: True
    ) -> T:
        """What is answered, asked again with growing distance while the server is too busy to.

        So it is while an answer is not yet what is waited for; at last it is given all the same.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._answer_within.total_seconds()
        for pause in _PAUSES:
            late = loop.time() + pause > deadline
            try:
                answer = await ask()
                if until(answer) or late:
                    return answer
            except RPCError as error:
                if not is_busy(error) or late:
                    raise
            await asyncio.sleep(pause)
        return await ask()

    async def _standing(self, reference: str) -> dict[str, Any]:
        """What the complaint answers; raises why it never opened, where its workflow has ended so."""
        handle = self._handle(reference)
        answer: dict[str, Any] = await handle.query(
            STATUS_QUERY, result_type=dict[str, Any], rpc_timeout=self._answer_within
        )
        if answer["state"] == STILL_OPENING:
            told = await handle.describe(rpc_timeout=self._answer_within)
            if told.status != WorkflowExecutionStatus.RUNNING:
                raise await ended(reference, handle)
        return answer

    def _handle(self, reference: str) -> Handle:
        return self._client.get_workflow_handle(workflow_id(reference))

    async def _raise_if_ended(self, reference: str, error: RPCError) -> None:
        # The server says NOT_FOUND for a complaint that has ended as well as for none.
        if error.status != RPCStatusCode.NOT_FOUND:
            return
        handle = self._handle(reference)
        told = await handle.describe(rpc_timeout=self._answer_within)
        if told.status != WorkflowExecutionStatus.RUNNING:
            raise await ended(reference, handle) from None
