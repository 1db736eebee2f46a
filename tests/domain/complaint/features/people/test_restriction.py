"""Contact with a customer is limited, and nothing else is (IS-12, CS-11)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.complaint.decider.timers import next_wake
from domain.complaint.notify.recipients import customer_side
from domain.complaint.views.status import status_of
from domain.errors import (
    CalendarTooShort,
    ConflictOfInterest,
    InvalidCommand,
    NotIndependent,
    WrongRole,
    WrongState,
)
from domain.vocabulary import Role
from letters.rendering import render
from letters.routing import route
from tests.domain.playing.laws import check_record
from tests.domain.playing.stories import Story, person

IS, CS = "insolvency-service", "casework-standards"
WRITING = [{"kind": "only-in-writing"}]


def approver(who: str = "the.approver", role: str = "manager") -> dict[str, str]:
    return {"id": who, "name": "The approver", "role": role}


def body(story: Story, kind: str) -> str:
    return " ".join(render(story.sent(kind)[-1]).body.split())


def limited(charter: str = IS, **fields: Any) -> Story:
    return Story(charter, **fields).do("restrict_contact")


# --- who, why and for how long --------------------------------------------------------------------


def test_is_12_the_customer_is_told_what_is_limited_why_until_when_and_how_to_appeal() -> None:
    story = limited()
    said = body(story, "contact-limited")
    assert "- We deal with you in writing only." in said
    assert "> Calls in which staff were threatened." in said
    assert "We look at it again by Tuesday 1 December 2026" in said
    assert "you can appeal: Write to the head of customer complaints" in said
    assert "our dates to you stand" in said
    assert story.sent("contact-limited", "customer")


def test_cs_11_in_welsh_too_with_the_charters_own_way_to_appeal() -> None:
    said = body(limited(CS, complainant_language="cy"), "contact-limited")
    assert "yn ysgrifenedig yn unig" in said
    assert "gallwch apelio: Ysgrifennwch at bennaeth gwaith achos" in said


def test_is_12_the_customer_is_told_also_where_letters_go_to_their_representative() -> None:
    friend = {"kind": "friend", "name": "R Help", "email": "r@x.org"}
    story = Story(IS, representative=friend).do("give_authority", notices_to="representative")
    story.do("restrict_contact")
    told = {str(notice.recipient.kind) for notice in story.sent("contact-limited")}
    assert told == {"customer", "representative"}


@pytest.mark.parametrize("role", ["case-handler", "complaints-team", "customer", "quality"])
def test_is_12_only_a_manager_or_an_administrator_approves(role: str) -> None:
    refusal = Story(IS).refused("restrict_contact", approved_by=approver("someone", role))
    assert isinstance(refusal, InvalidCommand)
    assert "manager or administrator" in refusal.allowed


def test_is_12_whoever_asks_does_not_approve_and_neither_does_the_handler() -> None:
    story = Story(IS).do("allocate", handler={"id": "m.rees", "name": "M Rees", "phone": "0300 1"})
    own = story.refused(
        "restrict_contact", person("x.manager", "manager"), approved_by=approver("X.Manager")
    )
    assert isinstance(own, InvalidCommand)
    handlers = story.refused("restrict_contact", approved_by=approver("M.Rees"))
    assert isinstance(handlers, InvalidCommand)
    story.do("restrict_contact", approved_by=approver(role="administrator"))


def test_fo_6_who_has_a_conflict_does_not_approve_either() -> None:
    story = Story(IS).do("allocate").do("reassign", reason="conflict")
    refusal = story.refused("restrict_contact", approved_by=approver("h.jones"))
    assert isinstance(refusal, ConflictOfInterest)


def test_fo_11_who_approved_it_has_had_a_part_and_judges_nothing_independently() -> None:
    story = limited(CS).do("reply").do("escalate", Role.CUSTOMER)
    refusal = story.refused("acknowledge", person("the.approver", "manager"))
    assert isinstance(refusal, NotIndependent)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"review_on": "2026-10-05"},
        {"review_on": "2026-10-04"},
        {"review_on": "2027-04-07"},  # more than six months
        {"limits": [{"kind": "channels", "channels": ["email", "letter", "web-form"]}, *WRITING]},
    ],
)
def test_is_12_a_limit_without_reason_or_end_or_way_out_is_refused(wrong: dict[str, Any]) -> None:
    refusal = Story(IS).refused("restrict_contact", **wrong)
    assert isinstance(refusal, InvalidCommand)
    assert refusal.allowed


@pytest.mark.parametrize(
    "limits",
    [
        [],
        [{"kind": "silence"}],
        [{"kind": "channels"}],
        [{"kind": "frequency"}],
        [{"kind": "only-in-writing", "channels": ["phone"]}],
        [{"kind": "channels", "channels": ["email", "phone", "letter", "web-form", "visit"]}],
        [{"kind": "other", "text": "x", "also": 1}],
        "only-in-writing",
    ],
)
def test_is_12_a_limit_that_says_nothing_is_refused_and_named(limits: Any) -> None:
    with pytest.raises(InvalidCommand, match="limits"):
        Story(IS).command("restrict_contact", limits=limits)


def test_is_12_a_review_beyond_the_calendar_asks_for_a_refresh() -> None:
    refusal = Story("customer-promise").refused("restrict_contact", review_on="2030-01-02")
    assert isinstance(refusal, CalendarTooShort)


def test_is_12_contact_is_limited_once_and_only_a_limit_is_reviewed_or_lifted() -> None:
    assert isinstance(limited().refused("restrict_contact"), WrongState)
    for verb in ("review_restriction", "lift_restriction"):
        assert isinstance(Story(IS).refused(verb, Role.MANAGER), WrongState)
        assert isinstance(limited().refused(verb, Role.CASE_HANDLER), WrongRole)
        assert isinstance(limited().refused(verb, Role.MANAGER, reason=""), InvalidCommand)


# --- what comes in, and what goes out -------------------------------------------------------------


def test_is_12_what_comes_by_a_closed_channel_is_recorded_counts_and_is_shown_as_limited() -> None:
    story = limited(CS, channel="phone")
    story.do("record_contact", channel="phone").do("record_contact", channel="email")
    assert [contact.limited for contact in story.complaint.contacts] == [True, False]
    assert story.states("CS-3/contact") == ["running"]
    notes = [" ".join(render(n).body.split()) for n in story.sent("contact-received")]
    assert ["closed to the customer" in note for note in notes] == [True, False]
    status = status_of(story.complaint, tuple(story.events))
    assert [contact["limited"] for contact in status["contacts"]] == [True, False]
    assert "though limited" in status["timeline"][-2]["text"]


def test_is_12_a_representatives_call_is_not_limited() -> None:
    helper = {"kind": "friend", "name": "R Help", "authorised": True}
    story = limited(IS, representative=helper)
    story.do("record_contact", channel="phone", from_whom="representative")
    assert story.complaint.contacts[0].limited is False


def test_is_12_letters_go_by_what_is_open() -> None:
    story = limited(complainant_preferred_channel="phone", complainant_phone="01 234")
    assert route(story.do("update").sent("progress")[0]).by == "e-mail"
    refusal = story.refused("prefer", channel="phone")
    assert isinstance(refusal, WrongState)
    story.do("lift_restriction", Role.MANAGER).do("update")
    assert "Please ring" in route(story.sent("progress")[1]).instructions


def test_is_12_staff_see_the_limit_in_every_note_and_in_status() -> None:
    story = Story(IS)
    story.do(
        "restrict_contact",
        limits=[
            {"kind": "channels", "channels": ["phone"]},
            {"kind": "frequency", "text": "one letter a week"},
        ],
    ).do("allocate")
    note = body(story, "allocated")
    assert "Mind: Contact is limited until Tuesday 1 December 2026 at least: not by phone" in note
    restriction = status_of(story.complaint, ())["restriction"]
    assert restriction["limits"] == ["not by phone", "how often: one letter a week"]
    assert restriction["review_on"] == "2026-12-01"


def test_is_12_the_customer_can_still_go_on() -> None:
    story = limited(CS).do("reply").do("escalate", Role.CUSTOMER)
    assert story.complaint.stage == "manager"
    assert story.complaint.restriction, "it goes with the complaint"
    assert limited().do("withdraw", Role.CUSTOMER).state == "closed"


# --- reviewed -------------------------------------------------------------------------------------


def test_is_12_staff_are_asked_on_the_day_and_again_at_growing_distance() -> None:
    story = limited().at("2026-11-30 23:00")
    assert story.sent("limits-review-due") == []
    story.at("2026-12-01 09:00")
    asked = [notice.key.rsplit("/", 1)[-1] for notice in story.sent("limits-review-due")]
    assert asked == ["manager", "case-handler"]
    assert "asked again on Tuesday 8 December 2026" in body(story, "limits-review-due")
    story.at("2026-12-22 10:00")
    assert len(story.sent("limits-review-due", "manager")) == 3
    check_record(story)


def test_is_12_after_an_outage_staff_are_asked_once() -> None:
    story = limited().late("2027-01-12 10:00")
    assert len(story.sent("limits-review-due", "manager")) == 1


def test_is_12_limits_that_are_kept_are_asked_about_at_the_new_date() -> None:
    story = limited().at("2026-12-02 10:00")
    story.do("review_restriction", Role.MANAGER, keep=True, review_on="2027-02-01")
    assert "We look at it again by Monday 1 February 2027" in body(story, "limits-kept")
    story.at("2027-01-31 10:00")
    assert len(story.sent("limits-review-due", "manager")) == 1
    story.at("2027-02-01 10:00")
    assert len(story.sent("limits-review-due", "manager")) == 2


@pytest.mark.parametrize("verb", ["review_restriction", "lift_restriction"])
def test_is_12_limits_that_end_are_told_and_nobody_is_asked_any_more(verb: str) -> None:
    story = limited().do(verb, Role.MANAGER)
    assert "reach us in any way again" in body(story, "limits-lifted")
    assert story.complaint.restriction is None
    assert story.at("2027-02-01 10:00").sent("limits-review-due") == []
    assert limited().do(verb, Role.ADMINISTRATOR).do("restrict_contact").complaint.restriction


@pytest.mark.parametrize(
    "wrong",
    [
        {"keep": True},
        {"keep": False, "review_on": "2027-01-04"},
        {"keep": True, "review_on": "2026-10-05"},
        {"keep": True, "review_on": "2027-10-05"},
    ],
)
def test_is_12_a_review_that_does_not_say_until_when_is_refused(wrong: dict[str, Any]) -> None:
    assert isinstance(
        limited().refused("review_restriction", Role.MANAGER, **wrong), InvalidCommand
    )


def test_is_12_the_handler_does_not_review_their_own_limits() -> None:
    story = Story(IS).do("allocate").do("restrict_contact")
    refusal = story.refused("review_restriction", person("H.Jones", "manager"))
    assert isinstance(refusal, WrongRole)


def test_is_12_the_limit_outlives_the_complaint_and_wakes_nobody_after_it() -> None:
    story = limited(CS).do("withdraw", Role.CUSTOMER)
    assert story.complaint.restriction
    before = len(story.events)
    story.late("2026-12-20 10:00")
    assert len(story.events) == before
    assert next_wake(limited().do("close").complaint) == next_wake(Story(IS).do("close").complaint)


def test_is_12_the_letter_that_closes_it_and_the_remedies_go_by_what_is_open() -> None:
    rings = {"complainant_preferred_channel": "phone", "complainant_phone": "01 234"}
    story = limited(IS, complainant_address="1 High Street", **rings)
    before = customer_side(story.complaint)
    story.do("close", Role.ADMINISTRATOR)
    assert route(story.notices[-1]).by == "e-mail"
    assert customer_side(story.complaint) == before


def test_is_12_a_reopened_complaint_is_limited_still_and_staff_are_asked_at_once() -> None:
    story = limited(CS).do("close").late("2026-12-20 10:00").do("reopen")
    assert story.complaint.restriction
    story.at("2026-12-20 10:01")
    assert len(story.sent("limits-review-due", "manager")) == 1
    story.do("lift_restriction", Role.MANAGER)
