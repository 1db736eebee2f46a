"""The proving of a token: who issued it for whom, until when, and who it says acts.

Owns what is refused, and in which words. Signatures are checked by `joserfc`, by three algorithms and no
other: Ed25519, ES256, RS256. Must not log a token.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeGuard

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry
from pydantic import ValidationError

from domain.complaint.commands import Actor
from domain.errors import Unproven
from domain.vocabulary import Role
from domain.wire import Person
from identity.claims import person_in, roles_in
from identity.keys import PublishedKeys

ALGORITHMS: Final = ("EdDSA", "Ed25519", "ES256", "RS256")
LEEWAY: Final = timedelta(seconds=30)
"""How far the clocks of issuer and worker may lie apart."""
_KINDS: Final = {"EdDSA": "OKP", "Ed25519": "OKP", "ES256": "EC", "RS256": "RSA"}
_FEWEST_BITS: Final = 2048
_TYPES: Final = frozenset({"jwt", "at+jwt"})
"""What else an issuer signs (a logout, a proof of possession) says so, and proves nobody (RFC 8725, 3.11)."""
OF_ONE: Final = frozenset({Role.CUSTOMER, Role.REPRESENTATIVE})
"""Roles that are somebody's in one complaint only: their token has to name it."""


class _Algorithms(JWSRegistry):
    """Those that are taken. `EdDSA` is what most issuers still call Ed25519: nothing to warn of."""

    def get_alg(self, name: str) -> Any:
        return super().get_alg("Ed25519" if name == "EdDSA" else name)


_REGISTRY: Final = _Algorithms(algorithms=ALGORITHMS, strict_check_header=False)
_NAMED: Final = ", ".join(ALGORITHMS)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever a token is about, as its issuer says."""

    person: Person
    roles: tuple[Role, ...]
    until: datetime
    complaint: str | None = None
    """The one complaint that it is for; any where none is named."""

    def require(self, actor: Actor) -> None:
        """Return where the actor is whom this token is about. Raises `Unproven`."""
        if (actor.identity, actor.name) != (self.person.identity, self.person.name):
            raise Unproven(
                "The actor is not whom the token is about.",
                "Their id has to be its subject, and their name its name.",
            )
        if actor.role not in self.roles:
            raise Unproven(
                f"The token does not give the role {actor.role}.",
                f"It gives: {', '.join(self.roles)}.",
            )
        if actor.role in OF_ONE and self.complaint is None:
            raise Unproven(
                f"The token of a {actor.role} has to name the one complaint that it is for.",
                "Its claim is `complaint`.",
            )


@dataclass(frozen=True, slots=True)
class Verifier:
    """Proves tokens of one issuer."""

    issuer: str
    audience: str
    keys: PublishedKeys
    roles_claim: str = "roles"
    roles: Mapping[str, Role] | None = None
    """Which of the issuer's roles is which of ours; those of the same name where it is not said."""
    id_claim: str = "sub"
    """Where it keeps somebody's id."""

    def prove(self, token: str) -> Bearer:
        """Who acts. Raises `Unproven`, which says what is wrong with the token."""
        claims = self._signed(token)
        self._check_issued(claims)
        until = _check_time(claims, time.time())
        person = _person(claims, self.id_claim)
        roles = self._roles(claims)
        complaint = claims.get("complaint")
        if complaint is not None and not isinstance(complaint, str):
            raise Unproven("The token names a complaint that is none.")
        return Bearer(person, roles, until, complaint)

    def _signed(self, token: str) -> dict[str, Any]:
        try:
            header = jws.extract_compact(token.encode()).headers()
        except (JoseError, ValueError, RecursionError):
            raise Unproven("The token cannot be read.", "It has to be a signed JWT.") from None
        algorithm, key_id, kind = header.get("alg"), header.get("kid"), header.get("typ", "JWT")
        if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in _TYPES:
            raise Unproven(f"The token is of another kind ({str(kind)[:20]!r}).", "Allowed: JWT.")
        if "crit" in header:
            raise Unproven("The token asks for more than is understood here (crit).")
        if algorithm not in ALGORITHMS:
            raise Unproven(
                f"The token is signed by {str(algorithm)[:20]!r}.", f"Allowed: {_NAMED}."
            )
        key_id = key_id if isinstance(key_id, str) else None
        key = self.keys.get(key_id)
        if key is None:
            raise Unproven(
                f"The token is signed with an unknown key ({key_id[:40]!r})."
                if key_id
                else "The token is signed with an unknown key, and names none.",
                f"Known are {self.keys.told}.",
            )
        claims = _read(token, key, algorithm)
        if claims is None and (other := self.keys.get(key_id, other_than=key)):
            claims = _read(token, other, algorithm)
        if claims is None:
            raise Unproven("The token was altered: its signature does not fit.")
        return claims

    def _check_issued(self, claims: Mapping[str, Any]) -> None:
        if claims.get("iss") != self.issuer:
            raise Unproven("The token is of a foreign issuer.", f"Trusted is {self.issuer}.")
        audience = claims.get("aud")
        if self.audience not in (audience if isinstance(audience, list) else [audience]):
            raise Unproven("The token is for another audience.", f"It has to be {self.audience}.")

    def _roles(self, claims: Mapping[str, Any]) -> tuple[Role, ...]:
        found = roles_in(claims, self.roles_claim, self.roles)
        if not found:
            raise Unproven(
                f"The token gives no role here (claim {self.roles_claim}).",
                f"Roles: {', '.join(self.roles or Role)}.",
            )
        return found


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Who is let through: whoever shows a good token, and, where none is required, who shows none."""

    verifier: Verifier | None
    required: bool = True

    async def require_keys(self) -> None:
        """Return when tokens can be proven. Raises as `PublishedKeys.require` does."""
        if self.verifier is not None:
            await asyncio.to_thread(self.verifier.keys.require)

    @property
    def away(self) -> str:
        """Why the issuer's keys cannot be read just now; empty where they can."""
        return self.verifier.keys.fault if self.verifier else ""

    def proven(self, token: str | None) -> Bearer | None:
        """Whoever shows the token; none where none came and none is required. Raises `Unproven`."""
        if token is None:
            if self.required:
                raise Unproven(
                    "No token proves who acts.",
                    "Send one as docs/identity.md says, or `uphold login`.",
                )
            return None
        if self.verifier is None:
            raise Unproven(
                "A token came, and nothing is set here to prove it by.",
                "Set UPHOLD_IDENTITY_ISSUER.",
            )
        return self.verifier.prove(token)

    def bearer(self, token: str | None, reference: str) -> Bearer | None:
        """Who acts on that complaint; none where no token came and none is required. Raises `Unproven`."""
        bearer = self.proven(token)
        if bearer and bearer.complaint not in {None, reference}:
            raise Unproven(f"The token is for another complaint, and not for {reference}.")
        return bearer

    def check(self, token: str | None, reference: str, actor: Actor) -> None:
        """Return where the actor is whom the token is about. Raises `Unproven`."""
        if bearer := self.bearer(token, reference):
            bearer.require(actor)

    def opener(self, token: str | None, reference: str, openers: tuple[Role, ...]) -> Actor | None:
        """Who opens that complaint; none where nobody has to say. Raises `Unproven`."""
        bearer = self.bearer(token, reference)
        if bearer is None:
            return None
        role = next((role for role in openers if role in bearer.roles), None)
        if role is None:
            raise Unproven(
                f"The token's roles ({', '.join(bearer.roles)}) open no complaint.",
                f"Roles that do: {', '.join(openers)}.",
            )
        return Actor(id=bearer.person.id, name=bearer.person.name, role=role)


