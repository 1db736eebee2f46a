"""What the customer was asked is received whenever it comes: in time, after the reply, and after the end."""

from __future__ import annotations

import pytest

from domain.errors import InvalidCommand, WrongState
from domain.vocabulary import ClosedHow, Role
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story, local

ANSWER = "It was 3 May."


def closed_for_want_of_it(charter: str) -> Story:
    """Nobody answered what was essential, and the complaint ended over it."""
    story = Story(charter).do("allocate").do("acknowledge").do("ask_information")
    story.at("2027-02-01 10:00")
    assert story.complaint.closed
    assert story.complaint.closed.how is ClosedHow.NO_ANSWER
    return story


@pytest.mark.parametrize("channel", [None, "letter"])
@pytest.mark.parametrize("charter", SHIPPED)
def test_an_answer_that_comes_after_the_end_is_received_like_any_contact(
    charter: str, channel: str | None
) -> None:
    story = closed_for_want_of_it(charter)
    by_contact = closed_for_want_of_it(charter)
    when = local("2027-02-01 09:00")
    story.do("record_information", Role.CUSTOMER, channel=channel, received_at=when, summary=ANSWER)
    by_contact.do("record_contact", Role.CUSTOMER, channel=channel or "email", received_at=when,
                  summary=ANSWER)  # fmt: skip
    (contact,) = story.complaint.contacts
    assert contact.after_end
    assert contact.received_at == when
    same = [(c.promise, c.contact, c.start_day) for c in by_contact.complaint.clocks if c.contact]
    assert [
        (c.promise, c.contact, c.start_day) for c in story.complaint.clocks if c.contact
    ] == same
    told, twin = (s.sent("contact-received")[-1] for s in (story, by_contact))
    assert ANSWER in render(told).body
    assert told.facts["after_end"] == twin.facts["after_end"]
    assert "information-received" not in [n.kind for n in story.notices], "it goes on with nothing"
    assert story.complaint.requests[0].state == "answered"


@pytest.mark.parametrize("charter", SHIPPED)
def test_an_answer_that_had_come_before_the_end_opens_the_complaint_again(charter: str) -> None:
    story = closed_for_want_of_it(charter)
    came = local("2026-10-09 10:00")
    story.do("record_information", received_at=came, summary=ANSWER)
    assert story.state != "closed"
    assert "heard-in-time" in story.kinds
    assert story.sent("open-again")


@pytest.mark.parametrize("charter", SHIPPED)
def test_an_answer_that_comes_after_the_reply_is_a_contact_that_somebody_answers(
    charter: str,
) -> None:
    story = Story(charter).do("acknowledge").do("ask_information").do("reply")
    if story.complaint.closed:
        return  # the reply ended it
    story.at("2026-10-06 10:00").do("record_information", summary=ANSWER)
    (contact,) = story.complaint.contacts
    assert contact.theirs
    assert ANSWER in render(story.sent("contact-received")[-1]).body
    assert story.state == "replied"


def test_what_was_never_asked_is_answered_by_nobody() -> None:
    story = Story("casework-standards").do("reply")
    assert isinstance(story.refused("record_information"), WrongState)
    asked = closed_for_want_of_it("casework-standards")
    assert isinstance(asked.refused("record_information", request=2), InvalidCommand)
    before = asked.refused("record_information", received_at=local("2026-10-05 09:00"))
    assert "it was asked for" in before.message


def test_it_is_done_once_under_its_own_id() -> None:
    story = closed_for_want_of_it("casework-standards")
    command = story.command("record_information")
    assert story.play(command)
    assert story.play(command) == []
    assert len(story.complaint.contacts) == 1
