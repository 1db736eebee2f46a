"""What a charter's words say stands by itself: letters quote one promise, and name one stage, alone."""

from __future__ import annotations

import re

import pytest

from charters.files import find_charter, load_charter
from tests.domain.playing.stories import SHIPPED

LEANS = re.compile(r"^(?:So|And|It|They|This|These)\b|\btoo\.$|\bthat member\b|\babout it\b")
"""How a sentence leans on another that its reader does not see."""
RHYTHM = re.compile(r"month|week|how often|as often|every", re.IGNORECASE)
NO_PERSON = re.compile(
    r"\b(?:reply|answer|review|investigation|procedure|decision)$|^Our (?:reply|answer)"
)


@pytest.mark.parametrize("charter", SHIPPED)
def test_every_promise_stands_by_itself(charter: str) -> None:
    texts = [each.text for each in load_charter(find_charter(charter)).promises]
    assert not [text for text in texts if LEANS.search(text)]
    assert len(texts) == len(set(texts)), "two promises that an apology cannot tell apart"


@pytest.mark.parametrize("charter", SHIPPED)
def test_a_promise_that_comes_again_and_again_says_how_often(charter: str) -> None:
    promises = load_charter(find_charter(charter)).promises
    assert not [each.text for each in promises if each.repeats and not RHYTHM.search(each.text)]


@pytest.mark.parametrize("charter", SHIPPED)
def test_a_stage_is_named_for_whom_a_complaint_is_with(charter: str) -> None:
    titles = [each.title for each in load_charter(find_charter(charter)).stages]
    assert not [title for title in titles if NO_PERSON.search(title)]
