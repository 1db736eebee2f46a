"""The check of the whole ledger: chains, seals, and what the events come to.

Owns what is asked in which order. Reads complaint by complaint, so that a ledger of any size can be checked, also
without a server. Changes nothing, prints nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.errors import Refused
from engine.errors import EngineError
from ledger.evidence import checking
from ledger.evidence.checking import Finding
from ledger.evidence.seals import last_seal
from ledger.sql.ledger import SqlLedger
from starter.client import Complaints
from starter.desk.ledger_check import Verdict, check_record
from starter.wire.errors import StarterError
from starter.wire.listing import Filters

_PAGE = 200
_ALL = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was checked, and what was found."""

    complaints: int
    events: int
    compared: int
    """With how many complaints themselves, which the server keeps for a while after their end."""
    seals: int
    root: str | None
    """That of the last seal: worth keeping elsewhere."""
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...]
    """What could not be checked, and why."""


@dataclass(slots=True)
class Verification:
    """One check of a ledger, and what it needs beside."""

    ledger: SqlLedger
    complaints: Complaints | None
    """None where no server is asked."""
    keys: Mapping[str, Ed25519PublicKey] | None
    """The public keys of the seals; None where there are none here."""

    async def run(
        self,
        references: Sequence[str],
        kept: Sequence[str],
        remarks: Sequence[str],
        told: Callable[[int], object],
    ) -> Verified:
        """Check these complaints, or all; `told` hears how many have been so far. Raises `LedgerError`."""
        said, found = list(remarks), []
        seen: set[str] = set()
        events = compared = 0
        async for reference in self._on_record(references):
            broken = await self.ledger.reading(
                lambda c, one=reference: checking.chain_findings(c, one)  # type: ignore[misc]
            )
            verdict = await self._compared(reference, said)
            found += broken
            found += [Finding(reference, each) for each in verdict.differences]
            events, compared = events + verdict.events, compared + verdict.compared
            seen.add(reference)
            told(len(seen))
        if not references:
            found += await self.ledger.reading(checking.without_a_row)
            try:
                found += [each async for each in self._unrecorded(seen)]
            except (StarterError, EngineError, Refused) as error:
                said.append(f"Which complaints the server knows could not be asked. {error}")
        found += await self.ledger.reading(
            lambda c: (
                checking.seal_findings(c, self.keys, kept) + checking.sealed_findings(c, references)
            )
        )
        last = await self.ledger.reading(last_seal)
        if self.keys is None and last:
            said.append("There are no public keys here, so no signature was checked.")
        return Verified(
            complaints=len(seen),
            events=events,
            compared=compared,
            seals=last.number if last else 0,
            root=last.root if last else None,
            findings=tuple(found),
            remarks=tuple(said),
        )

    async def _compared(self, reference: str, said: list[str]) -> Verdict:
        """What the events come to, beside the complaint itself where that can be asked."""
        try:
            return await check_record(self.complaints, self.ledger, reference)
        except StarterError as error:
            said.append(f"{reference} could not be asked itself. {error}")
        except EngineError as error:
            said.append(f"From {reference} on no complaint was asked itself. {error}")
            self.complaints = None
        return await check_record(None, self.ledger, reference)

    async def _on_record(self, references: Sequence[str]) -> AsyncIterator[str]:
        for reference in references:
            yield reference
        after = ""
        while not references:
            page = await self.ledger.reading(
                lambda c, behind=after: checking.references_after(c, behind, _PAGE)  # type: ignore[misc]
            )
            for reference in page:
                yield reference
            if len(page) < _PAGE:
                return
            after = page[-1]

    async def _unrecorded(self, seen: set[str]) -> AsyncIterator[Finding]:
        """What runs, or ran not long ago, and the ledger has nothing of."""
        if self.complaints is None:
            return
        for listed in await self.complaints.list(Filters(closed=True), limit=_ALL):
            if listed.reference not in seen and not await self.ledger.standing(listed.reference):
                verdict = await check_record(self.complaints, self.ledger, listed.reference)
                for difference in verdict.differences:
                    yield Finding(listed.reference, difference)
