"""Remedies played through the core: a complaint whose reply has undertaken something.

Owns the player: a story whose verbs are those of its first remedy.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from domain.charter.feature_tables import RemedyTerms
from domain.charter.rules import Rules, pack, unpack
from domain.complaint.commands import Actor
from domain.complaint.values import Remedy
from domain.errors import Refused
from domain.notices import Notice
from tests.domain.playing.stories import Story, rules_of

TERMS = {
    "within": {"payment": {"working-days": 10}},
    "owner-role": {"recommendation": "manager", "payment": "complaints-team"},
    "remind-before": {"working-days": 2},
    "remind-every": 5,
    "after-missed": {"working-days": 5},
}


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


class RemedyStory:
    """The first remedy of a reply, the instant it has come to, and everything that has happened to it."""

    def __init__(self, *remedies: Any, **told: Any) -> None:
        """Undertaken by a reply with these remedies, of which it is the first."""
        self.story = replied(*remedies or ["A letter"], **told)

    @property
    def remedy(self) -> Remedy:
        """As it stands."""
        return self.story.complaint.remedies[0]

    def do(self, verb: str, by: Actor | str = "manager", **fields: Any) -> RemedyStory:
        """Play the verb."""
        self.story.do(verb, by, **fields)
        return self

    def refused(self, verb: str, by: Actor | str = "manager", **fields: Any) -> Refused:
        """The refusal that the verb meets now; it has changed nothing."""
        return self.story.refused(verb, by, **fields)

    def at(self, when: str) -> RemedyStory:
        """Time passes until then, and the complaint wakes whenever it has to."""
        self.story.at(when)
        return self

    def late(self, when: str) -> RemedyStory:
        """Time passes and nobody wakes the complaint until then: the worker was down."""
        self.story.late(when)
        return self

    @property
    def events(self) -> list[Any]:
        """What happened to it since it was promised."""
        return [event for event in self.story.events if event.kind.startswith("remedy-")]

    @property
    def kinds(self) -> list[str]:
        """The kinds of these events, in order."""
        return [event.kind.removeprefix("remedy-") for event in self.events]

    @property
    def notices(self) -> list[Notice]:
        """What is owed because of it, the promise included."""
        return [notice for notice in self.story.notices if notice.kind.startswith("remedy-")]

    def told(self) -> list[str]:
        """`kind to recipient` of every notice, in order."""
        return [f"{n.kind} to {n.key.rsplit('/', 1)[-1]}" for n in self.notices]

    def sent(self, kind: str, to: str | None = None) -> list[Notice]:
        """The notices of a kind, to a recipient kind or a role."""
        return self.story.sent(kind, to)
