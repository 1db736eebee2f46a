"""Pinning charters: what a workflow may only learn through an activity, which history keeps.

Owns the one local activity: a look-up that decides nothing, so that asking twice does no harm.
"""

from __future__ import annotations

import base64

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities import contracts
from activities.contracts import CharterRequest
from domain.complaint.commands import Command
from domain.complaint.features.dates.charter_versions import PinsAnew
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand
from sealing.clear import InTheClear
from workflows import options


async def resolve(request: CharterRequest) -> bytes:
    """The charter and its calendar, packed. Raises the `ApplicationError` of the activity."""
    pinned: bytes = await workflow.execute_local_activity(
        contracts.RESOLVE_CHARTER,
        request,
        **options.RESOLVING,
        result_type=bytes,
        summary=InTheClear(f"Pin charter {request.charter}"),
    )
    return pinned


async def complete(command: Command, complaint: Complaint) -> Command:
    """The command with what only an activity can look up. Raises `InvalidCommand`."""
    if not isinstance(command, PinsAnew):
        return command
    opening = complaint.opened
    request = CharterRequest(opening.charter, opening.received_at, workflow.now())
    try:
        pinned = await resolve(request)
    except (ActivityError, ApplicationError) as error:
        raise InvalidCommand(f"The charter cannot be resolved: {error.cause or error}.") from None
    return command.model_copy(update={"pinned": base64.b64encode(pinned).decode()})
