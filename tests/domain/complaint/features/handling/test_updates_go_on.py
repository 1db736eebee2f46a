"""The rhythm of updates under the ombudsman's charter: through decisions, reopenings, escalations."""

from __future__ import annotations

import pytest

from domain.complaint.views.timeline import row
from domain.vocabulary import Role
from tests.domain.playing.stories import PEOPLE, Story

OPEN_CASE = {"reference": "C-9", "open": True}
LAWYER = {"kind": "professional", "name": "Lex LLP", "email": "l@x.org", "authorised": True}

PROFESSIONAL = {"kind": "professional", "name": "Lex LLP", "email": "l@x.org"}


def rhythms(story: Story) -> list[str]:
    """The promises of updates that run."""
    running = {clock.promise for clock in story.complaint.clocks if clock.live}
    return sorted(running & {"FO-2", "FO-4"})


def decided() -> Story:
    """With a manager, allocated, and its case before an ombudsman."""
    story = Story(stage="manager", subject_case=OPEN_CASE)
    return story.do("allocate").do("pass_to_decision")


def test_updates_go_on_every_two_months_at_the_next_stage_while_it_is_decided() -> None:
    story = decided().do("reply").do("escalate", Role.CUSTOMER, to="complaints-team")
    assert rhythms(story) == ["FO-4"]  # whoever has it, and whether anybody has it yet
    story.do(
        "allocate",
        PEOPLE[Role.COMPLAINTS_TEAM],
        handler={"id": "t.1", "name": "T One", "phone": "0300 1"},
    )
    assert rhythms(story) == ["FO-4"]


def test_updates_are_monthly_again_once_the_case_is_decided() -> None:
    assert rhythms(decided().do("conclude_case")) == ["FO-2"]


def test_updates_go_on_when_a_complaint_is_taken_up_again() -> None:
    assert rhythms(decided().do("reply").do("reopen")) == ["FO-4"]
    assert rhythms(Story().do("allocate").do("reply").do("reopen")) == ["FO-2"]


def test_fo_2_and_fo_4_updates_outlive_a_reply_until_the_case_is_closed() -> None:
    story = Story(stage="manager", subject_case=OPEN_CASE).do("allocate").do("reply")
    assert story.states("FO-2") == ["met", "running"]  # the reply was one of them
    assert rhythms(story.do("pass_to_decision")) == ["FO-4"]
    assert rhythms(story.do("conclude_case")) == []


def test_fo_2_an_answered_complaint_without_an_open_case_is_not_updated_on() -> None:
    story = Story(stage="manager").do("allocate").do("reply")
    assert story.states("FO-2") == ["met"]
    story.do("escalate", Role.CUSTOMER, to="complaints-team")
    assert rhythms(story) == ["FO-2"]  # at the next stage it begins again, also without a handler


def test_fo_5_a_professional_without_authority_takes_no_update_away() -> None:
    story = Story(representative=LAWYER | {"authorised": False}).do("allocate")
    assert rhythms(story) == ["FO-2"]
    assert story.events[0].exempted == ()


def test_fo_5_the_record_says_what_is_not_promised_and_why() -> None:
    story = Story(representative=LAWYER).do("allocate")
    assert rhythms(story) == []
    assert story.events[0].exempted == ("FO-2", "FO-4")
    assert row(story.events[0])["text"].endswith(
        "Not promised, as a professional acts: FO-2, FO-4."
    )


@pytest.mark.parametrize(
    ("charter", "channel", "promise"),
    [
        ("financial-ombudsman", "email", "FO-3"),
        ("casework-standards", "email", "CS-1/contact"),
    ],
)
def test_nobody_is_apologised_to_for_a_contact_that_the_reply_has_answered(
    charter: str, channel: str, promise: str
) -> None:
    story = Story(charter, subject_case=OPEN_CASE).do("record_contact", channel=channel)
    story.do("reply").at("2026-11-03 10:00")
    assert story.states(promise) == ["stopped"]
    assert story.sent("apology") == []


@pytest.mark.parametrize("end", ["none", "professional", "deciding", "reply"])
def test_a_period_that_was_missed_does_not_begin_again_once_updates_have_ended(end: str) -> None:
    handler = {"id": "the.case-handler", "name": "The case-handler", "phone": "0300 1"}
    story = Story().at("2026-10-06 10:00").do("allocate", handler=handler).do("introduce")
    story.at("2026-11-09 10:00")
    assert story.states("FO-2")[0] == "missed"
    match end:
        case "none":
            story.do("prefer", "customer", language=None, update_interval="none")
        case "professional":
            story.do("name_representative", "customer", representative=PROFESSIONAL)
            story.do("give_authority", "customer")
        case "deciding":
            story.do("pass_to_decision")
        case "reply":
            story.do("reply")
    story.do("update")
    assert not any(clock.live for clock in story.clocks("FO-2"))


def test_what_another_stage_does_does_not_do_late_what_this_one_missed() -> None:
    story = Story("scottish-model", received="2026-08-03 10:00", channel="letter")
    story.at("2026-08-20 10:00").do("escalate", "customer", to="manager")
    story.at("2026-08-25 10:00").do("reply")
    assert all(clock.fulfilled_late_at is None for clock in story.clocks("SM-1"))
