"""The header in which a token travels beside a message.

Owns the header's name and form. Touches nothing, so that a workflow may read a header that was checked before,
and loads nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

HEADER: Final = "uphold_token"
KEPT_TOKEN: Final = "var/identity/token"  # noqa: S105 - a path
"""Where the token is kept that the admin script sends."""
METADATA: Final = {"encoding": b"json/plain", "uphold-token": b"1"}
"""Beside the token, so that whoever may read a complaint is not shown what its senders act with."""
LONGEST: Final = 8_000
"""Characters of a token: more is none that anybody issues."""

_beside: ContextVar[str | None] = ContextVar("token", default=None)


@contextmanager
def held(token: str | None) -> Iterator[None]:
    """Within the block, this is the token beside the message."""
    before = _beside.set(token)
    try:
        yield
    finally:
        _beside.reset(before)


def token_beside() -> str | None:
    """The token beside the message that is being dealt with, as it came."""
    return _beside.get()


def token_in(headers: Mapping[str, Any]) -> str | None:
    """The token in the headers of a message; empty where something stands there that is none.

    A token is ASCII. What else JSON can say, half a character among it, could be written down nowhere.
    """
    payload = headers.get(HEADER)
    if payload is None:
        return None
    try:
        text = json.loads(payload.data)
    except (ValueError, RecursionError):
        return ""
    return text if isinstance(text, str) and text.isascii() and len(text) <= LONGEST else ""
