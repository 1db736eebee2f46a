"""Due days and their proofs, against a calendar typed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.calendar.budget import Budget, Unit
from domain.calendar.counting import Skipped, day_zero, due_day, explain
from domain.calendar.pinned import BeyondCalendar, Calendar
from tests.domain.playing.england import ENGLAND, LATER, NEXT_DAY

TEN = Budget(Unit.WORKING_DAYS, 10)
NEXT = Budget(Unit.END_OF_NEXT_WORKING_DAY, 1)


def months(amount: int) -> Budget:
    return Budget(Unit.MONTHS, amount)


def calendar_days(amount: int) -> Budget:
    return Budget(Unit.CALENDAR_DAYS, amount)


def working_days(amount: int) -> Budget:
    return Budget(Unit.WORKING_DAYS, amount)


@pytest.mark.parametrize(
    ("calendar", "due"),
    [(ENGLAND, date(2026, 10, 16)), (NEXT_DAY, date(2026, 10, 19))],
    ids=["same-day", "next-working-day"],
)
def test_ten_working_days_from_a_saturday_end_as_the_receipt_rule_says(
    calendar: Calendar, due: date
) -> None:
    saturday = datetime(2026, 10, 3, 10, tzinfo=UTC)
    assert due_day(calendar, day_zero(calendar, saturday, TEN), TEN) == due


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        (date(2026, 10, 5), 1, date(2026, 10, 6)),
        (date(2026, 10, 9), 1, date(2026, 10, 12)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Easter
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Christmas Day is a Friday
        (date(2026, 12, 18), 10, date(2027, 1, 6)),
        (date(2027, 12, 24), 1, date(2027, 12, 29)),  # Christmas Day is a Saturday
        (date(2027, 12, 24), 4, date(2028, 1, 4)),
        (date(2028, 2, 25), 2, date(2028, 2, 29)),  # leap year
        (date(2027, 2, 25), 2, date(2027, 3, 1)),
        (date(2026, 10, 3), 0, date(2026, 10, 3)),
        (date(2026, 11, 20), 20, date(2026, 12, 18)),
    ],
)
def test_working_days_skip_weekends_and_bank_holidays(start: date, amount: int, due: date) -> None:
    assert due_day(ENGLAND, start, working_days(amount)) == due


@pytest.mark.parametrize(
    ("start", "amount", "earlier", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 27), date(2026, 3, 2)),  # 28 February, Saturday
        (date(2028, 1, 31), 1, date(2028, 2, 29), date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 26), date(2027, 3, 1)),  # 28 February, Sunday
        (date(2027, 11, 30), 3, date(2028, 2, 29), date(2028, 2, 29)),
        (date(2028, 2, 29), 6, date(2028, 8, 29), date(2028, 8, 29)),
        (date(2026, 11, 25), 1, date(2026, 12, 24), date(2026, 12, 29)),  # Christmas Day
        (date(2026, 12, 31), 1, date(2027, 1, 29), date(2027, 2, 1)),
        (date(2026, 5, 31), 12, date(2027, 5, 28), date(2027, 6, 1)),
    ],
)
def test_months_clip_to_the_months_end_and_settle_by_the_closed_day_rule(
    start: date, amount: int, earlier: date, later: date
) -> None:
    assert due_day(ENGLAND, start, months(amount)) == earlier
    assert due_day(LATER, start, months(amount)) == later


def test_moving_earlier_never_takes_the_whole_budget_away() -> None:
    thursday = date(2026, 12, 24)
    assert due_day(ENGLAND, thursday, calendar_days(1)) == date(2026, 12, 29)
    assert due_day(ENGLAND, thursday, calendar_days(6)) == date(2026, 12, 30)
    assert ENGLAND.settle(date(2026, 12, 25), not_before=date(2026, 12, 23)) == thursday


def test_calendar_days_count_closed_days_and_end_on_an_open_one() -> None:
    assert due_day(ENGLAND, date(2026, 10, 5), calendar_days(14)) == date(2026, 10, 19)
    assert due_day(ENGLAND, date(2026, 10, 3), calendar_days(14)) == date(2026, 10, 16)
    assert due_day(LATER, date(2026, 10, 3), calendar_days(14)) == date(2026, 10, 19)


@pytest.mark.parametrize("calendar", [ENGLAND, NEXT_DAY], ids=["same-day", "next-working-day"])
@pytest.mark.parametrize(
    ("instant", "due"),
    [
        (datetime(2026, 10, 3, 10, tzinfo=UTC), date(2026, 10, 5)),
        (datetime(2026, 10, 5, 22, 30, tzinfo=UTC), date(2026, 10, 6)),
        (datetime(2026, 10, 5, 23, 30, tzinfo=UTC), date(2026, 10, 7)),  # already the 6th there
        (datetime(2026, 4, 2, 18, tzinfo=UTC), date(2026, 4, 7)),
    ],
)
def test_the_end_of_the_next_working_day_ignores_the_receipt_rule(
    calendar: Calendar, instant: datetime, due: date
) -> None:
    assert due_day(calendar, day_zero(calendar, instant, NEXT), NEXT) == due


@pytest.mark.parametrize("budget", [TEN, months(1), calendar_days(8)], ids=str)
def test_counting_past_the_horizon_says_from_where_and_until_when(budget: Budget) -> None:
    with pytest.raises(BeyondCalendar) as caught:
        due_day(ENGLAND, date(2028, 12, 27), budget)
    assert caught.value.last_day == date(2028, 12, 31)
    assert caught.value.version == "england-by-hand"
    assert "Sunday 31 December 2028" in str(caught.value)
    assert "england-by-hand" in str(caught.value)


def test_counting_from_before_the_calendar_is_refused_too() -> None:
    with pytest.raises(BeyondCalendar, match="Wednesday 31 December 2025"):
        due_day(ENGLAND, date(2025, 12, 31), TEN)


def test_the_last_day_of_the_data_can_still_be_reached() -> None:
    assert due_day(ENGLAND, date(2028, 12, 28), working_days(1)) == date(2028, 12, 29)


# --- proofs -----------------------------------------------------------------------------------


def said(calendar: Calendar, start: date, budget: Budget) -> str:
    return explain(calendar, start, due_day(calendar, start, budget), budget).sentence()


def test_a_proof_names_every_day_that_was_not_counted() -> None:
    proof = explain(ENGLAND, date(2026, 12, 24), date(2026, 12, 29), working_days(1))
    assert proof.counted == 1
    assert proof.skipped == (
        Skipped(date(2026, 12, 25), "Christmas Day"),
        Skipped(date(2026, 12, 26), "Saturday"),
        Skipped(date(2026, 12, 27), "Sunday"),
        Skipped(date(2026, 12, 28), "Boxing Day (substitute day)"),
    )
    assert proof.calendar_version == "england-by-hand"


@pytest.mark.parametrize(
    ("calendar", "start", "budget", "sentence"),
    [
        (
            ENGLAND,
            date(2026, 10, 3),
            TEN,
            "10 working days from Saturday 3 October 2026, to Friday 16 October 2026; "
            "not counted: 2 weekends",
        ),
        (
            ENGLAND,
            date(2026, 10, 5),
            working_days(1),
            "1 working day from Monday 5 October 2026, to Tuesday 6 October 2026",
        ),
        (
            ENGLAND,
            date(2026, 12, 18),
            TEN,
            "10 working days from Friday 18 December 2026, to Wednesday 6 January 2027; "
            "not counted: 3 weekends, Christmas Day on 25 December, "
            "Boxing Day (substitute day) on 28 December, New Year's Day on 1 January",
        ),
        (
            ENGLAND,
            date(2026, 11, 25),
            months(1),
            "1 month from Wednesday 25 November 2026, to Thursday 24 December 2026; "
            "moved earlier from Friday 25 December 2026, when we are closed: Christmas Day",
        ),
        (
            LATER,
            date(2026, 11, 30),
            months(3),
            "3 months from Monday 30 November 2026, to Monday 1 March 2027; "
            "moved later from Sunday 28 February 2027, when we are closed",
        ),
        (
            ENGLAND,
            date(2026, 10, 3),
            NEXT,
            "the end of the next working day after Saturday 3 October 2026, "
            "which is Monday 5 October 2026; not counted: 1 Sunday",
        ),
    ],
)
def test_a_proof_reads_as_one_short_sentence(
    calendar: Calendar, start: date, budget: Budget, sentence: str
) -> None:
    assert said(calendar, start, budget) == sentence


def test_a_long_closure_is_said_in_one_breath() -> None:
    shut = (*((date(2026, 10, day), "Office move") for day in (6, 7, 8)),)
    calendar = replace(ENGLAND, closures=tuple(sorted((*ENGLAND.closures, *shut))))
    assert "not counted: Office move on 3 days from 6 October to 8 October" in said(
        calendar, date(2026, 10, 5), working_days(1)
    )


def test_an_organisation_that_opens_on_saturdays_loses_only_sundays() -> None:
    calendar = replace(ENGLAND, hours=(*ENGLAND.hours[:5], (600, 720), None))
    assert due_day(calendar, date(2026, 10, 9), working_days(2)) == date(2026, 10, 12)
    assert said(calendar, date(2026, 10, 5), TEN).endswith("not counted: 1 Sunday")


def test_an_agreed_date_is_explained_without_being_called_moved() -> None:
    proof = explain(ENGLAND, date(2026, 11, 25), date(2026, 12, 30), months(1))
    assert proof.moved_from is None
    assert proof.counted == 35


# --- budgets ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (working_days(1), "1 working day"),
        (working_days(10), "10 working days"),
        (calendar_days(28), "4 weeks"),
        (months(1), "1 month"),
        (months(0), "0 months"),
        (NEXT, "the end of the next working day"),
    ],
)
def test_a_budget_says_itself(budget: Budget, words: str) -> None:
    assert str(budget) == words


@pytest.mark.parametrize(("unit", "amount"), [(Unit.MONTHS, -1), (NEXT.unit, 2)])
def test_an_impossible_budget_is_refused(unit: Unit, amount: int) -> None:
    with pytest.raises(ValueError, match=str(amount)):
        Budget(unit, amount)
