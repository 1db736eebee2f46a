"""Stories that the page of verbs is held to: what is late, what got lost, what is answered in other ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from domain.clocks.clock import Clock
from domain.complaint.features.people.reaching import ReportUndeliverable
from domain.vocabulary import Role
from tests.domain.complaint.features.ending.test_last_day import OPEN_CASE, lose
from tests.domain.playing.stories import Story, local

LAW = {"kind": "professional", "name": "R Law", "email": "law@x.org"}
MEMBER = {"kind": "mp", "name": "A Member", "email": "mp@parliament.example"}
NOT_UPHELD: dict[str, Any] = {"outcome": "not-upheld", "remedies": []}
LOST = ("reply", "final-reply", "last-day", "information-asked", "appointment-arranged")
WAYS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "prefer": ({}, {"email": "new@example.org"}),
    "name_representative": ({}, {}),
    "give_authority": ({"representative": LAW}, {"notices_to": "both"}),
    "withdraw_authority": ({"representative": LAW | {"authorised": True}}, {}),
    "hear_directly": ({"representative": LAW | {"authorised": True}}, {}),
}
"""Each verb by which an address is put right: what the complaint is opened with, and what the verb says."""


def what_happened(old: Clock | None, new: Clock) -> str | None:
    """What became of a clock by one event: the word of the page, or nothing."""
    if old is None:
        return "starts"
    if old == new or replace(old, warned=True) == new:
        return None
    words = {"met": "meets", "stopped": "stops", "missed": "misses", "passed": "misses"}
    if new.fulfilled_late_at and not old.fulfilled_late_at:
        return "meets"
    return words.get(str(new.state), "moves") if new.state is not old.state else "moves"


def with_lost_letters() -> Iterator[Story]:
    """Each letter that counts from its delivery comes back, and goes again once an address is put right."""
    for verb, (opened_with, said) in WAYS.items():
        for letter in LOST:
            story = _until(letter, Story(stage="manager", **_case(letter), **opened_with))
            for to in {
                each.key.rsplit("/", 1)[-1] for each in story.notices if each.kind == letter
            }:
                lose(story, letter, to)
            yield story.do(verb, **said)
    yield lose(Story(stage="manager").do("reply"), "reply").at("2026-12-01 10:00")
    yield from _bounced()


def _bounced() -> Iterator[Story]:
    """A letter bounces, mostly where there is another way; once the channel says so, once somebody does."""
    nothing_else = Story(stage="manager", complainant_email="ann@x.example")
    yield nothing_else.do("report_undelivered", address="ann@x.example")
    home: dict[str, Any] = {"complainant_address": "1 High Street\nOld Town"}
    said: dict[str, Any] = {"reason": "No such mailbox.", "address": "ann.price@example.org"}
    for letter in ("acknowledgement", "reply", "final-reply", "last-day"):
        for by_hand in (True, False):
            story = Story(stage="manager", **_case(letter), **home).do("acknowledge")
            story = story if letter == "acknowledgement" else _until(letter, story)
            said["notice"] = story.sent(letter)[-1].key
            if by_hand:
                yield story.do("report_undelivered", **said).do(
                    "resend_notice", notice=said["notice"]
                )
            else:
                story.play(ReportUndeliverable(**said))
                yield story
    yield from _with_new_readers()


def _with_new_readers() -> Iterator[Story]:
    """Somebody comes to hear of the case when the reply, or the last one, has been sent."""
    for letter in ("reply", "final-reply"):
        for verb in ("give_authority", "withdraw_authority", "hear_directly"):
            story = Story(stage="manager", representative=LAW)
            if verb != "give_authority":
                story.do("give_authority", notices_to="representative")
            yield _until(letter, story).do(verb, Role.CUSTOMER)


def _case(letter: str) -> dict[str, Any]:
    return {"subject_case": OPEN_CASE} if letter == "last-day" else {}


def _until(letter: str, story: Story) -> Story:
    """The story up to that letter."""
    if letter == "information-asked":
        return story.do("ask_information")
    if letter == "appointment-arranged":
        return story.do("request_appointment").do("arrange_appointment")
    story.do("reply", **NOT_UPHELD)
    if letter == "last-day":
        return story.do("conclude_case")
    if letter == "final-reply":
        for above in ("complaints-team", "independent-assessor"):
            story.do("escalate", "customer", to=above).do("reply", **NOT_UPHELD)
    return story


def heard_late() -> Iterator[Story]:
    """What nobody answers, what is entered after the end, and what comes after it."""
    answered = Story(stage="manager").do("reply")
    yield answered.do("record_contact").at("2026-12-01 10:00")
    in_time: dict[str, Any] = {"received_at": local("2026-10-20 10:00")}
    yield Story(stage="manager").do("reply").at("2026-11-10 10:00").do("record_contact", **in_time)
    late = Story(stage="manager").do("reply").at("2026-11-10 10:00")
    yield late.do("escalate", to="complaints-team", **in_time)
    yield Story(details="").at("2026-12-01 10:00").do("record_contact", **in_time)
    for came in ("2026-10-20 10:00", "2026-12-01 10:00"):
        closed = Story(details="").at("2026-12-01 10:00")
        yield closed.do("record_information", received_at=local(came))
    unread = Story().do("ask_information").do("record_contact")
    yield unread.at("2026-10-21 10:00")
    after = Story("casework-standards").do("close").do("record_contact").at("2026-12-01 10:00")
    yield after.do("acknowledge", contact=1).do("answer_contact")


def with_questions_that_go_on() -> Iterator[Story]:
    """The time to answer was over, and what had come meanwhile is answered now."""
    answers: dict[str, dict[str, Any]] = {
        "answer_contact": {},
        "return_call": {"contact": 1, "reached": True},
    }
    for verb, fields in answers.items():
        asked = Story().do("ask_information").at("2026-10-06 10:00").do("record_contact")
        yield asked.at("2026-10-22 10:00").do(verb, **fields)


def with_answers_of_other_kinds() -> Iterator[Story]:
    """Feedback, reasons, calls that are returned, members who write, a case that stays open, officers set aside."""
    yield from with_questions_that_go_on()
    booked = Story(stage="manager").do("request_appointment")
    booked.do("arrange_appointment", officer={"id": "the.manager", "name": "The manager"})
    yield booked.do("reply").do("escalate", "customer", to="complaints-team")
    feedback: dict[str, Any] = {"about": ["feedback"], "details": "Mr Rahman was kind."}
    yield Story("casework-standards", **feedback)
    yield Story("insolvency-service", **feedback, answer_wanted=True).do("answer_feedback")
    asks = Story("customer-promise", **feedback, answer_wanted=True).do("request_appointment")
    yield asks.do("answer_feedback")
    yield Story(stage="manager").at("2026-10-08 10:00").do("give_reason")
    for reached in (True, False):
        called = Story("casework-standards").do("record_contact", channel="phone")
        yield called.do("return_call", reached=reached)
    wish: dict[str, Any] = {"complainant_update_interval": {"weeks": 1}}
    yield Story("housing-code", **wish)
    yield Story(representative=LAW | {"authorised": True})
    member = Story("insolvency-service", representative=MEMBER)
    yield member.do("record_contact", from_whom="mp").do("answer_contact").do("reply")
    waits = Story(stage="manager", subject_case=OPEN_CASE).do("reply", **NOT_UPHELD)
    yield waits.at("2027-02-01 10:00")
