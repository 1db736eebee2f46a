"""Owns checking the ledger against itself and against the complaints that run.

The events on record are folded as the workflow folds them; what comes out has to be what the
ledger's rows say, and what the complaint says of itself. Changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

from activities.ledger import CharterNotKept, Ledger
from domain.charter.rules import unpack
from domain.complaint.decider.evolve import fold
from domain.complaint.events import Opened
from domain.complaint.state import Complaint
from domain.complaint.views.status import (
    ClockStanding,
    Standing,
    clock_standing,
    standing_of,
    status_of,
)
from domain.errors import RecordsDiffer
from starter.client import Complaints
from starter.errors import UnknownComplaint
from starter.remedy_check import differences_of_remedies
from starter.status import Status

_UNDER_WAY_SECONDS: Final = 10.0
_LOOK_AGAIN_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found for one complaint."""

    reference: str
    events: int
    """How many are on record."""
    compared: bool
    """Whether the complaint itself could be asked; the server keeps ended ones only for a while."""
    differences: tuple[str, ...]


async def check_record(complaints: Complaints, ledger: Ledger, reference: str) -> Verdict:
    """Fold the record of one complaint and compare. Raises `LedgerError`, `ServerUnavailable`."""
    # The complaint is asked first: the ledger can only have more by then, never less.
    try:
        status = await complaints.status(reference)
    except UnknownComplaint:
        status = None
    events = await _on_record(ledger, reference, status)
    if not events:
        known = "The ledger has nothing of it." if status else "Nobody knows this complaint."
        return Verdict(reference, 0, status is not None, (known,))
    try:
        found = tuple([each async for each in _differences(ledger, reference, events, status)])
    except (RecordsDiffer, CharterNotKept) as error:
        found = (f"The record cannot be folded: {error}",)
    return Verdict(reference, len(events), status is not None, found)


async def _on_record(ledger: Ledger, reference: str, status: Status | None) -> tuple[Any, ...]:
    """The events on record, once a record that is under way has arrived or long could have."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _UNDER_WAY_SECONDS
    while True:
        events = await ledger.events(reference)
        behind = status is not None and status.effects_owed and len(events) < status.events
        if not behind or loop.time() > deadline:
            return events
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def _differences(
    ledger: Ledger, reference: str, events: tuple[Any, ...], status: Status | None
) -> AsyncIterator[str]:
    first = events[0]
    if not isinstance(first, Opened):
        raise RecordsDiffer(f"the first event is {first.kind}, not opened")
    rules = unpack(await ledger.charter(first.digest))
    complaint = fold(rules, events)
    standing, clocks = await ledger.standing(reference), await ledger.clocks(reference)
    for difference in (*_in_standing(complaint, standing), *_in_clocks(complaint, clocks)):
        yield difference
    async for difference in differences_of_remedies(ledger, rules, events):
        yield difference
    if status is None:
        return
    if status.events > len(events):
        yield f"The complaint has {status.events} events, the ledger {len(events)}."
        return
    heard = events[: status.events]
    for difference in _in_status(fold(rules, heard), heard, status):
        yield difference


def _in_standing(complaint: Complaint, on_record: Standing | None) -> Iterator[str]:
    if on_record is None:
        yield "The ledger has events of it, but not how it stands."
        return
    folded = standing_of(complaint)
    for field in fields(Standing):
        told, said = getattr(folded, field.name), getattr(on_record, field.name)
        if told != said:
            yield f"{field.name}: the events come to {told!r}, the ledger says {said!r}."


def _in_clocks(complaint: Complaint, on_record: tuple[ClockStanding, ...]) -> Iterator[str]:
    folded = {
        clock.id: clock_standing(clock, complaint.rules_of(clock)) for clock in complaint.clocks
    }
    said = {clock.id: clock for clock in on_record}
    for name in sorted(folded.keys() | said.keys()):
        if name not in said:
            yield f"clock {name}: the events start it, the ledger does not have it."
        elif name not in folded:
            yield f"clock {name}: the ledger has it, the events do not start it."
        else:
            yield from (
                f"clock {name}: {field.name}: the events come to"
                f" {getattr(folded[name], field.name)!r}, the ledger says"
                f" {getattr(said[name], field.name)!r}."
                for field in fields(ClockStanding)
                if getattr(folded[name], field.name) != getattr(said[name], field.name)
            )


def _in_status(complaint: Complaint, events: tuple[Any, ...], status: Status) -> Iterator[str]:
    folded = Status.model_validate(status_of(complaint, events))
    for name in Status.model_fields:
        told, said = getattr(folded, name), getattr(status, name)
        if told != said and name not in {"ledger_fault", "effects_owed"}:
            yield f"{name}: the events come to {told!r}, the complaint says {said!r}."
