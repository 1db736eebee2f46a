"""FO-16: a sample is kept as it was drawn, with what was found in each case."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from domain.calendar.months import Month
from domain.charter.feature_tables import SampleCheck
from domain.errors import Refused
from domain.quality.sampling import Answer, Candidate, Item, Recipe, Sample
from ledger.opening import open_sql_ledger
from ledger.quality.samples import closed_between, keep_result, keep_sample, sample_of
from ledger.sql.ledger import SqlLedger
from tests.ledger.samples import entry, opened, standing

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OCTOBER = Month(2026, 10)
CHARTER = "financial-ombudsman"
CHECKLIST = (
    SampleCheck(id="introduced", text="Introduced, in time.", source="page.txt"),
    SampleCheck(id="explained", text="“Explained”.", source="page.txt"),
)


@pytest_asyncio.fixture
async def ledger(ledger_url: str) -> AsyncIterator[SqlLedger]:
    """An empty ledger."""
    async with open_sql_ledger(ledger_url) as opened_ledger:
        yield opened_ledger


async def sample_in(ledger: SqlLedger, month: Month = OCTOBER) -> Sample | None:
    return await ledger.reading(lambda c: sample_of(c, CHARTER, month))


async def keep(ledger: SqlLedger, given: Sample, *, replace: bool = False) -> Sample:
    return await ledger.writing(lambda c: keep_sample(c, given, replace=replace))


async def record(ledger: SqlLedger, drawn: Sample, item: Item) -> None:
    await ledger.writing(lambda c: keep_result(c, drawn, item))


def sample(*references: str, month: Month = OCTOBER, size: int = 2) -> Sample:
    return Sample(
        recipe=Recipe(charter=CHARTER, month=month, seed="é", size=size, per_handler=1),
        checklist=CHECKLIST,
        population=40,
        drawn_at=AT,
        items=tuple(Item(reference=each, handler_id="h.jones") for each in references),
    )


async def test_fo_16_a_drawn_sample_stands(ledger: SqlLedger) -> None:
    first = sample("FO-2", "FO-1")
    assert await sample_in(ledger) is None
    assert await keep(ledger, first) is first
    assert await sample_in(ledger) == first
    assert await keep(ledger, sample("FO-9")) == first
    other = sample(month=Month(2026, 9))
    await keep(ledger, other)
    assert await sample_in(ledger, other.recipe.month) == other
    assert await ledger.reading(lambda c: sample_of(c, "other", OCTOBER)) is None


async def test_fo_16_results_are_kept_with_who_found_them_and_when(ledger: SqlLedger) -> None:
    drawn = await keep(ledger, sample("FO-2", "FO-1"))
    found = replace(
        drawn.item("FO-1"),
        results={"introduced": Answer.NO, "explained": Answer.YES},
        reviewed_by="q.lee",
        reviewed_at=AT,
        note="A week late.",
    )
    await record(ledger, drawn, found)
    now = await sample_in(ledger)
    assert now is not None
    assert now.items == (drawn.items[0], found)
    assert list(now.items[1].results or {}) == ["introduced", "explained"]


async def test_fo_16_a_sample_is_drawn_anew_only_before_anybody_has_looked(
    ledger: SqlLedger,
) -> None:
    await keep(ledger, sample("FO-1"))
    larger = sample("FO-1", "FO-2", size=3)
    assert await keep(ledger, larger, replace=True) is larger
    assert await sample_in(ledger) == larger
    looked = replace(larger.items[0], results={}, reviewed_by="q.lee", reviewed_at=AT)
    await record(ledger, larger, looked)
    with pytest.raises(Refused, match="stands: 1 of its cases"):
        await keep(ledger, sample("FO-3"), replace=True)
    stands = await sample_in(ledger)
    assert stands is not None
    assert len(stands.items) == 2


async def test_fo_16_two_who_draw_at_once_get_the_same_sample(ledger: SqlLedger) -> None:
    one, two = await asyncio.gather(keep(ledger, sample("FO-1")), keep(ledger, sample("FO-2")))
    assert one == two == await sample_in(ledger)


@pytest.mark.parametrize("anew", [("FO-2",), ("FO-1",), ()])
async def test_fo_16_a_result_for_a_sample_that_was_drawn_anew_is_refused(
    ledger: SqlLedger, anew: tuple[str, ...]
) -> None:
    read = await keep(ledger, sample("FO-1"))
    stands = await keep(
        ledger, replace(sample(*anew), drawn_at=AT + timedelta(minutes=1)), replace=True
    )
    with pytest.raises(Refused, match="drawn anew"):
        await record(ledger, read, looked_at(read))
    assert await sample_in(ledger) == stands


async def test_fo_16_a_result_for_a_case_that_was_not_drawn_is_refused(ledger: SqlLedger) -> None:
    drawn = await keep(ledger, sample("FO-1"))
    with pytest.raises(Refused, match="FO-2 is not in the sample"):
        await record(ledger, drawn, replace(looked_at(drawn), reference="FO-2"))


async def test_fo_16_of_drawing_anew_and_recording_at_once_one_is_refused(
    ledger: SqlLedger,
) -> None:
    for month in (Month(2026, each) for each in range(1, 10)):
        first = await keep(ledger, sample("FO-1", month=month))
        other = replace(sample("FO-1", month=month), drawn_at=AT + timedelta(minutes=1))
        said = await asyncio.gather(
            keep(ledger, other, replace=True),
            record(ledger, first, looked_at(first)),
            return_exceptions=True,
        )
        assert [isinstance(each, Refused) for each in said].count(True) == 1
        stands = await sample_in(ledger, month)
        assert stands is not None
        assert (stands.drawn_at, stands.reviewed) in {(first.drawn_at, 1), (other.drawn_at, 0)}


def looked_at(drawn: Sample) -> Item:
    """The first case, in which nothing was found wanting."""
    results = dict.fromkeys(("introduced", "explained"), Answer.YES)
    return replace(drawn.items[0], results=results, reviewed_by="q.lee", reviewed_at=AT)


async def test_fo_16_it_is_drawn_from_what_stands_closed_since_that_month(
    ledger: SqlLedger,
) -> None:
    start, end = datetime(2026, 9, 30, 23, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    for reference, closed_at, charter in (
        ("FO-1", start, CHARTER),
        ("FO-2", end, CHARTER),
        ("FO-3", datetime(2026, 10, 31, 23, 59, tzinfo=UTC), CHARTER),
        ("FO-4", datetime(2026, 10, 9, tzinfo=UTC), "other"),
        ("FO-5", None, CHARTER),
        ("FO-6", datetime(2026, 9, 30, 22, 59, tzinfo=UTC), CHARTER),
    ):
        stands = standing(
            1, reference, closed_at=closed_at, charter=charter,
            closed_how="accepted" if closed_at else None, handler_id="h.jones",
        )  # fmt: skip
        await ledger.record(
            entry(opened(reference), reference=reference, standing=stands, clocks=(), notices=())
        )
    assert await ledger.reading(lambda c: closed_between(c, CHARTER, start, end)) == (
        Candidate(reference="FO-1", handler_id="h.jones", closed_how="accepted"),
        Candidate(reference="FO-3", handler_id="h.jones", closed_how="accepted"),
    )
