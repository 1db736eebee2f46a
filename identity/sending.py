"""How a token gets from a sender's client into the headers of what it sends. Loads no model."""

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

from identity.header import HEADER

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
    given["interceptors"] = [*given["interceptors"], _Sends()]
    return Client(**given)


class _Sends(Interceptor):
    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - the SDK's name
        return _Sending(next)


class _Sending(OutboundInterceptor):
    async def start_workflow(self, input: StartWorkflowInput) -> Any:  # noqa: A002
        _attach(input)
        return await self.next.start_workflow(input)

    async def signal_workflow(self, input: SignalWorkflowInput) -> None:  # noqa: A002
        _attach(input)
        await self.next.signal_workflow(input)

    async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> Any:  # noqa: A002
        _attach(input)
        return await self.next.start_workflow_update(input)


def _attach(message: Any) -> None:
    token = _sent.get()
    if token is not None:
        payload = Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(token).encode())
        message.headers = {**message.headers, HEADER: payload}


def token_of_file(file: str | Path) -> TokenOf:
    """The token that the file holds whenever it is asked for; none where there is no such file."""

    def read(*_: object) -> str | None:
        try:
            return Path(file).read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    return read
