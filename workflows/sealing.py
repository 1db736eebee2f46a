"""The Seal workflow: the ledger is sealed once. A Schedule starts it every night."""

from __future__ import annotations

from temporalio import workflow

from activities import contracts
from sealing.clear import InTheClear
from workflows import options


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
