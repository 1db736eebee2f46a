"""What was settled at the first contact, why things went wrong and what changed: counted at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from ledger.sql.ledger import SqlLedger
from reporting.formats.page import page
from reporting.formats.rows import as_csv
from reporting.queries.learning import CHANGES_TOLD
from reporting.sections import CauseFigures, Change, Count, FirstContact
from tests.domain.playing.stories import Story
from tests.reporting.by_hand import local_day
from tests.reporting.conftest import charter, report_on
from tests.reporting.played import FIRST, LAST, played, record

PROMISE, INSOLVENCY = "customer-promise", "insolvency-service"
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


def came(number: int, received: str, answered: str | None, **fields: Any) -> Story:
    """A complaint under the customer promise that was received and answered then."""
    story = Story(PROMISE, received, reference=f"CP-{number}", **fields)
    return story.at(answered).do("reply", remedies=[]) if answered else story


def stories() -> Iterator[Story]:
    """By phone three, of which two were settled at once; by e-mail one that was."""
    phone: dict[str, Any] = {"channel": "phone"}
    yield came(1, "2026-10-05 10:00", "2026-10-05 16:00", **phone)
    yield came(2, "2026-10-05 18:30", "2026-10-06 16:59", **phone)  # after hours: the next day
    yield came(3, "2026-10-05 10:00", "2026-10-06 09:01", **phone)  # the next morning
    yield came(4, "2026-10-10 10:00", "2026-10-12 12:00")  # on a Saturday: the Monday
    yield came(5, "2026-10-05 10:00", None, channel="letter")
    again = came(6, "2026-10-06 10:00", "2026-10-06 10:30", channel="letter")
    yield again.at("2026-10-08 10:00").do("reopen", "manager")


async def test_cp_12_what_is_settled_at_the_first_contact_is_counted_by_channel(
    empty: SqlLedger,
) -> None:
    await record(empty, list(stories()))
    report = await report_on(empty, *OCTOBER, of=charter(PROMISE))
    by_phone, by_letter, by_email = report.first_contact
    assert by_phone == FirstContact(
        channel="phone", received=3, answered_at_once=2, settled=2, percentage=66.6
    )
    assert by_letter == FirstContact(
        channel="letter", received=2, answered_at_once=1, settled=0, percentage=0.0
    ), "one waits, and one was taken up again"
    assert by_email.percentage == 100.0
    assert "first-contact,,channel,phone,settled,2" in as_csv(report)
    assert "Settled at the first contact" in page(report, charter(PROMISE))


async def test_cp_12_what_is_taken_further_was_not_settled(year: SqlLedger) -> None:
    report = await report_on(year)
    received = [s for s in played() if FIRST <= local_day(s.complaint.opened.received_at) <= LAST]
    by_channel = Counter(str(story.complaint.opened.channel) for story in received)
    assert {one.channel: one.received for one in report.first_contact} == by_channel
    for one in report.first_contact:
        assert one.received >= one.answered_at_once >= one.settled


def answered(number: int, *, about: list[str], **said: Any) -> Story:
    """A complaint to the Insolvency Service that was answered with these grounds."""
    story = Story(INSOLVENCY, reference=f"IS-{number}", about=about)
    return story.at("2026-10-07 10:00").do("reply", remedies=[], **said)


CALLS = "Every call is written down"


@pytest.mark.parametrize("promise", ["IS-14", "CP-13"])
async def test_is_14_and_cp_13_the_report_tells_why_it_went_wrong_and_what_was_changed(
    empty: SqlLedger, promise: str
) -> None:
    del promise
    few: list[Story] = [
        answered(1, about=["delay"], cause="workload", changes=[CALLS, "Two more people"]),
        answered(2, about=["delay", "communication"], cause="workload", changes=[CALLS]),
        answered(3, about=["conduct"], cause="training", changes=[], unchanged="They have left"),
        answered(4, about=["delay"], outcome="not-upheld", cause=None, changes=[]),
    ]
    await record(empty, few)
    report = await report_on(empty, *OCTOBER, of=charter(INSOLVENCY))
    assert report.learning.causes == (
        CauseFigures(
            cause="workload",
            replies=2,
            topics=(Count(name="delay", count=2), Count(name="communication", count=1)),
        ),
        CauseFigures(cause="training", replies=1, topics=(Count(name="conduct", count=1),)),
    )
    assert report.learning.changes == (
        Change(text=CALLS, cause="workload", count=2),
        Change(text="Two more people", cause="workload", count=1),
    )
    assert report.learning.unchanged == 1
    assert f"learning,workload,change,{CALLS},count,2" in as_csv(report)
    said = page(report, charter(INSOLVENCY))
    assert "What we changed because of complaints" in said
    assert CALLS in said


async def test_is_14_a_reply_of_another_period_teaches_nothing_in_this_one(
    empty: SqlLedger,
) -> None:
    await record(empty, [answered(1, about=["delay"], cause="workload")])
    report = await report_on(empty, date(2026, 11, 1), date(2026, 11, 30), of=charter(INSOLVENCY))
    assert not (report.learning.causes)
    assert not (report.learning.changes)
    assert "No answer of this period found a cause." in page(report, charter(INSOLVENCY))


async def test_is_14_beyond_the_most_frequent_changes_are_counted_together(
    empty: SqlLedger,
) -> None:
    for number in range(3):
        changes = [f"Change {number}.{each}" for each in range(20)]
        await record(empty, [answered(number, about=["delay"], changes=changes)])
    report = await report_on(empty, *OCTOBER, of=charter(INSOLVENCY))
    *told, rest = report.learning.changes
    assert len(told) == CHANGES_TOLD
    assert rest == Change(text=None, cause=None, count=60 - CHANGES_TOLD)


async def test_the_causes_of_a_year_are_those_of_its_replies(year: SqlLedger) -> None:
    report = await report_on(year)
    replies = [
        event.cause
        for story in played()
        for event in story.events
        if event.kind == "replied" and FIRST <= local_day(event.at) <= LAST
    ]
    assert {one.cause: one.replies for one in report.learning.causes} == Counter(replies)
