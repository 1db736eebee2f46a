"""What the sector codes ask beside their dates: more time, limits, another person, the ombudsman."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ExtensionRefused, NotIndependent, PauseRefused, WrongStage
from tests.domain.playing.england import ENGLAND
from tests.domain.playing.stories import Story, patient, person

TWO_STAGES = {"HC": "housing-code", "LG": "local-government-code"}
two_stages = pytest.mark.parametrize("code", TWO_STAGES)


def at_stage_2(code: str) -> Story:
    """Acknowledged and answered at stage 1 on 6 October, taken further on the 12th."""
    story = Story(TWO_STAGES[code]).at("2026-10-06 10:00").do("acknowledge").do("reply")
    return story.at("2026-10-12 10:00").do("escalate", "customer", to="manager")


# --- the acknowledgement and what is counted from it ------------------------------------------


@two_stages
def test_hc_1_and_lg_1_nothing_is_counted_for_the_answer_before_the_acknowledgement(
    code: str,
) -> None:
    assert Story(TWO_STAGES[code]).clocks(f"{code}-1/reply") == []
    assert at_stage_2(code).clocks(f"{code}-2/reply") == []


@two_stages
def test_a_late_acknowledgement_starts_the_answer_all_the_same(code: str) -> None:
    story = Story(TWO_STAGES[code]).at("2026-10-14 11:00").do("acknowledge")

    assert story.states(f"{code}-1/acknowledge") == ["missed", "met"]
    assert story.states(f"{code}-1/reply") == ["running"]
    assert story.due(f"{code}-1/reply") == date(2026, 10, 28)


@two_stages
def test_an_answer_while_the_acknowledgement_is_due_keeps_both(code: str) -> None:
    story = Story(TWO_STAGES[code]).at("2026-10-12 16:59").do("reply")

    assert story.states(f"{code}-1/acknowledge") == ["met"]
    assert story.states(f"{code}-1/reply") == ["met"]
    assert story.complaint.missed == 0


@two_stages
def test_an_answer_after_the_acknowledgement_was_missed_counts_nothing_as_kept(code: str) -> None:
    story = Story(TWO_STAGES[code]).at("2026-10-13 10:00").do("reply")

    assert story.clocks(f"{code}-1/acknowledge")[0].state == "missed"
    assert story.clocks(f"{code}-1/reply") == []
    live = [clock.promise for clock in story.complaint.clocks if clock.live]
    assert [promise.split("/")[1] for promise in live] == ["reason"], (
        "why it was missed is owed still"
    )


@two_stages
def test_stage_2_has_an_acknowledgement_of_its_own(code: str) -> None:
    story = at_stage_2(code)
    assert story.due(f"{code}-2/acknowledge") == date(2026, 10, 19)

    story.at("2026-10-15 10:00").do("acknowledge")

    assert story.due(f"{code}-2/reply") == date(2026, 11, 12)
    assert story.states(f"{code}-1/reply") == ["met"]


def test_a_complaint_taken_up_again_has_its_clocks_anew() -> None:
    story = Story("housing-code").do("acknowledge").do("reply").at("2026-10-08 10:00").do("reopen")
    assert story.states("HC-1/acknowledge") == ["met", "running"]

    story.do("acknowledge")

    assert story.due("HC-1/reply") == date(2026, 10, 22)


@given(st.integers(0, 200))
def test_the_answer_is_due_ten_working_days_after_whatever_day_it_is_acknowledged(
    days: int,
) -> None:
    story = Story("housing-code")
    story.until(story.now + timedelta(days=days)).do("acknowledge")

    due, today = story.due("HC-1/reply"), ENGLAND.local_day(story.now)
    assert ENGLAND.working_days_between(today, due) == 10
    assert ENGLAND.is_working(due)


def test_no_letter_names_the_end_of_the_acknowledgement_as_the_date_of_the_answer() -> None:
    story = Story("housing-code").at("2026-10-13 10:00")
    assert story.sent("apology")[-1].facts["due"] is None

    story.do("acknowledge")

    assert story.sent("acknowledgement")[-1].facts["due"] == "2026-10-27"


# --- more time ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "stage", "due", "furthest", "beyond"),
    [
        ("HC", 1, "2026-10-20", "2026-11-03", "2026-11-04"),
        ("HC", 2, "2026-11-09", "2026-12-07", "2026-12-08"),
        ("LG", 1, "2026-10-20", "2026-11-03", "2026-11-04"),
        ("LG", 2, "2026-11-09", "2026-12-07", "2026-12-08"),
    ],
)
def test_hc_3_and_lg_4_more_time_goes_as_far_as_the_code_allows_and_once(
    code: str, stage: int, due: str, furthest: str, beyond: str
) -> None:
    if stage == 1:
        story = Story(TWO_STAGES[code]).at("2026-10-06 10:00").do("acknowledge")
    else:
        story = at_stage_2(code).do("acknowledge")
    assert story.due(f"{code}-{stage}/reply") == date.fromisoformat(due)

    assert isinstance(story.refused("extend", new_due=beyond), ExtensionRefused)
    story.do("extend", new_due=furthest, reason="The surveyor is ill.")

    assert story.due(f"{code}-{stage}/reply") == date.fromisoformat(furthest)
    assert isinstance(story.refused("extend", new_due=beyond), ExtensionRefused)


@two_stages
def test_hc_6_and_lg_7_a_letter_that_gives_a_later_date_names_the_ombudsman(code: str) -> None:
    story = Story(TWO_STAGES[code]).at("2026-10-06 10:00").do("acknowledge")
    story.do("extend", new_due="2026-10-30")

    (letter,) = story.sent("more-time", "customer")
    assert ["Ombudsman" in post["name"] for post in letter.facts["further"]] == [True]


def test_sm_4_the_scottish_first_stage_has_ten_working_days_in_all() -> None:
    story = Story("scottish-model", "2026-11-26 10:00")
    assert isinstance(story.refused("extend", new_due="2026-12-11"), ExtensionRefused)

    story.do("extend", new_due="2026-12-10")

    assert story.due("SM-1") == date(2026, 12, 10)
    assert isinstance(story.refused("extend", new_due="2026-12-11"), ExtensionRefused)


def test_the_eight_weeks_of_the_financial_rules_move_for_nothing() -> None:
    story = Story("financial-conduct").do("acknowledge")
    assert isinstance(story.refused("extend", new_due="2026-12-07"), ExtensionRefused)

    assert isinstance(story.refused("pause"), PauseRefused)
    assert story.due("FC-2/reply") == date(2026, 11, 30)


def test_a_time_agreed_with_a_patient_moves_the_answer_as_often_as_it_is_agreed_anew() -> None:
    story = Story("nhs-complaints").do("acknowledge")
    for agreed in ("2026-11-30", "2027-01-15", "2027-03-01"):
        story.do("extend", new_due=agreed, reason="Agreed with you by telephone.")
        assert story.due("NH-2") == date.fromisoformat(agreed)
    assert [str(day) for day in story.clock("NH-2").superseded] == [
        "2026-11-09", "2026-11-30", "2027-01-15",
    ]  # fmt: skip


# --- limits ------------------------------------------------------------------------------------


def test_neither_agreement_nor_pause_takes_a_patient_beyond_six_months() -> None:
    story = Story(rules=patient("nhs-complaints")).do("acknowledge")
    assert isinstance(story.refused("extend", new_due="2027-04-06"), ExtensionRefused)

    for review in ("2026-12-24", "2027-03-15", "2027-05-04"):
        story.do("pause", review_on=review).at(min(f"{review} 10:00", "2027-04-05 16:59"))
    assert story.states("NH-2") == ["paused"]

    story.at("2027-04-05 17:00")
    assert story.clocks("NH-2")[0].state == "missed"
    assert story.clocks("NH-2")[0].due_when_ended == date(2027, 4, 5)


def test_no_extension_takes_a_council_beyond_twelve_weeks_in_all() -> None:
    story = Story("local-government-code").at("2026-11-30 10:00").do("acknowledge")
    assert story.due("LG-1/reply") == date(2026, 12, 14)

    assert isinstance(story.refused("extend", new_due="2026-12-29"), ExtensionRefused)
    story.do("extend", new_due="2026-12-24")

    assert story.due("LG-1/reply") == story.due("LG-3") == date(2026, 12, 24)


def test_the_second_stage_has_what_the_first_one_left_of_the_twelve_weeks() -> None:
    story = Story("local-government-code").at("2026-12-01 10:00").do("reply")
    story.do("escalate", "customer", to="manager").do("acknowledge")

    assert story.states("LG-3") == ["met", "running"]
    assert story.due("LG-3") == story.due("LG-2/reply") == date(2026, 12, 24)


def test_lg_3_the_twelve_weeks_wait_while_it_is_the_customers_turn() -> None:
    story = Story("local-government-code").do("acknowledge").at("2026-10-19 10:00").do("reply")
    story.at("2027-01-15 10:00").do("escalate", "customer", to="manager").do("acknowledge")

    assert story.complaint.customers_days == 88
    assert story.due("LG-3") == date(2027, 3, 25)  # 84 and 88 days after 5 October: Good Friday
    assert story.due("LG-2/reply") == date(2027, 2, 12)
    assert story.states("LG-2/reply") == ["running"]


def test_the_time_in_which_a_complaint_was_closed_is_not_the_councils_either() -> None:
    story = Story("local-government-code").at("2026-10-09 10:00").do("withdraw", "customer")
    story.at("2026-11-09 10:00").do("reopen")

    assert story.complaint.customers_days == 31
    assert story.due("LG-3") == date(2027, 1, 28)


# --- who looks, and where a complaint enters ---------------------------------------------------


@two_stages
def test_hc_4_and_lg_5_whoever_answered_stage_1_is_refused_at_stage_2(code: str) -> None:
    story = at_stage_2(code)
    same = person("the.case-handler", "manager")

    for verb in ("acknowledge", "reply"):
        assert isinstance(story.refused(verb, same), NotIndependent)
    named = {"id": same.id, "name": same.name}
    assert isinstance(story.refused("allocate", "administrator", handler=named), NotIndependent)
    assert story.do("acknowledge", person("somebody.else", "manager")).state == "acknowledged"


def test_sm_3_a_scottish_complaint_may_be_investigated_at_once() -> None:
    story = Story("scottish-model", "2026-11-26 10:00", stage="manager")

    assert story.complaint.stage == "manager"
    assert story.clocks("SM-1") == []
    assert story.do("reply").state == "replied"
    first, *_ = story.sent("final-reply")[-1].facts["further"]
    assert first["name"] == "The Scottish Public Services Ombudsman (SPSO)"


def test_sm_3_a_scottish_complaint_may_go_up_before_the_front_line_has_answered() -> None:
    story = Story("scottish-model", "2026-11-26 10:00").at("2026-11-27 10:00")
    story.do("escalate", "customer", to="manager")

    assert story.states("SM-1") == ["stopped"]
    assert story.due("SM-2/acknowledge") == date(2026, 12, 2)
    assert story.due("SM-2/reply") == date(2026, 12, 29)


@two_stages
def test_hc_5_and_lg_6_elsewhere_stage_2_comes_after_stage_1_and_its_answer(code: str) -> None:
    with pytest.raises(WrongStage):
        Story(TWO_STAGES[code], stage="manager")
    early = Story(TWO_STAGES[code]).refused("escalate", "customer", to="manager")
    assert isinstance(early, WrongStage)
