"""What a report counts from the ledger is what one counts by hand over the complaints themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from domain.complaint.features.dates.extending import Extended
from domain.complaint.views.read_model import clock_standing
from domain.vocabulary import ClosedHow
from ledger.sql.ledger import SqlLedger
from reporting.model import Figures, PromiseResult, Slice
from tests.domain.playing.stories import Story, patient
from tests.reporting import by_hand
from tests.reporting.conftest import charter, report_on
from tests.reporting.played import FIRST, LAST, entry_of, played, record

PERIODS = [
    (FIRST, LAST),
    (date(2026, 1, 1), date(2027, 3, 31)),
    (date(2026, 8, 5), date(2026, 8, 5)),
]

ASSESSOR = "independent-assessor"
TURNS = ("closed", "reopened")


def as_dict(slices: tuple[Slice, ...]) -> dict[str, Figures]:
    return {one.name: one.figures for one in slices}


def test_the_year_that_is_counted_is_a_busy_one() -> None:
    found = by_hand.kept(played(), FIRST, LAST)
    assert len({one.promise for one in found}) >= 6
    assert Counter(one.status for one in found).keys() == {"in time", "late", "open"}
    assert any(one.undone for one in found)
    assert len(by_hand.extensions(played(), FIRST, LAST)) > 3
    visits = by_hand.visits(played(), ASSESSOR)
    assert {(visit.again, visit.reply is not None) for visit in visits} >= {
        (again, answered) for again in (True, False) for answered in (True, False)
    }
    assert any(_window_reopened(story) for story in played())


def _window_reopened(story: Story) -> bool:
    """Whether it closed by itself and got another window."""
    ends = [getattr(each, "how", each.kind) for each in story.events if each.kind in TURNS]
    return (ClosedHow.WINDOW_CLOSED, "reopened") in pairwise(ends)


@pytest.mark.parametrize(("first", "last"), PERIODS)
async def test_is_11_each_promise_is_counted_as_by_hand(
    year: SqlLedger, first: date, last: date
) -> None:
    report = await report_on(year, first, last)
    found = by_hand.kept(played(), first, last)
    apart = [one.key for one in charter().promises if one.estimate]
    promised = [one.key for one in charter().promises if not one.estimate]
    assert [one.key for one in report.promises] == promised
    assert [one.key for one in report.estimates] == apart
    for result in (*report.promises, *report.estimates):
        own = [one for one in found if one.promise == result.key]
        assert result.total == by_hand.figures(own), result.key
        assert as_dict(result.by_stage) == by_hand.by(own, "stage")
        assert as_dict(result.by_channel) == by_hand.by(own, "channel")
        assert as_dict(result.by_month) == by_hand.by(own, "month")


async def test_every_breakdown_adds_up_to_the_total(year: SqlLedger) -> None:
    report = await report_on(year)
    for result in report.promises:
        for slices in (result.by_stage, result.by_channel, result.by_month):
            for name in ("in_time", "late", "open", "late_and_not_done"):
                whole = getattr(result.total, name)
                assert sum(getattr(one.figures, name) for one in slices) == whole


async def test_two_periods_add_up_to_the_whole(year: SqlLedger) -> None:
    middle = date(2026, 8, 31)
    whole = await report_on(year)
    parts = [
        await report_on(year, FIRST, middle),
        await report_on(year, middle + timedelta(days=1), LAST),
    ]
    for number, result in enumerate(whole.promises):
        halves = [part.promises[number].total for part in parts]
        assert sum(half.in_time for half in halves) == result.total.in_time
        assert sum(half.late for half in halves) == result.total.late
        assert halves[1].open == result.total.open
    assert sum(part.complaints.received for part in parts) == whole.complaints.received


async def test_complaints_are_counted_as_by_hand(year: SqlLedger) -> None:
    found = (await report_on(year)).complaints
    all_of = [story.complaint for story in played()]
    came = [c for c in all_of if FIRST <= by_hand.local_day(c.opened.received_at) <= LAST]
    ended = [c for c in all_of if c.closed and FIRST <= by_hand.local_day(c.closed.at) <= LAST]
    waiting = [
        c
        for c in all_of
        if by_hand.local_day(c.opened.received_at) <= LAST
        and (c.closed is None or by_hand.local_day(c.closed.at) > LAST)
    ]
    assert (found.received, found.closed) == (len(came), len(ended))
    assert found.open_at_end == len(waiting)
    channels = Counter(str(c.opened.channel) for c in came)
    assert {one.name: one.count for one in found.by_channel} == channels
    topics = Counter(str(topic) for c in came for topic in c.opened.about)
    assert {one.name: one.count for one in found.by_topic} == topics
    outcomes = Counter(str(c.reply.outcome) if c.reply else "none" for c in ended)
    assert {one.name: one.count for one in found.outcomes} == outcomes


async def test_the_reasons_for_more_time_are_told_the_most_frequent_first(year: SqlLedger) -> None:
    told = (await report_on(year)).extensions
    keys = [f"{one.promise}/{one.part}" if one.part else one.promise for one in told]
    counted = {(key, one.reason): one.count for key, one in zip(keys, told, strict=True)}
    assert counted == by_hand.extensions(played(), FIRST, LAST)
    assert keys == sorted(
        keys, key=["FO-7/estimate", "FO-8/reply", "FO-11/reply", "FO-12/estimate"].index
    )
    for key in set(keys):
        counts = [one.count for one, of in zip(told, keys, strict=True) if of == key]
        assert counts == sorted(counts, reverse=True)


async def test_fo_13_a_charter_without_an_assessor_has_no_such_report(year: SqlLedger) -> None:
    report = await report_on(year, of=charter("customer-promise"))
    assert report.assessor is None
    assert report.empty


# --- what is easily counted wrongly ------------------------------------------------------------


def acknowledged(result: tuple[PromiseResult, ...]) -> PromiseResult:
    return next(one for one in result if one.key == "FO-8/acknowledge")


async def test_the_last_evening_of_a_month_is_counted_in_local_time(empty: SqlLedger) -> None:
    # 23:30 in London on 30 June is 22:30 UTC; half past midnight on 1 July is still June in UTC.
    june = Story(received="2026-06-29 10:00", stage="manager", reference="A").at("2026-06-30 23:30")
    july = Story(received="2026-06-30 10:00", stage="manager", reference="B").at("2026-07-01 00:30")
    await record(empty, [june.do("acknowledge"), july.do("acknowledge")])
    found = acknowledged((await report_on(empty)).promises)
    assert {one.name: one.figures.in_time for one in found.by_month} == {"2026-06": 1, "2026-07": 1}


async def test_what_was_decided_after_the_period_was_open_at_its_end(empty: SqlLedger) -> None:
    late = Story(received="2026-06-29 10:00", stage="manager", reference="A").at("2026-07-20 10:00")
    kept = Story(received="2026-06-29 10:00", stage="manager", reference="B").at("2026-07-01 10:00")
    withdrawn = Story(received="2026-06-29 10:00", stage="manager", reference="C")
    withdrawn.at("2026-07-01 10:00").do("withdraw", by="customer")
    await record(empty, [late, kept.do("acknowledge"), withdrawn])
    june = acknowledged((await report_on(empty, last=date(2026, 6, 30))).promises).total
    assert (june.in_time, june.late, june.open) == (0, 0, 3)
    both = acknowledged((await report_on(empty, last=date(2026, 7, 31))).promises).total
    assert (both.in_time, both.late, both.open, both.late_and_not_done) == (1, 1, 0, 1)


async def test_a_miss_counts_on_the_day_it_fell_due_though_it_was_noticed_later(
    empty: SqlLedger,
) -> None:
    story = Story(received="2026-06-26 10:00", stage="manager").late("2026-07-03 10:00")
    assert story.last("promise-missed").due == date(2026, 6, 30)
    await record(empty, [story])
    found = acknowledged((await report_on(empty)).promises)
    assert {one.name: one.figures.late for one in found.by_month} == {"2026-06": 1}


async def test_what_was_no_longer_owed_has_no_row_at_all(empty: SqlLedger) -> None:
    story = Story(received="2026-06-26 10:00", stage="manager").do("withdraw", by="customer")
    await record(empty, [story])
    found = acknowledged((await report_on(empty)).promises)
    assert (found.total, found.by_stage, found.by_month) == (Figures(), (), ())


async def test_a_target_is_reached_by_the_exact_share(empty: SqlLedger) -> None:
    stories = [
        Story(received="2026-06-29 10:00", stage="manager", reference=f"A{n}") for n in range(3)
    ]
    for story in stories[:2]:
        story.do("acknowledge")
    await record(empty, [story.at("2026-07-20 10:00") for story in stories])
    terms = charter()

    async def reached(target: float | None) -> tuple[bool | None, float | None]:
        promises = tuple(one.model_copy(update={"target": target}) for one in terms.promises)
        report = await report_on(empty, of=terms.model_copy(update={"promises": promises}))
        found = acknowledged(report.promises)
        return found.reached, found.total.percentage

    assert await reached(66.6) == (True, 66.6)
    assert await reached(66.7) == (False, 66.6)
    assert await reached(None) == (None, 66.6)


async def test_days_include_pauses_and_end_when_it_came_at_last(empty: SqlLedger) -> None:
    paused = Story(received="2026-06-01 10:00", stage="manager", reference="A", rules=patient()).do(
        "acknowledge"
    )
    paused.at("2026-06-03 10:00").do("pause", review_on="2026-06-20")
    paused.at("2026-06-17 10:00").do("resume").at("2026-06-18 10:00").do("reply")
    missed = Story(received="2026-06-01 10:00", stage="manager", reference="B").do("acknowledge")
    missed.at("2026-06-22 10:00").do("reply")
    for story, days in ((paused, 13), (missed, 15)):
        standing = clock_standing(story.clocks("FO-8/reply")[0], story.rules)
        assert standing.days_taken == days
    await record(empty, [paused, missed])
    report = await report_on(empty)
    found = next(one for one in report.promises if one.key == "FO-8/reply").total
    assert (found.in_time, found.late, found.median_days, found.ninetieth_days) == (1, 1, 13, 15)


async def test_a_promise_of_an_earlier_charter_is_reported_without_its_words(
    empty: SqlLedger,
) -> None:
    story = Story(received="2026-06-01 10:00", stage="manager").do("acknowledge")
    await record(empty, [story])
    terms = charter()
    fewer = terms.model_copy(update={"promises": terms.promises[:1]})
    last = (await report_on(empty, of=fewer)).promises[-2:]
    assert [(one.key, one.text) for one in last] == [
        ("FO-8/acknowledge", None),
        ("FO-8/reply", None),
    ]


async def test_a_reason_with_a_nul_and_quotes_is_told(empty: SqlLedger) -> None:
    story = Story(received="2026-06-01 10:00", stage="manager").do("acknowledge")
    story.do("extend", new_due="2026-06-18", reason='The "bank"\n\\ is slow')
    entry, last = entry_of(story), story.events[-1]
    assert isinstance(last, Extended)
    last = replace(last, reason="odd\x00 “reason”")
    await empty.record(replace(entry, events=(*entry.events[:-1], last)))
    (found,) = (await report_on(empty)).extensions
    assert found.reason is not None
    assert found.reason.startswith("odd")


async def test_reasons_beyond_the_most_frequent_are_counted_together(empty: SqlLedger) -> None:
    stories = []
    for number in range(13):
        story = Story(received="2026-06-01 10:00", stage="manager", reference=f"A{number:02}")
        story.do("extend", new_due="2026-06-18", reason=f"Reason {min(number, 11):02}")
        stories.append(story)
    await record(empty, stories)
    found = (await report_on(empty)).extensions
    assert [one.count for one in found] == [2, *[1] * 9, 2]
    assert found[0].reason == "Reason 11"
    assert found[-1].reason is None


async def test_an_empty_ledger_gives_an_empty_report(empty: SqlLedger) -> None:
    report = await report_on(empty)
    assert report.empty
    assert all(astuple(one.total)[:4] == (0, 0, 0, 0) for one in report.promises)
    assert report.assessor is not None
    assert report.assessor.received == 0


async def test_a_period_that_goes_on_says_so(empty: SqlLedger) -> None:
    report = await report_on(empty, now=datetime(2026, 11, 30, 23, tzinfo=UTC))
    assert "had not ended" in report.notes[0]
    assert "had not ended" not in (await report_on(empty)).notes[0]
