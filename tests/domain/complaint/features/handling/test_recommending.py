"""FO-12: who upholds where the charter asks for it recommends something, or says why nothing helps."""

from __future__ import annotations

from typing import Any

import pytest

from domain.charter.checks.charter import faults
from domain.charter.tables import ReplyPart
from domain.errors import InvalidCommand, ReplyIncomplete
from domain.vocabulary import Outcome
from tests.domain.playing.refusing import story_at
from tests.domain.playing.stories import SHIPPED, rules_of
from tests.promises.telling import letter

ASSESSOR = "independent-assessor"
WHY = "The rule that we broke is gone since May."
PAID: dict[str, Any] = {"text": "£50", "kind": "payment"}
ADVISED: dict[str, Any] = {"text": "Log every letter", "kind": "recommendation"}
NEEDED = (Outcome.UPHELD, Outcome.PARTLY_UPHELD)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("remedies", [[], [PAID]], ids=["nothing", "a payment"])
def test_fo_12_to_uphold_and_recommend_nothing_needs_the_reason(
    outcome: Outcome, remedies: list[Any]
) -> None:
    story = story_at(ASSESSOR)
    if outcome not in NEEDED:
        assert isinstance(
            story.refused("reply", outcome=outcome, remedies=remedies, nothing_recommended=WHY),
            InvalidCommand,
        )
        story.do("reply", outcome=outcome, remedies=remedies)
        return
    refusal = story.refused("reply", outcome=outcome, remedies=remedies)
    assert isinstance(refusal, ReplyIncomplete)
    assert "recommends nothing" in str(refusal)
    story.do("reply", outcome=outcome, remedies=remedies, nothing_recommended=WHY)
    assert story.last("replied").nothing_recommended == WHY


def test_fo_12_a_recommendation_is_reason_enough_and_both_are_too_much() -> None:
    story = story_at(ASSESSOR)
    both = story.refused("reply", remedies=[ADVISED], nothing_recommended=WHY)
    assert isinstance(both, InvalidCommand)
    assert story.do("reply", remedies=[PAID, ADVISED]).state == "replied"


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "WHY NOTHING IS RECOMMENDED"), ("cy", "PAM NAD OES DIM YN CAEL EI ARGYMELL")],
)
def test_fo_12_the_customer_reads_why_nothing_is_recommended(language: str, heading: str) -> None:
    story = story_at(ASSESSOR, complainant_language=language)
    story.do("reply", remedies=[], nothing_recommended=WHY)
    said = letter(story, "final-reply")
    assert heading in said
    assert WHY in said
    advised = story_at(ASSESSOR, complainant_language=language).do("reply", remedies=[ADVISED])
    assert heading not in letter(advised, "final-reply")


@pytest.mark.parametrize("charter", SHIPPED)
def test_every_stage_that_recommends_by_its_charter_has_it_followed_up(charter: str) -> None:
    terms = rules_of(charter).charter
    asked = [each.id for each in terms.stages if ReplyPart.RECOMMENDATION in each.reply]
    assert asked == ([ASSESSOR] if charter == "financial-ombudsman" else [])
    unheeded = terms.model_copy(update={"remedies": None})
    assert any("follows up" in str(each) for each in faults(unheeded)) is bool(asked)
