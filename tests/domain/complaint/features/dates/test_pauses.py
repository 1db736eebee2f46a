"""Pauses and extensions: what was spent is kept exactly, in the unit of the budget."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.clocks.proof import proof_of
from domain.complaint.views.read_model import clock_standing
from domain.vocabulary import Role
from tests.domain.playing.stories import Story, local, patient


def at_manager(received: str = "2026-10-05 10:00") -> Story:
    """A complaint at the manager's stage, acknowledged: due in ten working days, which may pause."""
    return Story(received=received, stage="manager", rules=patient()).do("acknowledge")


def paused(story: Story, since: str, to: str) -> Story:
    """The story paused from one instant to another."""
    story.at(since).do("pause", review_on=local(to).date() + timedelta(days=1))
    return story.at(to).do("resume")


@pytest.mark.parametrize(
    ("spans", "due"),
    [
        ([("2026-12-16 10:00", "2027-01-11 10:00")], date(2027, 1, 19)),  # 3 spent, 7 left, today among them
        ([("2026-12-16 10:00", "2026-12-16 16:00")], date(2026, 12, 29)),  # the same day: no change
        ([("2026-12-16 10:00", "2026-12-17 10:00")], date(2026, 12, 29)),  # overnight: no change
        ([("2026-12-16 08:00", "2026-12-17 18:00")], date(2026, 12, 31)),  # two whole days
        ([("2026-12-16 10:00", "2026-12-18 10:00")], date(2026, 12, 30)),  # one whole day between
        ([("2026-12-19 10:00", "2026-12-20 10:00")], date(2026, 12, 29)),  # over a weekend: none
        ([("2026-12-24 16:00", "2026-12-29 10:00")], date(2026, 12, 29)),  # Christmas and a weekend: none
        (
            [("2026-12-14 10:00", "2026-12-15 10:00"), ("2026-12-16 10:00", "2026-12-18 10:00"),
             ("2026-12-30 10:00", "2027-01-05 10:00")],
            date(2027, 1, 5),
        ),
    ],
)  # fmt: skip
def test_time_spent_is_kept_over_christmas(spans: list[tuple[str, str]], due: date) -> None:
    story = at_manager("2026-12-11 10:00")
    assert story.due("FO-8/reply") == date(2026, 12, 29)
    for since, to in spans:
        paused(story, since, to)
    assert story.due("FO-8/reply") == due
    clock = story.clock("FO-8/reply")
    calendar = story.rules.calendar
    used = calendar.working_days_between(clock.start_day, due)
    assert clock.spent + used == 10


@pytest.mark.parametrize(
    ("to", "due"),
    [
        ("2026-10-19 16:00", date(2026, 10, 19)),
        ("2026-10-21 10:00", date(2026, 10, 21)),
        ("2026-10-21 18:00", date(2026, 10, 22)),  # the day is over: it would be missed at once
        ("2026-10-24 10:00", date(2026, 10, 26)),  # a Saturday
    ],
)
def test_a_clock_paused_on_its_last_day_still_has_that_day(to: str, due: date) -> None:
    story = paused(at_manager(), "2026-10-19 15:00", to)
    assert story.due("FO-8/reply") == due
    story.at(to)
    assert story.states("FO-8/reply") == ["running"]


def test_pausing_every_night_gains_nothing() -> None:
    story = at_manager()
    for day in range(5, 16):
        paused(story, f"2026-10-{day:02} 16:59", f"2026-10-{day + 1:02} 09:00")
    assert story.due("FO-8/reply") == date(2026, 10, 19)


def test_a_pause_before_day_0_spends_nothing() -> None:
    story = Story("harbour-homes", "2026-10-02 18:00").do("acknowledge")
    assert story.clock("HH-4").day_zero == date(2026, 10, 2)
    story = Story("harbour-homes", "2026-10-03 10:00")  # a Saturday: day 0 is Monday
    story.do("reply", outcome="not-upheld").do("escalate", Role.CUSTOMER, to="panel")
    paused(story, "2026-10-03 12:00", "2026-10-04 12:00")
    assert story.due("HH-3") == date(2026, 11, 5)
    paused(story, "2026-10-04 13:00", "2026-10-07 12:00")
    assert story.due("HH-3") == date(2026, 11, 6)  # Monday is day 0, and Tuesday did not count


@pytest.mark.parametrize(
    ("since", "to", "due"),
    [
        ("2026-10-12 10:00", "2026-10-15 10:00", date(2026, 11, 9)),  # 5 + 3 is a Sunday
        ("2026-11-05 10:00", "2026-11-05 18:00", date(2026, 11, 6)),
        ("2026-11-05 10:00", "2026-11-07 10:00", date(2026, 11, 9)),
    ],
)
def test_a_budget_of_months_moves_by_the_days_of_the_pause(since: str, to: str, due: date) -> None:
    story = Story("harbour-homes").do("acknowledge").do("reply")
    story.do("escalate", Role.CUSTOMER, to="panel")
    assert story.due("HH-3") == date(2026, 11, 5)
    paused(story, since, to)
    assert story.due("HH-3") == due
    story.at(to)
    assert story.states("HH-3") == ["running"]


def test_only_the_clocks_that_may_pause_do() -> None:
    story = Story(stage="manager", rules=patient()).do("record_contact").do("pause")
    assert story.states("FO-8/reply") == ["paused"]
    assert story.states("FO-8/acknowledge") == ["running"]
    assert story.states("FO-3") == ["running"]


