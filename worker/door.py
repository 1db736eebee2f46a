"""The door of a worker, as its settings say: whose tokens count, and whether nobody acts without one."""

from __future__ import annotations

from datetime import timedelta

import structlog

from domain.vocabulary import Role
from engine.errors import SettingsError
from engine.settings import Settings
from identity.keys import PublishedKeys
from identity.proving import Doorkeeper, Verifier

_log = structlog.stdlib.get_logger("identity")


def door_of(settings: Settings) -> Doorkeeper:
    """Who is let through; the issuer's keys are read. Raises `SettingsError` where nobody could be proven."""
    required = settings.identity == "tokens"
    issuer, place = settings.identity_issuer, settings.identity_keys
    if (issuer is None) != (place is None):
        raise SettingsError("identity_issuer and identity_keys must be set together, or neither.")
    if not required:
        _log.warning("identity is off", means="whoever reaches the Temporal server acts as anybody")
    if issuer is None or place is None:
        if required:
            raise SettingsError(
                "It is not set whose word counts for who acts. Set UPHOLD_IDENTITY_ISSUER and"
                " UPHOLD_IDENTITY_KEYS (docs/identity.md), or UPHOLD_IDENTITY=off to let everybody act as anybody."
            )
        return Doorkeeper(None, required=False)
    keys = PublishedKeys(place, timedelta(seconds=settings.identity_refresh_seconds))
    keys.require()
    roles = roles_of(settings.identity_roles)
    verifier = Verifier(
        issuer, settings.identity_audience, keys, settings.identity_roles_claim, roles
    )
    return Doorkeeper(verifier, required)


def roles_of(text: str | None) -> dict[str, Role] | None:
    """Which role of the issuer is which of ours. Raises `SettingsError` for one that is none."""
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
