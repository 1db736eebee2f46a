"""What can go wrong between a caller and a complaint, and how it is told from the SDK's errors.

UpholdError
├── Refused              the rules do not allow it (`domain.errors` has the whole tree)
│   ├── InvalidCommand       a field is missing or wrong; nothing was sent
│   └── ComplaintClosed      the complaint has ended
├── StarterError
│   ├── UnknownComplaint     no complaint of that reference is known to the server
│   ├── AlreadyClosed        opened again after its end; it is not started again
│   ├── NotAnswered          no worker answered in time; it may or may not have been done
│   │   └── ServerBusy           the server asks to be asked again
│   └── ComplaintFailed      the workflow broke: an operator has to look
└── ServerUnavailable    no Temporal server answers (`engine.errors` has the whole tree)

A caller that catches `UpholdError` catches them all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from temporalio.client import (
    RPCTimeoutOrCancelledError,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import REFUSALS, ComplaintClosed, Refused, UpholdError
from engine.errors import EngineError, NamespaceMissing, ServerRefused, ServerUnavailable

_ENDED_MEANWHILE = "AcceptedUpdateCompletedWorkflow"
_SILENCE = (
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.CANCELLED,
    RPCStatusCode.FAILED_PRECONDITION,
)
_NOT_YET = (
    RPCStatusCode.RESOURCE_EXHAUSTED,
    RPCStatusCode.FAILED_PRECONDITION,  # nothing of the new history has been dealt with yet
)
_NO_CREDENTIALS: Final = (ServerRefused, "The Temporal server does not accept these credentials")
_SERVER_SAID: Final[Mapping[RPCStatusCode, tuple[type[UpholdError], str]]] = {
    RPCStatusCode.PERMISSION_DENIED: _NO_CREDENTIALS,
    RPCStatusCode.UNAUTHENTICATED: _NO_CREDENTIALS,
    RPCStatusCode.UNAVAILABLE: (ServerUnavailable, "No Temporal server answers"),
    RPCStatusCode.INVALID_ARGUMENT: (Refused, "The Temporal server does not take this"),
}


class StarterError(UpholdError):
    """Something between the caller and the complaint is not as it must be."""


class UnknownComplaint(StarterError):
    """No complaint of that reference is known to the server."""


class AlreadyClosed(StarterError):
    """A complaint of that reference was opened before and has ended; it is not started again."""

    def __init__(self, reference: str, *, differs: bool = False) -> None:
        """`differs` is whether it was opened with another content."""
        self.reference, self.differs = reference, differs
        super().__init__(
            f"Complaint {reference} was opened before and has ended; it is not started again."
            " Reopen it, or give the new complaint a reference of its own."
        )


class NotAnswered(StarterError):
    """No worker answered in time: what was asked may or may not be done."""


class ServerBusy(NotAnswered):
    """The server has too much to do, and had it for as long as was waited."""


class ComplaintFailed(StarterError):
    """The complaint's workflow broke; nothing is lost, but an operator has to look."""


@asynccontextmanager
async def told_apart(reference: str) -> AsyncIterator[None]:
    """Turns the SDK's errors about one complaint into those of this module."""
    try:
        yield
    except WorkflowUpdateFailedError as error:
        raise _refusal(reference, error.cause) from None
    except (RPCTimeoutOrCancelledError, TimeoutError):
        raise not_answered(reference) from None
    except (WorkflowQueryFailedError, WorkflowQueryRejectedError) as error:
        raise ComplaintFailed(
            f"Complaint {reference} could not say how it stands: {error}"
        ) from None
    except RPCError as error:
        raise from_server(error, reference) from error


def not_answered(reference: str) -> NotAnswered:
    """The error for a complaint that was reached, but that no worker answered for."""
    return NotAnswered(
        f"No worker answered for complaint {reference} in time. What was asked may or may not be"
        " done: ask again with the same command id, and it is done once. Is a worker running"
        " (`uphold health`)?"
    )


def not_answered_by_server(reference: str, address: str) -> ServerUnavailable:
    """The error for a complaint that could not be asked, since its server does not answer."""
    return ServerUnavailable(
        f"The Temporal server at {address} does not answer, so complaint {reference} could not be asked. What was"
        " sent may or may not be done: when the server is back, ask again with the same command id, and it is"
        " done once."
    )


def from_server(error: RPCError, reference: str = "") -> UpholdError:
    """The typed error for what the Temporal server itself said, of that complaint or in general."""
    status, told = error.status, error.message
    if status in _SILENCE and reference:
        return not_answered(reference)
    if status in _SILENCE:
        return ServerUnavailable(f"The Temporal server did not answer in time: {told}")
    if is_busy(error):
        return ServerBusy(
            f"The Temporal server has too much to do at present, and asks to be asked again: {told}."
            " Nothing is lost: try again in a moment."
        )
    if status == RPCStatusCode.NOT_FOUND:
        if "namespace" in told.lower():
            return NamespaceMissing(f"{told} Run `uphold setup` to create it.")
        return UnknownComplaint(f"No complaint {reference} is known to the server.")
    kind, words = _SERVER_SAID.get(status, (EngineError, f"The Temporal server said {status.name}"))
    return kind(f"{words}: {told}")


def is_busy(error: RPCError) -> bool:
    """Whether the server is there and asks to be asked again: it is busy, or cut a history a moment ago."""
    asks_again = error.status == RPCStatusCode.UNAVAILABLE and "retry" in error.message.lower()
    return asks_again or error.status in _NOT_YET


def still_opening(reference: str) -> NotAnswered:
    """The error for a complaint that was started a moment ago and has no standing yet."""
    return NotAnswered(f"Complaint {reference} is being opened; ask again in a moment.")


async def ended(reference: str, handle: WorkflowHandle[Any, Any]) -> UpholdError:
    """The error for a complaint whose workflow has ended, well or not."""
    try:
        await handle.result(follow_runs=False)
    except WorkflowFailureError as error:
        return ComplaintFailed(f"Complaint {reference} broke and was not opened: {error.cause}")
    return closed(reference)


def closed(reference: str) -> ComplaintClosed:
    """The refusal for a complaint whose workflow has ended."""
    return ComplaintClosed(
        f"Complaint {reference} has ended, and the time to take in more on it is over.",
        f"If somebody has written about it, answer them and open what is new as a complaint of its own "
        f"that names {reference}; what is on record stays: uphold show {reference}.",
    )


def _refusal(reference: str, cause: BaseException) -> UpholdError:
    if not isinstance(cause, ApplicationError):
        return ComplaintFailed(f"Complaint {reference} could not do it: {cause}")
    if cause.type == _ENDED_MEANWHILE:
        return closed(reference)
    if cause.type in REFUSALS:
        return REFUSALS[cause.type](*_in_words(cause))
    return ComplaintFailed(f"Complaint {reference} could not do it: {cause.type}: {cause.message}")


def _in_words(cause: ApplicationError) -> tuple[str, ...]:
    """The refusal's message and what would be allowed, apart where the worker gave them apart."""
    told = cause.details[0] if cause.details else None
    if isinstance(told, dict) and "message" in told:
        return str(told["message"]), str(told.get("allowed", ""))
    return (cause.message,)
