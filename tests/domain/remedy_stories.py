"""Remedies played through their core, step by step, with local times as people say them.

Owns the player. It does what the workflow does (wake, decide, evolve, react) and nothing else; what
starts a remedy is a reply that a complaint's own story has given.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from domain.charter.remedy_terms import RemedyTerms
from domain.charter.rules import Rules, pack, unpack
from domain.complaint.commands import Actor, Tick
from domain.complaint.features.remedies.remedy import Remedy, evolve
from domain.complaint.features.remedies.remedy_commands import (
    AnyRemedyCommand,
    Undertake,
    parse_remedy_command,
)
from domain.complaint.features.remedies.remedy_decisions import decide
from domain.complaint.features.remedies.remedy_opening import RemedyOpening, openings_of
from domain.complaint.features.remedies.remedy_reactions import react
from domain.complaint.features.remedies.remedy_time import next_wake
from domain.errors import Refused
from domain.notices import Notice
from domain.vocabulary import Role
from tests.domain.stories import PEOPLE, Story, local, rules_of

TERMS = {
    "within": {"payment": {"working-days": 10}},
    "owner-role": {"recommendation": "manager", "payment": "complaints-team"},
    "remind-before": {"working-days": 2},
    "remind-every": 5,
    "after-missed": {"working-days": 5},
}
SAID: dict[str, dict[str, Any]] = {
    "accept_remedy": {},
    "do_remedy": {"how": "We paid it into the account."},
    "refuse_remedy": {"reason": "The law does not allow it."},
    "reassign_remedy": {"owner": {"id": "k.lee", "name": "K Lee"}},
    "postpone_remedy": {"reason": "The bank is slow."},
}
"""What each verb says unless a story says otherwise."""


@cache
def rules_with(charter_id: str = "financial-ombudsman", *, followed: bool = True) -> Rules:
    """The rules of a charter, whose remedies are followed up or not."""
    rules = rules_of(charter_id)
    terms = RemedyTerms.model_validate(TERMS) if followed else None
    return unpack(pack(rules.charter.model_copy(update={"remedies": terms}), rules.calendar))


def replied(
    *remedies: Any, at: str = "2026-10-06 10:00", stage: str = "manager", **fields: Any
) -> Story:
    """A complaint that was answered at that instant, at that stage, with these remedies."""
    case = {"reference": "C-9", "open": True, "answered_at": None}
    story = Story(rules=rules_with(), stage="manager", subject_case=case, **fields).at(at)
    for above in ("complaints-team", "independent-assessor"):
        if story.complaint.stage != stage:
            story.do("reply", outcome="not-upheld", remedies=[]).do(
                "escalate", "customer", to=above
            )
    return story.do("reply", remedies=list(remedies))


def opening(*remedies: Any, **told: Any) -> RemedyOpening:
    """What the first remedy of a reply starts with."""
    story = replied(*remedies or ["A letter"], **told)
    return openings_of(story.complaint, story.last("replied"))[0]


class RemedyStory:
    """One remedy, the instant it has come to, and everything that has happened to it."""

    def __init__(
        self, *remedies: Any, rules: Rules | None = None, started: RemedyOpening | None = None,
        **told: Any,
    ) -> None:  # fmt: skip
        """Undertaken by a reply with these remedies, of which it is the first, or as it started."""
        started = started or opening(*remedies, **told)
        self.remedy = Remedy(rules or rules_with())
        self.events: list[Any] = []
        self.notices: list[Notice] = []
        self.now = started.promised_at
        self._ids = 0
        self.play(Undertake(opening=started))

    def play(self, command: AnyRemedyCommand) -> list[Any]:
        """The events that the command makes now; raises its refusal, and then nothing changes."""
        made = list(decide(self.remedy, command, self.now))
        for event in made:
            self.remedy = evolve(self.remedy, event)
            self.notices += react(self.remedy, event)
        self.events += made
        return made

    def do(self, verb: str, by: Actor | str = "manager", **fields: Any) -> RemedyStory:
        """Play the verb."""
        self.play(self.command(verb, by, **fields))
        return self

    def refused(self, verb: str, by: Actor | str = "manager", **fields: Any) -> Refused:
        """The refusal that the verb meets now; it has changed nothing."""
        before = self.remedy
        try:
            made = self.do(verb, by, **fields)
        except Refused as refusal:
            assert self.remedy is before
            return refusal
        raise AssertionError(f"{verb} was not refused but made {made.events[-1]}")

    def command(self, verb: str, by: Actor | str = "manager", **fields: Any) -> Any:
        """The verb as it comes off the wire, with a command id of its own unless one is given."""
        self._ids += 1
        actor = by if isinstance(by, Actor) else PEOPLE[Role(by)]
        said = {"command_id": f"c{self._ids}"} | SAID[verb] | fields
        return parse_remedy_command(verb, said | {"actor": actor.model_dump(mode="json")})

    def at(self, when: str | datetime) -> RemedyStory:
        """Time passes until then, and the remedy wakes whenever it has to."""
        then = local(when) if isinstance(when, str) else when
        while (wake := next_wake(self.remedy)) is not None and wake <= then:
            self.now = max(wake, self.now)
            assert self.play(Tick()), f"nothing happened at {wake}"
        return self.late(then)

    def late(self, when: str | datetime) -> RemedyStory:
        """Time passes and nobody wakes the remedy until then: the worker was down."""
        self.now = local(when) if isinstance(when, str) else when
        self.play(Tick())
        return self

    @property
    def kinds(self) -> list[str]:
        """The kinds of its events, in order."""
        return [event.kind.removeprefix("remedy-") for event in self.events]

    def told(self) -> list[str]:
        """`kind to recipient` of every notice, in order."""
        return [f"{n.kind} to {n.key.rsplit('/', 1)[-1]}" for n in self.notices]

    def sent(self, kind: str, to: str | None = None) -> list[Notice]:
        """The notices of a kind, to a recipient kind or a role."""
        return [n for n in self.notices if n.kind == kind and to in {None, n.key.split("/")[-1]}]
