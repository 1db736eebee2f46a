"""The check of the whole ledger: chains, seals, and what the events come to.

Owns what is asked in which order. Reads complaint by complaint, so that a ledger of any size can be checked, also
without a server. Changes nothing, prints nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from domain.errors import Refused
from engine.errors import EngineError
from ledger.errors import LedgerUnavailable
from ledger.evidence import checking
from ledger.evidence.checking import Finding
from ledger.evidence.rebuilding import beside_findings
from ledger.evidence.seals import newest_seal
from ledger.keys.keeping.checking import elsewhere, hold_findings, keeping_findings, name_findings
from ledger.sql.ledger import SqlLedger
from sealing.errors import RingKeyMissing
from starter.client import Complaints
from starter.desk.ledger_check import (
    Verdict,
    check_record,
    every_known,
    every_reference,
    in_words,
)
from starter.wire.errors import StarterError


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


_ON_RECORD: Final = (
    checking.chain_findings,
    checking.letter_findings,
    checking.listed_findings,
    keeping_findings,
    name_findings,
)
"""What is checked of each complaint without any key."""
_TO_BE_READ: Final = (beside_findings, hold_findings)
"""What is checked of each complaint whose words can be read here."""
_NO_RING: Final = (
    "There is no key ring here, so it was not checked what sealed events come to; chains, letters and seals were."
    " Set UPHOLD_KEY_RING."
)


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
        said: list[str] = list(remarks)
        found: list[Finding] = []
        seen: set[str] = set()
        events = compared = 0
        sealed = not self.ledger.has_ring and bool(await self.ledger.ring_keys())
        if sealed:
            said.append(_NO_RING)
        async for reference in every_reference(self.ledger, references):
            found += await self._found_by(_ON_RECORD, reference)
            verdict = await self._compared(reference, said, sealed=sealed)
            found += [Finding(reference, each) for each in verdict.differences]
            found += await self._found_by(_TO_BE_READ if verdict.events else (), reference)
            events, compared = events + verdict.events, compared + verdict.compared
            seen.add(reference)
            told(len(seen))
        if not references:
            found += await self.ledger.reading(checking.without_a_row)
            for reference in await self.ledger.reading(elsewhere):
                found += await self._looked_at(
                    reference, partial(keeping_findings, reference=reference)
                )
            try:
                if not sealed:  # nobody could read here what they answer
                    found += [each async for each in self._unrecorded(seen)]
            except (StarterError, EngineError, Refused) as error:
                said.append(f"Which complaints the server knows could not be asked. {error}")
        found += await self._looked_at(
            "seals", lambda c: checking.seal_findings(c, self.keys, kept)
        )
        found += await self._looked_at("seals", lambda c: checking.sealed_findings(c, references))
        last = await self.ledger.reading(newest_seal)
        if self.keys is None and last:
            said.append("There are no public keys here, so no signature was checked.")
        return Verified(
            complaints=len(seen),
            events=events,
            compared=compared,
            seals=last[0] if last else 0,
            root=last[1] if last else None,
            findings=tuple(found),
            remarks=tuple(said),
        )

    async def _found_by(
        self, checks: Sequence[Callable[[Connection, str], list[Finding]]], reference: str
    ) -> list[Finding]:
        """What these checks find of a complaint, each by itself: none hides what another finds."""
        found: list[Finding] = []
        for check in checks:
            found += await self._looked_at(reference, lambda c, one=check: one(c, reference))  # type: ignore[misc]
        return found

    async def _looked_at(
        self, where: str, check: Callable[[Connection], list[Finding]]
    ) -> list[Finding]:
        """What the check finds; rows that it cannot read are a finding too, and the next is checked all the same."""
        try:
            return await self.ledger.reading(check)
        except LedgerUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a row that was altered may break it in any way
            return [Finding(where, f"a row of it cannot be read: {in_words(error)}.")]

    async def _compared(self, reference: str, said: list[str], *, sealed: bool) -> Verdict:
        """What the events come to, beside the complaint itself where that can be asked, and its answer read."""
        unreadable = sealed and await self.ledger.data_key(reference=reference)
        try:
            asked = None if unreadable else self.complaints
            return await self._checked(asked, reference, sealed=sealed)
        except StarterError as error:
            said.append(f"{reference} could not be asked itself. {error}")
        except EngineError as error:
            said.append(f"From {reference} on no complaint was asked itself. {error}")
            self.complaints = None
        return await self._checked(None, reference, sealed=sealed)

    async def _checked(
        self, complaints: Complaints | None, reference: str, *, sealed: bool
    ) -> Verdict:
        try:
            return await check_record(complaints, self.ledger, reference)
        except RingKeyMissing as error:
            # Without a ring that is said once, where anything was sealed under one; else something only says so.
            missing = () if sealed else (f"The record cannot be read: {error}",)
            return Verdict(reference, 0, compared=False, differences=missing)

    async def _unrecorded(self, seen: set[str]) -> AsyncIterator[Finding]:
        """What runs, or ran not long ago, and the ledger has nothing of."""
        if self.complaints is None:
            return
        for reference in await every_known(self.complaints):
            if reference not in seen and not await self.ledger.standing(reference):
                verdict = await check_record(self.complaints, self.ledger, reference)
                for difference in verdict.differences:
                    yield Finding(reference, difference)
