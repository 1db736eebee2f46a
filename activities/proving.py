"""The activity that proves who acts, where no validator does: for signals and openings.

Owns the look-up alone. A token is its argument and never logged; what history keeps of it is in
docs/decisions/proven-before-history.md.
"""

from __future__ import annotations

import asyncio

from temporalio import activity

from activities.contracts import PROVE, ProofRequest, Verdict
from domain.complaint.decider.access import OPENERS
from domain.errors import Unproven
from identity.proving import Doorkeeper


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
        try:
            if request.actor is None:
                return Verdict(self._door.opener(request.token, request.reference, OPENERS))
            self._door.check(request.token, request.reference, request.actor)
        except Unproven as refused:
            return Verdict(None, refused.message, refused.allowed)
        return Verdict(request.actor)
