"""Lists by search attributes: every filter, and values that try to break out of the query."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.errors import InvalidCommand
from domain.wire import Handler
from starter.wire.listing import Filters, Listed, quoted, to_query
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
    handler = Handler(id=f"only-{reference}", name="K Lee")
    await office.complaints.allocate(reference, MANAGER, handler)
    rows = await until_listed(office.complaints, handler=handler.id)
    assert [row.reference for row in rows] == [reference]
    (row,) = rows
    assert (row.charter, row.handler_id, row.running) == ("customer-promise", handler.id, True)
    assert row.next_due is None or row.next_due.tzinfo is not None
    for filters in (
        Filters(handler=handler.id, charter="financial-ombudsman"),
        Filters(handler=handler.id, stage="manager"),
        Filters(handler=handler.id, state="paused"),
        Filters(handler=handler.id, due_before=datetime(2020, 1, 1, tzinfo=UTC)),
    ):
        assert not await office.complaints.list(filters)


@pytest.mark.parametrize("value", INJECTIONS)
async def test_a_value_cannot_break_out_of_the_query(value: str, office: Office) -> None:
    await office.opened()
    assert await office.complaints.list(Filters(handler=value)) == []


async def test_a_handler_with_an_apostrophe_is_found(office: Office) -> None:
    reference = await office.opened()
    handler = Handler(id=f"o'brien-{reference}", name="O'Brien", phone="0300 1")
    await office.complaints.allocate(reference, MANAGER, handler)
    rows = await until_listed(office.complaints, handler=handler.id)
    assert [row.reference for row in rows] == [reference]


async def test_one_that_has_ended_is_listed_only_when_asked_for(office: Office) -> None:
    reference = (await office.ended())["reference"]

    def named(rows: list[Listed]) -> bool:
        return reference in [row.reference for row in rows]

    await until_listed(office.complaints, named, state="closed", limit=1000)
    await until_listed(office.complaints, named, closed=True, limit=1000)
    await until_listed(office.complaints, lambda rows: not named(rows), limit=1000)


async def test_one_that_is_closed_and_still_heard_is_listed_only_when_asked_for(
    office: Office,
) -> None:
    reference = await office.opened(about=["outcome"])

    def named(rows: list[Listed]) -> bool:
        return reference in [row.reference for row in rows]

    await until_listed(office.complaints, named, closed=True, limit=1000)
    await until_listed(office.complaints, lambda rows: not named(rows), limit=1000)


async def test_a_list_from_temporal_is_its_first_page_and_says_so(office: Office) -> None:
    for _ in range(2):
        await office.opened()
    await until_listed(office.complaints, lambda rows: len(rows) > 1)
    told = await office.uphold("list", "--from", "temporal", "--limit", "1", "--json")
    assert len(json.loads(told.stdout)["rows"]) == 1
    assert "more than 1, in an order of its own" in told.stderr
    told = await office.uphold("list", "--from", "temporal", "--remedies")
    assert told.exit_code == 2


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
    query = to_query(Filters("c", "s", "closed", now, "h", closed=True, missed=True))
    assert [each async for each in env.client.list_workflows(query)] == []
