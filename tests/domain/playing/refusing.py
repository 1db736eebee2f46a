"""How a refusal is looked at: its type, its words, and a complaint that has come far enough to be refused.

Owns the two helpers of the tests of refusals.
"""

from __future__ import annotations

from typing import Any

from domain.errors import REFUSALS, Refused
from domain.vocabulary import Role
from tests.domain.playing.stories import Story, person


def story_at(stage: str, **fields: Any) -> Story:
    """A complaint that was answered at every stage before that one, by somebody else each time."""
    story = Story("financial-ombudsman", **fields)
    while story.complaint.stage != stage:
        here = story.complaint.stage
        following = story.rules.next_stage(here)
        assert following
        story.do("allocate", handler={"id": f"had.{here}", "name": "Had It", "phone": "0300 1"})
        story.do("reply", person(f"did.{here}", here))
        story.do("escalate", Role.CUSTOMER, to=following.id)
    return story


def is_refused(refusal: Refused, kind: str, message: str, allowed: str) -> None:
    """It has this type, and its texts hold these words."""
    assert (refusal.kind, REFUSALS[kind]) == (kind, type(refusal))
    assert message in refusal.message
    assert allowed in refusal.allowed
    assert allowed