def test_a_clock_that_starts_during_a_pause_starts_paused() -> None:
    story = Story("harbour-homes").do("record_contact", channel="letter", from_whom="mp")
    story.do("pause", review_on="2026-12-01").do("acknowledge")
    assert story.states("HH-2") == ["paused"]
    story.at("2026-10-12 10:00").do("resume")
    assert story.due("HH-2") == date(2026, 10, 23)


def test_going_up_ends_the_pause() -> None:
    story = Story(rules=patient(all_of_it=True)).do("allocate").do("pause")
    story.do("escalate", Role.CUSTOMER)
    assert story.complaint.pause is None
    assert story.states("FO-8/reply") == ["running"]


def test_a_pause_ends_with_the_day_of_its_review_unless_it_is_renewed() -> None:
    story = at_manager().do("pause", review_on="2026-10-12").at("2026-10-12 09:00")
    assert story.told()[-1] == "review-due to manager"
    story.do("pause", review_on="2026-10-16", reason="It needs another week.")
    assert story.told()[-1] == "still-waiting to customer"
    story.at("2026-10-16 23:59")
    assert (story.state, story.states("FO-8/reply")) == ("paused", ["paused"])
    story.at("2026-10-19 09:00")
    assert (story.state, story.states("FO-8/reply")) == ("acknowledged", ["running"])
    assert story.kinds.count("review-fell-due") == 2
    assert story.told()[-1] == "resumed to customer"
    assert story.due("FO-8/reply") == date(2026, 10, 30)  # the whole day of the pause had counted


def test_a_pause_ends_at_its_review_also_where_nobody_was_awake() -> None:
    story = at_manager().do("pause", review_on="2026-10-12").late("2026-12-01 10:00")
    assert story.states("FO-8/reply")[0] == "missed"
    assert story.clocks("FO-8/reply")[0].due_when_ended == date(2026, 10, 26)


def test_no_pause_moves_the_overall_limit() -> None:
    story = Story("harbour-homes").do("acknowledge").at("2026-10-06 10:00")
    story.do("pause", review_on="2026-12-24").at("2026-12-24 10:00")
    story.do("pause", review_on="2027-02-01").at("2026-12-29 16:59")
    assert story.states("HH-2") == ["paused"]
    story.at("2026-12-29 17:00")
    assert story.states("HH-2") == ["missed", "running"]


# --- extensions -----------------------------------------------------------------------------------


def test_an_extension_supersedes_the_old_date_and_keeps_it_on_record() -> None:
    story = at_manager().do("extend", new_due="2026-10-28")
    clock = story.clock("FO-8/reply")
    assert (story.due("FO-8/reply"), clock.superseded) == (
        date(2026, 10, 28),
        (date(2026, 10, 19),),
    )
    facts = story.sent("more-time")[0].facts
    assert (facts["old_due"], facts["new_due"]) == ("2026-10-19", "2026-10-28")
    assert "Monday 19 October 2026" in proof_of(clock, story.rules).sentence
    standing = clock_standing(clock, story.rules)
    assert (standing.extensions, standing.superseded) == (1, (date(2026, 10, 19),))


def test_an_extended_clock_is_warned_of_again() -> None:
    story = at_manager().at("2026-10-16 10:00").do("extend", new_due="2026-10-28")
    story.at("2026-10-27 10:00")
    assert story.kinds.count("promise-warned") == 2


def test_an_extension_then_a_pause_keeps_both() -> None:
    story = at_manager().do("extend", new_due="2026-10-28")
    paused(story, "2026-10-20 10:00", "2026-10-22 10:00")
    assert story.due("FO-8/reply") == date(2026, 10, 29)


def test_a_pause_then_an_extension_keeps_both() -> None:
    story = paused(at_manager(), "2026-10-12 10:00", "2026-10-14 10:00")
    assert story.due("FO-8/reply") == date(2026, 10, 20)
    story.do("extend", new_due="2026-10-28")
    assert story.due("FO-8/reply") == date(2026, 10, 28)
    assert story.clock("FO-8/reply").superseded == (date(2026, 10, 20),)


def test_a_budget_of_months_can_be_extended_and_paused() -> None:
    story = Story("harbour-homes").do("acknowledge").do("reply")
    story.do("escalate", Role.CUSTOMER, to="panel").do("extend", new_due="2026-11-12")
    assert story.due("HH-3") == date(2026, 11, 12)
    paused(story, "2026-11-02 10:00", "2026-11-06 10:00")
    assert story.due("HH-3") == date(2026, 11, 16)
    story.do("extend", new_due="2026-11-24")
    assert story.due("HH-3") == date(2026, 11, 24)
    assert story.clock("HH-3").superseded == (date(2026, 11, 5), date(2026, 11, 16))
    assert proof_of(story.clock("HH-3"), story.rules).sentence == (
        "47 calendar days from Monday 5 October 2026, to Tuesday 24 November 2026. Our work was on"
        " hold, and these days do not count: Tuesday 3 November 2026 to Thursday 5 November 2026."
        " Before more time was needed it was due on Monday 16 November 2026."
    )


def test_the_proof_of_extended_months_does_not_say_that_they_end_on_the_agreed_date() -> None:
    story = Story("harbour-homes").do("acknowledge").do("reply")
    story.do("escalate", Role.CUSTOMER, to="panel").do("extend", new_due="2026-11-12")
    assert proof_of(story.clock("HH-3"), story.rules).sentence == (
        "1 month from Monday 5 October 2026, to Thursday 5 November 2026."
        " More time was needed: the date was moved from Thursday 5 November 2026"
        " to Thursday 12 November 2026."
    )
