"""How a token gets from a sender's client into the headers of what it sends. Loads no model.

Owns that it is sealed for the complaint that it is sent to: the SDK seals headers for nobody in particular.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    SignalWorkflowInput,
    StartWorkflowInput,
    StartWorkflowUpdateInput,
)
from temporalio.converter import WorkflowSerializationContext

from identity.header import HEADER, METADATA
from identity.provider.kept import good_token

TokenOf = Callable[[str, Mapping[str, Any] | None], str | None]
"""The token for a complaint, by its reference, and its actor as sent; None is whoever opens it."""

_sent: ContextVar[str | None] = ContextVar("sent", default=None)


@contextmanager
def sending(token: str | None) -> Iterator[None]:
    """Within the block, what a client of `with_tokens` sends carries this token."""
    before = _sent.set(token)
    try:
        yield
    finally:
        _sent.reset(before)


def with_tokens(plain: Client) -> Client:
    """The same client, whose messages carry the token of `sending`."""
    given = plain.config()
    given["interceptors"] = [*given["interceptors"], _Sends(plain)]
    return Client(**given)


class _Sends(Interceptor):
    def __init__(self, client: Client) -> None:
        self._client = client

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - the SDK's name
        return _Sending(next, self._client)


class _Sending(OutboundInterceptor):
    def __init__(self, next_one: OutboundInterceptor, client: Client) -> None:
        super().__init__(next_one)
        self._client = client

    async def start_workflow(self, input: StartWorkflowInput) -> Any:  # noqa: A002
        await self._attach(input)
        return await self.next.start_workflow(input)

    async def signal_workflow(self, input: SignalWorkflowInput) -> None:  # noqa: A002
        await self._attach(input)
        await self.next.signal_workflow(input)

    async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> Any:  # noqa: A002
        await self._attach(input)
        return await self.next.start_workflow_update(input)

    async def _attach(self, message: Any) -> None:
        token = _sent.get()
        if token is None:
            return
        payload = payload_of(token)
        context = WorkflowSerializationContext(self._client.namespace, message.id)
        codec = self._client.data_converter.with_context(context).payload_codec
        if codec is not None:
            (payload,) = await codec.encode([payload])
        message.headers = {**message.headers, HEADER: payload}


def payload_of(token: str) -> Payload:
    """The token as it stands in a header."""
    return Payload(metadata=METADATA, data=json.dumps(token).encode())


def token_of_file(file: str | Path) -> TokenOf:
    """The token that the file holds whenever it is asked for, renewed where it can be; none where there is no such file.

    Raises `LoginFailed` where it has ended and was not renewed.
    """
    return lambda *_: good_token(Path(file))
