"""Owns the merging of a duplicate: two complaints, two commands, in the order that loses neither."""

from __future__ import annotations

from domain.commands import Actor
from domain.vocabulary import ClosedHow
from starter.client import Complaints
from starter.status import Status


async def merge_duplicate(
    complaints: Complaints, duplicate: str, into: str, actor: Actor, reason: str
) -> tuple[Status, Status]:
    """How the complaint that goes on and the duplicate stand, once they are one.

    May be repeated after an interruption: each command has an id of its own and is done once. Raises
    the refusal, `UnknownComplaint`, `NotAnswered`.
    """
    found = await complaints.status(duplicate)
    if found.closed_how != ClosedHow.MERGED:
        await complaints.take_in(
            into, actor, duplicate, found.received_at, reason, command_id=f"take-in:{duplicate}"
        )
        await complaints.merge(
            duplicate, actor, into, reason, command_id=f"merge:{duplicate}:{into}"
        )
    return await complaints.status(into), await complaints.status(duplicate)
