"""Reasons after the end: whoever is answered late hears why, also once the complaint is closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.complaint.notify.reasons import is_a_reason
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story, rules_of

DAY = timedelta(days=1)
EXPLAIN = [
    each for each in SHIPPED if any(is_a_reason(r) for r in rules_of(each).promises.values())
]


@pytest.mark.parametrize("charter", EXPLAIN)
def test_an_answer_after_the_end_that_is_late_says_why_or_by_when(charter: str) -> None:
    story = Story(charter).do("withdraw", Role.CUSTOMER).do("record_contact")
    story.until(story.now + DAY * 40)
    for notice in story.sent("apology"):
        if "why" not in notice.facts["promise_text"]:
            assert notice.facts["reason_by"], render(notice).body
