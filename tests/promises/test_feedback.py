"""Feedback that is no complaint: recorded, thanked for, answered if it asks, counted apart."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.complaint.decider.registry import COMMANDS
from domain.errors import ComplaintClosed, InvalidCommand, Refused, WrongState
from domain.vocabulary import ClosedHow, Role
from ledger.sql.ledger import SqlLedger
from reporting.assemble import assemble
from reporting.formats.page import page
from reporting.formats.rows import as_csv
from reporting.period import Period
from tests.domain.playing.said import SAID
from tests.domain.playing.stories import SHIPPED, Story, rules_of
from tests.promises.telling import for_each, letter, letters, read
from tests.reporting.played import record

GIVEN: dict[str, Any] = {"about": ["feedback"], "details": "Mr Rahman was kind."}
ASKS: dict[str, Any] = GIVEN | {"answer_wanted": True}
PROMISED = {"IS-15": "insolvency-service", "CS-15": "casework-standards"}
promised = for_each("charter", PROMISED)
every_charter = pytest.mark.parametrize("charter", SHIPPED)


@every_charter
def test_feedback_is_thanked_for_and_done_with(charter: str) -> None:
    story = Story(charter, **GIVEN)
    reviewer = story.complaint.reviewer
    assert story.told() == [f"new-feedback to {reviewer}", "feedback-thanks to customer"]
    assert story.complaint.closed
    assert story.complaint.closed.how is ClosedHow.FEEDBACK
    assert story.at("2027-06-01 10:00").told()[2:] == [], "nobody is asked how their complaint was"
    assert [clock.id for clock in story.complaint.clocks if clock.live] == []


@every_charter
def test_feedback_is_called_a_complaint_by_nobody(charter: str) -> None:
    for said in (GIVEN, ASKS):
        for language in ("en", "cy"):
            story = Story(charter, complainant_language=language, **said)
            if said is ASKS:
                story.at("2026-10-07 10:00").do("answer_feedback")
            for notice in letters(story):
                words = read(notice).removesuffix(notice.facts["charter_title"])
                for further in notice.facts["further"]:
                    words = words.replace(further["text"], "")
                assert "your complaint" not in words, notice.kind
                assert "The complaint is closed" not in words, notice.kind
                assert "eich cwyn" not in words, notice.kind


@promised
def test_feedback_that_asks_is_answered_by_the_dates_of_the_charter(charter: str) -> None:
    story = Story(charter, **ASKS)
    said = letter(story, "feedback-thanks")
    assert "You asked for an answer, and you will have one." in said
    due = story.complaint.clocks and story.sent("feedback-thanks")[0].facts["due"]
    assert due
    assert story.state == "acknowledged"

    story.at("2026-10-07 10:00").do("answer_feedback", answer="He has read it, and blushed.")

    last = letter(story, "feedback-answer")
    assert "He has read it, and blushed." in last
    assert "WHAT HAPPENS NEXT There is nothing more that you need to do." in last
    assert "You will have our full answer" not in last
    assert story.complaint.closed
    assert story.told()[-1] == "feedback-answer to customer", "one letter ends it, not two"
    assert {str(clock.state) for clock in story.complaint.clocks} <= {"met", "stopped"}
    assert "met" in {str(clock.state) for clock in story.complaint.clocks}


@promised
def test_feedback_that_is_not_answered_is_missed_like_a_complaint(charter: str) -> None:
    story = Story(charter, **ASKS).at("2026-12-01 10:00")
    assert story.complaint.missed
    assert "your feedback" in letter(story, "apology") or story.sent("apology")


@promised
def test_what_is_not_for_feedback_is_refused(charter: str) -> None:
    for_complaints = {kind.verb for kind, spec in COMMANDS.items() if not spec.of_feedback}
    assert {"reply", "escalate", "pause"} <= for_complaints
    for verb in for_complaints:
        role = None if verb != "escalate" else Role.CUSTOMER
        assert isinstance(Story(charter, **ASKS).refused(verb, role), WrongState), verb
    assert isinstance(Story(charter, **ASKS).refused("answer_feedback", answer=" "), InvalidCommand)
    assert isinstance(Story(charter).refused("answer_feedback"), WrongState), "it is a complaint"


@promised
def test_feedback_that_has_ended_is_not_reopened(charter: str) -> None:
    story = Story(charter, **GIVEN)
    assert isinstance(story.refused("reopen", "manager"), ComplaintClosed)


@every_charter
def test_any_verb_on_feedback_is_done_or_refused(charter: str) -> None:
    for verb in SAID:
        for role in Role:
            story = Story(charter, **ASKS)
            met = story.attempt(story.command(verb, role))
            if not isinstance(met, Refused):
                for notice in story.notices:
                    assert read(notice)


def test_is_15_what_is_feedback_and_something_else_is_a_complaint() -> None:
    story = Story("insolvency-service", about=["delay", "feedback"])
    assert story.told() == ["new-complaint to case-handler"]
    assert story.state == "received"


def test_fo_15_nothing_is_asked_back_of_feedback() -> None:
    story = Story(about=["feedback"], details="", remedy_sought=None, contact_so_far=None)
    assert "information-asked" not in story.kinds


def test_cs_15_it_is_thanked_for_in_welsh_too() -> None:
    story = Story("casework-standards", complainant_language="cy", **ASKS)
    said = letter(story, "feedback-thanks")
    assert "Gofynnoch am ateb, ac fe gewch un." in said
    assert "Byddwch yn cael ein hateb llawn erbyn dydd Llun 19 Hydref 2026." in said


def test_cs_15_staff_are_asked_to_answer_or_to_learn_from_it() -> None:
    (asks,) = Story("casework-standards", **ASKS).sent("new-feedback")
    assert "They would like an answer. Please write it (answer-feedback)" in read(asks)
    assert "By: Monday 19 October 2026" in read(asks)
    (given,) = Story("casework-standards", **GIVEN).sent("new-feedback")
    assert "Please see whether something can be learned from it." in read(given)
    assert "By:" not in read(given)


@promised
async def test_feedback_is_counted_and_not_as_a_complaint(charter: str, ledger: SqlLedger) -> None:
    stories = [
        Story(charter, reference="A", channel="web-form", **GIVEN),
        Story(charter, reference="B", **ASKS).at("2026-10-07 10:00").do("answer_feedback"),
        Story(charter, reference="C", **ASKS),
        Story(charter, reference="D").at("2026-10-05 11:00").do("reply"),
    ]
    await record(ledger, stories)
    terms = rules_of(charter).charter
    period = Period(date(2026, 10, 1), date(2026, 10, 31), terms.calendar.time_zone)
    now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    report = await ledger.reading(lambda c: assemble(c, terms, period, now))

    told = report.feedback
    assert (told.received, told.answer_wanted, told.answered) == (3, 2, 1)
    assert {one.name: one.count for one in told.by_channel} == {"email": 2, "web-form": 1}
    assert (report.complaints.received, report.complaints.closed) == (1, 0)
    assert [one.name for one in report.complaints.by_topic] == ["delay"]
    assert [one.received for one in report.first_contact] == [1]
    assert "feedback,,total,,received,3" in as_csv(report)
    assert "3 people told us how it was" in page(report, terms)
    assert (await ledger.standing("A")).feedback  # type: ignore[union-attr]
