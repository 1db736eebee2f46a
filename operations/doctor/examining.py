"""The doctor: looks at each part of a deployment after the other, and goes on whatever it finds."""

from __future__ import annotations

from collections.abc import AsyncIterator

from domain.errors import UpholdError
from engine.settings import Settings
from operations.doctor.findings import Finding, wrong
from operations.doctor.incoming import look_at_incoming, look_at_outcomes
from operations.doctor.record import look_at_ledger
from operations.doctor.server import look_at_server
from operations.doctor.surroundings import (
    look_at_disks,
    look_at_identity,
    look_at_mail,
    look_at_settings,
)

LOOKS = (
    look_at_settings,
    look_at_server,
    look_at_ledger,
    look_at_identity,
    look_at_mail,
    look_at_incoming,
    look_at_outcomes,
    look_at_disks,
)


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Everything that is found, each as soon as it is."""
    for look in LOOKS:
        about = look.__name__.removeprefix("look_at_")
        try:
            async for finding in look(settings):
                yield finding
        except UpholdError as error:
            yield wrong(about, str(error), "Operators correct it, where this is to work.")
        except Exception as error:  # noqa: BLE001 - the other parts are looked at all the same
            yield wrong(
                about,
                f"The look at it broke off: {type(error).__name__}: {error}.",
                "Operators send this line to whoever maintains Uphold.",
            )
