"""Who acts upon the ledger itself, proven as by a worker: these acts reach no complaint that would prove it.

Owns what of that proof is kept with what they did.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from domain.complaint.commands import Actor, Proof
from domain.complaint.views.keeping import Keeping, require_may
from engine.settings import Settings
from identity.claims import named_in
from identity.proving import OPEN_DOOR, Doorkeeper
from identity.sending import token_of_file
from ledger.keys.holds import Act
from worker.door import door_of, with_issuer_beside


@dataclass(frozen=True, slots=True)
class Office:
    """Somebody at this machine, and what proves who they are."""

    actor: Actor
    token: str | None
    door: Doorkeeper

    def proof(self, about: str) -> Proof | None:
        """What proves that they are who they say; none where nobody has to prove anything, and no token is sent.

        `about` is a reference, or in words what else. Raises `Unproven`.
        """
        self.door.check(self.token, about, self.actor)
        return Proof(*named_in(self.token)) if self.token else None

    def act(self, what: Keeping, reference: str, at: datetime, reason: str | None = None) -> Act:
        """What they do, to be recorded. Raises `Unproven` and `WrongRole`."""
        proof = self.proof(reference)
        require_may(what, self.actor)
        return Act(
            reference=reference, what=what, at=at, actor_id=self.actor.id,
            actor_name=self.actor.name, actor_role=self.actor.role, reason=reason,
            **asdict(proof) if proof else {},
        )  # fmt: skip


async def office_of(settings: Settings, actor: Actor) -> Office:
    """The actor, with the token that is sent along. Raises `SettingsError` where nobody could be proven here."""
    found = with_issuer_beside(settings)
    nobody_has_to = found.identity == "off" and not (found.identity_issuer or found.identity_keys)
    door = OPEN_DOOR if nobody_has_to else door_of(found)
    await door.require_keys()
    return Office(actor, token_of_file(settings.token_file)("", None), door)
