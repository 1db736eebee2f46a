"""What a token says of itself, unproven: its claims, whose it is, and in which roles.

Reading a token here proves nothing: who checks it is `identity.proving`. Loads no model.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from domain.vocabulary import Role
from engine.errors import SettingsError

_DIGITS: Final = 16


def claims_of(token: str) -> dict[str, Any]:
    """What a token says; nothing where it cannot be read."""
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
    return _whole(str(claims.get("iss", ""))), _whole(known) if isinstance(known, str) else digest


def _whole(text: str) -> str:
    """The text without half characters, which JSON can say and nothing can keep."""
    return text.encode(errors="replace").decode()


def roles_in(
    claims: Mapping[str, Any], claim: str, mapped: Mapping[str, Role] | None = None
) -> tuple[Role, ...]:
    """Our roles that the claim gives; dots in its name lead into it."""
    given: Any = claims
    for part in [claim] if claim in claims else claim.split("."):
        given = given.get(part) if isinstance(given, Mapping) else None
    texts = given.split() if isinstance(given, str) else given if isinstance(given, list) else []
    ours = mapped if mapped is not None else {str(role): role for role in Role}
    return tuple(
        dict.fromkeys(ours[text] for text in texts if isinstance(text, str) and text in ours)
    )


def person_in(claims: Mapping[str, Any], id_claim: str = "sub") -> dict[str, Any]:
    """Id and name of whom a token is about; who has no name there is called by their id."""
    known = claims.get(id_claim)
    return {"id": known, "name": claims.get("name") or known}


def roles_of(text: str | None) -> dict[str, Role] | None:
    """Which role of the issuer is which of ours, as it is set. Raises `SettingsError` for one that is none."""
    if text is None:
        return None
    found: dict[str, Role] = {}
    for pair in text.split(","):
        theirs, sign, ours = (part.strip() for part in pair.partition("="))
        if not (theirs and sign) or ours not in set(Role):
            raise SettingsError(
                f"identity_roles: {pair.strip()!r} is not THEIRS=OURS. Ours: {', '.join(Role)}."
            )
        found[theirs] = Role(ours)
    return found
