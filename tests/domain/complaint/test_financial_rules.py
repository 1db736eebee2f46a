"""What the rules of financial conduct ask: three business days, eight weeks, and the ombudsman after them."""

from __future__ import annotations

from datetime import date

from tests.domain.playing.stories import Story


def test_fc_1_what_is_settled_within_three_business_days_keeps_the_eight_weeks_too() -> None:
    story = Story("financial-conduct").at("2026-10-08 16:59").do("reply", outcome="resolved")

    for key in ("FC-1", "FC-2/acknowledge", "FC-2/reply"):
        assert story.states(key) == ["met"]


def test_fc_1_the_three_business_days_have_no_second_try_and_the_eight_weeks_go_on() -> None:
    story = Story("financial-conduct").do("acknowledge").at("2026-10-08 17:00")

    assert story.states("FC-1") == ["passed"]
    assert story.states("FC-2/reply") == ["running"]
    assert story.last("chance-passed").then_due == date(2026, 11, 30)
    story.at("2026-11-30 16:59").do("reply")
    assert (story.states("FC-1"), story.states("FC-2/reply")) == (["passed"], ["met"])
    assert story.complaint.missed == 0
    assert story.sent("apology") == []


def test_an_outage_over_both_dates_names_no_date_that_has_passed() -> None:
    story = Story("financial-conduct").do("acknowledge").late("2026-12-07 10:00")

    assert story.states("FC-1") == ["passed"]
    assert story.last("chance-passed").then_due is None
    assert story.states("FC-2/reply") == ["missed", "running"]


def test_letters_name_the_eight_weeks_and_not_the_first_try() -> None:
    story = Story("financial-conduct").at("2026-10-06 10:00").do("acknowledge")

    assert story.sent("acknowledgement")[-1].facts["due"] == "2026-11-30"


def test_fc_5_the_final_response_names_the_ombudsman_once_with_six_months() -> None:
    story = Story("financial-conduct").at("2026-11-02 10:00").do("reply")

    (post,) = story.sent("final-reply", "customer")[-1].facts["further"]
    assert post["name"] == "The Financial Ombudsman Service"
    assert "six months" in post["gate"]


def test_fc_5_after_eight_weeks_without_an_answer_the_way_to_the_ombudsman_stands_in_the_letter() -> (
    None
):
    story = Story("financial-conduct").do("acknowledge").at("2026-11-30 17:00")

    letter = story.sent("apology", "customer")[-1]
    assert "eight weeks" in letter.facts["promise_text"]
    (post,) = letter.facts["further"]
    assert "eight weeks have passed without one" in post["gate"]
    assert letter.facts["new_due"] == "2026-12-24"  # four weeks on is closed, as is the day before
