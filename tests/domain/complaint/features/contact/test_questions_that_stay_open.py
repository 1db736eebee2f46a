"""Questions that must not close a complaint: others are open, the customer was heard, a stage took over."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.errors import InvalidCommand, WrongState
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.stories import Story, patient

FRIEND: dict[str, Any] = {"kind": "friend", "name": "F Riend", "email": "f@x.org"}


def warned() -> Story:
    """On Thursday 22 October: told on the 20th that it closes after 2 November."""
    return Story(details="").at("2026-10-22 10:00")


def test_who_goes_on_to_the_next_stage_leaves_old_questions_behind() -> None:
    story = warned().do("escalate", Role.CUSTOMER).do("acknowledge")
    assert "information-dropped" in story.kinds
    assert story.at("2027-02-01 10:00").complaint.closed is None


def test_a_question_closes_nothing_while_there_is_time_for_another() -> None:
    story = warned().do("ask_information").at("2026-11-06 00:00")
    assert story.complaint.closed is None
    assert story.last("information-overdue").closes_on == date(2026, 11, 19)
    story.at("2026-11-19 23:59")
    assert story.complaint.closed is None
    assert story.at("2026-11-20 00:00").last("closed").how == "no-answer"


def test_one_word_about_anything_keeps_it_open_and_makes_it_the_reviewers_again() -> None:
    story = warned().do("record_contact", Role.CUSTOMER, summary="Give me until December.")
    assert story.kinds[-2:] == ["contact-received", "information-heard"]
    assert story.told()[-2:] == [
        "information-heard to customer", "information-back to case-handler",
    ]  # fmt: skip
    assert "it stays open" in " ".join(render(story.sent("information-heard")[0]).body.split())
    assert "contact 1" in render(story.sent("information-back")[0]).body
    assert story.at("2027-02-01 10:00").complaint.closed is None


def test_an_answer_to_one_question_keeps_the_others_open_too() -> None:
    story = warned().do("ask_information")
    story.do("record_information", Role.CUSTOMER, request=2)
    assert story.kinds[-2:] == ["information-received", "information-heard"]
    assert "something else" in render(story.sent("information-back")[0]).body
    assert story.at("2027-02-01 10:00").complaint.closed is None


def test_a_word_before_the_notice_of_closing_changes_nothing_yet() -> None:
    story = Story(details="").do("record_contact", Role.CUSTOMER)
    assert "information-heard" not in story.kinds


def test_a_question_gets_another_day_and_everything_counts_anew_from_there() -> None:
    story = warned().do("record_contact", Role.CUSTOMER)
    story.do("revise_information", answer_by="2026-12-01", reason="You are in hospital.")
    letter = render(story.sent("information-postponed", "customer")[0])
    assert "until Tuesday 1 December 2026" in letter.subject
    story.at("2026-12-02 00:00")
    assert story.kinds.count("information-reminded") == 2
    assert story.last("information-overdue").closes_on == date(2026, 12, 15)
    assert story.at("2026-12-16 00:00").last("closed").how == "no-answer"


def test_more_time_for_the_answer_does_not_stop_our_clock_for_longer() -> None:
    story = Story(stage="manager", rules=patient()).do("acknowledge")
    story.do("ask_information", stops_clock=True).do("revise_information", answer_by="2026-11-30")
    assert story.at("2026-10-19 23:59").states("FO-8/reply") == ["paused"]
    assert story.at("2026-10-20 09:00").states("FO-8/reply") == ["running"]


def test_a_question_that_is_taken_back_needs_no_answer_and_its_clocks_run_on() -> None:
    story = Story(stage="manager", rules=patient()).do("acknowledge")
    story.do("ask_information", stops_clock=True)
    story.do("revise_information", answer_by=None, reason="We have found it.")
    assert story.kinds[-1] == "information-withdrawn"
    assert "We have found it." in render(story.sent("information-withdrawn")[0]).body
    assert (story.state, story.states("FO-8/reply")) == ("acknowledged", ["running"])
    assert isinstance(story.refused("record_information"), WrongState)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": " "}, "reason: it is empty"),
        ({"answer_by": "2026-10-19"}, "is no more time"),
        ({"answer_by": "2026-10-22"}, "is no more time"),
        ({"request": 3}, "request: 3 is not waiting"),
    ],
)
def test_what_is_no_more_time_is_refused(fields: dict[str, Any], said: str) -> None:
    refusal = warned().refused("revise_information", **fields)
    assert isinstance(refusal, InvalidCommand)
    assert said in refusal.message


def test_where_several_are_open_it_is_said_which_one_is_meant() -> None:
    story = warned().do("ask_information")
    assert story.refused("revise_information").allowed == "Waiting: 1, 2."
    assert isinstance(Story().refused("revise_information"), WrongState)


# --- whose word it is -------------------------------------------------------------------------------


@pytest.mark.parametrize("from_whom", ["representative", "mp", "customer"])
def test_is_6_somebody_without_authority_answers_nothing(from_whom: str) -> None:
    story = Story("insolvency-service", representative=FRIEND).at("2026-10-06 10:00")
    story.do("ask_information")
    story.do("record_contact", Role.REPRESENTATIVE, from_whom=from_whom, answers=True)
    assert story.kinds[-1] == "contact-received"
    assert story.complaint.requests[0].state == "open"


def test_somebody_with_authority_answers_for_the_customer() -> None:
    story = Story("insolvency-service", representative=FRIEND | {"authorised": True})
    story.do("ask_information")
    story.do("record_contact", Role.REPRESENTATIVE, from_whom="representative", answers=True)
    assert story.kinds[-1] == "information-received"


def test_a_member_of_parliament_is_not_heard_with_the_authority_of_a_friend() -> None:
    friend = Story(representative=FRIEND | {"authorised": True}).do("reply")
    friend.do("record_contact", from_whom="mp")
    assert isinstance(friend.refused("withdraw"), WrongState)
    member = Story(representative=FRIEND | {"authorised": True, "kind": "mp"}).do("reply")
    assert member.do("record_contact", from_whom="mp").do("withdraw", contact=1).state == "closed"
