"""How the verbs of the contract reach a workflow: one update for each.

Owns their names as handlers, and how a refusal travels back. What a message does is in the workflow that takes it.
"""

from __future__ import annotations

from typing import Any, NoReturn, Protocol, TypeVar

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from domain.complaint.decider.registry import VERBS
from domain.errors import WrongRole

CANNOT_BE_CANCELLED = WrongRole(
    "A complaint cannot be cancelled from outside.", "It can be withdrawn, or closed for a reason."
)


class TakesMessages(Protocol):
    """What a workflow answers a verb with."""

    async def handle(self, verb: str, text: bytes) -> dict[str, Any]:
        """Do what an update asks."""

    def validate(self, verb: str, text: bytes) -> None:
        """Refuse an update before it is written to history."""


T = TypeVar("T", bound=TakesMessages)


def taking_messages(kind: type[T]) -> type[T]:
    """The class with a handler for each verb.

    On the class and not on each instance: an open complaint is a fifth smaller for it.
    """
    for verb in VERBS:
        setattr(kind, f"update_{verb}", _update(verb))
    return kind


def _update(verb: str) -> Any:
    # Raw, so that one text is parsed once: who checks it and who does it are given the same.
    async def handle(self: TakesMessages, fields: RawValue | None = None) -> dict[str, Any]:
        return await self.handle(verb, _text(fields))

    def validate(self: TakesMessages, fields: RawValue | None = None) -> None:
        self.validate(verb, _text(fields))

    for each in (handle, validate):
        # The SDK would take `self` for an argument, and hands on what is raw where that alone is asked for.
        each.__annotations__ = {"fields": RawValue, "return": each.__annotations__["return"]}
    handler: Any = workflow.update(name=verb)(handle)
    handler.validator(validate)
    return handler


def _text(fields: RawValue | None) -> bytes:
    return fields.payload.data if fields else b"null"


def fail(kind: str, message: str, allowed: str = "") -> NoReturn:
    """Refuse a message, or fail the workflow, with an error whose type is the refusal's name."""
    raise ApplicationError(
        f"{message} {allowed}".strip(), {"message": message, "allowed": allowed},
        type=kind, non_retryable=True,
    ) from None  # fmt: skip
