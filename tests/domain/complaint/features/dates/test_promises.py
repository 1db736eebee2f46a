"""Promises: kept in time, warned of, missed; renewed, repeated, exempt, restarted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

import pytest

from domain.charter.rules import pack, unpack
from domain.vocabulary import Role
from tests.domain.playing.stories import Story, local, rules_of

PROFESSIONAL = {"kind": "professional", "name": "Lex LLP", "email": "l@x.org", "authorised": True}
MP = {"kind": "mp", "name": "A Member", "email": "mp@x.org", "authorised": True}


def test_a_reply_at_the_last_minute_is_in_time_and_one_at_close_of_business_is_not() -> None:
    story = Story().do("escalate", Role.CUSTOMER).at("2026-10-19 16:59").do("reply")
    assert story.states("FO-8/reply") == ["met"]
    story = Story().do("escalate", Role.CUSTOMER).at("2026-10-19 16:59")
    story.now = local("2026-10-19 17:00")
    story.do("reply")
    assert story.states("FO-8/reply")[0] == "missed"
    assert story.clocks("FO-8/reply")[0].fulfilled_late_at == story.now


def test_a_clock_is_warned_of_once_and_before_it_is_due() -> None:
    story = Story().do("escalate", Role.CUSTOMER).do("acknowledge").at("2026-10-15 08:59")
    assert "promise-warned" not in story.kinds
    story.at("2026-10-15 09:00").at("2026-10-19 16:59")
    assert story.kinds.count("promise-warned") == 1
    assert story.told()[-1] == "promise-warning to manager"


def test_nobody_is_warned_of_what_is_missed_already() -> None:
    story = Story().do("escalate", Role.CUSTOMER).do("acknowledge").late("2026-10-19 17:00")
    assert "promise-warned" not in story.kinds
    assert "promise-missed" in story.kinds


def test_cp_8_the_customer_is_told_of_a_delay_where_the_charter_says_so() -> None:
    story = Story("customer-promise", channel="phone").at("2026-10-07 10:00")
    assert story.told()[-2:] == ["promise-warning to case-handler", "delay-warning to customer"]


def test_a_miss_is_an_apology_a_word_to_two_roles_and_stops_nothing_that_follows() -> None:
    story = Story().do("escalate", Role.CUSTOMER).at("2026-10-07 17:00")
    number = story.last("promise-missed").number
    assert story.last("promise-missed").promise == "FO-8/acknowledge"
    assert story.told(number - 1) == [
        "apology to customer", "promise-missed to manager", "promise-missed to complaints-team",
    ]  # fmt: skip
    assert story.states("FO-8/reply") == ["running"]
    apology = story.sent("apology")[0].facts
    assert apology["missed_due"] == "2026-10-07"
    assert apology["new_due"] == "2026-10-09"
    assert story.states("FO-8/acknowledge") == ["missed", "running"]
    story.do("acknowledge")
    assert story.states("FO-8/acknowledge") == ["missed", "met"]
    assert story.clocks("FO-8/acknowledge")[0].fulfilled_late_at == story.now


def test_a_miss_is_counted_once_however_often_its_new_dates_pass() -> None:
    story = Story().do("escalate", Role.CUSTOMER).do("acknowledge").at("2026-11-09 10:00")
    assert story.states("FO-8/reply") == ["missed", "missed", "running"]
    assert [clock.renewal for clock in story.clocks("FO-8/reply")] == [False, True, True]
    assert story.complaint.missed == 1 + 2  # so were the reason and a monthly update
    assert story.due("FO-8/reply") == date(2026, 11, 9)


def test_a_miss_that_is_noted_late_gives_a_new_date_that_lies_ahead() -> None:
    story = Story().do("escalate", Role.CUSTOMER).do("acknowledge").late("2026-11-11 10:00")
    assert story.states("FO-8/reply") == ["missed", "running"]
    told = [(n.facts["missed_due"], n.facts["new_due"]) for n in story.sent("apology")]
    assert ("2026-10-19", "2026-11-18") in told


def test_at_the_last_stage_the_manager_hears_of_a_miss_too() -> None:
    story = Story("casework-standards").do("reply").do("escalate", Role.CUSTOMER)
    story.at("2026-10-07 17:00")
    assert story.told()[-2:] == ["apology to customer", "promise-missed to manager"]


def test_fo_2_updates_repeat_from_one_to_the_next_and_each_missed_month_counts() -> None:
    story = Story().do("allocate").at("2026-10-20 10:00").do("update")
    assert story.states("FO-2") == ["met", "running"]
    assert story.due("FO-2") == date(2026, 11, 20)
    story.at("2026-12-22 10:00")
    assert story.states("FO-2") == ["met", "missed", "missed", "running"]
    assert story.due("FO-2") == date(2027, 1, 18)  # a month from Friday 18: the 20th is closed
    # So were FO-1 and FO-3/opening, once each, and the reason.
    assert story.complaint.missed == 2 + 1 + 1 + 1


def test_an_update_that_is_late_starts_one_new_month_and_not_two() -> None:
    story = Story().do("allocate").at("2026-11-06 10:00")
    assert story.states("FO-2") == ["missed", "running"]
    story.do("update")
    assert story.states("FO-2") == ["missed", "met", "running"]
    story.at("2026-12-08 10:00").do("update")
    assert story.states("FO-2") == ["missed", "met", "missed", "met", "running"]


def test_fo_4_a_decision_replaces_the_monthly_update_by_one_every_two_months() -> None:
    story = Story().do("allocate").at("2026-10-20 10:00").do("pass_to_decision")
    assert story.states("FO-2") == ["stopped"]
    assert story.due("FO-4") == date(2026, 12, 18)  # the 20th is a Sunday
    story.do("update")
    assert (story.states("FO-2"), story.states("FO-4")) == (["stopped"], ["met", "running"])


def test_fo_5_a_professional_is_updated_as_agreed_and_not_by_the_month() -> None:
    story = Story(representative=PROFESSIONAL).do("allocate").do("pass_to_decision")
    assert story.clocks("FO-1")
    assert not story.clocks("FO-2")
    assert not story.clocks("FO-4")


def test_fo_1_a_new_handler_starts_the_introduction_anew() -> None:
    story = Story().do("allocate").at("2026-10-08 10:00").do("reassign")
    assert story.states("FO-1") == ["stopped", "running"]
    assert story.due("FO-1") == date(2026, 10, 15)
    story.do("introduce")
    assert story.states("FO-1") == ["stopped", "met"]
    assert not story.do("introduce").clocks("FO-1")[2:]


def test_an_answer_stops_the_introduction_and_is_the_last_update() -> None:
    story = Story().do("allocate").do("reply")
    assert (story.states("FO-1"), story.states("FO-2")) == (["stopped"], ["met"])


@pytest.mark.parametrize(
    ("channel", "whom", "clocks"),
    [
        ("email", "customer", ["FO-3"]),
        ("phone", "customer", ["FO-3"]),
        ("letter", "customer", []),
        ("phone", "mp", ["FO-3"]),
    ],
)
def test_a_contact_has_a_clock_by_its_channel(channel: str, whom: str, clocks: list[str]) -> None:
    story = Story().do("record_contact", channel=channel, from_whom=whom)
    assert [clock.promise for clock in story.complaint.clocks if clock.contact] == clocks


@pytest.mark.parametrize(
    ("representative", "whom", "clocks"),
    [
        (None, "customer", ["IS-2/contact"]),
        (None, "mp", ["IS-3/contact"]),
        (MP, "representative", ["IS-3/contact"]),
        (MP, "customer", ["IS-2/contact"]),
        (PROFESSIONAL, "representative", ["IS-2/contact"]),
    ],
)
def test_a_contact_has_a_clock_by_who_writes(
    representative: object, whom: str, clocks: list[str]
) -> None:
    story = Story("insolvency-service", representative=representative)
    story.do("record_contact", channel="letter", from_whom=whom)
    of_contact = [c.promise for c in story.complaint.clocks if c.contact]
    assert of_contact == clocks


def test_the_complaint_itself_has_a_clock_by_who_brings_it() -> None:
    for representative, promise in ((None, "IS-2"), (MP, "IS-3"), (PROFESSIONAL, "IS-2")):
        story = Story("insolvency-service", representative=representative)
        assert [clock.promise for clock in story.complaint.clocks] == [promise]


def test_each_contact_is_met_by_what_is_done_with_it_and_by_nothing_else() -> None:
    story = Story().do("record_contact").do("record_contact", channel="phone")
    first, second = story.clocks("FO-3")
    assert (first.contact, second.contact) == (1, 2)
    story.do("answer_contact", contact=2)
    assert story.states("FO-3") == ["running", "met"]
    story.do("acknowledge").do("acknowledge", contact=1)
    assert story.states("FO-3") == ["met", "met"]


def test_a_contact_noted_late_counts_from_when_it_came() -> None:
    story = Story().at("2026-10-12 10:00")
    story.do("record_contact", received_at=local("2026-10-07 12:00"))
    assert story.due("FO-3") == date(2026, 10, 9)
    story.at("2026-10-12 10:01")
    assert story.states("FO-3")[0] == "missed"


def test_a_call_is_returned_by_the_end_of_the_next_working_day() -> None:
    story = Story("harbour-homes", "2026-10-02 10:00").at("2026-10-02 18:30")
    story.do("record_contact", channel="phone")
    assert story.due("HH-5") == date(2026, 10, 5)  # not moved by the receipt rule


def test_a_clock_may_wait_for_another_to_be_met() -> None:
    story = Story("harbour-homes")
    assert not story.clocks("HH-2")
    story.at("2026-10-08 10:00").do("acknowledge")
    assert story.due("HH-2") == date(2026, 10, 22)


def test_a_clock_starts_also_when_what_it_waits_for_comes_late() -> None:
    story = Story("harbour-homes").at("2026-11-02 10:00")
    assert story.states("HH-1")[0] == "missed"
    story.do("acknowledge")
    assert story.due("HH-2") == date(2026, 11, 16)
    assert len(story.clocks("HH-2")) == 1


def test_the_overall_limit_caps_whatever_the_anchor_and_passes_with_it() -> None:
    story = Story("harbour-homes").at("2026-12-21 10:00").do("acknowledge")
    assert story.due("HH-2") == date(2026, 12, 29)  # twelve weeks are up on Monday 28, closed
    late = Story("harbour-homes").at("2027-01-11 10:00").do("acknowledge").at("2027-01-11 10:00")
    assert late.states("HH-2") == ["missed", "running"]


def test_going_up_stops_the_clocks_of_the_stage_below() -> None:
    story = Story().do("allocate").do("record_contact")
    story.do("escalate", Role.CUSTOMER)
    assert (story.states("FO-1"), story.states("FO-3")) == (["stopped"], ["running"])
    assert story.states("FO-2") == ["running"]  # it is made at every stage
    story.do("reply").do("escalate", Role.CUSTOMER, to="complaints-team")
    assert story.states("FO-8/acknowledge") == ["met"]
    assert story.states("FO-11/reply") == ["running"]


@pytest.mark.parametrize(
    ("received", "receipt", "due"),
    [
        ("2026-10-03 10:00", "same-day", date(2026, 10, 16)),
        ("2026-10-03 10:00", "next-working-day", date(2026, 10, 19)),
        ("2026-10-05 17:00", "next-working-day", date(2026, 10, 20)),
        ("2026-10-05 16:59", "next-working-day", date(2026, 10, 19)),
        ("2026-12-18 10:00", "same-day", date(2027, 1, 6)),
        ("2028-02-15 10:00", "same-day", date(2028, 2, 29)),
    ],
)
def test_ten_working_days_from_receipt(
    received: str, receipt: Literal["same-day", "next-working-day"], due: date
) -> None:
    rules = rules_of("financial-ombudsman")
    calendar = replace(rules.calendar, receipt=receipt, version=receipt)
    story = Story(received=received, rules=unpack(pack(rules.charter, calendar)), stage="manager")
    assert story.due("FO-8/reply") == due


@pytest.mark.parametrize(
    ("escalated", "due"),
    [
        ("2026-10-31 10:00", date(2026, 12, 2)),  # a Saturday counts from Monday 2 November
        ("2026-12-24 18:00", date(2027, 1, 29)),  # after hours: from Tuesday 29 December
        ("2027-01-29 10:00", date(2027, 3, 1)),  # clipped to Sunday 28 February, then later
        ("2028-01-31 10:00", date(2028, 2, 29)),
        ("2027-03-31 10:00", date(2027, 4, 30)),
    ],
)
def test_a_month_is_clipped_and_moves_later_where_the_charter_says_so(
    escalated: str, due: date
) -> None:
    story = Story("harbour-homes", escalated)
    story.do("reply").do("escalate", Role.CUSTOMER, to="panel")
    assert story.due("HH-3") == due
