"""The Digest workflow: one morning, in which each mailbox gets one note of all that waited for it.

Owns that one mailbox's trouble is no other's. A Schedule starts it; what the day could not send is left for
the next.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities import contracts
from activities.contracts import DigestRequest
from sealing.clear import InTheClear
from workflows import options


@workflow.defn(
    name=contracts.DIGEST, sandboxed=False
)  # as complaints: docs/decisions/no-sandbox.md
class DigestWorkflow:
    """The digests of one day."""

    @workflow.run
    async def run(self, at: datetime | None = None) -> dict[str, str]:
        """What became of each mailbox's digest; `at` (UTC) names another morning than the present one.

        Fails, once all have been tried, where one could not be sent all day.
        """
        mailboxes: list[str] = await workflow.execute_activity(
            contracts.DIGEST_MAILBOXES, **options.PATIENTLY, result_type=list[str],
            summary=InTheClear("What waits for a digest"),
        )  # fmt: skip
        morning = at or workflow.now()
        told = await asyncio.gather(*(self._send(DigestRequest(box, morning)) for box in mailboxes))
        outcome = dict(zip(mailboxes, told, strict=True))
        if lost := [f"{box}: {said}" for box, said in outcome.items() if said.startswith(_NOT)]:
            raise ApplicationError("; ".join(lost), type="DigestNotSent", non_retryable=True)
        return outcome

    async def _send(self, request: DigestRequest) -> str:
        try:
            said: str = await workflow.execute_activity(
                contracts.SEND_DIGEST, request, **options.FOR_A_DAY, result_type=str,
                task_queue=contracts.letters_queue(workflow.info().task_queue),
                summary=InTheClear("Send a digest"),
            )  # fmt: skip
        except ActivityError as error:
            return f"{_NOT}: {error.cause or error}"
        return said


_NOT = "not sent"
