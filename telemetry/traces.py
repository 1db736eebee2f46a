"""Traces: what a call led to, from an app's client to the letter. Off unless an address is set.

Owns whether they are on. What makes and sends them (`telemetry.spans`) is not even imported while they are off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from telemetry.spans import Tracing

_on: list[Tracing] = []


def use(endpoint: str | None) -> None:
    """Send traces to this address of a collector from now on, if to any. The first one of a process counts."""
    if endpoint is None or _on:
        return
    from telemetry.spans import Tracing

    _on.append(Tracing(endpoint))


def interceptors() -> list[Any]:
    """What a client, and each worker of it, makes traces with; nothing while they are off."""
    return [tracing.interceptor for tracing in _on]


@contextmanager
def span(name: str, **attributes: str) -> Iterator[None]:
    """Within the block the trace has a span of that name; nothing in it may be about a person."""
    if not _on:
        yield
        return
    with _on[0].span(name, attributes):
        yield


def current_ids() -> Mapping[str, str]:
    """The ids of the trace and of the span that go on just now, for a log line; nothing where there is none."""
    return _on[0].current_ids() if _on else {}


def stop() -> None:
    """Send what is left, and make no more traces."""
    while _on:
        _on.pop().close()
