"""A duplicate is of the same customer, and nobody is told that somebody else's answer is theirs."""

from __future__ import annotations

import pytest

from domain.complaint.views.status import status_of
from domain.errors import InvalidCommand
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story


def key_of(name: str) -> str:
    """What the status of a complaint of theirs says."""
    story = Story(complainant_name=name)
    return str(status_of(story.complaint, ())["customer_key"])


@pytest.mark.parametrize("charter", SHIPPED)
def test_another_customers_complaint_is_not_taken_in(charter: str) -> None:
    story = Story(charter)
    assert isinstance(story.refused("take_in", customer=key_of("Bob Ash")), InvalidCommand)
    assert story.complaint.taken_in == ()
    story.do("take_in", customer=key_of("ann  PRICE"))
    assert len(story.complaint.taken_in) == 1


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("charter", SHIPPED)
def test_the_letter_claims_nothing_that_depends_on_how_the_other_stands(
    charter: str, language: str
) -> None:
    story = Story(charter, complainant_language=language).do("merge")
    (letter,) = story.sent("merged", "customer")
    said = render(letter).body
    assert "FO-2026-000122" in said
    assert {"en": "holds for both", "cy": "gymwys ar gyfer y ddwy"}[language] in " ".join(
        said.split()
    )
