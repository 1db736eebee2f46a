"""Mending the ledger, complaint by complaint: brought forward if that is asked, then its rows made anew.

Owns which complaints, and what is said of each. Prints nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass

from domain.errors import UpholdError
from ledger.errors import LedgerFault
from ledger.evidence.checking import without_a_row
from ledger.evidence.rebuilding import rebuild_within
from ledger.sql.ledger import SqlLedger
from starter.client import Complaints
from starter.desk.ledger_check import every_known, every_reference
from starter.desk.repairing import Repair, repair
from starter.terminal.printing import counted


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
            done = await repair(self.complaints, self.ledger, reference, dry_run=self.dry_run)
            said, fault = list(_in_words(done, dry_run=self.dry_run)), done.fault
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


def _in_words(done: Repair, *, dry_run: bool) -> Iterator[str]:
    if done.recorded:
        first, last = done.found + 1, done.found + done.recorded
        letters = (
            "" if dry_run else f", with {counted(done.letters, 'letter')} that nobody sends again"
        )
        would = "would be" if dry_run else "were"
        yield f"events {first} to {last} {would} recorded from the complaint itself{letters}."
    if done.abridged:
        numbers = ", ".join(map(str, done.abridged))
        yield f"of long texts in event {numbers} the complaint had kept the beginning only, and so has the ledger now."
