"""Recording what happens to remedies, and sending their notices.

Owns the activities of remedies: the same prompt try and the same patience as for complaints. Must
not know adapters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from activities import contracts
from activities.contracts import RemedyEntry, Unsent
from activities.ledger import NotRecorded
from activities.prompt import Prompt
from activities.records import given_up

if TYPE_CHECKING:
    from activities.ledger.remedies import RemedyLedger


class Remedies:
    """What a change of a remedy owes."""

    def __init__(self, ledger: RemedyLedger, prompt: Prompt) -> None:
        """`ledger` is where it is recorded, `prompt` sends its notices."""
        self._ledger, self._prompt = ledger, prompt

    @activity.defn(name=contracts.RECORD_REMEDY_AND_SEND)
    async def record_and_send(self, packed: bytes, held: tuple[str, ...]) -> list[Unsent]:
        """The notices that did not go out, once the entry is recorded; `held` are left alone."""
        entry = contracts.unpack_remedy_entry(packed)
        await self._record(entry)
        return await self._prompt.send(entry.notices, held)

    @activity.defn(name=contracts.RECORD_REMEDY)
    async def record(self, packed: bytes) -> None:
        """Record an entry as `contracts.pack_entry` packs it, and nothing else."""
        await self._record(contracts.unpack_remedy_entry(packed))

    async def _record(self, entry: RemedyEntry) -> None:
        try:
            await self._ledger.record(entry)
        except NotRecorded as error:
            raise given_up(error) from error
