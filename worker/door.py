"""The door of a worker: whose tokens count, whether nobody acts without one, and that activities open to workflows alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from temporalio import activity, worker

from engine.errors import SettingsError
from engine.settings import Settings
from identity.claims import roles_of
from identity.issuer import EMBEDDED
from identity.keys import PublishedKeys
from identity.provider.asking import is_address
from identity.proving import Doorkeeper, Verifier
from sealing.beside import place_beside
from telemetry.metrics import TOKENS_REFUSED, instruments
from workflows.messages import fail

_log = structlog.stdlib.get_logger("identity")


def door_of(settings: Settings) -> Doorkeeper:
    """Who is let through; keys in a file are read, those at an address are waited for by the service.

    Raises `SettingsError` where nobody could be proven.
    """
    required = settings.identity == "tokens"
    issuer, place = settings.identity_issuer, settings.identity_keys
    if issuer is None and place is not None:
        raise SettingsError("identity_keys is set, and identity_issuer is not.")
    if not required:
        _log.warning("identity is off", means="whoever reaches the Temporal server acts as anybody")
    if issuer is None:
        if required:
            raise SettingsError(
                "It is not set whose word counts for who acts. Set UPHOLD_IDENTITY_ISSUER"
                " (docs/identity.md), or UPHOLD_IDENTITY=off to let everybody act as anybody."
            )
        return Doorkeeper(None, required=False)
    return Doorkeeper(verifier_of(settings, issuer), required)


def verifier_of(settings: Settings, issuer: str) -> Verifier:
    """What proves the tokens of that issuer. Raises `SettingsError`."""
    roles = roles_of(settings.identity_roles)
    again_after = timedelta(seconds=settings.identity_refresh_seconds)
    if settings.identity_keys is not None:
        keys = PublishedKeys(settings.identity_keys, again_after)
    elif is_address(issuer):
        keys = PublishedKeys.of(issuer, again_after)
    else:
        raise SettingsError(
            f"identity_keys must be set: the issuer {issuer} is no address, where its keys could be asked for."
        )
    if not keys.remote:
        keys.require()
    return Verifier(
        issuer,
        settings.identity_audience,
        keys,
        settings.identity_roles_claim,
        roles,
        settings.identity_id_claim,
    )


def with_issuer_beside(settings: Settings) -> Settings:
    """The settings with the issuer beside a ledger in a file, where `uphold dev` puts it and no other is named."""
    ring = place_beside(settings.ledger_url)
    keys = ring.parent / "identity" / "keys.json" if ring else Path()
    if settings.identity == "off" or settings.identity_issuer or not keys.is_file():
        return settings
    found = {"identity_issuer": EMBEDDED, "identity_keys": str(keys)}
    return settings.model_copy(update=found)


class AskedByWorkflows(worker.Interceptor):
    """Does nothing that was asked for without a workflow: whoever asks by themselves has shown nobody who they are.

    The server lets its clients start an activity alone. What one is given is what a complaint has decided, so it
    would record and send whatever anybody says.
    """

    def intercept_activity(
        self,
        next: worker.ActivityInboundInterceptor,  # noqa: A002 - the SDK's
    ) -> worker.ActivityInboundInterceptor:
        """The interceptor of every activity."""
        return _Asked(next)


class _Asked(worker.ActivityInboundInterceptor):
    async def execute_activity(self, input: worker.ExecuteActivityInput) -> Any:  # noqa: A002
        if not activity.info().in_workflow:
            instruments().count(TOKENS_REFUSED, "activity")
            _log.warning("asked for by no workflow", activity=activity.info().activity_type)
            fail("Unproven", "Nobody asks for this by themselves.", "Use the verbs of a complaint.")
        return await self.next.execute_activity(input)
