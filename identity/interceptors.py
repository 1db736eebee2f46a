"""How a token reaches a complaint: out of the headers of a message.

Owns the two places where the SDK hands headers over: a workflow, and the validator of a worker that proves
them. How it gets into them is in `identity.sending`.
"""

from __future__ import annotations

from typing import Any

from temporalio import worker, workflow
from temporalio.exceptions import ApplicationError

from domain.complaint.decider.parsing import parse_command
from domain.errors import Refused
from identity.header import held, token_in
from identity.proving import Doorkeeper


class ReadsTokens(worker.Interceptor):
    """Hands a complaint the token beside each message; for workers and replayers alike."""

    def workflow_interceptor_class(
        self,
        input: worker.WorkflowInterceptorClassInput,  # noqa: A002, ARG002 - the SDK's
    ) -> type[worker.WorkflowInboundInterceptor]:
        """The interceptor of every workflow."""
        return _Reading


class _Reading(worker.WorkflowInboundInterceptor):
    def handle_update_validator(self, input: worker.HandleUpdateInput) -> None:  # noqa: A002
        with held(token_in(input.headers)):
            self.next.handle_update_validator(input)

    async def handle_update_handler(self, input: worker.HandleUpdateInput) -> Any:  # noqa: A002
        with held(token_in(input.headers)):
            return await self.next.handle_update_handler(input)

    async def handle_signal(self, input: worker.HandleSignalInput) -> None:  # noqa: A002
        with held(token_in(input.headers)):
            await self.next.handle_signal(input)


class ProvesUpdates(worker.Interceptor):
    """Lets no update through to a complaint whose sender is not proven; it leaves no history."""

    def __init__(self, door: Doorkeeper) -> None:
        """`door` knows who is let through."""

        class Checking(worker.WorkflowInboundInterceptor):
            def handle_update_validator(self, input: worker.HandleUpdateInput) -> None:  # noqa: A002
                _check(door, input)
                self.next.handle_update_validator(input)

        self._class = Checking

    def workflow_interceptor_class(
        self,
        input: worker.WorkflowInterceptorClassInput,  # noqa: A002, ARG002 - the SDK's
    ) -> type[worker.WorkflowInboundInterceptor]:
        """The interceptor of every workflow, with one door for all of them."""
        return self._class


def _check(door: Doorkeeper, message: worker.HandleUpdateInput) -> None:
    reference = workflow.info().workflow_id.partition(":")[2]
    token = token_in(message.headers)
    text = message.args[0].payload.data if message.args else b"null"
    try:
        if bearer := door.bearer(token, reference):
            bearer.require(parse_command(message.update, text).actor)
    except Refused as refused:
        raise ApplicationError(
            str(refused), {"message": refused.message, "allowed": refused.allowed},
            type=refused.kind, non_retryable=True,
        ) from None  # fmt: skip
