"""What a Schedule starts every night: the ledger is sealed, and what was kept long enough is erased.

Owns how much one night erases: the rest is left for the next.
"""

from __future__ import annotations

from typing import Final

from temporalio import workflow

from activities import contracts
from activities.contracts import Erased
from sealing.clear import InTheClear
from workflows import options

PAGES: Final = 100
"""So many activities a night, each of which erases fifty complaints at most."""
_TOLD: Final = 100


@workflow.defn(name=contracts.SEAL, sandboxed=False)  # as complaints: docs/decisions/no-sandbox.md
class SealWorkflow:
    """One seal of the ledger."""

    @workflow.run
    async def run(self) -> str:
        """The root of the seal, in hexadecimal digits; fails where there is no key to seal with."""
        root: str = await workflow.execute_activity(
            contracts.SEAL_LEDGER,
            **options.FOR_A_DAY,
            result_type=str,
            summary=InTheClear("Seal the ledger"),
        )
        return root


@workflow.defn(name=contracts.ERASE, sandboxed=False)
class EraseWorkflow:
    """What one night erases."""

    @workflow.run
    async def run(self) -> Erased:
        """How many were erased, what stays all the same and why, and `after` where more are due."""
        erased, kept, after = 0, list[str](), ""
        for _ in range(PAGES):
            some: Erased = await workflow.execute_activity(
                contracts.ERASE_SOME, after, **options.FOR_A_DAY, result_type=Erased,
                summary=InTheClear("Erase what was kept for as long as charters say"),
            )  # fmt: skip
            erased += some.erased
            kept += some.kept[: _TOLD - len(kept)]
            if some.after is None:
                return Erased(erased, kept)
            after = some.after
        return Erased(erased, kept, after)
