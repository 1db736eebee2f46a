"""What is left of a complaint that was erased, and what was done about the keeping of any.

Owns that only what was never personal is in it: dates, figures, and who of the staff acted.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from domain.clocks.clock import ClockState
from domain.complaint.views.standings import Standing
from ledger.errors import LedgerError
from ledger.keys.holds import Act
from ledger.keys.keeping.acts import acts_on
from ledger.port import Ledger
from ledger.sql.opened import OpenedLedger
from sealing.data_keys import erased
from sealing.port import KeptKey


@dataclass(frozen=True, slots=True)
class Shell:
    """A complaint whose key was destroyed."""

    key: KeptKey
    standing: Standing | None
    kept: int
    """How many promises were kept in time."""
    acts: tuple[Act, ...]

    @property
    def sentence(self) -> str:
        """That it was erased, when and why."""
        return str(erased(self.key))

    def as_json(self) -> dict[str, Any]:
        """The same as JSON."""
        standing = asdict(self.standing) if self.standing else {"reference": self.key.reference}
        acts = [asdict(each) for each in self.acts]
        return standing | {
            "erased": True, "erased_at": self.key.destroyed_at, "promises_kept": self.kept, "keeping": acts,
        }  # fmt: skip


async def shell_of(ledger: Ledger | OpenedLedger, reference: str) -> Shell | None:
    """What is left of a complaint that was erased; none where it was not, or where the ledger cannot say so."""
    try:
        key = await ledger.data_key(reference=reference)
        if key is None or key.destroyed_at is None:
            return None
        clocks = await ledger.clocks(reference)
        kept = sum(each.state == ClockState.MET and not each.renewal for each in clocks)
        return Shell(
            key, await ledger.standing(reference), kept, await keeping_of(ledger, reference)
        )
    except LedgerError:
        return None


async def keeping_of(ledger: Ledger | OpenedLedger, reference: str) -> tuple[Act, ...]:
    """Who kept it from being erased, let it go, or erased it, in order."""
    if not isinstance(ledger, OpenedLedger):
        return ()
    return await ledger.reading(lambda c: acts_on(c, reference))
