"""A reminder to staff is repeated at growing distance, whatever it is about, and four weeks apart at most."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pytest

from domain.calendar.counting import until_reminded
from domain.charter.rules import pack, unpack
from domain.notices import NoticeKind
from domain.vocabulary import Role
from tests.domain.playing.remedy_stories import RemedyStory
from tests.domain.playing.stories import SHIPPED, Story, rules_of

UNTIL = "2027-08-02 10:00"
LIMITS: dict[str, Any] = {"limits": [{"kind": "only-in-writing"}], "review_on": "2026-12-01"}
CS = "casework-standards"


def estimates() -> list[str]:
    """The charters that name an estimate, each with its key."""
    return [
        f"{charter} {key}"
        for charter in SHIPPED
        for key, rule in rules_of(charter).promises.items()
        if rule.estimate and not key.startswith("FO-12")
    ]


def gaps(asked: list[datetime], charter: str) -> list[int]:
    """The working days from each to the next."""
    calendar = rules_of(charter).calendar
    days = [calendar.local_day(each) for each in asked]
    return [calendar.working_days_between(one, other) for one, other in pairwise(days)]


def grows(found: list[int]) -> bool:
    """Whether it is asked less and less often; a closed day may take one from a gap."""
    return len(found) > 1 and found[-1] > found[0] and max(found) <= 21


@pytest.mark.parametrize("named", estimates())
def test_each_estimate_that_passes_is_followed_by_one_that_lies_further_ahead(named: str) -> None:
    charter, key = named.split()
    story = Story(charter, channel="phone" if charter[0] == "i" else "letter").at(UNTIL)
    passed = [e for e in story.events if e.kind == "estimate-passed" and e.promise == key]
    found = gaps([each.at for each in passed], charter)
    assert grows(found)
    assert len(passed) == len(story.sent(NoticeKind.ESTIMATE_PASSED, "customer")) < 14


def test_what_waits_for_an_answer_is_asked_about_less_and_less_often() -> None:
    story = Story(CS).do("acknowledge").do("reply").do("record_contact").at(UNTIL)
    asked = [each.at for each in story.events if each.kind == "answer-awaited"]
    assert gaps(asked, CS)[:6] == [2, 4, 8, 16, 20, 20]


def test_what_became_of_an_appointment_is_asked_less_and_less_often() -> None:
    story = Story(CS).do("request_appointment").do("arrange_appointment").at(UNTIL)
    asked = [each.at for each in story.events if each.kind == "appointment-outcome-due"]
    assert gaps(asked, CS)[:4] == [5, 10, 20, 20]


def test_limits_that_nobody_reviews_are_asked_about_less_and_less_often_and_anew_once_kept() -> (
    None
):
    story = Story(CS).do("restrict_contact", Role.ADMINISTRATOR, **LIMITS).at("2027-03-01 10:00")
    asked = [each.at for each in story.events if each.kind == "restriction-review-due"]
    assert gaps(asked, CS)[:3] == [5, 10, 20]
    story.do("review_restriction", Role.MANAGER, keep=True, review_on="2027-04-01").at(UNTIL)
    anew = [e.at for e in story.events if e.kind == "restriction-review-due"][len(asked) :]
    assert gaps(anew, CS)[:2] == [5, 10]


def test_a_remedy_is_reminded_of_less_and_less_often() -> None:
    story = RemedyStory().at("2028-06-01 10:00")
    missed, *_ = (each.at for each in story.events if each.kind == "remedy-missed")
    asked = [each.at for each in story.events if each.kind == "remedy-reminded"]
    found = gaps([missed, *asked], "financial-ombudsman")
    assert found[0] == 5
    assert min(found[1:]) >= 20, "each new date that passes is told as well"


@pytest.mark.parametrize(
    ("first", "found"), [(1, [1, 2, 4, 8, 16, 20, 20]), (5, [5, 10, 20, 20]), (60, [60, 60])]
)
def test_the_distance_doubles_and_never_passes_four_weeks_or_what_the_charter_says(
    first: int, found: list[int]
) -> None:
    assert [until_reminded(first, asked) for asked in range(len(found))] == found
    assert until_reminded(first, 10_000) == found[-1]


@pytest.mark.parametrize("after_end", [False, True])
def test_what_waits_when_the_calendar_ends_is_asked_about_once_that_is_refreshed(
    after_end: bool,
) -> None:
    rules = rules_of("customer-promise")
    short = replace(rules.calendar, last_day=date(2026, 11, 20), version="short")
    story = Story(rules=unpack(pack(rules.charter, short)))
    story.do("reply", outcome="not-upheld", remedies=[])
    if after_end:
        story.do("accept", "customer")
    story.at("2026-11-20 10:00").do("record_contact", channel="letter", asks_next_stage=True)
    assert story.complaint.contacts[0].ask_on
    story.late("2026-11-25 10:00")
    assert "answer-awaited" not in story.kinds
    longer = base64.b64encode(rules.packed).decode()
    story.do("refresh", "administrator", pinned=longer).at("2026-12-10 10:00")
    assert "answer-awaited" in story.kinds


def test_an_appointment_that_cannot_be_counted_keeps_no_other_from_being_reminded_of() -> None:
    rules = rules_of("customer-promise")
    short = replace(rules.calendar, last_day=date(2026, 11, 20), version="short")
    story = Story(received="2026-11-12 10:00", rules=unpack(pack(rules.charter, short)))
    story.do("acknowledge").do("request_appointment").do("request_appointment")
    story.do("arrange_appointment", appointment=1, at="2026-11-16T14:30:00+00:00")
    story.at("2026-11-17 12:00")
    assert story.complaint.appointments[0].ask_on == date(2026, 11, 24), "past the calendar"
    story.do("arrange_appointment", appointment=2, at="2026-11-19T14:30:00+00:00")
    assert story.at("2026-11-18 12:00").last("appointment-reminded").appointment == 2
