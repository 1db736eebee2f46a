"""What a closure or a new charter would move, before anything is sent, and then the sending.

Every complaint on record that has not ended is folded and asked by the very decision that it will take itself. Both
may be repeated and interrupted: what has moved already moves no more. Must not import `temporalio`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.charter.rules import unpack
from domain.complaint.commands import Command
from domain.complaint.decider.decide import take
from domain.complaint.decider.evolve import fold
from domain.complaint.policies.rescheduling import Moved, MovedRemedy
from domain.complaint.state import Complaint
from domain.complaint.views.read_model import standing_of
from domain.errors import Refused, UpholdError
from ledger.port import Ledger, Listing, every
from ledger.rows import has_ended

AT_ONCE = 20
"""How many complaints are told at the same time."""


@dataclass(frozen=True, slots=True)
class Move:
    """What would become of one complaint: its dates that move, or why it stays as it is."""

    reference: str
    dates: tuple[Moved, ...] = ()
    remedies: tuple[MovedRemedy, ...] = ()
    refused: str | None = None
    already: bool = False
    """Whether nothing is left to do: it has the closure, or the version, already."""

    @property
    def days(self) -> tuple[tuple[str, date, date, bool], ...]:
        """What each date is of, the day before and after, and whether it is late by now."""
        return (
            *((one.promise, one.old_due, one.new_due, one.late) for one in self.dates),
            *((f"remedy {one.remedy}", one.old_due, one.new_due, False) for one in self.remedies),
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one complaint when it was told; `fault` says why it was not."""

    reference: str
    fault: str | None = None


async def open_references(ledger: Ledger, charter_id: str, version: str | None = None) -> list[str]:
    """The complaints on record under a charter, or one version of it, that have not ended.

    A closed one of which something is owed is among them. In order.
    """
    found = every(ledger.complaints, Listing(charter=charter_id, version=version))
    return sorted([each.reference async for each in found])


async def preview(
    ledger: Ledger, references: Iterable[str], command_for: Callable[[Complaint], Command],
    now: datetime,
) -> AsyncIterator[Move]:  # fmt: skip
    """What the command would do to each of these complaints at that instant (UTC)."""
    for reference in references:
        complaint = await folded(ledger, reference)
        if complaint is None or has_ended(standing_of(complaint)):
            continue
        try:
            steps = take(complaint, command_for(complaint), now)
        except Refused as refused:
            yield Move(reference, refused=str(refused))
            continue
        moves = [each.event for each in steps if hasattr(each.event, "moved")]
        if moves:
            yield Move(reference, moves[-1].moved, getattr(moves[-1], "remedies", ()))
        else:
            yield Move(reference, already=True)


async def folded(ledger: Ledger, reference: str) -> Complaint | None:
    """The complaint that the record adds up to, or none where there is nothing of it."""
    events = await ledger.events(reference)
    if not events or events[0].kind != "opened":
        return None
    return fold(unpack(await ledger.charter(events[0].digest)), events)


async def tell_each(
    references: Iterable[str], tell: Callable[[str], Awaitable[object]]
) -> AsyncIterator[Sent]:
    """Tell each complaint, a few at a time, and say what became of it; one fault stops no other."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def told(reference: str) -> Sent:
        async with gate:
            try:
                await tell(reference)
            except UpholdError as error:
                return Sent(reference, str(error))
            return Sent(reference)

    tasks = [asyncio.create_task(told(reference)) for reference in references]
    try:
        for task in asyncio.as_completed(tasks):
            yield await task
    finally:
        for task in tasks:
            task.cancel()
