"""The last day is told before it ends anything, and counts from when the letter reaches the customer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.complaint.features.people.reaching import ReportUndeliverable
from domain.complaint.policies.windows import last_day_to_reopen
from domain.complaint.values import Reply
from domain.errors import WindowClosed
from domain.notices import Notice
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story, local

OPEN_CASE = {"reference": "C-9", "open": True}
BY_POST: dict[str, Any] = {
    "complainant_address": "1 High Street",
    "complainant_email": None,
    "complainant_preferred_channel": "letter",
}
TWO_ADDRESSES = "one@example.org, two@example.org"


def read(notice: Notice) -> str:
    """The letter in one line."""
    return " ".join(render(notice).body.split())


def reply_of(story: Story) -> Reply:
    """The reply that stands."""
    assert story.complaint.reply
    return story.complaint.reply


def lose(story: Story, kind: str, to: str = "customer") -> Story:
    """The last letter of the kind comes back."""
    key = story.sent(kind, to)[-1].key
    story.play(ReportUndeliverable(notice=key, reason="No such mailbox."))
    return story


# --- counted from delivery ------------------------------------------------------------------------


def test_fo_11_a_month_of_receiving_an_e_mail_counts_from_its_day() -> None:
    story = Story(stage="manager").at("2026-10-12 18:30").do("reply")
    window = story.sent("reply")[0].facts["window"]
    assert window["closes"] == "2026-11-12"
    said = read(story.sent("reply")[0])
    assert "1 month from Monday 12 October 2026, to Thursday 12 November 2026" in said
    assert "from the day on which we sent you our letter by e-mail" in said


def test_fo_11_a_month_of_receiving_a_letter_counts_from_the_second_working_day_after_it() -> None:
    story = Story(stage="manager", **BY_POST).at("2026-10-09 10:00").do("reply")
    said = read(story.sent("reply")[0])
    # posted on Friday 9 October, there on Tuesday the 13th
    assert "1 month from Tuesday 13 October 2026, to Friday 13 November 2026" in said
    assert "should have reached you, 2 working days after we sent it" in said
    story.at("2026-11-13 23:59")
    assert story.state == "replied"
    story.at("2026-11-14 00:00")
    assert story.last("closed").window_closed == date(2026, 11, 13)


def test_fo_11_where_one_of_two_is_written_to_by_post_both_have_the_longer_time() -> None:
    friend = {"kind": "friend", "name": "R Help", "address": "2 Low Road", "authorised": True}
    story = Story(stage="manager", representative=friend).at("2026-10-12 10:00").do("reply")
    assert {n.facts["window"]["closes"] for n in story.sent("reply")} == {"2026-11-16"}


@pytest.mark.parametrize("charter", SHIPPED)
def test_what_a_letter_by_post_names_is_never_earlier_than_an_e_mail_would(charter: str) -> None:
    ends = []
    ways: tuple[dict[str, Any], ...] = ({}, BY_POST)
    for reached in ways:
        story = Story(charter, **reached).at("2026-10-06 10:00").do("acknowledge").do("reply")
        reply = reply_of(story)
        ends.append((reply.reached_on, reply.until or date.max))
    assert ends[0][0] == date(2026, 10, 6)
    assert ends[1][0] == date(2026, 10, 8)
    assert ends[0][1] <= ends[1][1]


# --- told before it binds -------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "cy"])
def test_fo_11_while_the_case_is_open_the_letter_gives_both_limits(language: str) -> None:
    story = Story(stage="manager", subject_case=OPEN_CASE, complainant_language=language)
    said = read(story.do("reply").sent("reply")[0])
    both = {"en": ("while your case is open", "1 month"), "cy": ("achos ar agor", "1 mis")}
    assert all(words in said for words in both[language])


def test_fo_11_once_the_case_is_answered_the_last_day_is_told_and_a_full_month_is_left() -> None:
    story = Story(stage="manager", subject_case=OPEN_CASE).at("2026-10-12 10:00").do("reply")
    story.at("2026-12-14 10:00").do("conclude_case", answered_at="2026-12-11T09:00:00+00:00")
    said = read(story.sent("last-day", "customer")[0])
    assert "You can still take it further until Thursday 14 January 2027." in said
    story.at("2027-01-14 23:59").do("escalate", Role.CUSTOMER, to="complaints-team")
    assert story.complaint.stage == "complaints-team"


def test_fo_11_nobody_who_was_told_a_last_day_is_closed_before_it_or_heard_after_it() -> None:
    story = Story(stage="manager", subject_case=OPEN_CASE).at("2026-10-12 10:00").do("reply")
    story.at("2026-12-14 10:00").do("conclude_case").at("2027-01-15 00:00")
    assert story.last("closed").window_closed == date(2027, 1, 14)
    late = story.refused("escalate", Role.CUSTOMER, to="complaints-team")
    assert isinstance(late, WindowClosed)


def test_a_case_that_is_answered_before_the_reply_needs_no_letter_of_its_own() -> None:
    story = Story(stage="manager", subject_case=OPEN_CASE).do("conclude_case").do("reply")
    assert not story.sent("last-day")
    assert story.sent("reply")[0].facts["window"]["closes"]


def test_the_final_reply_says_when_silence_ends_the_procedure() -> None:
    story = Story("insolvency-service").at("2026-10-06 10:00").do("acknowledge").do("reply")
    assert reply_of(story).until == date(2026, 11, 3)
    said = read(story.sent("final-reply")[0])
    assert "If we hear nothing more from you by Tuesday 3 November 2026, we will close" in said
    story.at("2026-11-04 00:00")
    assert story.state == "closed"


@pytest.mark.parametrize("lost", [False, True], ids=["arrived", "came-back"])
@pytest.mark.parametrize("way", [{}, BY_POST], ids=["e-mail", "post"])
@pytest.mark.parametrize("case", [None, OPEN_CASE], ids=["no-case", "open-case"])
@pytest.mark.parametrize("charter", SHIPPED)
def test_under_every_charter_nothing_ends_on_a_day_that_no_letter_named(
    charter: str, case: dict[str, Any] | None, way: dict[str, Any], lost: bool
) -> None:
    story = Story(charter, subject_case=case, **way).at("2026-10-06 10:00")
    story.do("acknowledge").do("reply")
    final = story.sent("final-reply", "customer")
    if lost:
        lose(story, "final-reply" if final else "reply")
        assert story.at("2027-03-01 10:00").state in ("replied", "closed")
        if story.state == "replied":
            story.do("prefer", address="2 High Street", channel="letter")
    if case and story.state == "replied":
        story.do("conclude_case")
    story.at("2028-06-01 10:00")
    assert story.state == "closed"


def test_a_letter_names_no_last_day_that_has_passed_where_what_was_heard_keeps_the_complaint_open() -> (
    None
):
    story = Story("casework-standards").at("2026-10-06 10:00").do("acknowledge").do("reply")
    story.at("2026-11-06 10:00").do("record_contact", asks_next_stage=True)
    story.at("2026-11-09 10:00").do("acknowledge", contact=1)
    letter = story.sent("contact-acknowledged")[-1]
    assert "until Friday 6 November" not in read(letter)
    assert "If we have not heard from you by then" not in read(letter)


# --- questions ------------------------------------------------------------------------------------


def test_a_question_by_post_has_its_whole_time_from_when_it_arrives() -> None:
    days = []
    ways: tuple[dict[str, Any], ...] = ({}, BY_POST)
    for way in ways:
        story = Story(**way).at("2026-10-06 10:00").do("acknowledge")
        story.do("ask_information", answer_by=None)
        days.append(story.complaint.requests[-1].answer_by)
    assert days == [date(2026, 10, 20), date(2026, 10, 22)]


def test_a_question_whose_last_letter_did_not_arrive_closes_nothing_and_is_asked_again() -> None:
    story = Story("casework-standards", complainant_email=TWO_ADDRESSES).at("2026-10-06 10:00")
    story.do("acknowledge").do("ask_information", answer_by=None, stops_clock=False)
    lose(story.at("2026-10-23 10:00"), "information-overdue")
    assert story.at("2026-12-01 10:00").state == "acknowledged"
    story.do("prefer", email="one@example.org", language="en")
    assert story.sent("information-postponed")[-1].facts["answer_by"] == "2026-12-15"
    story.at("2027-02-01 10:00")
    assert story.last("closed").how == "no-answer"


# --- reopening ------------------------------------------------------------------------------------


def test_the_time_to_reopen_counts_from_when_the_last_letter_arrives() -> None:
    ends = []
    ways: tuple[dict[str, Any], ...] = ({}, BY_POST)
    for way in ways:
        story = Story("casework-standards", **way).at("2026-10-06 10:00")
        story.do("record_contact").do("withdraw", Role.CUSTOMER)
        assert story.complaint.closed
        ends.append(last_day_to_reopen(story.complaint))
    assert ends == [date(2027, 1, 6), date(2027, 1, 8)]


# --- a letter that did not arrive -----------------------------------------------------------------


def test_fo_11_nothing_runs_from_a_reply_that_did_not_arrive() -> None:
    story = Story("casework-standards", "2026-11-27 10:00", complainant_email=TWO_ADDRESSES)
    lose(story.do("acknowledge").at("2026-11-30 10:00").do("reply"), "reply")
    story.at("2027-03-01 10:00")
    assert story.state == "replied"
    assert len(story.sent("undeliverable", "case-handler")) > 3  # staff are asked again


def test_fo_11_a_reply_goes_again_once_the_address_is_right_and_its_month_begins_then() -> None:
    story = Story("casework-standards", "2026-11-27 10:00", complainant_email=TWO_ADDRESSES)
    lose(story.do("acknowledge").at("2026-11-30 10:00").do("reply"), "reply")
    story.at("2026-12-14 10:00").do("prefer", Role.CUSTOMER, email="one@example.org", language="en")
    again = story.sent("reply", "customer")[-1]
    assert again.recipient.email == "one@example.org"
    said = read(again)
    assert "We sent you this answer on Monday 30 November 2026, and it did not reach you." in said
    assert again.facts["findings"] == story.sent("reply")[0].facts["findings"]
    assert "You can ask until Thursday 14 January 2027." in said
    story.at("2027-01-14 23:59")
    assert story.state == "replied"
    story.at("2027-01-15 00:00")
    assert story.last("closed").window_closed == date(2027, 1, 14)


def test_a_letter_that_comes_back_twice_is_sent_a_third_time() -> None:
    story = Story("casework-standards", "2026-11-27 10:00", complainant_email=TWO_ADDRESSES)
    lose(story.do("acknowledge").do("reply"), "reply").do("prefer", email="gone@example.org")
    lose(story, "reply").do("prefer", address="1 High Street", channel="letter")
    assert len(story.sent("reply", "customer")) == 3
    assert reply_of(story).until


def test_what_is_promised_in_a_reply_that_is_sent_again_is_told_as_it_stands_now() -> None:
    story = Story("casework-standards", complainant_email=TWO_ADDRESSES).at("2026-10-06 10:00")
    lose(story.do("acknowledge").do("reply", remedies=["We log letters.", "We pay £50."]), "reply")
    story.at("2026-10-12 10:00").do("do_remedy", Role.MANAGER, remedy=1, how="It is done.")
    story.do("postpone_remedy", Role.MANAGER, remedy=2, new_due="2026-12-01")
    story.do("prefer", email="one@example.org")
    first, second = story.sent("reply")[-1].facts["remedies"]
    assert first == "We log letters."
    assert second["due"] == "2026-12-01"


def test_fo_11_a_last_day_that_did_not_arrive_is_told_again_and_binds_only_then() -> None:
    story = Story(stage="manager", subject_case=OPEN_CASE).at("2026-10-12 10:00").do("reply")
    lose(story.at("2026-12-14 10:00").do("conclude_case"), "last-day")
    assert story.at("2027-02-01 10:00").state == "replied"
    story.do("prefer", Role.CUSTOMER, email="new@example.org")
    assert story.sent("last-day")[-1].facts["window"]["closes"] == "2027-03-01"
    assert len(story.sent("reply")) == 1  # that one had arrived


def test_where_only_the_representative_hears_theirs_is_the_letter_that_counts() -> None:
    friend = {"kind": "friend", "name": "R Help", "email": "r@x.org", "authorised": True}
    story = Story(stage="manager", representative=friend).do("reply")
    lose(story, "reply", "representative")
    assert reply_of(story).until  # the customer has theirs


def test_a_letter_that_binds_nobody_changes_nothing_by_coming_back() -> None:
    story = Story(stage="manager").do("acknowledge")
    before = story.complaint.reply
    lose(story, "acknowledgement")
    assert story.complaint.reply == before
    assert story.now == local("2026-10-05 10:00")
