"""The apology for a remedy says why, or by when the reason follows; staff are asked for it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.clocks.clock import ClockState
from domain.complaint.decider.timers import next_wake
from domain.errors import WrongState
from domain.notices import Notice
from letters.rendering import render
from tests.domain.playing.laws import check_record
from tests.domain.playing.remedy_stories import RemedyStory
from tests.domain.playing.stories import SHIPPED, Story, rules_of

PAYMENT = {"text": "We will pay you £50", "kind": "payment"}
FOLLOWED = [name for name in SHIPPED if rules_of(name).charter.remedies]
ASKS = {"en": "You have a right to know why", "cy": "hawl i wybod pam"}


def words(notice: Notice) -> str:
    """The letter on one line."""
    return " ".join(render(notice).body.split())


def overdue(charter: str, language: str = "en") -> Story:
    """Upheld, closed, and what the reply undertook is not done."""
    story = Story(charter, complainant_language=language).do("allocate").do("acknowledge")
    story.do("reply", outcome="upheld", remedies=["We will pay you £50"]).do("accept", "customer")
    while "remedy-missed" not in story.kinds:
        wake = next_wake(story.complaint)
        assert wake
        story.until(wake)
    return story


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("charter", FOLLOWED)
def test_is_4_fo_9_cs_5_cp_8_no_apology_for_a_remedy_leaves_out_the_reason_and_its_date(
    charter: str, language: str
) -> None:
    story = overdue(charter, language)
    for letter in story.sent("remedy-missed", "customer"):
        facts = letter.facts
        assert facts["new_due"] > facts["missed_due"]
        assert facts["why"] or facts["reason_by"] > facts["missed_due"]
        assert ASKS[language] in words(letter)
    (reason,) = [c for c in story.complaint.clocks if c.promise.endswith("/reason")][-1:]
    assert reason.running, "the reason is owed after the end too"
    assert "give_reason" in words(story.sent("remedy-overdue")[-1])


@pytest.mark.parametrize("charter", FOLLOWED)
def test_is_4_the_reason_is_told_and_its_clock_is_met(charter: str) -> None:
    story = overdue(charter).do("give_reason", "manager", reason="The bank is slow.")
    letter = words(story.sent("reason-given", "customer")[-1])
    missed = story.sent("remedy-missed", "customer")[-1]
    assert "The bank is slow." in letter
    assert "We will pay you £50. We should have done this by" in letter
    assert missed.facts["missed_due"][:4] in letter
    states = {c.state for c in story.complaint.clocks if c.promise.endswith("/reason")}
    assert ClockState.RUNNING not in states
    assert ClockState.MET in states or states == {ClockState.MISSED}
    story.do("do_remedy", "manager")
    assert isinstance(story.refused("give_reason", "manager"), WrongState)


def test_is_4_a_reason_that_was_given_in_time_stands_in_the_apology_itself() -> None:
    story = RemedyStory(PAYMENT).at("2026-10-19 10:00")
    assert story.kinds == ["warned"]
    story.do("give_reason", reason="The bank is slow", reason_cy="Mae'r banc yn araf")
    assert story.story.sent("reason-given") == []
    story.at("2026-10-21 10:00")
    (letter,) = story.sent("remedy-missed", "customer")
    assert "This is why: The bank is slow." in words(letter)
    assert not letter.facts["reason_by"] or ASKS["en"] not in words(letter)
    later = story.at("2026-10-28 10:00").sent("remedy-missed", "customer")[-1]
    assert ASKS["en"] in words(later), "the next date needs a reason of its own"


@pytest.mark.parametrize("end", ["closed", "open"])
@pytest.mark.parametrize("charter", FOLLOWED)
def test_is_4_after_an_outage_too_every_apology_for_a_remedy_says_why_or_by_when(
    charter: str, end: str
) -> None:
    """The second remedy falls due while the reason for the first is owed, and nobody wakes it."""
    first = {"text": "Pay £50", "kind": "payment", "due": "2026-10-20"}
    for second in ("2026-10-21", "2026-10-23"):
        other = {"text": "Put it right", "kind": "correction", "due": second}
        story = Story(charter).do("acknowledge").do("reply", remedies=[first, other])
        if end == "closed":
            story.do("accept", "customer")
        story.at("2026-10-20 20:00").late("2026-11-20 10:00")
        letters = story.sent("remedy-missed", "customer")
        assert len(letters) > 1
        for letter in letters:
            by = letter.facts["reason_by"]
            assert letter.facts["why"] or by, "neither why nor by when"
            assert ASKS["en"] in words(letter)
        assert letters[-1].facts["reason_by"] > "2026-11-20"
        check_record(story)


def test_fo_12_a_recommendation_that_nobody_answers_is_apologised_for_as_that() -> None:
    story = RemedyStory("Log every letter", stage="independent-assessor").at("2026-12-01 10:00")
    letter = words(story.sent("remedy-missed", "customer")[0])
    assert "It should have been answered by" in letter
    assert "We will now answer it by" in letter
    assert "We will now do it" not in letter


@pytest.mark.parametrize(
    ("language", "said", "unsaid"),
    [
        ("en", "It should have been answered by", "We should have done this by"),
        ("cy", "Dylai fod wedi'i ateb erbyn", "Dylem fod wedi gwneud hyn erbyn"),
    ],
)
def test_the_reason_is_given_for_the_answer_and_not_for_what_nobody_has_accepted(
    language: str, said: str, unsaid: str
) -> None:
    told: dict[str, Any] = {"stage": "independent-assessor", "complainant_language": language}
    story = RemedyStory("Log every letter", **told).at("2026-12-01 10:00").story
    letter = words(story.do("give_reason").sent("reason-given", "customer")[-1])
    assert said in letter
    assert unsaid not in letter
