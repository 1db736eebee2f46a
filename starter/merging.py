"""Owns the merging of a duplicate: two complaints, two commands, in the order that loses neither."""

from __future__ import annotations

from domain.complaint.commands import Actor
from domain.complaint.decider.access import TABLE
from domain.errors import WrongState
from domain.vocabulary import ClosedHow
from starter.client import Complaints
from starter.status import Status


async def merge_duplicate(
    complaints: Complaints, duplicate: str, into: str, actor: Actor, reason: str
) -> tuple[Status, Status]:
    """How the complaint that goes on and the duplicate stand, once they are one.

    May be repeated after an interruption, by anybody: what is done already is not done again. Raises
    the refusal (before anything is sent where the duplicate cannot be merged any more),
    `UnknownComplaint`, `NotAnswered`.
    """
    found = await complaints.status(duplicate)
    if found.closed_how == ClosedHow.MERGED and found.merged_into == into:
        return await complaints.status(into), found
    states = TABLE["merge"].states
    if found.state not in states:
        where = f" into {found.merged_into}" if found.merged_into else ""
        raise WrongState(
            f"Complaint {duplicate} is {found.state}{where}: it can be merged no more.",
            f"Merging is possible when it is {', '.join(states)}.",
        )
    if duplicate not in (await complaints.status(into)).taken_in:
        await complaints.take_in(into, actor, duplicate, found.received_at, reason)
    await complaints.merge(duplicate, actor, into, reason)
    return await complaints.status(into), await complaints.status(duplicate)
