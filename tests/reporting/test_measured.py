"""Remedies, calls, satisfaction and samples in a report, from rows that are counted at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from domain.calendar.months import Month
from domain.charter.feature_tables import SampleCheck
from domain.complaint.views.standings import RemedyStanding
from domain.quality.measures import CallCount, SurveyResponse
from domain.quality.sampling import Answer, Item, Recipe, Sample
from ledger.quality.measures import keep_calls, keep_responses
from ledger.quality.samples import keep_result, keep_sample
from ledger.sql import tables
from ledger.sql.ledger import SqlLedger
from reporting.heard import Count
from reporting.model import CallFigures, CheckFigures, RemedyFigures
from tests.ledger.samples import entry, opened
from tests.ledger.samples import remedy as sample
from tests.reporting.conftest import charter, report_on
from tests.reporting.played import CHARTER

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
JUNE, DECEMBER = datetime(2026, 6, 10, 9, tzinfo=UTC), datetime(2026, 12, 10, 9, tzinfo=UTC)
INSOLVENCY = "insolvency-service"


def remedy(number: int, state: str, **changed: Any) -> RemedyStanding:
    known = {"charter": CHARTER, "due_on": date(2026, 7, 1), "promised_at": JUNE, "state": state}
    return sample(number, "A", **{**known, **changed})


async def keep(
    ledger: SqlLedger, remedies: Sequence[RemedyStanding], accepted: Mapping[int, datetime]
) -> None:
    """Records a complaint with these remedies, and when which of them were accepted."""
    events = [
        {
            "reference": "A",
            "number": number,
            "kind": "remedy-accepted",
            "at": at,
            "body": f'{{"remedy":{remedy}}}',
            "link": "",
        }
        for number, (remedy, at) in enumerate(accepted.items(), 2)
    ]
    await ledger.record(entry(opened("A"), reference="A", remedies=tuple(remedies)))
    if events:
        await ledger.writing(lambda c: c.execute(tables.events.insert(), events))


async def test_is_9_remedies_are_told_by_what_became_of_them(empty: SqlLedger) -> None:
    recommendation = {"kind": "recommendation", "stage": "independent-assessor"}
    await keep(
        empty,
        [
            remedy(1, "done", ended_at=JUNE),
            remedy(2, "done", ended_at=DECEMBER),  # after the period: owed at its end, and overdue
            remedy(3, "refused", ended_at=JUNE),
            remedy(4, "accepted", due_on=date(2027, 1, 1)),
            remedy(5, "owed"),
            remedy(6, "owed", due_on=date(2027, 1, 1)),
            remedy(7, "owed", promised_at=DECEMBER),  # promised after the period
            remedy(8, "owed", charter=INSOLVENCY),
            remedy(9, "accepted", **recommendation),
            remedy(10, "done", ended_at=JUNE, **recommendation),
            remedy(11, "owed", kind="recommendation"),
        ],
        {4: JUNE, 9: JUNE, 10: JUNE},
    )
    report = await report_on(empty)
    payment, recommended = report.remedies
    assert payment == RemedyFigures(
        kind="payment", promised=6, done=1, refused=1, accepted=1, owed=3, overdue=2
    )
    assert (recommended.promised, recommended.done, recommended.owed) == (3, 1, 1)
    assert report.assessor is not None
    assert report.assessor.recommendations == RemedyFigures(
        kind="recommendation", promised=2, done=1, refused=0, accepted=1, owed=0, overdue=1
    )


async def test_fo_13_a_recommendation_is_accepted_from_the_day_on_which_it_was(
    empty: SqlLedger,
) -> None:
    recommendation = {"kind": "recommendation", "stage": "independent-assessor"}
    october, november = datetime(2026, 10, 9, tzinfo=UTC), datetime(2026, 11, 1, 0, 0, tzinfo=UTC)
    ends = [("accepted", None), ("done", DECEMBER), ("refused", DECEMBER)]
    await keep(
        empty,
        [
            remedy(at, state, ended_at=ended, promised_at=october, **recommendation)
            for at, (state, ended) in enumerate([*ends, *ends, ("owed", None)])
        ],
        {**dict.fromkeys((0, 1, 2), november), **dict.fromkeys((3, 4, 5), october)},
    )
    found = {}
    for last in (date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31)):
        report = await report_on(empty, last=last)
        assert report.assessor is not None
        told = report.assessor.recommendations
        assert report.remedies == (told,)
        found[last.month] = (told.accepted, told.owed, told.done, told.refused)
    assert found == {10: (3, 4, 0, 0), 11: (6, 1, 0, 0), 12: (2, 1, 2, 2)}


@pytest.mark.parametrize(("now", "overdue"), [(date(2026, 7, 1), 0), (date(2026, 7, 2), 1)])
async def test_is_9_a_remedy_is_overdue_the_day_after(
    empty: SqlLedger, now: date, overdue: int
) -> None:
    await keep(empty, [remedy(1, "owed")], {})
    made = datetime(now.year, now.month, now.day, 12, tzinfo=UTC)
    (found,) = (await report_on(empty, now=made)).remedies
    assert found.overdue == overdue


def calls(day: date, offered: int, in_time: int) -> CallCount:
    return CallCount(day=day, offered=offered, answered=offered, answered_within_target=in_time)


async def keep_counts(ledger: SqlLedger, counts: Sequence[CallCount]) -> None:
    await ledger.writing(lambda c: keep_calls(c, INSOLVENCY, counts, "calls.csv", AT))


async def test_is_1_calls_are_held_against_the_charters_target(empty: SqlLedger) -> None:
    rows = [calls(date(2026, 10, 30), 1000, 900), calls(date(2026, 11, 2), 1000, 799)]
    await keep_counts(empty, rows)
    await keep_counts(empty, [calls(date(2026, 12, 1), 9, 0)])
    terms = charter(INSOLVENCY)
    found = (await report_on(empty, of=terms)).calls
    assert found is not None
    assert (found.promise, found.target, found.reached) == ("IS-1", 85, False)
    assert (found.total.offered, found.total.percentage) == (2000, 84.9)
    assert [(one.name, one.percentage) for one in found.by_month] == [
        ("2026-10", 90.0),
        ("2026-11", 79.9),
    ]
    corrected = [calls(date(2026, 11, 2), 1000, 800)]
    await keep_counts(empty, corrected)
    again = (await report_on(empty, of=terms)).calls
    assert again is not None
    assert again.reached


async def test_is_1_without_a_call_the_target_stands_unanswered(empty: SqlLedger) -> None:
    report = await report_on(empty, of=charter(INSOLVENCY))
    assert report.calls is not None
    assert report.calls.reached is None
    assert report.calls.total == CallFigures(
        name="total", offered=0, answered=0, answered_within_target=0, percentage=None
    )
    assert report.empty


async def test_without_a_target_and_calls_there_is_nothing_to_say(empty: SqlLedger) -> None:
    assert (await report_on(empty)).calls is None


async def test_is_11_satisfaction_is_told_by_score(empty: SqlLedger) -> None:
    given = {"2026-06-01": 5, "2026-11-30": 4, "2026-08-01": 1, "2026-12-01": 1}
    responses = [
        SurveyResponse(response_id=day, answered_on=date.fromisoformat(day), score=score)
        for day, score in given.items()
    ]
    await empty.writing(lambda c: keep_responses(c, INSOLVENCY, responses, AT))
    found = (await report_on(empty, of=charter(INSOLVENCY))).satisfaction
    assert found is not None
    assert (found.answers, found.mean, found.satisfied_percentage) == (3, 3.33, 66.6)
    assert found.scores == tuple(
        Count(name=str(score), count=count) for score, count in enumerate((1, 0, 0, 1, 1), start=1)
    )
    assert (await report_on(empty)).satisfaction is None


def keep_looked_at(connection: Connection, sample: Sample, looked: Sequence[Item]) -> None:
    keep_sample(connection, sample)
    for item in looked:
        keep_result(connection, sample, item)


async def test_fo_16_samples_are_told_check_by_check(empty: SqlLedger) -> None:
    checklist = tuple(
        SampleCheck(id=name, text=f"{name.title()}?", source="001")
        for name in ("introduced", "updated")
    )
    answers: list[dict[str, Answer] | None] = [
        {"introduced": Answer.YES, "updated": Answer.NO},
        {"introduced": Answer.YES, "updated": Answer.NOT_APPLICABLE},
        None,
    ]
    for month in (Month(2026, 5), Month(2026, 11)):
        recipe = Recipe(charter=CHARTER, month=month, size=3, per_handler=1)
        items = tuple(
            Item(reference=f"A{n}", handler_id="h.jones", results=given)
            for n, given in enumerate(answers)
        )
        sample = Sample(recipe=recipe, checklist=checklist, population=40, drawn_at=AT, items=items)
        looked = [replace(item, reviewed_by="q.lee", reviewed_at=AT) for item in items[:2]]
        await empty.writing(partial(keep_looked_at, sample=sample, looked=looked))
    (found,) = (await report_on(empty)).samples
    assert (found.month, found.population, found.size, found.reviewed) == ("2026-11", 40, 3, 2)
    assert found.checks == (
        CheckFigures(
            check="introduced", text="Introduced?", yes=2, no=0, not_applicable=0, percentage=100.0
        ),
        CheckFigures(
            check="updated", text="Updated?", yes=0, no=1, not_applicable=1, percentage=0.0
        ),
    )
