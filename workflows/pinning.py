"""Pinning charters and proving senders: what a workflow may only learn through an activity, which history keeps.

Owns the look-ups: they decide nothing, so that asking twice does no harm. Those before a complaint is open are
local activities. What proves the sender of an update is checked before it comes here, by the worker.
"""

from __future__ import annotations

import base64

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities import contracts
from activities.contracts import CharterRequest, ProofRequest, Verdict
from domain.charter.rules import Rules, unpack
from domain.complaint.commands import Actor, Command, Proof
from domain.complaint.features.dates.charter_versions import PinsAnew
from domain.complaint.features.handling.receiving import Open
from domain.complaint.opening import Opening
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand, Unproven
from identity.claims import named_in
from identity.header import held, token_beside, token_in
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


async def admit(opening: Opening) -> tuple[Rules, Open]:
    """The rules of a complaint that opens, and who opens it. Raises `Unproven`, or as `resolve`."""
    token = token_in(workflow.info().headers)
    with held(token):
        by = await _prove(ProofRequest(opening.reference)) if token is not None else None
    request = CharterRequest(
        opening.charter, opening.received_at, opens=opening.reference, unproven=by is None
    )
    rules = unpack(await resolve(request))
    return rules, Open(opening=opening, digest=rules.digest, by=by, proof=_proof(token))


async def prove(reference: str, actor: Actor) -> None:
    """Return where the sender of a signal is who they say. Raises `Unproven`.

    No local activity: many signals at once are each asked about while effects of others begin, and only what
    history orders comes in that order again when it is replayed.
    """
    verdict: Verdict = await workflow.execute_activity(
        contracts.PROVE,
        ProofRequest(reference, actor),
        **options.RESOLVING,
        result_type=Verdict,
        summary=InTheClear("Prove who acts"),
    )
    _heard(verdict)


def proof_beside() -> Proof | None:
    """By what it is proven who sent the message that is being dealt with."""
    return _proof(token_beside())


def _proof(token: str | None) -> Proof | None:
    return Proof(*named_in(token)) if token else None


async def _prove(request: ProofRequest) -> Actor | None:
    verdict: Verdict = await workflow.execute_local_activity(
        contracts.PROVE,
        request,
        **options.RESOLVING,
        result_type=Verdict,
        summary=InTheClear("Prove who acts"),
    )
    return _heard(verdict)


def _heard(verdict: Verdict) -> Actor | None:
    if verdict.refused:
        raise Unproven(verdict.refused, verdict.allowed)
    return verdict.by


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
