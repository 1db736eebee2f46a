"""Questions to the customer: asked back at the opening or later, answered, reminded of, and never lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.errors import CalendarTooShort, ComplaintClosed, InvalidCommand, WrongRole, WrongState
from domain.vocabulary import Role
from tests.domain.playing.stories import Story, patient

SILENT: dict[str, Any] = {"remedy_sought": None, "contact_so_far": None}


def at_manager(**fields: Any) -> Story:
    """At a stage with a clock for the reply that may be paused, on Monday 5 October 2026."""
    return Story(stage="manager", rules=patient(), **fields).do("acknowledge")


# --- FO-15: what the opening lacks ----------------------------------------------------------------


def test_fo_15_what_an_opening_lacks_is_asked_back_at_once() -> None:
    story = Story(**SILENT)
    assert story.kinds == ["opened", "information-asked"]
    asked = story.sent("information-asked", "customer")[0].facts
    assert asked["missing"] == ["contact-so-far", "remedy-sought"]
    assert (asked["answer_by"], asked["essential"]) == ("2026-10-19", False)


def test_fo_15_the_clock_runs_while_it_is_asked_back() -> None:
    story = Story(stage="manager", **SILENT)
    assert story.state == "received"
    assert story.states("FO-8/reply") == ["running"]
    assert story.due("FO-8/reply") == date(2026, 10, 19)
    assert story.sent("information-asked")[0].facts["stops_clock"] is False


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, None),
        ({"remedy_sought": " "}, ["remedy-sought"]),
        ({"contact_so_far": None}, ["contact-so-far"]),
        ({"details": ""}, ["details"]),
    ],
)
def test_fo_15_only_what_is_missing_is_asked(
    fields: dict[str, Any], missing: list[str] | None
) -> None:
    asked = Story(**fields).sent("information-asked")
    assert (asked[0].facts["missing"] if asked else None) == missing


def test_fo_15_what_is_dealt_with_elsewhere_and_other_charters_ask_nothing() -> None:
    assert "information-asked" not in Story(about=["outcome"], **SILENT).kinds
    assert "information-asked" not in Story("insolvency-service", **SILENT).kinds


def test_fo_15_without_an_answer_the_work_goes_on_and_the_customer_is_told() -> None:
    story = Story(**SILENT).at("2026-10-14 09:00")
    assert story.kinds[-1] == "information-reminded"
    story.at("2026-10-19 23:59")
    assert "information-lapsed" not in story.kinds
    story.at("2026-10-20 00:00")
    assert story.kinds[-1] == "information-lapsed"
    assert story.told()[-1] == "information-lapsed to customer"
    assert story.state == "received"
    assert "closed" not in story.at("2027-03-01 10:00").kinds


def test_fo_15_with_nothing_to_look_into_silence_closes_after_due_notice() -> None:
    story = Story(details="", **SILENT).at("2026-11-03 10:00")
    assert story.last("closed").how == "no-answer"
    assert [kind for kind in story.kinds if kind.startswith("information")] == [
        "information-asked", "information-reminded", "information-overdue",
    ]  # fmt: skip


# --- asking later -----------------------------------------------------------------------------------


def test_a_question_is_asked_by_a_date_and_answered() -> None:
    story = at_manager().do("ask_information", answer_by="2026-10-16")
    facts = story.sent("information-asked", "customer")[0].facts
    assert facts["questions"] == ["On which day did you ring?"]
    assert (facts["answer_by"], facts["essential"], facts["stops_clock"]) == (
        "2026-10-16", True, False,
    )  # fmt: skip
    story.at("2026-10-08 10:00").do("record_information", Role.CUSTOMER)
    assert story.told()[-2:] == ["information-received to customer", "information-in to manager"]
    story.at("2027-01-04 10:00")
    assert not {"information-reminded", "information-overdue"} & set(story.kinds)


def test_an_unanswered_question_ends_in_a_reminder_a_notice_and_a_close_and_never_in_silence() -> (
    None
):
    story = at_manager().do("ask_information").at("2026-10-13 23:59")
    assert story.kinds[-1] == "information-asked"
    story.at("2026-10-14 09:00")
    assert story.told()[-1] == "information-reminder to customer"
    story.at("2026-10-20 00:00")
    assert story.told()[-2:] == [
        "information-overdue to customer", "information-awaited to manager",
    ]  # fmt: skip
    assert story.sent("information-overdue")[0].facts["closes_on"] == "2026-11-02"
    story.at("2026-11-02 23:59")
    assert story.state != "closed"
    story.at("2026-11-03 00:00")
    assert story.last("closed").how == "no-answer"
    assert story.told()[-1] == "no-answer to customer"
    assert story.sent("no-answer")[0].facts["reopen_by"] == "2026-12-03"


def test_one_word_in_the_last_minute_keeps_it_open() -> None:
    story = at_manager().do("ask_information").at("2026-11-02 23:58")
    story.do("record_contact", Role.CUSTOMER, answers=True, summary="I am looking for it.")
    assert story.kinds[-2:] == ["contact-received", "information-received"]
    assert story.last("information-received").by_contact == 1
    assert story.at("2026-12-01 10:00").state != "closed"


def test_a_contact_about_something_else_answers_nothing() -> None:
    story = at_manager().do("ask_information").do("record_contact")
    assert "information-received" not in story.kinds
    assert "information-received" not in Story().do("record_contact", answers=True).kinds


def test_after_an_outage_the_notice_still_comes_before_the_close() -> None:
    story = at_manager().do("ask_information").late("2026-12-14 10:00")
    assert story.kinds[-1] == "information-overdue"
    assert story.last("information-overdue").closes_on == date(2026, 12, 30)
    assert "information-reminded" not in story.kinds
    assert story.at("2026-12-31 00:00").last("closed").how == "no-answer"


def test_only_a_manager_takes_up_what_was_closed_without_an_answer_and_in_time() -> None:
    story = at_manager().do("ask_information").at("2026-11-03 10:00")
    assert isinstance(story.refused("reopen", Role.ADMINISTRATOR), WrongRole)
    story.do("reopen", Role.MANAGER, reason="She was in hospital.")
    assert story.kinds[-1] == "reopened"
    assert [each.state for each in story.complaint.requests] == ["lapsed"]
    assert story.states("FO-8/reply")[-1] == "running"
    late = at_manager().do("ask_information").at("2026-12-04 00:01")
    assert isinstance(late.refused("reopen", Role.MANAGER), ComplaintClosed)


def test_what_is_not_essential_closes_nothing() -> None:
    story = at_manager().do("ask_information", essential=False).at("2026-10-20 10:00")
    assert "information-lapsed" in story.kinds
    assert story.state == "acknowledged"


# --- the clock that waits ---------------------------------------------------------------------------


def test_a_question_can_stop_the_clocks_until_it_is_answered() -> None:
    story = at_manager().at("2026-10-07 10:00").do("ask_information", stops_clock=True)
    assert (story.state, story.states("FO-8/reply")) == ("paused", ["paused"])
    assert story.sent("information-asked")[0].facts["next_step"]["kind"] == "answer"
    story.at("2026-10-14 10:00").do("record_information")
    assert (story.state, story.states("FO-8/reply")) == ("acknowledged", ["running"])
    # Thursday to Tuesday stood still: four working days of the ten.
    assert story.due("FO-8/reply") == date(2026, 10, 23)


def test_clocks_that_waited_in_vain_run_on_when_the_work_goes_on_without() -> None:
    story = at_manager().do("ask_information", stops_clock=True, essential=False)
    story.at("2026-10-20 10:00")
    assert (story.state, story.states("FO-8/reply")[0]) == ("acknowledged", "running")


def test_only_the_answer_that_is_waited_for_ends_the_pause() -> None:
    story = at_manager().do("ask_information").do("ask_information", stops_clock=True)
    story.do("record_information", request=1)
    assert story.state == "paused"
    story.do("record_information", request=2)
    assert story.state == "acknowledged"


def test_a_pause_for_somebody_else_is_not_ended_by_an_answer() -> None:
    story = at_manager().do("ask_information").do("pause").do("record_information")
    assert story.state == "paused"
    again = at_manager().do("pause")
    assert isinstance(again.refused("ask_information", stops_clock=True), WrongState)
    assert again.do("ask_information").state == "paused"


def test_staff_may_go_on_without_waiting_and_the_question_still_stands() -> None:
    story = at_manager().do("ask_information", stops_clock=True).do("resume")
    assert story.states("FO-8/reply") == ["running"]
    story.do("record_information")
    assert story.states("FO-8/reply") == ["running"]


def test_a_reply_needs_no_answer_any_more() -> None:
    story = at_manager().do("ask_information").do("reply")
    assert story.kinds[-2:] == ["replied", "information-dropped"]
    assert not [kind for kind in story.at("2026-10-30 10:00").kinds if "overdue" in kind]


# --- refused ------------------------------------------------------------------------------------------


def test_bad_questions_and_answers_are_refused_with_what_is_allowed() -> None:
    story = at_manager()
    assert isinstance(story.refused("record_information"), WrongState)
    past = story.refused("ask_information", answer_by="2026-10-05")
    assert (type(past), past.allowed) == (InvalidCommand, "After 2026-10-05.")
    assert isinstance(story.refused("ask_information", answer_by="2031-01-06"), CalendarTooShort)
    assert isinstance(story.refused("ask_information", Role.CUSTOMER), WrongRole)
    story.do("ask_information")
    assert story.refused("record_information", request=4).allowed == "Waiting: 1."
    assert isinstance(story.refused("record_information", summary=" "), InvalidCommand)
    with pytest.raises(InvalidCommand, match="questions"):
        story.command("ask_information", questions=[])


# --- IS-7: checking facts with others -----------------------------------------------------------------


def test_is_7_the_customer_is_told_whom_we_wait_for_and_hears_at_each_review() -> None:
    story = Story("insolvency-service").do("pause")
    assert story.sent("paused")[0].facts["third_party"] == "The bank"
    story.at("2026-10-19 10:00").do("pause", review_on="2026-11-02", reason="It found half of it.")
    (letter,) = story.sent("still-waiting")
    assert (letter.facts["third_party"], letter.facts["review_on"]) == ("The bank", "2026-11-02")
    story.at("2026-11-03 10:00")
    assert story.told()[-2:] == ["review-due to case-handler", "resumed to customer"]


def test_is_7_the_time_that_it_took_is_kept_apart_from_ours() -> None:
    story = Story("insolvency-service").at("2026-10-07 10:00").do("pause", review_on="2026-10-21")
    story.at("2026-10-21 10:00").do("resume")
    assert story.clock("IS-2").spent == 2
    assert story.due("IS-2") == date(2026, 11, 6)
