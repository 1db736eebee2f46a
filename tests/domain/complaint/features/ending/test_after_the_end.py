"""After the end: what comes is taken in with its clocks, staff are told, and reopening is proposed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain.calendar.pinned import in_words
from domain.complaint.decider.timers import finished
from domain.complaint.policies.windows import last_day_to_reopen
from domain.errors import ComplaintClosed
from domain.notices import Notice
from domain.vocabulary import Channel, Role
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story, local, rules_of

ENDS = ("accept", "withdraw", "close", "silence", "elsewhere")


def written(notice: Notice) -> str:
    """The letter on one line, as it is read."""
    return " ".join(render(notice).body.split())


def ended(charter: str, how: str) -> Story | None:
    """A complaint that has ended in that way a week ago; none where it cannot."""
    scope = rules_of(charter).charter.scope
    if how == "elsewhere" and not scope:
        return None
    story = Story(charter, about=[scope[0].topic] if how == "elsewhere" else ["delay"])
    if how in ("accept", "silence"):
        story.do("reply", outcome="not-upheld", remedies=[])
    if how in ("accept", "withdraw", "close"):
        story.do(how, None if how == "close" else Role.CUSTOMER)
    for _ in range(40):
        if story.complaint.closed is None:
            story.until(story.now + timedelta(days=10))
    assert story.complaint.closed, how
    return story.until(story.now + timedelta(days=7))


@pytest.mark.parametrize("charter", SHIPPED)
@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("channel", Channel)
def test_what_comes_after_any_end_has_the_clocks_that_it_would_have_had_before(
    charter: str, how: str, channel: Channel
) -> None:
    story = ended(charter, how)
    if story is None:
        return
    before = Story(charter).do("record_contact", channel=channel)
    promised = {c.promise for c in before.complaint.clocks if c.contact and c.live}
    story.do("record_contact", channel=channel, summary="You have it wrong.")
    number = story.complaint.contacts[-1].number
    assert {c.promise for c in story.complaint.clocks if c.live} == promised
    note = written(story.sent("contact-received")[-1])
    assert "The complaint was closed on" in note
    story.until(story.now + timedelta(days=200))
    assert not finished(story.complaint, story.now), "it waits to be answered"
    assert story.sent("answer-awaited")
    assert all(c.state == "missed" for c in story.complaint.clocks if c.contact and not c.renewal)
    story.do("acknowledge", contact=number).do("answer_contact", contact=number)
    assert story.sent("contact-answer", "customer")
    if "CS-3/contact" in promised:
        story.do("return_call", contact=number)
    if any(clock.live for clock in story.complaint.clocks):
        story.do("give_reason")  # why the answer was late
    assert not any(clock.live for clock in story.complaint.clocks)
    assert finished(story.complaint, story.now + timedelta(days=400))


def test_an_answer_in_time_meets_its_clock_after_the_end_too() -> None:
    story = Story("casework-standards").do("withdraw", Role.CUSTOMER).at("2026-10-12 10:00")
    story.do("record_contact", summary="I have changed my mind.")
    assert story.due("CS-2/contact") == date(2026, 10, 26)
    story.at("2026-10-13 10:00").do("answer_contact", summary="We open it again.")
    assert story.states("CS-2/contact") == ["met"]
    story.do("reopen").at("2026-10-14 10:00")
    assert story.state == "received"


def test_staff_are_told_until_when_and_by_whom_it_can_be_reopened() -> None:
    story = Story("casework-standards").do("withdraw", Role.CUSTOMER).do("record_contact")
    assert "reopen it: until Tuesday 5 January 2027" in written(story.sent("contact-received")[-1])
    late = Story(stage="manager").do("reply").at("2026-11-10 10:00").do("record_contact")
    assert late.told()[-1] == "contact-received to manager"
    assert "a manager can reopen it: until" in written(late.sent("contact-received")[-1])
    never = Story().do("withdraw", Role.CUSTOMER).do("record_contact")
    assert "no time to reopen it any more" in written(never.sent("contact-received")[-1])


def test_what_goes_on_elsewhere_is_recorded_there() -> None:
    story = Story().do("merge")
    refusal = story.refused("record_contact")
    assert isinstance(refusal, ComplaintClosed)
    assert refusal.allowed == "Record it there: on FO-2026-000122."


def test_nothing_else_is_done_on_what_is_closed() -> None:
    story = Story().do("withdraw", Role.CUSTOMER).do("record_contact")
    for verb in ("acknowledge", "update", "escalate", "reply", "pause", "request_appointment"):
        assert isinstance(story.refused(verb), ComplaintClosed), verb
    assert story.do("acknowledge", contact=1).states("FO-3") == ["met"]


def test_fo_11_a_letter_that_had_come_in_time_opens_it_again() -> None:
    story = Story(stage="manager").at("2026-10-12 10:00").do("reply").at("2026-11-13 10:00")
    assert story.last("closed").how == "window-closed"
    story.do("record_contact", channel="letter", received_at=local("2026-11-12 10:00"))
    assert story.state == "replied"
    letter = story.sent("heard-in-time", "customer")[-1]
    assert "we had heard from you on Thursday 12 November 2026" in written(letter)
    assert letter.facts["window"]["closes"] == "2026-12-14"
    story.do("escalate", to="complaints-team", contact=1)
    assert story.due("FO-11/acknowledge") == date(2026, 11, 16)


def test_fo_15_an_answer_that_had_come_in_time_takes_the_work_up_again() -> None:
    story = Story(details="").at("2026-12-01 10:00")
    closed = story.last("closed")
    assert closed.how == "no-answer"
    story.do("record_contact", answers=True, received_at=closed.at - timedelta(days=1))
    assert story.state == "received"
    assert story.last("heard-in-time").received_at == closed.at - timedelta(days=1)


def test_a_word_of_nobody_with_authority_opens_nothing_again() -> None:
    friend = {"kind": "friend", "name": "R Help", "email": "r@x.org", "authorised": False}
    story = Story(stage="manager", representative=friend).do("reply").at("2026-11-13 10:00")
    said: dict[str, Any] = {"from_whom": "representative", "received_at": local("2026-10-20 10:00")}
    assert story.do("record_contact", **said).state == "closed"


def test_whoever_comes_too_late_hears_until_when_it_can_be_opened_again_and_by_whom() -> None:
    story = Story("customer-promise").do("reply", outcome="not-upheld", remedies=[])
    story.do("accept", Role.CUSTOMER)
    until = last_day_to_reopen(story.complaint)
    assert until
    refused = story.refused("acknowledge")
    assert f"It can be reopened until {in_words(until)}." in str(refused)
    assert "closed on Monday 5 October 2026 (accepted)" in str(refused)
    silent = ended("financial-ombudsman", "silence")
    assert silent
    assert "It can be reopened by a manager until" in str(silent.refused("update"))


def test_who_may_not_approve_is_named_with_the_article_that_they_need() -> None:
    approver = {"id": "an.app", "name": "An app", "role": "upstream-app"}
    refused = Story().refused("restrict_contact", approved_by=approver)
    assert "An upstream-app may not approve this" in str(refused)
