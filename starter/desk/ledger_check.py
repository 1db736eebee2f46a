"""The check of the ledger against itself and against the complaints that run.

The events on record are folded as the workflow folds them; what comes out has to be what the
ledger's rows say, and what the complaint says of itself. Changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any, Final

from domain.charter.rules import unpack
from domain.complaint.decider.evolve import fold
from domain.complaint.views.read_model import clock_standing, standing_of
from domain.complaint.views.status import status_of
from domain.errors import RecordsDiffer, UpholdError
from engine.errors import EngineError
from ledger.errors import LedgerUnavailable
from ledger.evidence.checking import references_after
from ledger.port import Ledger, RemedyListing, every
from ledger.sql.ledger import SqlLedger
from sealing.errors import RingKeyMissing, SealingError
from starter.client import Complaints
from starter.wire.errors import StarterError, UnknownComplaint
from starter.wire.listing import Filters
from starter.wire.status import Status

_UNDER_WAY_SECONDS: Final = 10.0
_LOOK_AGAIN_SECONDS: Final = 0.1
_OF_THE_SENDING: Final = frozenset({"ledger_fault", "effects_owed"})
"""What a complaint says of its effects, which no event tells."""
_PAGE: Final = 200
_ALL: Final = 10_000_000
_SAYS_NOTHING_OF_IT: Final = (LedgerUnavailable, RingKeyMissing, StarterError, EngineError)
"""Nobody was there to be asked, or nobody can read here: the record may be as it was."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found for one complaint."""

    reference: str
    events: int
    """How many are on record."""
    compared: bool
    """Whether the complaint itself could be asked; the server keeps ended ones only for a while."""
    differences: tuple[str, ...]


async def every_reference(ledger: SqlLedger, given: Sequence[str]) -> AsyncIterator[str]:
    """Those given, or else all on record, read page by page, so that there may be any number."""
    for reference in given:
        yield reference
    page = [] if given else [""]
    while page:
        page = await ledger.reading(partial(references_after, after=page[-1], limit=_PAGE))
        for reference in page:
            yield reference


async def every_known(complaints: Complaints) -> list[str]:
    """The complaints that run on the server, or ended there not long ago."""
    found = await complaints.list(Filters(closed=True), limit=_ALL)
    return [each.reference for each in found]


async def check_record(complaints: Complaints | None, ledger: Ledger, reference: str) -> Verdict:
    """Fold the record of one complaint and compare; without `complaints` with the ledger alone.

    Whatever its rows hold comes out as a difference. Raises `LedgerUnavailable`, `ServerUnavailable`, and
    `RingKeyMissing` where nobody can read here what is sealed.
    """
    status = None
    try:
        kept = await ledger.data_key(reference=reference)
        if kept and kept.destroyed_at:
            # Nobody can read what it says; its chain, and the figures that stay, are checked all the same.
            return Verdict(reference, 0, compared=False, differences=())
        # The complaint is asked first: the ledger can only have more by then, never less.
        status = await _asked(complaints, reference) if complaints else None
        events = await _on_record(ledger, reference, status)
    except _SAYS_NOTHING_OF_IT:
        raise
    except Exception as error:  # noqa: BLE001 - a row that was altered may break the reading in any way
        said = f"The record cannot be read: {in_words(error)}"
        return Verdict(reference, 0, status is not None, (said,))
    if not events:
        known = "The ledger has nothing of it." if status else "Nobody knows this complaint."
        return Verdict(reference, 0, status is not None, (known,))
    try:
        found = tuple([each async for each in _differences(ledger, reference, events, status)])
        if complaints and status and len(events) > status.events:
            found += await _behind(complaints, reference, len(events))
    except _SAYS_NOTHING_OF_IT:
        raise
    except Exception as error:  # noqa: BLE001 - an event that was altered may break the fold in any way
        found = (f"The record cannot be folded: {in_words(error)}",)
    return Verdict(reference, len(events), status is not None, found)


def in_words(error: Exception) -> str:
    """What is wrong with a row that cannot be read."""
    return str(error) if isinstance(error, UpholdError | ValueError) else repr(error)


async def _asked(complaints: Complaints, reference: str) -> Status | None:
    """What the complaint says of itself; none where nobody knows it, or its key reads nothing of it."""
    try:
        return await complaints.status(reference)
    except (UnknownComplaint, SealingError):
        return None


async def _behind(complaints: Complaints, reference: str, recorded: int) -> tuple[str, ...]:
    """What there is to say where a complaint that is asked again still knows less than was recorded before."""
    knows = (await complaints.status(reference)).events
    if knows >= recorded:
        return ()
    return (f"The ledger has {recorded} events, the complaint {knows}: was the server restored?",)


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
    if first.kind != "opened":
        raise RecordsDiffer(f"the first event is {first.kind}, not opened")
    rules = unpack(await ledger.charter(first.digest))
    if rules.digest != first.digest:
        raise RecordsDiffer(f"the charter that is kept as {first.digest} is another")
    complaint = fold(rules, events)
    standing = await ledger.standing(reference)
    if standing is None:
        yield "The ledger has events of it, but not how it stands."
    else:
        for difference in _between("", standing_of(complaint), standing, "ledger"):
            yield difference
    folded: dict[Any, Any] = {
        each.id: clock_standing(each, complaint.rules_of(each)) for each in complaint.clocks
    }
    for difference in _rows("clock", folded, {c.id: c for c in await ledger.clocks(reference)}):
        yield difference
    told = Status.model_validate(status_of(complaint, events))
    folded = {each.number: each for each in told.remedies}
    undertaken = RemedyListing(reference=reference, settled=None)
    said = {each.number: each async for each in every(ledger.remedies, undertaken)}
    for difference in _rows("remedy", folded, said):
        yield difference
    if status is None:
        return
    if status.events > len(events):
        yield f"The complaint has {status.events} events, the ledger {len(events)}."
        return
    heard = events[: status.events]
    now = Status.model_validate(status_of(fold(rules, heard), heard))
    for difference in _between("", now, status, "complaint"):
        yield difference


def _rows(what: str, folded: Mapping[Any, Any], said: Mapping[Any, Any]) -> Iterator[str]:
    for name in sorted(folded.keys() | said.keys()):
        if name not in said:
            yield f"{what} {name}: the events start it, the ledger does not have it."
        elif name not in folded:
            yield f"{what} {name}: the ledger has it, the events do not start it."
        else:
            yield from _between(f"{what} {name}: ", folded[name], said[name], "ledger")


def _between(where: str, folded: Any, said: Any, who: str) -> Iterator[str]:
    """Each field of which the events and that record say different things."""
    names = Status.model_fields if isinstance(folded, Status) else [f.name for f in fields(folded)]
    for name in names:
        ours, theirs = getattr(folded, name), getattr(said, name)
        if ours != theirs and name not in _OF_THE_SENDING:
            yield f"{where}{name}: the events come to {ours!r}, the {who} says {theirs!r}."
