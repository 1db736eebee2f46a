"""Mending the ledger, complaint by complaint: brought forward if that is asked, then its rows made anew.

A ledger that was restored lacks what came after its copy was made; the complaints themselves still know it. Owns which
are asked, and what is made of it: entries as the workflow makes them, one event at a time. The letters that they owe
were sent by the complaint, or will be; so each is put on record as attempted first, and nobody sends it again; only
what waits for a digest waits once more. Doing it again does what is left. Prints nothing.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
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
from ledger.evidence.checking import without_a_row
from ledger.evidence.rebuilding import rebuild_within
from ledger.port import Ledger, NoticeFate, NoticeState
from ledger.sql.ledger import SqlLedger
from starter.client import Complaints
from starter.desk.ledger_check import every_known, every_reference
from starter.terminal.printing import counted
from starter.wire.errors import UnknownComplaint

BEFORE = "before the ledger was restored"


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of one complaint's record."""

    reference: str
    said: tuple[str, ...]
    """What differed, or was brought forward."""
    fault: str = ""
    """Why it could not be mended."""


@dataclass(slots=True)
class Mending:
    """A ledger that is mended."""

    ledger: SqlLedger
    complaints: Complaints | None
    """Those that know what the ledger does not; None where none are asked."""
    dry_run: bool = False

    async def run(self, references: Sequence[str], told: Callable[[int], object]) -> list[Mended]:
        """Mend these complaints or all; `told` hears how many have been. Raises `LedgerFault`, `EngineError`."""
        mended: list[Mended] = []
        seen: set[str] = set()
        async for reference in self._every(references):
            if reference not in seen:
                seen.add(reference)
                mended.append(await self._mend(reference))
                told(len(mended))
        return mended

    async def _every(self, references: Sequence[str]) -> AsyncIterator[str]:
        if not references and self.complaints:
            for reference in await every_known(self.complaints):
                yield reference
        for finding in await self.ledger.reading(without_a_row) if not references else ():
            yield finding.where
        async for reference in every_reference(self.ledger, references):
            yield reference

    async def _mend(self, reference: str) -> Mended:
        said: list[str] = []
        fault = ""
        kept = await self.ledger.data_key(reference=reference)
        if kept and kept.destroyed_at:
            return Mended(reference, ())
        if self.complaints:
            done = await _bring_forward(
                self.complaints, self.ledger, reference, dry_run=self.dry_run
            )
            said, fault = list(done.in_words(dry_run=self.dry_run)), done.fault
        if self.dry_run and said:
            return Mended(reference, tuple(said), fault)
        try:
            work = self.ledger.reading if self.dry_run else self.ledger.writing
            said += await work(lambda c: rebuild_within(c, reference, dry_run=self.dry_run))
        except LedgerFault:
            raise
        except UpholdError as error:
            fault = f"{fault} {error}".strip()
        except Exception as error:  # noqa: BLE001 - an event that was altered may break the fold in any way
            fault = f"{fault} The record cannot be folded: {error!r}".strip()
        return Mended(reference, tuple(said), fault)


@dataclass(slots=True)
class Forward:
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

    def in_words(self, *, dry_run: bool) -> Iterator[str]:
        """What was brought forward, or would be."""
        if self.recorded:
            first, last = self.found + 1, self.found + self.recorded
            sent = f", with {counted(self.letters, 'letter')} that nobody sends again"
            would = "would be" if dry_run else "were"
            yield f"events {first} to {last} {would} recorded from the complaint itself{'' if dry_run else sent}."
        if self.abridged:
            numbers = ", ".join(map(str, self.abridged))
            so = "and so would the ledger" if dry_run else "and so has the ledger now"
            yield f"of long texts in event {numbers} the complaint had kept the beginning only, {so}."


async def _bring_forward(
    complaints: Complaints, ledger: Ledger, reference: str, *, dry_run: bool = False
) -> Forward:
    """Record what the complaint has had since the ledger's copy was made. Raises `LedgerFault`, `ServerUnavailable`."""
    done = Forward(reference, len(await ledger.events(reference)))
    try:
        while await _record_one_answer(complaints, ledger, done, dry_run=dry_run):
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


async def _record_one_answer(
    complaints: Complaints, ledger: Ledger, done: Forward, *, dry_run: bool
) -> bool:
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
    ledger: Ledger, done: Forward, pinned: bytes, recorded: Sequence[Any], new: Sequence[Any]
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
