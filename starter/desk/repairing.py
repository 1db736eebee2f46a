"""Bringing a ledger that was restored forward: the complaints themselves still know what came after.

Owns what is asked of them and what is made of it: entries as the workflow makes them, one event at a time. The
letters that they owe were sent by the complaint, or will be; so each is put on record as attempted first, and nobody
sends it again; only what waits for a digest waits once more. Doing it again does what is left.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from activities.contracts import entry_of
from domain.charter.rules import unpack
from domain.complaint.decider.evolve import Step, evolve, fold
from domain.complaint.decider.registry import EVENTS_JSON
from domain.complaint.state import Complaint
from domain.complaint.views.record import is_abridged
from domain.errors import RecordsDiffer, UpholdError
from domain.vocabulary import State
from engine.errors import EngineError
from ledger.errors import LedgerFault
from ledger.port import Ledger, NoticeFate, NoticeState
from starter.client import Complaints
from starter.wire.errors import UnknownComplaint

BEFORE = "before the ledger was restored"


@dataclass(slots=True)
class Repair:
    """What was brought forward of one complaint."""

    reference: str
    found: int
    """The last event that was on record."""
    recorded: int = 0
    letters: int = 0
    abridged: list[int] = field(default_factory=list)
    """Events of whose long texts the complaint keeps the beginning only."""
    fault: str = ""
    """Why it could not be, in words."""


async def repair(
    complaints: Complaints, ledger: Ledger, reference: str, *, dry_run: bool = False
) -> Repair:
    """Record what the complaint has had since the ledger's copy was made. Raises `LedgerFault`, `ServerUnavailable`."""
    done = Repair(reference, len(await ledger.events(reference)))
    try:
        while await _forward(complaints, ledger, done, dry_run=dry_run):
            pass
    except UnknownComplaint:
        standing = await ledger.standing(reference)
        if standing is None or standing.state != State.CLOSED:
            done.fault = "the server does not know it, so its record ends where the copy did."
    except (LedgerFault, EngineError):
        raise
    except UpholdError as error:  # one that cannot be asked or told keeps no other from it
        done.fault = str(error)
    return done


async def _forward(complaints: Complaints, ledger: Ledger, done: Repair, *, dry_run: bool) -> bool:
    """Record what one answer tells; whether there may be more."""
    recorded = await ledger.events(done.reference)
    last = len(recorded)
    told = await complaints.events_from(done.reference, max(last, 1))
    events: tuple[Any, ...] = EVENTS_JSON.validate_python(told["events"], strict=False)
    if told["of"] < last:
        raise RecordsDiffer(
            f"the ledger has {last} events, the complaint {told['of']}: it is the server that was restored"
        )
    if recorded and not _agree(recorded[-1], events[0]):
        raise RecordsDiffer(f"event {last} is another on record than in the complaint")
    new = events[1:] if recorded else events
    done.abridged += [event.number for event in new if is_abridged(event)]
    if dry_run:
        done.recorded = told["of"] - last
        return False
    await _record(ledger, done, base64.b64decode(told["pinned"]), recorded, new)
    return bool(new)


def _agree(on_record: Any, told: Any) -> bool:
    return bool(on_record == told) or is_abridged(told)


async def _record(
    ledger: Ledger, done: Repair, pinned: bytes, recorded: Sequence[Any], new: Sequence[Any]
) -> None:
    rules = unpack(pinned)
    await ledger.keep_charter(rules.digest, pinned)
    before: Complaint = fold(rules, recorded)
    for event in new:
        after = evolve(before, event)
        entry = entry_of(before, [Step(event, after)])
        for notice in entry.prompt:
            await ledger.mark(
                NoticeFate(
                    key=notice.key, state=NoticeState.ATTEMPTED, at=datetime.now(UTC), detail=BEFORE
                )
            )
        await ledger.record(entry)
        done.recorded += 1
        done.letters += len(entry.prompt)
        before = after
