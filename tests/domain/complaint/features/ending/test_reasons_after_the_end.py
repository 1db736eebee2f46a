"""Reasons after the end: the day by which the customer hears why stands, however and whenever the complaint ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.complaint.decider.timers import finished
from domain.complaint.notify.reasons import is_a_reason
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story, rules_of

DAY = timedelta(days=1)
EXPLAIN = [
    each for each in SHIPPED if any(is_a_reason(r) for r in rules_of(each).promises.values())
]
SAYS_WHY = {"en": "to say why we missed our date", "cy": "i ddweud pam na chadwyd at ein dyddiad"}
ENDS = ("withdraw", "accept", "close", "silence")


def owed(charter: str, **fields: Any) -> Story:
    """Nobody answered in time, and the customer was told by when they hear why."""
    story = Story(charter, **fields)
    for _ in range(30):
        if not any(each.facts["reason_by"] for each in story.sent("apology")):
            story.until(story.now.replace(hour=11)).until(story.now + DAY * 7)
    assert story.sent("apology"), "nothing was missed"
    return story


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("charter", EXPLAIN)
def test_who_was_told_by_when_they_hear_why_hears_it_after_the_end_as_well(
    charter: str, how: str
) -> None:
    story = owed(charter)
    if how in ("accept", "silence"):
        story.do("reply", outcome="not-upheld", remedies=[])
    if how != "silence":
        story.do(how, None if how == "close" else Role.CUSTOMER)
    else:
        for _ in range(20):
            if story.complaint.closed is None:
                story.until(story.now + DAY * 15)
    assert story.complaint.closed
    late = len(story.sent("apology"))
    story.until(story.now + DAY * 60)
    assert not finished(story.complaint, story.now), "the reason is still owed"
    assert len(story.sent("apology")) > late, "its date passed in silence"
    story.do("give_reason").until(story.now + DAY * 400)
    assert story.sent("reason-given")
    assert finished(story.complaint, story.now)


@pytest.mark.parametrize("charter", EXPLAIN)
def test_an_answer_after_the_end_that_is_late_says_why_or_by_when(charter: str) -> None:
    story = Story(charter).do("withdraw", Role.CUSTOMER).do("record_contact")
    story.until(story.now + DAY * 40)
    for notice in story.sent("apology"):
        if "why" not in notice.facts["promise_text"]:
            assert notice.facts["reason_by"], render(notice).body


def test_what_goes_on_elsewhere_is_explained_there() -> None:
    story = owed("financial-ombudsman", stage="manager").do("merge")
    assert not [each for each in story.complaint.clocks if each.live]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_letter_of_the_end_says_by_when_they_hear_why(language: str) -> None:
    story = owed("casework-standards", complainant_language=language).do("withdraw", Role.CUSTOMER)
    (letter,) = story.sent("withdrawn")
    day = letter.facts["next_step"]["why_by"]
    assert SAYS_WHY[language] in " ".join(render(letter).body.split())
    story.at(f"{day} 12:00").do("give_reason")
    assert "why_by" not in story.sent("reason-given")[-1].facts["next_step"]
