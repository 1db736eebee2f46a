"""Owns checking what the ledger has of remedies against the replies that undertook them.

Every commitment of a reply has to have its remedy on record, and the events of each have to come to
what its row says. Changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from activities.ledger import Ledger
from domain.charter.rules import Rules
from domain.complaint.decider.evolve import fold
from domain.complaint.events import Replied
from domain.complaint.features.remedies.remedy import fold as fold_remedy
from domain.complaint.features.remedies.remedy_events import RemedyPromised
from domain.complaint.features.remedies.remedy_opening import RemedyOpening, openings_of
from domain.complaint.features.remedies.remedy_standing import RemedyStanding, standing_of
from domain.complaint.state import Complaint
from domain.errors import RecordsDiffer

_STARTED_WITHIN: Final = timedelta(seconds=10)
_LOOK_AGAIN_SECONDS: Final = 0.1


async def differences_of_remedies(
    ledger: Ledger, rules: Rules, events: tuple[Any, ...]
) -> AsyncIterator[str]:
    """Where the remedies on record are not those of these events of a complaint, pinned to `rules`."""
    undertaken = {
        opening.commitment.number: (complaint, opening)
        for complaint, opening in _undertaken(rules, events)
    }
    rows = await _rows(ledger, fold(rules, events).reference, undertaken)
    for number in sorted(undertaken.keys() | rows.keys()):
        if number not in rows:
            yield f"remedy {number}: a reply undertook it, the ledger does not have it."
        elif number not in undertaken:
            yield f"remedy {number}: the ledger has it, no reply undertook it."
        else:
            complaint, opening = undertaken[number]
            told = await ledger.remedies.events(rows[number].id)
            for difference in _in_record(complaint.rules, opening, told, rows[number]):
                yield f"remedy {number}: {difference}"


def _undertaken(rules: Rules, events: tuple[Any, ...]) -> Iterator[tuple[Complaint, RemedyOpening]]:
    for event in events:
        if isinstance(event, Replied) and event.commitments:
            complaint = fold(rules, events[: event.number])
            yield from ((complaint, opening) for opening in openings_of(complaint, event))


async def _rows(
    ledger: Ledger, reference: str, undertaken: dict[int, tuple[Complaint, RemedyOpening]]
) -> dict[int, RemedyStanding]:
    """What is on record by its number, once those of the last moments have arrived or could have."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _STARTED_WITHIN.total_seconds()
    while True:
        rows = {one.number: one for one in await ledger.remedies.of(reference)}
        missing = [opening for n, (_, opening) in undertaken.items() if n not in rows]
        old = all(datetime.now(UTC) - one.promised_at > _STARTED_WITHIN for one in missing)
        if old or loop.time() > deadline:
            return rows
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


def _in_record(
    rules: Rules, opening: RemedyOpening, events: tuple[Any, ...], row: RemedyStanding
) -> Iterator[str]:
    first = events[0] if events else None
    if not isinstance(first, RemedyPromised) or len(events) < row.events:
        yield f"its row is that after event {row.events}, the ledger has {len(events)}."
        return
    if first.opening.commitment != opening.commitment:
        yield "it was started with another commitment than the reply's."
    try:
        folded = standing_of(fold_remedy(rules, events[: row.events]))
    except RecordsDiffer as error:
        yield f"its record cannot be folded: {error}"
        return
    for field in fields(RemedyStanding):
        told, said = getattr(folded, field.name), getattr(row, field.name)
        if told != said:
            yield f"{field.name}: the events come to {told!r}, the ledger says {said!r}."
