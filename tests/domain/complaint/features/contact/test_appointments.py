"""Appointments: asked for, arranged in time, kept, late, missed, called off; visits without one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.complaint.decider.timers import next_wake
from domain.errors import (
    CalendarTooShort,
    ConflictOfInterest,
    InvalidCommand,
    Refused,
    WrongRole,
    WrongState,
)
from domain.vocabulary import Role
from tests.domain.playing.stories import Story, local


def asked(received: str = "2026-10-05 10:00") -> Story:
    """Somebody has asked for an appointment under the customer promise, on a Monday."""
    return Story("customer-promise", received).do("request_appointment", Role.CUSTOMER)


def arranged() -> Story:
    """It is on Thursday 15 October at half past two."""
    return asked().at("2026-10-06 10:00").do("arrange_appointment")


def test_cp_4_the_clock_to_arrange_starts_with_the_request() -> None:
    story = asked()
    assert story.states("CP-4") == ["running"]
    assert story.due("CP-4") == date(2026, 10, 12)
    assert story.clock("CP-4").appointment == 1
    told = story.sent("appointment-requested")[0].facts
    assert (told["arrange_by"], told["purpose"]) == ("2026-10-12", "To go through my papers.")
    assert story.sent("appointment-to-arrange", "case-handler")[0].facts["with_whom"] == "Rents"


def test_cp_4_a_request_after_hours_counts_from_its_day_as_everything_does() -> None:
    story = Story("customer-promise").at("2026-10-05 18:00")
    assert story.do("request_appointment").due("CP-4") == date(2026, 10, 12)


def test_cp_4_a_request_noted_late_counts_from_when_it_was_made() -> None:
    story = Story("customer-promise").at("2026-10-07 10:00")
    story.do("request_appointment", requested_at=local("2026-10-06 10:00"))
    assert story.due("CP-4") == date(2026, 10, 13)


def test_cp_4_an_appointment_arranged_in_time_meets_it() -> None:
    story = arranged()
    assert story.states("CP-4") == ["met"]
    facts = story.sent("appointment-arranged", "customer")[0].facts
    assert facts["appointment_day"] == "2026-10-15"
    assert facts["appointment_time"] == "14:30"
    assert (facts["officer"], facts["place"]) == ("P Officer", None)


def test_cp_4_staff_and_customer_are_warned_the_day_before_the_time_is_up() -> None:
    story = asked().at("2026-10-09 08:59")
    before = len(story.notices)
    story.at("2026-10-09 09:00")
    warned = [notice for notice in story.notices[before:] if notice.facts.get("promise") == "CP-4"]
    assert [str(notice.kind) for notice in warned] == ["promise-warning"]
    assert "delay-warning" in [notice.kind for notice in story.notices[before:]]


def test_cp_4_one_not_arranged_in_time_is_missed_and_apologised_for_at_each_date() -> None:
    story = asked().at("2026-10-20 10:00")
    assert story.states("CP-4")[0] == "missed"
    missed = [n for n in story.sent("apology") if "appointment" in n.facts["promise_text"]]
    assert [n.facts["new_due"] for n in missed] == ["2026-10-14", "2026-10-20"]
    story.do("arrange_appointment", at="2026-10-22T10:00:00+01:00")
    assert story.clocks("CP-4")[0].fulfilled_late_at == story.now


def test_cp_4_it_starts_on_time_and_is_on_record_so() -> None:
    story = arranged()
    assert story.states("CP-4/on-time") == ["running"]
    assert story.due("CP-4/on-time") == date(2026, 10, 16)
    story.at("2026-10-15 15:00").do("record_appointment")
    assert story.states("CP-4/on-time") == ["met"]
    assert story.sent("appointment-failed") == []


def test_cp_4_the_appointment_that_begins_late_is_missed_at_once_with_an_apology() -> None:
    story = arranged().at("2026-10-15 15:00")
    missed = story.complaint.missed
    story.do("record_appointment", held="late", note="The lift was out of order")
    assert story.states("CP-4/on-time") == ["missed"]
    assert story.complaint.missed == missed + 1
    apology = story.sent("appointment-failed", "customer")[0].facts
    assert (apology["held"], apology["note"]) == (True, "The lift was out of order")
    assert story.told()[-2:] == ["promise-missed to case-handler", "promise-missed to manager"]
    story.at("2026-11-20 10:00")
    assert story.states("CP-4/on-time") == ["missed"]  # nothing can make it begin on time
    assert story.complaint.appointments[0].state == "held"


def test_cp_4_an_appointment_that_we_do_not_hold_is_missed_and_arranged_anew() -> None:
    story = arranged().at("2026-10-15 16:00").do("record_appointment", held="not-held-by-us")
    assert story.states("CP-4/on-time") == ["missed"]
    assert story.states("CP-4") == ["met", "running"]
    assert story.due("CP-4") == date(2026, 10, 22)
    apology = story.sent("appointment-failed", "customer")[0].facts
    assert (apology["held"], apology["arrange_by"]) == (False, "2026-10-22")
    story.do("arrange_appointment", at="2026-10-19T10:00:00+01:00")
    assert story.states("CP-4") == ["met", "met"]
    assert story.states("CP-4/on-time") == ["missed", "running"]


def test_cp_4_staff_are_warned_before_the_record_is_late_and_silence_counts_as_a_miss() -> None:
    story = arranged().at("2026-10-16 09:00")
    assert story.last("promise-warned").promise == "CP-4/on-time"
    assert "appointment-outcome-due" in story.kinds
    story.at("2026-10-16 17:00")
    assert story.states("CP-4/on-time") == ["missed"]
    assert story.sent("apology")[-1].facts["new_due"] is None
    story.at("2026-10-19 10:00").do("record_appointment")
    assert story.clock("CP-4/on-time").fulfilled_late_at == story.now


def test_cp_4_the_customer_who_does_not_come_costs_nobody_a_promise() -> None:
    story = arranged().at("2026-10-15 15:00").do("record_appointment", held="not-attended")
    assert story.states("CP-4/on-time") == ["stopped"]
    assert story.states("CP-4") == ["met"]
    assert story.sent("appointment-not-attended", "customer")


def test_cp_4_what_is_called_off_is_arranged_anew_in_a_time_of_its_own() -> None:
    story = arranged().at("2026-10-13 10:00").do("cancel_appointment")
    assert story.states("CP-4/on-time") == ["stopped"]
    assert story.states("CP-4") == ["met", "running"]
    assert story.due("CP-4") == date(2026, 10, 20)
    told = story.sent("appointment-cancelled", "customer")[0].facts
    assert (told["anew"], told["arrange_by"]) == (True, "2026-10-20")
    assert story.sent("appointment-to-arrange")[-1].facts["reason"] == "The officer is ill."


def test_cp_4_what_nobody_wants_any_more_ends_its_clocks() -> None:
    story = asked().do("cancel_appointment", Role.CUSTOMER, arrange_anew=False)
    assert story.states("CP-4") == ["stopped"]
    assert story.told()[-2:] == [
        "appointment-cancelled to customer", "appointment-off to case-handler",
    ]  # fmt: skip
    assert isinstance(story.refused("arrange_appointment"), WrongState)


def test_several_appointments_run_beside_each_other_with_clocks_of_their_own() -> None:
    story = asked().at("2026-10-07 10:00").do("request_appointment", about="Another matter.")
    assert [clock.appointment for clock in story.clocks("CP-4")] == [1, 2]
    refusal = story.refused("arrange_appointment")
    assert isinstance(refusal, InvalidCommand)
    assert refusal.allowed == "Requested: 1, 2."
    story.do("arrange_appointment", appointment=2)
    assert story.states("CP-4") == ["running", "met"]
    story.do("cancel_appointment", appointment=2, arrange_anew=False)
    assert story.states("CP-4") == ["running", "met"]
    story.do("arrange_appointment").at("2026-10-15 15:00")
    story.do("record_appointment", held="late")
    assert [one.state for one in story.complaint.appointments] == ["held", "cancelled"]
    assert story.states("CP-4/on-time") == ["stopped", "missed"]


def test_the_customer_is_reminded_on_the_working_day_before() -> None:
    story = arranged().at("2026-10-14 08:59")
    assert "appointment-reminded" not in story.kinds
    story.at("2026-10-14 09:00")
    assert story.sent("appointment-reminder", "customer")[0].facts["appointment_time"] == "14:30"
    assert story.at("2026-10-15 10:00").kinds.count("appointment-reminded") == 1


def test_a_reminder_before_a_weekend_comes_on_friday_and_none_comes_of_what_is_arranged_late() -> (
    None
):
    story = asked().do("arrange_appointment", at="2026-10-12T10:00:00+01:00").at("2026-10-09 09:00")
    assert story.kinds.count("appointment-reminded") == 1
    late = asked().at("2026-10-06 10:00").do("arrange_appointment", at="2026-10-07T09:30:00+01:00")
    assert "appointment-reminded" not in late.at("2026-10-07 09:29").kinds


def test_after_an_outage_nobody_is_reminded_of_what_has_begun_and_nothing_waits_in_the_past() -> (
    None
):
    story = arranged().late("2026-10-15 15:00")
    assert story.last("appointment-reminded").too_late
    assert story.sent("appointment-reminder") == []
    wake = next_wake(story.complaint)
    assert wake is not None
    assert wake > story.now


def test_staff_are_asked_again_until_it_is_on_record_what_became_of_it() -> None:
    story = Story("casework-standards").do("request_appointment")
    story.do("arrange_appointment").at("2026-11-10 10:00")
    assert story.kinds.count("appointment-outcome-due") == 3
    assert (
        story.sent("appointment-outcome-due", "case-handler")[0].facts["next_ask"] == "2026-10-23"
    )
    story.do("record_appointment").at("2026-12-01 10:00")
    assert story.kinds.count("appointment-outcome-due") == 3


@pytest.mark.parametrize(
    ("fields", "kind", "said"),
    [
        ({"at": "2026-10-05T09:59:00+01:00"}, InvalidCommand, "is not ahead"),
        ({"at": "2026-10-10T10:00:00+01:00"}, InvalidCommand, "is a closed day (Saturday)"),
        ({"at": "2031-10-10T10:00:00+01:00"}, CalendarTooShort, "2031"),
        ({"appointment": 7}, InvalidCommand, "there is no appointment 7"),
    ],
)
def test_an_appointment_needs_a_time_that_can_be_kept(
    fields: dict[str, Any], kind: type[Refused], said: str
) -> None:
    refusal = asked().refused("arrange_appointment", **fields)
    assert type(refusal) is kind
    assert said in refusal.message


def test_somebody_with_a_conflict_of_interest_is_sent_to_no_appointment() -> None:
    story = asked().do(
        "allocate", handler={"id": "p.officer", "name": "P Officer", "phone": "0300 1"}
    )
    story.do("reassign", Role.MANAGER, reason="conflict")
    assert isinstance(story.refused("arrange_appointment"), ConflictOfInterest)


def test_what_has_not_begun_has_no_outcome_and_what_is_over_is_not_recorded_twice() -> None:
    story = arranged()
    refusal = story.refused("record_appointment")
    assert isinstance(refusal, WrongState)
    assert refusal.allowed == "Until then it can be cancelled."
    story.at("2026-10-15 15:00").do("record_appointment")
    assert isinstance(story.refused("record_appointment"), WrongState)
    assert story.refused("record_appointment", appointment=1).message == "Appointment 1 is held."
    assert isinstance(story.refused("cancel_appointment"), WrongState)


def test_bad_requests_are_refused_with_what_is_allowed() -> None:
    story = asked()
    assert isinstance(story.refused("request_appointment", about=" "), InvalidCommand)
    tomorrow = story.refused("request_appointment", requested_at="2026-10-06T10:00:00+01:00")
    assert "requested_at" in tomorrow.message
    assert "no time yet" in story.refused("cancel_appointment").message
    assert isinstance(story.refused("cancel_appointment", reason=""), InvalidCommand)
    assert isinstance(story.refused("arrange_appointment", Role.CUSTOMER), WrongRole)


# --- visits ---------------------------------------------------------------------------------------


def test_cs_12_who_opens_a_complaint_on_a_visit_is_offered_an_appointment() -> None:
    story = Story("casework-standards", channel="visit")
    assert story.kinds == ["opened", "appointment-offered"]
    offer = story.sent("appointment-offer", "customer")[0].facts
    assert (offer["came_on"], offer["promise_text"]) == ("2026-10-05", None)


def test_cs_12_an_unbooked_visit_is_answered_by_an_offer_at_once() -> None:
    story = Story("casework-standards").at("2026-10-06 10:00")
    story.do("record_contact", channel="visit")
    assert story.kinds[-2:] == ["contact-received", "appointment-offered"]
    assert story.last("appointment-offered").contact == 1


def test_cs_12_who_comes_for_an_appointment_is_offered_none() -> None:
    story = Story("casework-standards").do("request_appointment").do("arrange_appointment")
    story.at("2026-10-15 14:40").do("record_contact", channel="visit")
    assert "appointment-offered" not in story.kinds


@pytest.mark.parametrize("channel", ["email", "phone", "letter", "web-form"])
def test_cs_12_nobody_who_writes_or_rings_is_offered_one(channel: str) -> None:
    story = Story("casework-standards", channel=channel).do("record_contact", channel=channel)
    assert "appointment-offered" not in story.kinds


def test_without_the_rule_in_the_charter_a_visit_is_a_visit() -> None:
    story = Story("customer-promise", channel="visit").do("record_contact", channel="visit")
    assert "appointment-offered" not in story.kinds


def test_a_visit_about_what_is_dealt_with_elsewhere_is_signposted_and_no_more() -> None:
    story = Story("casework-standards", channel="visit", about=["outcome"])
    assert story.state == "closed"
    assert "appointment-offered" not in story.kinds
