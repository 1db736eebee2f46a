"""What must hold for every start, budget and calendar rule."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.budget import Budget, Unit
from domain.calendar.counting import due_day, explain
from domain.calendar.pinned import Calendar
from tests.domain.playing.england import ENGLAND, LATER

DAYS = st.dates(ENGLAND.first_day, date(2027, 6, 30))
AMOUNTS = st.integers(0, 120)
BUDGETS = st.one_of(
    st.builds(Budget, st.just(Unit.WORKING_DAYS), st.integers(1, 120)),
    st.builds(Budget, st.just(Unit.CALENDAR_DAYS), st.integers(1, 200)),
    st.builds(Budget, st.just(Unit.MONTHS), st.integers(1, 12)),
    st.just(Budget(Unit.END_OF_NEXT_WORKING_DAY, 1)),
)
CALENDARS = st.sampled_from([ENGLAND, LATER])


def counted_by_hand(day: date, amount: int) -> date:
    closed = dict(ENGLAND.closures)
    while amount:
        day += timedelta(days=1)
        amount -= day.weekday() < 5 and day not in closed
    return day


@given(DAYS, AMOUNTS)
def test_adding_working_days_is_the_same_as_walking_the_days(day: date, amount: int) -> None:
    assert ENGLAND.add_working_days(day, amount) == counted_by_hand(day, amount)


@given(CALENDARS, DAYS, BUDGETS)
def test_a_due_day_is_a_working_day_after_the_start(
    calendar: Calendar, start: date, budget: Budget
) -> None:
    due = due_day(calendar, start, budget)
    assert calendar.is_working(due)
    assert due > start


@given(CALENDARS, DAYS, st.integers(0, 30), BUDGETS)
def test_starting_later_is_never_due_earlier(
    calendar: Calendar, start: date, days: int, budget: Budget
) -> None:
    later = start + timedelta(days=days)
    assert due_day(calendar, start, budget) <= due_day(calendar, later, budget)


@given(CALENDARS, DAYS, BUDGETS)
def test_a_bigger_budget_is_never_due_earlier(
    calendar: Calendar, start: date, budget: Budget
) -> None:
    smaller = Budget(budget.unit, budget.amount - 1)
    assert due_day(calendar, start, smaller) <= due_day(calendar, start, budget)


@given(DAYS, AMOUNTS)
def test_counting_back_what_was_added_gives_the_amount(day: date, amount: int) -> None:
    due = ENGLAND.add_working_days(day, amount)
    assert ENGLAND.working_days_between(day, due) == amount


@given(DAYS, AMOUNTS, st.integers(0, 200))
def test_a_count_split_at_any_day_ends_on_the_same_day(day: date, amount: int, part: int) -> None:
    whole = ENGLAND.add_working_days(day, amount)
    split = min(day + timedelta(days=part), whole)
    spent = ENGLAND.working_days_between(day, split)
    if spent < amount:
        assert ENGLAND.add_working_days(split, amount - spent) == whole


@given(DAYS, AMOUNTS, AMOUNTS)
def test_two_counts_in_a_row_are_one(day: date, one: int, two: int) -> None:
    halfway = ENGLAND.add_working_days(day, one)
    assert ENGLAND.add_working_days(halfway, two) == ENGLAND.add_working_days(day, one + two)


@given(DAYS, st.integers(1, 60))
def test_going_back_undoes_going_on_from_a_working_day(day: date, amount: int) -> None:
    start = ENGLAND.next_working_day(day)
    assert ENGLAND.add_working_days(ENGLAND.add_working_days(start, amount), -amount) == start


@given(CALENDARS, DAYS, BUDGETS)
def test_a_proof_accounts_for_every_day(calendar: Calendar, start: date, budget: Budget) -> None:
    due = due_day(calendar, start, budget)
    proof = explain(calendar, start, due, budget)
    assert proof.counted + len(proof.skipped) == (due - start).days
    if budget.unit is Unit.WORKING_DAYS:
        assert proof.counted == budget.amount
    assert len(proof.sentence()) < 800


@given(DAYS, st.integers(0, 24 * 60 - 1))
def test_an_instant_read_back_is_the_same_local_time_but_for_the_skipped_hour(
    day: date, minute: int
) -> None:
    local = ENGLAND.local_time(ENGLAND.instant(day, minute))
    shown = (local.date() - day).days * 1440 + local.hour * 60 + local.minute
    assert shown - minute in ({0, 60} if day.month == 3 else {0})
