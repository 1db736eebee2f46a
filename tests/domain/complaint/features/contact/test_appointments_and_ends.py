"""Appointments at the edges: who is offered one on a visit, and what becomes of one when it all ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.charter.rules import pack, unpack
from domain.complaint.decider.timers import finished
from domain.complaint.features.people.reaching import ReportUndeliverable
from domain.errors import ComplaintClosed, WrongState
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.stories import Story, rules_of

FRIEND: dict[str, Any] = {"kind": "friend", "name": "F Riend", "email": "f@x.org"}
FAR = "2026-11-25T14:30:00+00:00"


def arranged(charter: str = "customer-promise", **fields: Any) -> Story:
    """It is on Wednesday 25 November, and it is Monday 5 October."""
    story = Story(charter, **fields).do("request_appointment", Role.CUSTOMER)
    return story.do("arrange_appointment", at=FAR)


# --- who is offered one ---------------------------------------------------------------------------


def test_cs_12_who_is_limited_to_writing_is_not_asked_in_and_the_reviewer_is_told() -> None:
    story = Story("casework-standards").do("restrict_contact", Role.MANAGER)
    story.do("record_contact", channel="visit")
    assert story.sent("appointment-offer") == []
    assert story.sent("contact-received", "case-handler")[0].facts["limited"]


@pytest.mark.parametrize("from_whom", ["mp", "representative"])
def test_cs_12_nobody_is_thanked_for_a_visit_that_somebody_without_authority_made(
    from_whom: str,
) -> None:
    story = Story("casework-standards", representative=FRIEND)
    story.do("record_contact", channel="visit", from_whom=from_whom)
    assert story.sent("appointment-offer") == []


def test_cs_12_a_representative_who_came_is_the_one_who_is_offered_a_time() -> None:
    story = Story("casework-standards", representative=FRIEND | {"authorised": True})
    story.do("record_contact", channel="visit", from_whom="representative")
    assert story.told()[-1] == "appointment-offer to representative"
    story.do("record_contact", channel="visit")
    assert story.told()[-1] == "appointment-offer to customer"


def test_cs_12_a_complaint_that_somebody_without_authority_brought_in_person_thanks_nobody() -> (
    None
):
    story = Story("casework-standards", channel="visit", representative=FRIEND)
    assert story.sent("appointment-offer") == []
    authorised = FRIEND | {"authorised": True}
    story = Story("casework-standards", channel="visit", representative=authorised)
    assert [n.key.split("/")[-1] for n in story.sent("appointment-offer")] == ["representative"]


def test_cs_12_who_comes_on_the_day_of_an_appointment_that_was_called_off_is_offered_one() -> None:
    story = Story("casework-standards").do("request_appointment", Role.CUSTOMER)
    story.do("arrange_appointment").do("cancel_appointment", Role.CUSTOMER, arrange_anew=False)
    story.at("2026-10-15 10:00").do("record_contact", channel="visit")
    assert story.kinds[-1] == "appointment-offered"


# --- when it all ends -----------------------------------------------------------------------------


ENDS: list[tuple[str, dict[str, Any]]] = [
    ("accept", {"by": Role.CUSTOMER}), ("withdraw", {"by": Role.CUSTOMER}), ("close", {}),
    ("merge", {}),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "fields"), ENDS)
def test_cp_4_what_lies_ahead_is_off_at_once_when_somebody_ends_the_complaint(
    verb: str, fields: dict[str, Any]
) -> None:
    story = arranged().do("request_appointment", Role.CUSTOMER, about="Another matter.")
    if verb == "accept":
        story.do("reply")
    story.do(verb, **fields)
    assert story.kinds[-3:] == ["closed", "appointment-lapsed", "appointment-lapsed"]
    assert story.told()[-4:] == [
        "appointment-lapsed to customer", "appointment-off to case-handler",
        "appointment-lapsed to customer", "appointment-off to case-handler",
    ]  # fmt: skip
    first, second = (render(notice).body for notice in story.sent("appointment-lapsed"))
    assert "Wednesday 25 November 2026 is off" in " ".join(first.split())
    assert "We will not arrange it now" in second
    assert "was closed before it" in render(story.sent("appointment-off")[0]).body
    assert [one.state for one in story.complaint.appointments] == ["cancelled", "cancelled"]


def test_cp_4_what_lies_ahead_is_off_when_time_alone_ends_the_complaint() -> None:
    story = arranged().do("reply", remedies=[]).at("2026-11-26 17:00")
    assert story.kinds[-2:] == ["closed", "appointment-lapsed"]
    assert story.complaint.appointments[0].state == "cancelled"


def test_what_lies_ahead_is_off_when_the_last_reply_ends_the_complaint() -> None:
    rules = rules_of("insolvency-service")
    closing = rules.charter.closing.model_copy(update={"after_last_reply": None})
    charter = rules.charter.model_copy(update={"closing": closing})
    story = arranged(rules=unpack(pack(charter, rules.calendar))).do("reply")
    assert story.last("closed").how == "procedure-ended"
    assert story.kinds[-1] == "appointment-lapsed"


def test_what_had_begun_is_asked_about_and_recorded_after_the_end() -> None:
    story = arranged().at("2026-11-25 15:00").do("close")
    assert story.complaint.appointments[0].state == "arranged"
    story.late("2026-11-26 10:00")
    assert story.kinds[-1] == "appointment-outcome-due"
    assert story.complaint.appointments[0].ask_on == date(2026, 12, 3)
    story.do("record_appointment", held="late", note="The lift was out of order.")
    assert story.told()[-1] == "appointment-failed to customer"
    assert story.complaint.appointments[0].state == "held"


def test_what_we_did_not_keep_before_the_end_is_apologised_for_and_not_arranged_anew() -> None:
    story = arranged().at("2026-11-25 15:00").do("close")
    before = len(story.notices)
    story.do("record_appointment", held="not-held-by-us")
    assert [str(notice.kind) for notice in story.notices[before:]] == ["appointment-failed"]
    assert story.complaint.appointments[0].state == "cancelled"


def test_after_a_month_nobody_is_asked_any_more_and_the_complaint_can_rest() -> None:
    story = arranged().at("2026-11-25 15:00").do("close")
    for day in range(26, 31):
        story.late(f"2026-11-{day} 10:00")
    story.do("give_reason").late("2027-03-31 10:00")
    assert finished(story.complaint, story.now)


def test_after_the_end_nothing_is_arranged_and_what_is_off_has_no_outcome() -> None:
    story = arranged().do("close")
    assert isinstance(story.refused("arrange_appointment"), ComplaintClosed)
    assert isinstance(story.refused("cancel_appointment"), ComplaintClosed)
    assert isinstance(story.refused("record_appointment"), WrongState)


def test_a_question_that_was_open_at_the_end_is_waited_for_no_more() -> None:
    story = Story().do("ask_information").do("close")
    assert [each.state for each in story.complaint.requests] == ["lapsed"]


# --- nobody misses what they were not told ----------------------------------------------------------


def _astray(story: Story, kind: str) -> Story:
    key = story.sent(kind, "customer")[-1].key
    story.play(ReportUndeliverable(notice=key, reason="No such mailbox"))
    return story


def test_cp_4_an_appointment_that_no_letter_has_named_is_not_missed_by_the_customer() -> None:
    story = _astray(arranged().at("2026-11-20 10:00"), "appointment-arranged")
    story.at("2026-11-20 11:00").at("2026-11-24 10:00")
    _astray(story, "appointment-reminder").at("2026-11-25 16:00")
    refusal = story.refused("record_appointment", held="not-attended")
    assert isinstance(refusal, WrongState)
    assert "prefer" in refusal.allowed
    assert "cancel_appointment" in refusal.allowed
    story.do("cancel_appointment").do("arrange_appointment", at="2026-12-02T14:30:00+00:00")
    story.at("2026-12-02 16:00").do("record_appointment", held="not-attended")


def test_cp_4_one_letter_that_arrived_is_enough() -> None:
    for kind in ("appointment-arranged", "appointment-reminder"):
        story = _astray(arranged().at("2026-11-24 10:00"), kind).at("2026-11-25 16:00")
        story.do("record_appointment", held="not-attended")
        assert story.sent("appointment-not-attended")


def test_cp_4_whoever_can_be_reached_again_hears_of_the_appointment_that_lies_ahead() -> None:
    story = _astray(arranged().at("2026-11-18 10:00"), "appointment-arranged")
    story.do("prefer", email="ann@new.example", language="en", update_interval=None)
    (letter,) = story.sent("appointment-reminder", "customer")
    assert "Wednesday 25 November 2026" in " ".join(render(letter).body.split())
    story.at("2026-11-25 16:00").do("record_appointment", held="not-attended")
