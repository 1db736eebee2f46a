"""What an OpenID Connect provider says of itself at its discovery address (OpenID Connect Discovery 1.0).

Owns that address, and which of its entries are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from identity.provider.asking import fault_of, read


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a provider keeps what; an empty text is what it does not offer."""

    issuer: str
    keys: str
    device: str = ""
    """Where a device asks for a code (RFC 8628)."""
    token: str = ""


def described_at(issuer: str) -> str:
    """Where the provider of that name describes itself."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def discover(issuer: str) -> Provider:
    """What the provider says now. Raises `Away`, or `ValueError` for what cannot be it."""
    said = read(described_at(issuer)).told()
    if said.get("issuer") != issuer:
        raise ValueError(
            f"it calls itself {str(said.get('issuer'))[:200]!r}, and not {issuer!r}: set the name that is its own"
        )
    found = Provider(
        issuer,
        _entry(said, "jwks_uri"),
        _entry(said, "device_authorization_endpoint"),
        _entry(said, "token_endpoint"),
    )
    if not found.keys:
        raise ValueError("it does not say where its keys are (jwks_uri)")
    return found


def _entry(said: dict[str, Any], name: str) -> str:
    address = said.get(name)
    if address is None:
        return ""
    fault = fault_of(address) if isinstance(address, str) else "it is no address"
    if fault:
        raise ValueError(f"{name} {str(address)[:200]}: {fault}")
    return str(address)