OPEN_DOOR: Final = Doorkeeper(None, required=False)
"""Nobody has to show a token."""


def _read(token: str, key: Any, algorithm: str) -> dict[str, Any] | None:
    """What the key has signed; none where it has not. Raises `Unproven` for a key that proves nothing."""
    if key.key_type != _KINDS[algorithm] or _weak(key):
        raise Unproven(f"The token's key is none for {algorithm}, or too weak.")
    try:
        return jwt.decode(token, key, registry=_REGISTRY).claims
    except (JoseError, ValueError, RecursionError):
        return None


def _person(claims: Mapping[str, Any], id_claim: str) -> Person:
    try:
        return Person.model_validate(person_in(claims, id_claim))
    except ValidationError:
        raise Unproven(f"The token does not say whom it is about ({id_claim}).") from None


def _check_time(claims: Mapping[str, Any], now: float) -> datetime:
    """When it ends (UTC). Raises `Unproven` where that is over, or it has not begun."""
    ends, begins = claims.get("exp"), claims.get("nbf", 0)
    leeway = int(LEEWAY.total_seconds())
    if not _is_number(ends) or not _is_number(begins):
        raise Unproven("The token does not say until when it is good (exp).")
    try:
        until = datetime.fromtimestamp(ends, UTC)
    except (OverflowError, ValueError, OSError):
        raise Unproven("The token does not say until when it is good (exp).") from None
    if ends + leeway <= now:
        raise Unproven(f"The token has expired at {until:%H:%M:%S} UTC on {until:%-d %B %Y}.")
    if begins - leeway > now:
        raise Unproven("The token is not yet valid.")
    return until


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value  # noqa: PLR0124 - not a number is not itself


def _weak(key: Any) -> bool:
    if key.key_type == "RSA":
        return bool(key.raw_value.key_size < _FEWEST_BITS)
    return key.as_dict(private=False).get("crv") not in {"Ed25519", "P-256"}
