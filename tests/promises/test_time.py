"""More time with a reason and a date, time that does not count, and what is said when time is up."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from domain.calendar.pinned import in_words
from domain.errors import ExtensionRefused, InvalidCommand, PauseRefused, WrongState
from tests.domain.playing.stories import SHIPPED, Story
from tests.promises.telling import BY_KEY, for_each, letter, letters, read

MORE_TIME = {
    "IS-4": ("IS-2", date(2026, 11, 16), date(2026, 11, 17)),
    "FO-9": ("FO-8/reply", date(2026, 11, 3), date(2026, 11, 4)),
    "CS-5": ("CS-2", date(2026, 11, 2), date(2026, 11, 3)),
    "HC-3": ("HC-1/reply", date(2026, 11, 5), date(2026, 11, 6)),
    "LG-4": ("LG-1/reply", date(2026, 11, 5), date(2026, 11, 6)),
    "SM-4": ("SM-1", date(2026, 12, 10), date(2026, 12, 11)),
}
"""The promise that needs longer, the furthest date that its page allows, and the day after that."""
more_time = for_each(("key", "furthest", "beyond"), MORE_TIME)
WHY = "The surveyor is ill."


@more_time
def test_more_time_is_told_before_the_date_passes_with_why_and_until_when(
    key: str, furthest: date, beyond: date
) -> None:
    due = BY_KEY[key].due
    story = BY_KEY[key].begun().at(f"{due} 16:59").do("extend", new_due=furthest, reason=WHY)

    assert story.due(key) == furthest
    assert story.clock(key).superseded == (due,)
    told = letter(story, "more-time")
    assert all(words in told for words in (WHY, in_words(due), in_words(furthest)))
    assert f"More time was needed: the date was moved from {in_words(due)} to " in told


@more_time
def test_more_time_without_why_or_date_beyond_the_page_or_too_late_is_refused(
    key: str, furthest: date, beyond: date
) -> None:
    due = BY_KEY[key].due
    story = BY_KEY[key].begun()
    for reason, new_due in ((" ", furthest), (WHY, due), (WHY, beyond)):
        refusal = story.refused("extend", reason=reason, new_due=new_due)
        assert isinstance(refusal, ExtensionRefused)
    late = BY_KEY[key].begun().at(f"{due} 17:00")
    assert isinstance(late.refused("extend", reason=WHY, new_due=furthest), ExtensionRefused)
    assert late.sent("more-time") == []


@more_time
def test_a_date_that_is_missed_after_more_time_brings_an_apology_with_the_next(
    key: str, furthest: date, beyond: date
) -> None:
    story = BY_KEY[key].begun().do("extend", new_due=furthest, reason=WHY)
    story.at(f"{furthest} 17:00")

    apology = story.sent("apology", "customer")[-1].facts
    assert apology["missed_due"] == furthest.isoformat()
    assert apology["new_due"] == story.due(key).isoformat() > furthest.isoformat()


SORRY = {"CS-8": "CS-2", "FC-3": "FC-2/reply", "NH-3": "NH-2"}
sorry = for_each("key", SORRY)


@sorry
def test_where_a_date_is_missed_an_apology_says_so_plainly_and_names_the_next(key: str) -> None:
    life = BY_KEY[key]
    story = life.begun().at(f"{life.due} 17:00")

    said = letter(story, "apology")
    assert said.count("We are sorry. We made you this promise:") == 1
    assert "This is our fault and not yours." in said
    assert life.again
    assert f"We will now do it by {in_words(life.again)}." in said


@sorry
def test_nobody_is_apologised_to_for_what_was_kept(key: str) -> None:
    life = BY_KEY[key]
    story = life.kept(life.begun().at(f"{life.due} 16:59")).at(f"{life.due} 17:00")
    about = {notice.facts["promise_text"] for notice in story.sent("apology")}

    assert story.rules.promises[key].promise.text not in about


def test_is_7_while_facts_are_checked_no_time_is_spent_and_all_else_goes_on() -> None:
    story = BY_KEY["IS-2"].begun().do("record_contact", channel="letter")
    story.at("2026-10-07 10:00").do("pause", reason="The bank looks.", review_on="2026-10-21")
    told = letter(story, "paused")
    assert "The bank looks." in told
    assert "We are waiting for: The bank." in told
    assert "Wednesday 21 October 2026" in told
    assert story.due("IS-2/contact") == date(2026, 10, 26), "what came in is not what is checked"

    story.at("2026-10-21 10:00").do("resume")

    assert len(story.sent("review-due")) == 1
    # From Thursday 8 to Tuesday 20 October: nine working days, and nine more after the 26th.
    assert story.due("IS-2") == date(2026, 11, 6)
    paused = "Thursday 8 October 2026 to Tuesday 20 October 2026"
    assert f"these days do not count: {paused}." in letter(story, "resumed")


def test_is_7_a_pause_needs_a_reason_and_a_day_ahead_on_which_it_is_looked_at() -> None:
    story = BY_KEY["IS-2"].begun().at("2026-10-07 10:00")
    for said in ({"reason": " "}, {"review_on": "2026-10-06"}, {"third_party": None}):
        assert isinstance(story.refused("pause", **said), InvalidCommand)
    assert isinstance(story.refused("resume"), WrongState)


def test_is_7_busy_until_2028_is_no_pause_and_no_renewal_of_one() -> None:
    story = BY_KEY["IS-2"].begun().at("2026-10-07 10:00")
    busy = story.refused("pause", reason="Busy.", review_on="2028-01-05")
    assert isinstance(busy, PauseRefused)
    assert busy.allowed == "After 2026-10-07 and not after 2026-10-21."
    for review in ("2026-10-21", "2026-11-04", "2026-11-18"):
        story.do("pause", review_on=review).at(f"{review} 10:00")
        assert f"{int(review[-2:])} " in letter(
            story, "paused" if "10-" in review else "still-waiting"
        )
    no_more = story.refused("pause", review_on="2026-11-25")
    assert isinstance(no_more, PauseRefused)
    assert no_more.allowed == "Resume it, or let it end with its review."
    story.at("2026-11-19 09:00")
    assert "our time counts from here on" in letter(story, "resumed")
    assert story.due("IS-2") == date(2026, 12, 7)
    assert story.at("2026-12-07 17:00").states("IS-2") == ["missed", "running"]
    assert isinstance(story.refused("pause", review_on="2026-12-14"), PauseRefused)


@pytest.mark.parametrize("charter", [each for each in SHIPPED if each != "insolvency-service"])
def test_is_7_no_other_charter_lets_time_stand_still(charter: str) -> None:
    story = Story(charter, channel="letter")
    refused = story.refused("pause")
    said: tuple[tuple[str, dict[str, Any]], ...] = (
        ("ask_information", {"stops_clock": True}), ("pause", {}),
    )  # fmt: skip
    for verb, fields in said:
        refused = story.refused(verb, **fields)
        assert isinstance(refused, PauseRefused)
        assert "ask_information" in refused.allowed
    for key in re.findall(r"[A-Z]+-[0-9/a-z-]+", refused.allowed):
        due = story.due(key)
        story.do("extend", promise=key, new_due=story.rules.calendar.next_working_day(due))


def test_cp_8_a_delay_is_told_before_it_happens_and_only_where_no_answer_is_ready() -> None:
    life = BY_KEY["CP-5"]
    story = life.begun().at(f"{life.warned} 09:00")
    assert "we would rather tell you now than leave you waiting" in letter(story, "delay-warning")
    answered = life.begun().do("reply").at(f"{life.due} 17:00")
    assert answered.sent("delay-warning") == []


def test_cp_8_more_time_is_told_with_why_and_refused_without() -> None:
    story = BY_KEY["CP-5"].begun()
    assert isinstance(story.refused("extend", reason=" "), ExtensionRefused)
    story.do("extend", new_due="2026-10-26", reason=WHY)
    assert WHY in letter(story, "more-time")


def test_cp_8_whoever_waits_is_kept_up_to_date() -> None:
    story = BY_KEY["CP-5"].begun().do("update", message="The plans are being drawn.")
    assert "The plans are being drawn." in letter(story, "progress")
    assert isinstance(story.refused("update", message=" "), InvalidCommand)


def test_every_letter_that_names_a_date_says_how_it_was_counted() -> None:
    story = Story("insolvency-service").do("acknowledge").do("update")
    for each in letters(story):
        assert "15 working days from Monday 5 October 2026" in read(each)
