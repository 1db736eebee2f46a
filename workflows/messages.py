"""How the verbs of the contract reach a workflow: one update for each.

Owns their names as handlers, and how a refusal travels back. What a message does is in the workflow that takes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn, Protocol, TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from domain.complaint.decider.verbs import VERBS
from domain.errors import WrongRole

CANNOT_BE_CANCELLED = WrongRole(
    "A complaint cannot be cancelled from outside.", "It can be withdrawn, or closed for a reason."
)


class TakesMessages(Protocol):
    """What a workflow answers a verb with."""

    async def handle(self, verb: str, fields: Any) -> dict[str, Any]:
        """Do what an update asks."""

    def validate(self, verb: str, fields: Any) -> None:
        """Refuse an update before it is written to history."""


T = TypeVar("T", bound=TakesMessages)


def taking_messages(kind: type[T], verbs: Iterable[str] = VERBS) -> type[T]:
    """The class with a handler for each verb.

    On the class and not on each instance: an open complaint is a fifth smaller for it.
    """
    for verb in verbs:
        setattr(kind, f"update_{verb}", _update(verb))
    return kind


def _update(verb: str) -> Any:
    async def handle(self: TakesMessages, fields: Any = None) -> dict[str, Any]:
        return await self.handle(verb, fields)

    def validate(self: TakesMessages, fields: Any = None) -> None:
        self.validate(verb, fields)

    handler: Any = workflow.update(name=verb)(handle)
    handler.validator(validate)
    return handler


def fail(kind: str, message: str, allowed: str = "") -> NoReturn:
    """Refuse a message, or fail the workflow, with an error whose type is the refusal's name."""
    raise ApplicationError(
        f"{message} {allowed}".strip(), {"message": message, "allowed": allowed},
        type=kind, non_retryable=True,
    ) from None  # fmt: skip
