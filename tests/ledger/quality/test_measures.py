"""Measures in the ledger: the same row once, a corrected one in its place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest_asyncio

from domain.calendar.months import Month
from domain.quality.measures import (
    CallCount,
    CallFigure,
    SatisfactionFigure,
    SurveyResponse,
    all_responses,
)
from ledger.opening import open_sql_ledger
from ledger.quality.measures import (
    Kept,
    calls_by_month,
    keep_calls,
    keep_responses,
    satisfaction_by_month,
)
from ledger.sql.ledger import SqlLedger

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FIRST = date(2026, 10, 1)
CHARTER = "insolvency-service"


@pytest_asyncio.fixture
async def ledger(ledger_url: str) -> AsyncIterator[SqlLedger]:
    """An empty ledger."""
    async with open_sql_ledger(ledger_url) as opened:
        yield opened


def count(day: int = 1, period: str = "", **changed: Any) -> CallCount:
    known: dict[str, Any] = {"offered": 100, "answered": 90, "answered_within_target": 80}
    return CallCount(day=FIRST.replace(day=day), period=period, **{**known, **changed})


def response(number: int, score: int = 4, **changed: Any) -> SurveyResponse:
    return SurveyResponse(response_id=f"r-{number}", answered_on=FIRST, score=score, **changed)


async def keep(ledger: SqlLedger, *counts: CallCount, charter: str = CHARTER) -> Any:
    return await ledger.writing(lambda c: keep_calls(c, charter, counts, "calls.csv", AT))


async def keep_answers(ledger: SqlLedger, *answers: SurveyResponse) -> Kept[SurveyResponse]:
    return await ledger.writing(lambda c: keep_responses(c, CHARTER, answers, AT))


async def calls(ledger: SqlLedger, first: date, last: date) -> dict[Month, CallFigure]:
    return await ledger.reading(lambda c: calls_by_month(c, CHARTER, first, last))


async def satisfaction(
    ledger: SqlLedger, charter: str, first: date, last: date
) -> dict[Month, SatisfactionFigure]:
    return await ledger.reading(lambda c: satisfaction_by_month(c, charter, first, last))


async def test_is_1_the_same_calls_are_kept_once(ledger: SqlLedger) -> None:
    rows = [count(1), count(2, "09:00-10:00"), count(2, "10:00-11:00")]
    assert (await keep(ledger, *rows)).new == rows
    again = await keep(ledger, *rows)
    assert (again.new, again.unchanged, again.superseded) == ([], rows, [])
    found = await calls(ledger, FIRST, date(2026, 10, 31))
    assert found[Month(2026, 10)].offered == 300


async def test_is_1_a_corrected_count_takes_the_place_of_the_old(ledger: SqlLedger) -> None:
    old, new = count(1), count(1, answered_within_target=85)
    await keep(ledger, old)
    assert (await keep(ledger, new, count(2))).superseded == [(old, new)]
    found = await calls(ledger, FIRST, FIRST)
    assert found[Month(2026, 10)].answered_within_target == 85


async def test_is_1_a_day_is_counted_as_a_whole_or_by_parts(ledger: SqlLedger) -> None:
    kept = await keep(ledger, count(1), count(1, "09:00-10:00"))
    assert [(each.period, reason[:6]) for each, reason in kept.refused] == [
        ("09:00-10:00", "period")
    ]
    kept = await keep(ledger, count(1, "09:00-10:00"), count(2, "09:00-10:00"), count(2))
    assert [each.key for each in kept.new] == [(FIRST.replace(day=2), "09:00-10:00")]
    assert len(kept.refused) == 2
    found = await calls(ledger, FIRST, date(2026, 10, 31))
    assert found[Month(2026, 10)].offered == 200


async def test_is_1_calls_are_counted_by_month_and_charter(ledger: SqlLedger) -> None:
    november = replace(count(1), day=date(2026, 11, 30))
    await keep(ledger, count(1), count(31), november)
    await keep(ledger, count(1, offered=7, answered=7, answered_within_target=7), charter="other")
    found = await calls(ledger, FIRST, date(2026, 11, 30))
    assert {str(month): figure.offered for month, figure in found.items()} == {
        "2026-10": 200, "2026-11": 100
    }  # fmt: skip
    # Both ends count.
    assert await calls(ledger, date(2026, 10, 2), date(2026, 10, 30)) == {}
    assert len(await calls(ledger, date(2026, 10, 31), november.day)) == 2


async def test_is_11_responses_are_kept_once_and_corrected(ledger: SqlLedger) -> None:
    rows = [response(1), response(2, 5, reference="IS-1", comment="Diolch “mawr”, 🙂")]
    assert (await keep_answers(ledger, *rows)).new == rows
    assert (await keep_answers(ledger, *rows)).unchanged == rows
    better = replace(rows[0], score=5)
    kept = await keep_answers(ledger, better, response(3, 1))
    assert kept.superseded == [(rows[0], better)]
    found = await satisfaction(ledger, CHARTER, FIRST, FIRST)
    assert all_responses(found.values()).every_score == {1: 1, 2: 0, 3: 0, 4: 0, 5: 2}
    assert await satisfaction(ledger, "other", FIRST, FIRST) == {}


async def test_nothing_given_is_nothing_kept(ledger: SqlLedger) -> None:
    assert (await keep(ledger)).new == []
    assert (await keep_answers(ledger)).new == []


async def test_a_whole_batch_is_taken_at_once(ledger: SqlLedger) -> None:
    many = [response(number) for number in range(1000)]
    assert len((await keep_answers(ledger, *many)).new) == 1000
    assert len((await keep_answers(ledger, *many)).unchanged) == 1000
