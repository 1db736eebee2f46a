"""How a token reaches a complaint, out of the headers of a message, and from there whoever proves it.

Owns the places where the SDK hands headers over: a workflow, the activity that proves a sender, and the validator
of a worker. How it gets into those of a message is in `identity.sending`.
"""

from __future__ import annotations

from typing import Any

from temporalio import worker, workflow
from temporalio.exceptions import ApplicationError

from activities.contracts import PROVE
from domain.complaint.decider.parsing import parse_command
from domain.errors import Refused
from domain.vocabulary import complaint_of
from identity.header import HEADER, held, token_beside, token_in
from identity.proving import Doorkeeper
from identity.sending import payload_of


class ReadsTokens(worker.Interceptor):
    """Hands a complaint the token beside each message; for workers and replayers alike.

    From there it goes on in the header of the one activity that proves it, and never in an argument.
    """

    def workflow_interceptor_class(
        self,
        input: worker.WorkflowInterceptorClassInput,  # noqa: A002, ARG002 - the SDK's
    ) -> type[worker.WorkflowInboundInterceptor]:
        """The interceptor of every workflow."""
        return _Reading

    def intercept_activity(
        self,
        next: worker.ActivityInboundInterceptor,  # noqa: A002 - the SDK's
    ) -> worker.ActivityInboundInterceptor:
        """The interceptor of every activity."""
        return _Hearing(next)


class _Hearing(worker.ActivityInboundInterceptor):
    async def execute_activity(self, input: worker.ExecuteActivityInput) -> Any:  # noqa: A002
        with held(token_in(input.headers)):
            return await self.next.execute_activity(input)


class _PassingOn(worker.WorkflowOutboundInterceptor):
    def start_activity(self, input: worker.StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
        _pass_on(input)
        return self.next.start_activity(input)

    def start_local_activity(
        self,
        input: worker.StartLocalActivityInput,  # noqa: A002
    ) -> workflow.ActivityHandle[Any]:
        _pass_on(input)
        return self.next.start_local_activity(input)


def _pass_on(effect: worker.StartActivityInput | worker.StartLocalActivityInput) -> None:
    token = token_beside()
    if effect.activity == PROVE and token is not None:
        effect.headers = {**effect.headers, HEADER: payload_of(token)}


class _Reading(worker.WorkflowInboundInterceptor):
    def init(self, outbound: worker.WorkflowOutboundInterceptor) -> None:
        self.next.init(_PassingOn(outbound))

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
                check_update(door, complaint_of(workflow.info().workflow_id) or "", input)
                self.next.handle_update_validator(input)

        self._class = Checking

    def workflow_interceptor_class(
        self,
        input: worker.WorkflowInterceptorClassInput,  # noqa: A002, ARG002 - the SDK's
    ) -> type[worker.WorkflowInboundInterceptor]:
        """The interceptor of every workflow, with one door for all of them."""
        return self._class


def check_update(door: Doorkeeper, reference: str, message: worker.HandleUpdateInput) -> None:
    """Return where the sender of an update is who they say; raises the `ApplicationError` that refuses it."""
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
