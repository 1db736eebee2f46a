"""The header in which a token travels beside a message, and what it says of itself.

Owns the header's name and form. Reading a token here proves nothing: who checks it is `identity.proving`.
Touches nothing, so that a workflow may read a header that was checked before, and loads nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

HEADER: Final = "uphold_token"
KEPT_TOKEN: Final = "var/identity/token"  # noqa: S105 - a path
"""Where the token is kept that the admin script sends."""
LONGEST: Final = 8_000
"""Characters of a token: more is none that anybody issues."""
_DIGITS: Final = 16

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
    """The token in the headers of a message; empty where something stands there that is none."""
    payload = headers.get(HEADER)
    if payload is None:
        return None
    try:
        text = json.loads(payload.data)
    except ValueError:
        return ""
    return text if isinstance(text, str) and len(text) <= LONGEST else ""


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, unproven; nothing where it cannot be read."""
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def named_in(token: str) -> tuple[str, str]:
    """Whose token it is by its own word, and its id, or else a digest of it."""
    claims = claims_of(token)
    known = claims.get("jti")
    digest = hashlib.sha256(token.encode()).hexdigest()[:_DIGITS]
    return str(claims.get("iss", "")), known if isinstance(known, str) else digest
