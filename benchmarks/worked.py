"""The same work as a complaint's activities, done for the bare workflow.

Owns what lies between the two columns: the decision, the ledger's entry and the letters of one
step, made in the activity itself, so that only the workflow around them is bare.
"""

from __future__ import annotations

from datetime import UTC, datetime

from temporalio import activity

from activities.charters import Charters
from activities.contracts import CharterRequest, LedgerEntry
from activities.prompt import Prompt
from benchmarks.bare import NOTE
from benchmarks.story import CHARTER, SAID, STAGE, actor_of, opening, reviewer
from domain.charter.rules import Rules, unpack
from domain.complaint.commands import AnyCommand, Open
from domain.complaint.decider.decide import take
from domain.complaint.decider.react import react
from domain.complaint.decider.verbs import parse_command
from domain.complaint.state import Complaint
from domain.complaint.views.status import changed_clocks, standing_of

VERBS = dict(zip(("acknowledged", "replied", "accepted"), SAID, strict=True))


class Worked:
    """`note`, with the work of the complaint's step behind it."""

    def __init__(self, charters: Charters, prompt: Prompt) -> None:
        """The activities that a complaint's worker has."""
        self._charters, self._prompt = charters, prompt
        self._complaints: dict[str, Complaint] = {}

    @activity.defn(name=NOTE)
    async def note(self, reference: str, step: str) -> None:
        """Resolve the charter, or decide the step, record it and send its notices."""
        now = datetime.now(UTC)
        if step == "pinned":
            packed = await self._charters.resolve_charter(CharterRequest(CHARTER, now))
            self._complaints[reference] = Complaint(unpack(packed))
            return
        before = self._complaints.pop(reference)
        steps = take(before, _command(before.rules, reference, step, now), now)
        after = steps[-1].complaint
        notices = tuple(notice for one in steps for notice in react(one.complaint, one.event))
        events = tuple(one.event for one in steps)
        changed = changed_clocks(before, after)
        entry = LedgerEntry(reference, events, standing_of(after), changed, notices)
        await self._prompt.perform(entry, ())
        self._complaints[reference] = after


def _command(rules: Rules, reference: str, step: str, now: datetime) -> AnyCommand:
    if step == "opened":
        return Open(opening=opening(reference, now), digest=rules.digest)
    verb = VERBS[step]
    actor = actor_of(verb, reviewer(rules.charter, STAGE)).model_dump()
    said = {"command_id": f"{reference}-{verb}", "actor": actor, **SAID[verb]}
    return parse_command(verb, said)
