"""Owns the merging of a duplicate: two complaints, two commands, in the order that loses neither."""

from __future__ import annotations

from domain.commands import Actor
from starter.client import Complaints
from starter.status import Summary


async def merge_duplicate(
    complaints: Complaints, duplicate: str, into: str, actor: Actor, reason: str
) -> tuple[Summary, Summary]:
    """How the complaint that goes on and the duplicate stand, once they are one.

    May be repeated after an interruption: both commands have ids of their own, and each is done once.
    Raises the refusal, `UnknownComplaint`, `NotAnswered`.
    """
    found = await complaints.status(duplicate)
    taken = await complaints.take_in(
        into, actor, duplicate, found.received_at, reason, command_id=f"take-in:{duplicate}"
    )
    closed = await complaints.merge(
        duplicate, actor, into, reason, command_id=f"merge:{duplicate}:{into}"
    )
    return taken, closed
