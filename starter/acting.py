"""Owns who acts in the admin script, and the way from a command to the server.

The actor comes from flags, then from the settings; without one nothing is sent.
Must not import anything heavy at the top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.errors import UpholdError
from domain.vocabulary import Role

if TYPE_CHECKING:
    from domain.complaint.commands import Actor
    from engine.settings import Settings
    from starter.client import Complaints

_PATIENCE_SECONDS: Final = 5.0
"""A person waits at a prompt; a service that starts may wait longer for its server."""


class ActorUnknown(UpholdError):
    """It is not known who acts, so nothing was sent."""


def the_settings() -> Settings:
    """The settings, with a person's patience where none is set."""
    from engine.settings import load_settings

    settings = load_settings()
    if "connect_timeout_seconds" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"connect_timeout_seconds": _PATIENCE_SECONDS})


async def connected(settings: Settings) -> Complaints:
    """The complaints on the server that the environment names."""
    from starter.client import Complaints

    return await Complaints.connect(settings)


def the_actor(
    settings: Settings, actor_id: str | None, actor_name: str | None, actor_role: Role | None
) -> Actor:
    """Who acts, each part from its flag or else from the settings.

    Raises `ActorUnknown`, which names what is missing.
    """
    from domain.complaint.commands import Actor

    given = {
        "actor-id": actor_id or settings.actor_id,
        "actor-name": actor_name or settings.actor_name,
        "actor-role": actor_role or settings.actor_role,
    }
    if missing := [name for name, value in given.items() if not value]:
        flags = ", ".join(f"--{name}" for name in missing)
        variables = ", ".join(f"UPHOLD_{name.replace('-', '_').upper()}" for name in missing)
        raise ActorUnknown(
            f"Nothing was sent, because it is not known who acts. Give {flags}, or set {variables}."
        )
    if given["actor-role"] not in set(Role):
        raise ActorUnknown(
            f"Nothing was sent: actor_role = {given['actor-role']!r} is no role."
            f" Allowed: {', '.join(Role)}."
        )
    return Actor(
        id=str(given["actor-id"]),
        name=str(given["actor-name"]),
        role=Role(str(given["actor-role"])),
    )
