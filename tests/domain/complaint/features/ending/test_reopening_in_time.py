"""Opened again: who asks for it in time has asked in time, however late somebody acts on it or enters it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.complaint.decider.timers import finished
from domain.errors import ComplaintClosed
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story

ENDS = ("withdrawn", "no-answer", "window-closed", "accepted")


def ended(charter: str, how: str) -> tuple[Story, datetime] | None:
    """A complaint that ended so, and until when it can be opened again; none where it cannot be."""
    story = Story(charter)
    if how == "withdrawn":
        story.do("withdraw", Role.CUSTOMER)
    elif how == "no-answer":
        story.do("ask_information")
    else:
        story.do("reply", outcome="not-upheld", remedies=[])
    if how == "accepted":
        story.do("accept", Role.CUSTOMER)
    for _ in range(40):
        if story.complaint.closed is None:
            story.until(story.now + timedelta(days=10))
    closed = story.complaint.closed
    assert closed
    return (story, closed.reopens_until) if closed.reopens_until else None


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("charter", SHIPPED)
def test_who_wrote_on_the_last_day_is_not_too_late_when_somebody_reads_it(
    charter: str, how: str
) -> None:
    if (found := ended(charter, how)) is None:
        return
    story, until = found
    story.until(until - timedelta(hours=10)).do("record_contact", summary="I have changed my mind.")
    note = " ".join(render(story.sent("contact-received")[-1]).body.split())
    assert "it came in time for that" in note
    story.until(until + timedelta(days=6))
    again = " ".join(render(story.sent("answer-awaited")[-1]).body.split())
    assert "it came in time for that" in again
    assert story.do("reopen", Role.MANAGER).complaint.closed is None


@pytest.mark.parametrize("charter", SHIPPED)
def test_what_was_acknowledged_and_not_answered_still_waits(charter: str) -> None:
    found = ended(charter, "no-answer")
    assert found
    story, until = found
    story.until(until - timedelta(hours=10)).do("record_contact", summary="I was in hospital.")
    story.do("acknowledge", contact=1).until(until + timedelta(days=60))
    assert not finished(story.complaint, story.now)
    assert story.do("reopen", Role.MANAGER).complaint.closed is None


def test_it_is_entered_late_and_counts_from_when_it_was_said() -> None:
    found = ended("casework-standards", "withdrawn")
    assert found
    story, until = found
    said = until - timedelta(hours=10)
    story.until(until + timedelta(days=3)).do("record_contact", received_at=said)
    assert "it came in time for that" in " ".join(
        render(story.sent("contact-received")[-1]).body.split()
    )
    story.do("reopen", Role.MANAGER, received_at=said)
    assert story.last("reopened").acted_at == said


def test_what_was_answered_or_came_too_late_opens_nothing() -> None:
    found = ended("casework-standards", "withdrawn")
    assert found
    story, until = found
    story.until(until - timedelta(hours=10)).do("record_contact").do("answer_contact")
    story.until(until + timedelta(days=1)).do("record_contact", summary="And now?")
    assert isinstance(story.refused("reopen", Role.MANAGER), ComplaintClosed)
    note = " ".join(render(story.sent("contact-received")[-1]).body.split())
    assert "no time to reopen it any more" in note


def test_the_refusal_says_what_would_be_allowed() -> None:
    found = ended("casework-standards", "withdrawn")
    assert found
    story, until = found
    story.until(until + timedelta(days=1)).do("record_contact")
    refusal = story.refused("reopen", Role.MANAGER)
    assert "received_at" in refusal.allowed
    assert isinstance(story.refused("reopen", Role.MANAGER, received_at=until), ComplaintClosed), (
        "the last day is over"
    )


@pytest.mark.parametrize("how", ["accept", "withdraw", "close"])
def test_what_opened_it_again_keeps_no_later_end_open(how: str) -> None:
    found = ended("casework-standards", "withdrawn")
    assert found
    story, _ = found
    story.do("record_contact").do("acknowledge", contact=1).do("reopen")
    if how == "accept":
        story.do("reply", outcome="not-upheld", remedies=[])
    story.do(how, None if how == "close" else Role.CUSTOMER)
    assert story.complaint.closed
    until = story.complaint.closed.reopens_until
    assert until
    story.until(until + timedelta(days=300))
    assert not story.sent("answer-awaited"), "the reopening was the answer"
    assert isinstance(story.refused("reopen", Role.MANAGER), ComplaintClosed)


def test_staff_are_asked_for_what_ends_the_asking() -> None:
    found = ended("casework-standards", "withdrawn")
    assert found
    story, until = found
    story.until(until - timedelta(hours=10)).do("record_contact").do("acknowledge", contact=1)
    story.until(until + timedelta(days=6))
    body = render(story.sent("answer-awaited")[-1]).body
    assert "Answer contact 1." in body
    assert "cknowledge" not in body, "that was done, and is not enough"
    story.do("record_contact").until(story.now + timedelta(days=6))
    assert "Acknowledge or answer contact 2." in render(story.sent("answer-awaited")[-1]).body
