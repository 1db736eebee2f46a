"""Lists by search attributes: every filter, and values that try to break out of the query."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.errors import InvalidCommand
from domain.wire import Person
from starter.listing import Filters, Listed, next_due_first, quoted, to_query
from tests.starter.conftest import MANAGER, Office
from tests.starter.visibility import until_listed

INJECTIONS = [
    "x' OR UpholdCharter = 'financial-ombudsman",
    "x'' OR UpholdCharter IS NOT NULL OR UpholdStage = ''",
    "' OR '1' = '1",
    "'",
    "percent % under_score `tick` -- /* ; */",
]


async def test_each_filter_finds_what_it_names(office: Office) -> None:
    reference = await office.opened(charter="customer-promise")
    handler = Person(id=f"only-{reference}", name="K Lee")
    await office.complaints.allocate(reference, MANAGER, handler)
    rows = await until_listed(office.complaints, handler=handler.id)
    assert [row.reference for row in rows] == [reference]
    (row,) = rows
    assert (row.charter, row.handler, row.running) == ("customer-promise", handler.id, True)
    assert row.next_due is None or row.next_due.tzinfo is not None
    for filters in (
        {"charter": "financial-ombudsman"},
        {"stage": "manager"},
        {"state": "paused"},
        {"due_before": datetime(2020, 1, 1, tzinfo=UTC)},
    ):
        assert not await office.complaints.list(handler=handler.id, **filters)


@pytest.mark.parametrize("value", INJECTIONS)
async def test_a_value_cannot_break_out_of_the_query(value: str, office: Office) -> None:
    await office.opened()
    assert await office.complaints.list(handler=value) == []


async def test_a_handler_with_an_apostrophe_is_found(office: Office) -> None:
    reference = await office.opened()
    handler = Person(id=f"o'brien-{reference}", name="O'Brien")
    await office.complaints.allocate(reference, MANAGER, handler)
    rows = await until_listed(office.complaints, handler=handler.id)
    assert [row.reference for row in rows] == [reference]


async def test_one_that_has_ended_is_listed_only_when_asked_for(office: Office) -> None:
    reference = await office.opened(about=["outcome"])
    await office.complaints._handle(reference).result()

    def named(rows: list[Listed]) -> bool:
        return reference in [row.reference for row in rows]

    await until_listed(office.complaints, named, state="closed", limit=1000)
    await until_listed(office.complaints, named, closed=True, limit=1000)
    await until_listed(office.complaints, lambda rows: not named(rows), limit=1000)


async def test_of_more_than_fit_the_next_due_are_listed_whatever_the_servers_order(
    office: Office,
) -> None:
    handler = Person(id="the.one", name="The One")
    openings = [{"received_at": f"2026-0{month}-05T10:00:00+00:00"} for month in (1, 2, 3)]
    references = []
    for opening in (*openings, *reversed(openings)):
        references.append(await office.opened(**opening))
        await office.complaints.allocate(references[-1], MANAGER, handler)
    rows = await until_listed(office.complaints, lambda found: len(found) == 6, handler=handler.id)
    for limit in (1, 2, 5):
        assert await office.complaints.list(handler=handler.id, limit=limit) == rows[:limit]


async def test_a_few_are_chosen_out_of_very_many() -> None:
    due = datetime(2026, 1, 1, tzinfo=UTC)

    async def many() -> AsyncIterator[Listed]:
        for n in range(5000):
            at = due + timedelta(minutes=n * 7 % 5003) if n % 10 else None
            yield Listed(f"T-{n}", None, None, None, None, at, 0, running=True)

    everything = await next_due_first(many(), 10_000)
    assert len(everything) == 5000
    assert [row.next_due is None for row in everything] == [False] * 4500 + [True] * 500
    assert await next_due_first(many(), 3) == everything[:3]


async def test_a_list_that_is_cut_off_says_so(office: Office) -> None:
    for _ in range(2):
        await office.opened()
    await until_listed(office.complaints, lambda rows: len(rows) > 1)
    told = await office.uphold("list", "--limit", "1", "--json")
    assert len(json.loads(told.stdout)) == 1
    assert "more than 1" in told.stderr


@pytest.mark.parametrize("value", ["", "two\nlines", "\x00", "x" * 501, "back\\slash", 'a"quote'])
def test_a_value_that_no_complaint_can_have_is_refused(value: str) -> None:
    with pytest.raises(InvalidCommand, match="handler"):
        quoted("handler", value)


def test_an_instant_without_a_zone_and_an_unknown_state_are_refused() -> None:
    with pytest.raises(InvalidCommand, match="due_before"):
        to_query(Filters(due_before=datetime(2026, 1, 1)))  # noqa: DTZ001
    with pytest.raises(InvalidCommand, match=r"'lost'.*Allowed: received"):
        to_query(Filters(state="lost"))


async def test_a_query_of_every_filter_is_one_the_server_understands(
    env: WorkflowEnvironment,
) -> None:
    now = datetime.now(UTC)
    query = to_query(Filters("c", "s", "closed", now, "h", closed=True))
    assert [each async for each in env.client.list_workflows(query)] == []
