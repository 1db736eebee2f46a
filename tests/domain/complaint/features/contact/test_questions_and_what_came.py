"""Questions and what came since: no question ends over a word that nobody has read, or on a day its reader was not told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.complaint.views.timeline import line as line_of
from domain.notices import Notice
from domain.vocabulary import Role
from letters.languages import languages
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story

COUSIN: dict[str, Any] = {"kind": "relative", "name": "A Cousin", "email": "cousin@x.org"}


def asked(charter: str = "financial-ombudsman", **fields: Any) -> Story:
    """Asked on 5 October for what is essential, unless said otherwise."""
    return Story(charter).do("ask_information", **fields)


@pytest.mark.parametrize("charter", SHIPPED)
def test_what_came_since_the_question_and_nobody_answered_may_be_the_answer(charter: str) -> None:
    story = asked(charter).at("2026-10-06 10:00")
    story.do("record_contact", Role.UPSTREAM_APP, summary="It was 3 May.")
    story.at("2027-03-01 10:00")
    assert "information-overdue" not in story.kinds
    assert "information-reminded" not in story.kinds, "it says that no answer has come"
    assert story.complaint.closed is None
    assert story.kinds.count("information-heard") == 1
    (note,) = story.sent("information-back")
    assert "contact 1" in render(note).body
    assert "about to close" not in render(note).body
    assert not story.sent("information-heard"), "they were never told that it would close"


def test_it_is_nothing_that_the_work_goes_on_without_an_answer_over() -> None:
    story = asked(essential=False).at("2026-10-06 10:00").do("record_contact", Role.UPSTREAM_APP)
    story.at("2026-12-01 10:00")
    assert "information-lapsed" not in story.kinds
    assert "information-heard" in story.kinds


def test_what_was_answered_was_read_and_the_question_goes_on() -> None:
    story = asked().at("2026-10-06 10:00").do("record_contact", summary="Who are you?")
    story.at("2026-10-07 10:00").do("answer_contact").at("2027-03-01 10:00")
    assert "information-overdue" in story.kinds
    assert story.last("closed").how == "no-answer"


def test_so_it_does_once_the_reviewer_gives_another_day() -> None:
    story = asked().at("2026-10-06 10:00").do("record_contact").at("2026-10-21 10:00")
    story.do("revise_information", answer_by="2026-11-20", reason="You asked for it.")
    assert story.at("2027-03-01 10:00").last("closed").how == "no-answer"


def test_what_somebody_else_sends_is_no_answer() -> None:
    story = asked().at("2026-10-06 10:00")
    story.do("record_contact", from_whom="representative", who="A Stranger")
    assert story.at("2027-03-01 10:00").last("closed").how == "no-answer"


# --- whoever reads -----------------------------------------------------------------------------------


def test_who_reads_instead_of_the_customer_is_asked_and_has_the_full_time() -> None:
    story = asked().at("2026-10-30 10:00")
    assert story.complaint.requests[0].closes_on == date(2026, 11, 2)
    story.do("name_representative", representative=COUSIN)
    story.do("give_authority", notices_to="representative")
    (letter,) = story.sent("information-postponed")
    assert letter.recipient.name == "A Cousin"
    assert "On which day did you ring?" in render(letter).body
    assert story.complaint.requests[0].answer_by == date(2026, 11, 13)
    assert story.at("2026-11-20 10:00").complaint.closed is None
    assert story.at("2027-03-01 10:00").last("closed").how == "no-answer"


def test_who_reads_beside_the_customer_alone_is_told_where_no_day_changes() -> None:
    story = asked()
    story.do("name_representative", representative=COUSIN).do("give_authority")
    (letter,) = story.sent("information-postponed")
    assert letter.recipient.name == "A Cousin"


def test_the_customer_is_asked_who_reads_again_after_somebody_else_did() -> None:
    story = Story(representative=COUSIN | {"authorised": True})
    story.do("give_authority", notices_to="representative", who="A Cousin").do("ask_information")
    story.at("2026-10-30 10:00").do("withdraw_authority")
    (letter,) = story.sent("information-postponed")
    assert letter.recipient.name == "Ann Price"


def test_nobody_is_asked_twice_by_a_change_of_how_they_hear() -> None:
    story = asked().do("prefer", update_interval={"weeks": 2})
    assert not story.sent("information-postponed")


@pytest.mark.parametrize("language", languages())
def test_the_end_says_of_no_letter_that_was_not_written(language: str) -> None:
    story = Story(complainant_language=language)
    story.do("ask_information", answer_by="2026-10-06").at("2026-11-30 10:00")
    assert "information-reminded" not in story.kinds
    text = " ".join(render(story.sent("no-answer")[0]).body.split())
    assert "reminded you" not in text
    assert "atgoffa" not in text


# --- what was lost on the way, and what was read ------------------------------------------------------


def lose(story: Story, notice: Notice) -> Story:
    said = {"notice": notice.key, "reason": "No such mailbox.", "address": notice.recipient.email}
    return story.do("report_undelivered", Role.UPSTREAM_APP, **said)


@pytest.mark.parametrize("alone_at_once", [True, False])
def test_nothing_ends_where_the_letter_to_who_reads_alone_by_now_came_back(
    alone_at_once: bool,
) -> None:
    story = asked().do("name_representative", representative=COUSIN)
    if not alone_at_once:
        story.do("give_authority").at("2026-10-06 10:00")
    story.do("give_authority", notices_to="representative")
    lose(story, story.sent("information-postponed", "representative")[0])
    assert story.complaint.requests[0].astray
    assert story.at("2027-03-01 10:00").complaint.closed is None


def test_the_timeline_says_of_no_letter_that_it_was_lost_where_none_was() -> None:
    story = asked().at("2026-10-12 10:00")
    story.do("name_representative", representative=COUSIN).do("give_authority")
    line = line_of(story.last("information-postponed"))
    assert "26 October" in line
    assert "others read it by now" in line


def test_it_says_so_where_one_was() -> None:
    story = asked()
    lose(story, story.sent("information-asked", "customer")[0])
    story.do("prefer", Role.CUSTOMER, email="ann@elsewhere.example")
    assert "had not arrived" in line_of(story.last("information-postponed"))


def unread() -> Story:
    """On 22 October: the time to answer is over, and nobody has answered what came on the 6th."""
    story = asked().at("2026-10-06 10:00").do("record_contact").at("2026-10-22 10:00")
    assert story.complaint.requests[0].heard
    return story


@pytest.mark.parametrize(
    ("verb", "fields"), [("answer_contact", {}), ("return_call", {"contact": 1, "reached": True})]
)
def test_once_what_came_is_answered_the_question_goes_on_with_its_full_time(
    verb: str, fields: dict[str, Any]
) -> None:
    story = unread().do(verb, **fields)
    (letter,) = story.sent("information-postponed")
    assert "On which day did you ring?" in render(letter).body
    assert letter.facts["answer_by"] == "2026-11-05"
    assert "what came is answered" in line_of(story.last("information-postponed"))
    story.at("2027-03-01 10:00")
    assert "information-reminded" in story.kinds
    assert story.last("closed").how == "no-answer"


def test_it_goes_on_once_all_of_it_is_answered() -> None:
    story = unread().do("record_contact", summary="And another thing.")
    story.do("answer_contact", contact=1)
    assert "information-postponed" not in story.kinds
    story.do("answer_contact", contact=2)
    assert "information-postponed" in story.kinds


def test_so_does_one_that_is_not_essential_and_then_lapses() -> None:
    story = asked(essential=False).at("2026-10-06 10:00").do("record_contact")
    story.at("2026-10-22 10:00").do("answer_contact").at("2027-03-01 10:00")
    assert "information-lapsed" in story.kinds


def test_the_note_says_what_makes_it_go_on() -> None:
    text = " ".join(render(unread().sent("information-back")[0]).body.split())
    assert "the question goes on" in text
    assert "Nothing happens by itself" not in text
    assert "until what came is answered" in line_of(unread().last("information-heard"))


def test_who_was_told_that_it_closes_and_wrote_has_the_reviewer_decide() -> None:
    story = asked().at("2026-10-22 10:00").do("record_contact").do("answer_contact")
    assert "information-postponed" not in story.kinds
    assert story.at("2027-03-01 10:00").complaint.closed is None


def test_a_call_was_taken_there_and_then_and_is_nothing_that_nobody_has_read() -> None:
    story = asked().at("2026-10-06 10:00").do("record_contact", contact_kind="call")
    story.at("2027-03-01 10:00")
    assert "information-heard" not in story.kinds
    assert story.last("closed").how == "no-answer"
