"""Where the day of receipt is the first of the days, a plain loop over days finds every due date.

The loop asks nothing of the code: its closed days are those that Scotland publishes, typed by hand.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.charter.rules import Rules, pack, unpack
from domain.charter.terms import Within
from domain.complaint.views.read_model import clock_standing
from letters.rendering import render
from tests.domain.charter.checks.test_waiting import changed
from tests.domain.playing.stories import LONDON, Story, local, patient, rules_of

DAY = timedelta(days=1)
HOLIDAYS = {
    date(*day)
    for day in (
        (2026, 1, 1), (2026, 1, 2), (2026, 4, 3), (2026, 5, 4), (2026, 5, 25), (2026, 6, 15),
        (2026, 8, 3), (2026, 11, 30), (2026, 12, 25), (2026, 12, 28), (2027, 1, 1), (2027, 1, 4),
        (2027, 3, 26), (2027, 5, 3), (2027, 5, 31), (2027, 8, 2),
    )
}  # fmt: skip
"""The bank holidays of Scotland in 2026 and in the first months of 2027."""
PROMISED = {"SM-1": ("case-handler", 5), "SM-2/acknowledge": ("manager", 3), "SM-2/reply": ("manager", 20)}  # fmt: skip
FROM = datetime(2026, 2, 1, tzinfo=LONDON)
MINUTES = st.integers(0, 350 * 24 * 60)
RECEIPTS = MINUTES.map(lambda minutes: FROM + timedelta(minutes=minutes))
"""Any minute of a year, at night, at the weekend and at Christmas too."""
Stood = Callable[[date], bool]


def works(day: date) -> bool:
    """Whether the council works on that day."""
    return day.weekday() < 5 and day not in HOLIDAYS


def by_hand(received: date, days: int, off: Stood = lambda _: False) -> date:
    """The last of so many working days, of which the day of receipt is the first if it is one."""
    day, left = received, days
    while True:
        left -= works(day) and not off(day)
        if not left:
            return day
        day += DAY


def story_at(received: datetime, key: str, rules: Rules | None = None) -> Story:
    """A complaint at the stage that makes the promise."""
    stage = PROMISED[key][0]
    given: dict[str, Any] = {} if stage == "case-handler" else {"stage": stage}
    when = f"{received:%Y-%m-%d %H:%M}"
    return Story("scottish-model", when, rules=rules, **given)


each_promise = pytest.mark.parametrize("key", PROMISED)


@each_promise
@given(RECEIPTS)
def test_sm_1_and_sm_2_the_day_of_receipt_is_day_1(key: str, received: datetime) -> None:
    assert story_at(received, key).due(key) == by_hand(received.date(), PROMISED[key][1])


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-10-05 10:00", date(2026, 10, 9)),  # a Monday
        ("2026-10-05 23:59", date(2026, 10, 9)),
        ("2026-10-03 10:00", date(2026, 10, 9)),  # the Saturday before
        ("2026-10-04 23:59", date(2026, 10, 9)),
        ("2026-10-09 16:59", date(2026, 10, 15)),  # a Friday
        ("2026-11-30 10:00", date(2026, 12, 7)),  # Saint Andrew's Day
    ],
)
def test_sm_1_the_five_days_of_the_front_line_end_on_the_day_counted_by_hand(
    received: str, due: date
) -> None:
    assert Story("scottish-model", received).due("SM-1") == due


@each_promise
@given(RECEIPTS, st.sets(st.integers(0, 30), max_size=6))
def test_a_closure_moves_it_by_the_days_that_it_takes(
    key: str, received: datetime, ahead: set[int]
) -> None:
    story = story_at(received, key)
    days = {received.date() + number * DAY for number in ahead}
    if days:
        story.do("apply_closure", "administrator", days=sorted(map(str, days)), reason="Snow.")
    assert story.due(key) == by_hand(received.date(), PROMISED[key][1], days.__contains__)


@cache
def pausing() -> Rules:
    """The same charter, as one might write it that lets answers wait for others."""
    return patient("scottish-model")


@given(st.lists(st.integers(1, 20 * 24 * 60), unique=True, max_size=8).map(sorted))
def test_a_pause_takes_out_the_days_throughout_which_it_lasted(minutes: list[int]) -> None:
    received = datetime(2026, 10, 5, 10, tzinfo=LONDON)
    story = story_at(received, "SM-2/reply", pausing()).do("acknowledge")
    instants = [received + timedelta(minutes=each) for each in minutes]
    pauses = list(zip(instants[::2], instants[1::2], strict=False))
    for since, to in pauses:
        story.until(since).do("pause", review_on="2026-11-30").until(to).do("resume")

    def stood(day: date) -> bool:
        opens, closes = (datetime.combine(day, time(hour), LONDON) for hour in (9, 17))
        return any(since <= opens and to >= closes for since, to in pauses)

    assert story.due("SM-2/reply") == by_hand(received.date(), 20, stood)


@given(st.integers(-20 * 24 * 60, 60))
def test_a_corrected_receipt_counts_from_its_own_day(minutes: int) -> None:
    story = Story("scottish-model", "2026-10-05 10:00", opened="2026-10-05 11:00", stage="manager")
    right = datetime(2026, 10, 5, 10, tzinfo=LONDON) + timedelta(minutes=minutes)
    if minutes:
        story.do("correct", received_at=right)
    assert story.due("SM-2/reply") == by_hand(right.date(), 20)
    missed = by_hand(right.date(), 3) < date(2026, 10, 5)
    assert (story.states("SM-2/acknowledge")[0] == "missed") <= missed


def test_more_time_is_counted_from_there_and_what_follows_a_miss_as_ever() -> None:
    story = Story("scottish-model", "2026-10-05 10:00").do("extend", new_due="2026-10-16")
    assert story.due("SM-1") == by_hand(date(2026, 10, 5), 10)
    story.at("2026-10-16 17:00")
    assert story.due("SM-1") == date(2026, 10, 20)  # two working days after the Friday


def test_an_investigation_that_is_asked_for_counts_from_that_day() -> None:
    story = Story("scottish-model", "2026-10-05 10:00").at("2026-10-09 12:00")
    story.do("escalate", "customer", to="manager", received_at=local("2026-10-07 22:00"))
    assert story.due("SM-2/acknowledge") == by_hand(date(2026, 10, 7), 3) == date(2026, 10, 9)
    assert story.due("SM-2/reply") == by_hand(date(2026, 10, 7), 20)


def test_a_charter_that_comes_to_count_the_first_day_shortens_no_date_that_was_told() -> None:
    charter = rules_of("scottish-model").charter
    before = changed(charter, "SM-1", first_day_counts=False)
    story = Story(rules=unpack(pack(before, rules_of("scottish-model").calendar)))
    assert story.due("SM-1") == date(2026, 10, 12)
    (clock,) = story.clocks("SM-1")
    assert not clock.first_counts
    after = charter.model_copy(
        update={"charter": charter.charter.model_copy(update={"version": "2027.1"})}
    )
    packed = base64.b64encode(pack(after, rules_of("scottish-model").calendar)).decode()
    story.do("migrate", "administrator", to_version="2027.1", pinned=packed)
    assert story.complaint.rules.promises["SM-1"].promise.first_day_counts
    assert story.due("SM-1") == date(2026, 10, 12)
    assert "included" not in proof(story)


def proof(story: Story) -> str:
    """How the ledger says that the answer at the front line was counted."""
    return clock_standing(story.clock("SM-1"), story.complaint.rules).proof


@pytest.mark.parametrize("received", ["2026-10-05 10:00", "2026-10-03 10:00", "2026-10-04 22:00"])
def test_the_proof_names_the_first_day_to_staff_and_customer_in_both_languages(
    received: str,
) -> None:
    counted = (
        "5 working days from Monday 5 October 2026, that day included, to Friday 9 October 2026."
    )
    assert proof(Story("scottish-model", received)) == counted
    for language, said in (
        ("en", counted),
        ("cy", "5 diwrnod gwaith o ddydd Llun 5 Hydref 2026, gan gynnwys y diwrnod hwnnw, hyd at ddydd Gwener 9 Hydref 2026."),
    ):  # fmt: skip
        story = Story("scottish-model", received, complainant_language=language).do("acknowledge")
        letter = render(story.sent("acknowledgement", "customer")[-1]).body
        assert said in " ".join(letter.split())


def test_after_a_pause_the_proof_says_what_was_used_and_names_no_first_day_again() -> None:
    story = Story(received="2026-10-05 10:00", rules=pausing())
    story.at("2026-10-06 10:00").do("pause", review_on="2026-10-20")
    story.at("2026-10-09 10:00").do("resume")
    assert story.due("SM-1") == by_hand(
        date(2026, 10, 5), 5, {date(2026, 10, 7), date(2026, 10, 8)}.__contains__
    )
    assert "included" not in proof(story)
    assert "Of 5 working days, 2 days had been used before that." in proof(story)


@pytest.mark.parametrize(
    ("within", "due"),
    [
        (Within(calendar_days=10), date(2026, 10, 14)),
        (Within(weeks=2), date(2026, 10, 16)),  # Sunday the 18th is closed
    ],
)
def test_days_of_the_calendar_and_weeks_can_begin_with_the_first_day_too(
    within: Within, due: date
) -> None:
    charter = changed(rules_of("scottish-model").charter, "SM-1", within=within, extension=None)
    story = Story(rules=unpack(pack(charter, rules_of("scottish-model").calendar)))
    assert story.due("SM-1") == due
    assert "from Monday 5 October 2026, that day included, to " in proof(story)
