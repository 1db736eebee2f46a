"""Reasons after the end: the day by which the customer hears why stands, however and whenever the complaint ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.complaint.decider.timers import finished
from domain.complaint.notify.reasons import is_a_reason
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story, local, patient, rules_of

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


@pytest.mark.parametrize("language", ["en", "cy"])
def test_who_was_told_by_when_hears_it_where_another_complaint_goes_on_as_well(
    language: str,
) -> None:
    story = owed("financial-ombudsman", stage="manager", complainant_language=language).do("merge")
    (letter,) = story.sent("merged")
    day = letter.facts["next_step"]["why_by"]
    assert SAYS_WHY[language] in " ".join(render(letter).body.split())
    assert not finished(story.complaint, story.now)
    story.at(f"{day} 12:00").do("give_reason")
    assert story.sent("reason-given")
    assert not [each for each in story.complaint.clocks if each.live]
    assert finished(story.complaint, story.now + DAY * 400)


def test_an_end_that_is_entered_late_keeps_the_new_date_as_well() -> None:
    story = owed("casework-standards")
    (first, *_) = [c for c in story.complaint.clocks if c.promise == "CS-5/reason"]
    story.until(story.now + DAY * 60)
    renewed = next(c for c in story.complaint.clocks if c.live and c.promise == "CS-5/reason")
    assert renewed.renewal
    story.until(renewed.noted_at + DAY)
    said = first.noted_at + DAY
    story.do("withdraw", Role.CUSTOMER, received_at=said)
    assert story.complaint.clock(renewed.id).live
    assert story.sent("withdrawn")[-1].facts["next_step"]["why_by"]


def test_what_was_missed_after_an_end_that_is_entered_late_was_none() -> None:
    story = Story("casework-standards")
    said = story.now + DAY
    story = owed("casework-standards")
    story.do("withdraw", Role.CUSTOMER, received_at=said)
    assert not [each for each in story.complaint.clocks if each.live]


@pytest.mark.parametrize("charter", EXPLAIN)
def test_after_the_end_the_customer_is_given_one_further_date_and_staff_are_asked_on(
    charter: str,
) -> None:
    story = owed(charter).do("withdraw", Role.CUSTOMER)
    before = len(story.sent("apology")), len(story.sent("promise-missed"))
    story.until(story.now + DAY * 700)
    first, last = story.sent("apology")[before[0] :]
    assert first.facts["new_due"], "one further date"
    assert last.facts["missed_due"] == first.facts["new_due"]
    assert last.facts["new_due"] is None, "and none that would be missed again"
    asked = story.sent("promise-missed")[before[1] :]
    assert len(asked) > 10
    assert "not written to" in render(asked[-1]).body
    assert not finished(story.complaint, story.now), "it is owed until it is given"
    if any(c.live for c in story.complaint.clocks):
        story.do("give_reason")
    assert finished(story.complaint, story.now)


def test_what_is_missed_later_is_told_with_a_date_of_its_own() -> None:
    story = owed("casework-standards").do("withdraw", Role.CUSTOMER)
    story.until(local("2027-03-01 10:00")).do("record_contact")
    told = len(story.sent("apology"))
    story.until(story.now + DAY * 25)
    (first, *_) = story.sent("apology")[told:]
    assert first.facts["reason_by"]
    story.do("give_reason")
    assert not [c for c in story.complaint.clocks if c.live and c.promise == "CS-5/reason"]


def test_a_reason_that_was_on_hold_at_the_end_runs_on() -> None:
    story = owed("casework-standards", rules=patient("casework-standards", all_of_it=True)).do(
        "pause"
    )
    assert any(c.state == "paused" and "reason" in c.promise for c in story.complaint.clocks)
    story.do("withdraw", Role.CUSTOMER)
    assert any(c.running and "reason" in c.promise for c in story.complaint.clocks)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_letter_of_the_end_says_by_when_they_hear_why(language: str) -> None:
    story = owed("casework-standards", complainant_language=language).do("withdraw", Role.CUSTOMER)
    (letter,) = story.sent("withdrawn")
    day = letter.facts["next_step"]["why_by"]
    assert SAYS_WHY[language] in " ".join(render(letter).body.split())
    story.at(f"{day} 12:00").do("give_reason")
    assert "why_by" not in story.sent("reason-given")[-1].facts["next_step"]
