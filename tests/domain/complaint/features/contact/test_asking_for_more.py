"""Asking for the next stage: it counts from when it was said, and nothing closes over it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from domain.errors import ComplaintClosed, InvalidCommand, UnknownContact, WindowClosed, WrongStage
from domain.vocabulary import Role
from tests.domain.playing.stories import SHIPPED, Story, local, rules_of

HANDLER = {"id": "k.lee", "name": "K Lee"}
CLIMBING = sorted(
    (charter, stage.id)
    for charter in SHIPPED
    for stage in rules_of(charter).ladder
    if rules_of(charter).next_stage(stage.id)
)


def answered_by_manager(received: str = "2026-11-02 10:00") -> Story:
    """A complaint that a manager answered on 10 November: the window is open until 10 December."""
    return Story(received=received, stage="manager").at("2026-11-10 10:00").do("reply")


def at_stage(charter: str, stage: str) -> Story:
    """A complaint that was answered at that stage."""
    story = Story(charter)
    while True:
        story.do("reply", remedies=["An apology"])
        if story.complaint.stage == stage:
            return story
        following = story.rules.next_stage(story.complaint.stage)
        assert following
        story.do("escalate", Role.CUSTOMER, to=following.id)


def test_fo_11_a_letter_of_3_december_that_is_entered_on_the_9th_counts_from_the_3rd() -> None:
    story = answered_by_manager().at("2026-12-09 10:00")
    story.do("escalate", to="complaints-team", received_at=local("2026-12-03 10:00"))
    assert story.due("FO-11/acknowledge") == date(2026, 12, 7)
    assert story.due("FO-11/reply") == date(2026, 12, 17)
    story.at("2026-12-09 10:00")
    assert story.states("FO-11/acknowledge") == ["missed", "running"]
    assert story.sent("apology")[-1].facts["missed_due"] == "2026-12-07"


def test_fo_11_the_same_by_a_contact_that_asks_for_it() -> None:
    story = answered_by_manager().at("2026-12-09 10:00")
    story.do(
        "record_contact",
        channel="letter",
        received_at=local("2026-12-03 10:00"),
        asks_next_stage=True,
    )
    note = story.sent("contact-received")[-1]
    assert note.facts["to_stage"] == "The Customer Complaints team"
    story.do("escalate", to="complaints-team")
    assert story.last("escalated").contact == 1
    assert story.due("FO-11/reply") == date(2026, 12, 17)
    assert story.complaint.contacts[0].answered


def test_fo_11_nothing_closes_over_a_request_of_the_last_day() -> None:
    story = answered_by_manager().at("2026-12-10 15:00").do("record_contact", asks_next_stage=True)
    story.at("2026-12-11 09:00")
    assert story.state == "replied"
    assert story.sent("answer-awaited", "manager")
    story.do("escalate", Role.CUSTOMER, to="complaints-team")
    assert story.complaint.stage == "complaints-team"
    assert story.due("FO-11/acknowledge") == date(2026, 12, 14)


@pytest.mark.parametrize(("charter", "stage"), CLIMBING)
@pytest.mark.parametrize("asks", [True, None])
def test_nothing_closes_over_what_was_said_and_staff_are_asked_until_it_is_answered(
    charter: str, stage: str, asks: bool | None
) -> None:
    story = at_stage(charter, stage)
    story.do("record_contact", summary="I am not content.", asks_next_stage=asks)
    story.until(local("2028-06-01 10:00"))
    assert story.state == "replied"
    asked = [e for e in story.events if e.kind == "answer-awaited"]
    days = [(b.at - a.at).days for a, b in pairwise(asked)]
    assert len(asked) > 3
    assert max(days) > 20, "it is repeated at growing distance"


def test_what_does_not_ask_for_more_keeps_nothing_open() -> None:
    story = answered_by_manager().do("record_contact", asks_next_stage=False, summary="Thank you.")
    story.at("2026-12-12 10:00")
    assert story.last("closed").how == "window-closed"


def test_who_has_no_authority_keeps_nothing_open() -> None:
    friend = {"kind": "friend", "name": "R Help", "email": "r@x.org", "authorised": False}
    story = Story(stage="manager", representative=friend).do("reply")
    story.do("record_contact", from_whom="representative", asks_next_stage=True)
    story.at("2026-11-20 10:00")
    assert story.state == "closed"


def test_an_answer_that_comes_after_the_window_gives_its_whole_time_anew() -> None:
    story = answered_by_manager().do("record_contact").at("2027-01-11 10:00")
    story.do("answer_contact", summary="We have told you all that we know.")
    assert story.state == "replied"
    assert story.sent("contact-answer")[-1].facts["window"]["closes"] == "2027-02-11"
    story.at("2027-02-12 00:00")
    assert story.last("closed").window_closed == date(2027, 2, 11)


def test_an_answer_in_the_window_changes_no_date() -> None:
    story = answered_by_manager().do("record_contact").do("answer_contact", summary="It is so.")
    story.at("2026-12-11 00:00")
    assert story.last("closed").window_closed == date(2026, 12, 10)


def test_what_was_asked_for_in_time_and_entered_after_the_end_is_taken_all_the_same() -> None:
    story = answered_by_manager().at("2026-12-11 09:00")
    assert story.state == "closed"
    assert isinstance(story.refused("escalate", to="complaints-team"), WindowClosed)
    late = local("2026-12-11 08:00")
    refusal = story.refused("escalate", to="complaints-team", received_at=late)
    assert isinstance(refusal, WindowClosed)
    assert "received_at" in refusal.allowed
    story.do("escalate", to="complaints-team", received_at=local("2026-12-10 16:00"))
    assert (story.state, story.complaint.stage) == ("received", "complaints-team")
    assert story.due("FO-11/acknowledge") == date(2026, 12, 14)
    told = story.told(after=story.last("closed").number)
    assert [each for each in told if each.endswith(" customer")] == [
        "heard-in-time to customer", "escalated to customer",
    ]  # fmt: skip
    assert "open-again to manager" in told


@pytest.mark.parametrize("how", ["accept", "withdraw"])
def test_a_complaint_that_ended_by_a_word_is_not_revived_by_an_earlier_one(how: str) -> None:
    story = answered_by_manager().at("2026-11-20 10:00").do(how, Role.CUSTOMER)
    said: dict[str, Any] = {"to": "complaints-team", "received_at": local("2026-11-19 10:00")}
    assert isinstance(story.refused("escalate", **said), ComplaintClosed)


@pytest.mark.parametrize(
    ("when", "says"),
    [("2026-11-10 09:59", "lies before the reply"), ("2026-11-13 10:00", "in the future")],
)
def test_a_request_came_between_the_reply_and_now(when: str, says: str) -> None:
    story = answered_by_manager().at("2026-11-12 10:00")
    refusal = story.refused("escalate", to="complaints-team", received_at=local(when))
    assert isinstance(refusal, InvalidCommand)
    assert says in refusal.message
    assert story.complaint.stage == "manager"


def test_fo_8_where_nobody_has_to_wait_for_a_reply_it_may_have_come_before_that() -> None:
    story = Story().at("2026-10-19 10:00").do("reply").at("2026-10-26 10:00")
    story.do("escalate", to="manager", received_at=local("2026-10-12 10:00"))
    assert story.due("FO-8/reply") == date(2026, 10, 26)
    again = Story().do("reply")
    early = local("2026-10-05 09:00")
    assert isinstance(again.refused("escalate", received_at=early), InvalidCommand)


def test_what_it_rests_on_must_be_the_customers_word() -> None:
    story = Story(stage="manager").do("record_contact", from_whom="mp").do("reply")
    said: dict[str, Any] = {"to": "complaints-team"}
    assert isinstance(story.refused("escalate", contact=2, **said), UnknownContact)
    assert isinstance(story.refused("escalate", contact=1, **said), InvalidCommand)


def test_fo_11_when_it_was_asked_for_can_be_corrected() -> None:
    story = answered_by_manager().at("2026-12-03 10:00").do("escalate", to="complaints-team")
    fixed: dict[str, Any] = {"stage": "complaints-team", "reason": "The stamp says so."}
    early, late = local("2026-11-09 10:00"), local("2026-12-03 11:00")
    story.at("2026-12-04 10:00")
    assert isinstance(story.refused("correct", received_at=early, **fixed), InvalidCommand)
    assert isinstance(story.refused("correct", received_at=late, **fixed), InvalidCommand)
    assert isinstance(
        story.refused("correct", received_at=late, reason="x", stage="manager"), WrongStage
    )
    story.do("correct", received_at=local("2026-11-30 10:00"), **fixed)
    assert story.due("FO-11/reply") == date(2026, 12, 14)
    story.at("2026-12-04 10:00")
    assert story.states("FO-11/acknowledge")[0] == "missed"
    letter = story.sent("receipt-corrected")[-1]
    assert [one["new_due"] for one in letter.facts["moved"]][-1] == "2026-12-14"


def test_fo_11_it_is_corrected_with_the_contact_that_it_rests_on() -> None:
    story = answered_by_manager().at("2026-12-03 10:00").do("record_contact", asks_next_stage=True)
    story.do("escalate", to="complaints-team").at("2026-12-04 10:00")
    story.do("correct", contact=1, received_at=local("2026-12-01 10:00"), reason="The post mark.")
    assert story.due("FO-11/reply") == date(2026, 12, 15)
    assert story.due("FO-3") == date(2026, 12, 3)
