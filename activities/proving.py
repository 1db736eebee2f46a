"""The activity that proves who acts, where no validator does: for signals and openings.

Owns the look-up alone. The token comes in its header and is never logged; what history keeps of it is in
docs/decisions/proven-before-history.md.
"""

from __future__ import annotations

import asyncio

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contracts import PROVE, ProofRequest, Verdict
from domain.complaint.decider.access import OPENERS
from domain.errors import Unproven
from identity.header import token_beside
from identity.proving import Doorkeeper
from telemetry.metrics import TOKENS_REFUSED, instruments


class Proving:
    """Who acts, by the tokens of one issuer."""

    def __init__(self, door: Doorkeeper) -> None:
        """`door` knows who is let through."""
        self._door = door

    @activity.defn(name=PROVE)
    async def prove(self, request: ProofRequest) -> Verdict:
        """Who opens the complaint, or who acts on it."""
        return await asyncio.to_thread(self._prove, request)

    def _prove(self, request: ProofRequest) -> Verdict:
        token = token_beside()
        try:
            if request.actor is None:
                return Verdict(self._door.opener(token, request.reference, OPENERS))
            self._door.check(token, request.reference, request.actor)
        except Unproven as refused:
            instruments().count(TOKENS_REFUSED, "opening" if request.actor is None else "signal")
            if request.actor is None and self._door.away:
                # Nobody hears of an opening that is refused: it waits until it can be judged.
                raise ApplicationError(
                    f"{refused} {self._door.away}", type="IssuerUnreachable"
                ) from None
            return Verdict(None, refused.message, refused.allowed)
        return Verdict(request.actor)
