"""IS-13: the demo is played under a key ring, and nothing that it says of its customers can be read where it lies.

The mail folder is set apart: it is for people. So that the search is known to find things, it is done where nothing is
sealed as well.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from temporalio.common import MetricMeter

from charters.files import find_charter, load_charter
from demo.plan import Plan, plan_all
from demo.play import Played, play_all
from demo.premises import Premises, fresh_folder, open_premises
from demo.sample import load_sample
from domain.packing import pack_json
from ledger.keys.holds import Act
from ledger.keys.keeping.erasing import CannotErase
from ledger.opening import open_sql_ledger
from ledger.port import Listing
from ledger.sql.ledger import SqlLedger
from reporting.assemble import assemble
from reporting.model import Report
from reporting.period import Period
from sealing.beside import RING
from sealing.codec import SealingCodec
from sealing.data_keys import DataKeys
from sealing.errors import KeyDestroyed
from sealing.ring import read_ring
from starter.desk.keeping.erasing import erase_for_good, require_closed
from starter.wire.names import workflow_id
from telemetry import metrics, traces
from tests.demo.searching import Found, said_in, search
from tests.fixtures.collector import Counted, collecting

TOLD = (
    "FO-2026-000102", "FO-2026-000111", "FO-2026-000114", "CS-2026-000401", "CS-2026-000412", "IS-2026-000219",
)  # fmt: skip
"""Letters in print and by mail, calls, a helper, an address that is none, Welsh, a limit of contact, an adviser."""
APART = frozenset({"outbox", "identity", RING})
LATER = datetime(2036, 1, 1, tzinfo=UTC)
ALL_OF_IT = Period(date(2026, 1, 1), date(2035, 12, 31), "Europe/London")


def the_plans() -> tuple[Plan, ...]:
    plans = plan_all(load_sample().ahead_of(datetime.now(UTC)))
    return tuple(each for each in plans if each.opening.reference in TOLD)


@asynccontextmanager
async def played(
    folder: Path, plans: tuple[Plan, ...], sent: set[str], *, unsealed: bool = False
) -> AsyncIterator[tuple[Premises, list[Played]]]:
    """The plans, played with a server that keeps its database in the folder."""
    with fresh_folder(folder, replace=False) as place:
        database = str(folder / "temporal.sqlite3")
        async with (
            watched(sent) as interceptors,
            open_premises(
                place, unsealed=unsealed, dev_server_database_filename=database,
                interceptors=interceptors,
            ) as premises,
        ):  # fmt: skip
            done = [each async for each in play_all(premises, plans)]
            assert [each.faults for each in done if each.faults] == []
            yield premises, done


@asynccontextmanager
async def watched(sent: set[str]) -> AsyncIterator[list[Any]]:
    """Whatever is sent as a trace or counted as a metric is added to `sent` at the end."""
    counted = Counted()
    async with collecting() as collector:
        traces.use(collector.endpoint)
        metrics.use(counted)
        try:
            yield traces.interceptors()
        finally:
            await asyncio.to_thread(traces.stop)
            metrics.use(MetricMeter.noop)
    assert collector.named("StartWorkflow:Complaint")
    assert "acknowledge" in counted.labels
    sent |= counted.labels
    sent.add(b"\n".join(collector.raw).decode(errors="replace"))


async def figures(ledger: SqlLedger, plans: tuple[Plan, ...]) -> list[Report]:
    """The reports on every charter, without what is quoted in them."""
    found = []
    for name in dict.fromkeys(each.opening.charter for each in plans):
        charter = load_charter(find_charter(name))
        made = await ledger.reading(lambda c, one=charter: assemble(c, one, ALL_OF_IT, LATER))  # type: ignore[misc]
        count = sum(change.count for change in made.learning.changes)
        learnt = replace(made.learning, changes=())
        found.append(replace(made, learning=learnt, notes=(str(count),), extensions=()))
    return found


async def _erased(premises: Premises, reference: str) -> None:
    await require_closed(premises.ledger, reference)
    act = Act(
        reference=reference, what="erase", at=datetime.now(UTC), actor_id="a.clerk",
        actor_name="A Clerk", actor_role="administrator", reason="She asked for it",
    )  # fmt: skip
    await erase_for_good(premises.ledger, premises.complaints, act)


def _assert_none(found: Found, needles: frozenset[str]) -> None:
    listed = "\n".join(
        f"{needle!r}: {', '.join(sorted(found[needle]))}" for needle in sorted(found)
    )
    assert not found, f"{len(found)} of {len(needles)} can be read:\n{listed}"


@pytest.mark.slow
async def test_is_13_nothing_that_the_demo_says_is_readable_where_it_lies(tmp_path: Path) -> None:
    plans, folder, gone = the_plans(), tmp_path / "sealed", list[str]()
    needles = said_in(plans, refused=True)
    sent: set[str] = set()
    async with played(folder, plans, sent) as (premises, done):
        _assert_none(search(folder, needles, APART), needles)
        before = await figures(premises.ledger, plans)
        first = await premises.env.client.get_workflow_handle(workflow_id(TOLD[0])).fetch_history()
        for each in done:
            try:
                await _erased(premises, each.plan.opening.reference)
            except CannotErase:
                continue  # it goes on, or owes something
            gone.append(each.plan.opening.reference)
    assert TOLD[0] in gone
    assert {needle for needle in needles for text in sent if needle in text} == set()
    _assert_none(search(folder, needles, APART), needles)
    ring = read_ring(folder / RING)
    async with open_sql_ledger(f"sqlite:///{folder / 'ledger.sqlite3'}", ring) as ledger:
        assert await figures(ledger, plans) == before
        page = await ledger.complaints(where=Listing(ended=None))
        assert {row.reference for row in page.rows} == set(TOLD)
        for reference in TOLD:
            reading = ledger.events(reference)
            if reference in gone:
                with pytest.raises(KeyDestroyed):
                    await reading
            else:
                assert await reading
        argument = first.events[0].workflow_execution_started_event_attributes.input.payloads
        with pytest.raises(KeyDestroyed):
            await SealingCodec(DataKeys(ring, ledger)).decode(argument)


@pytest.mark.slow
async def test_is_13_the_search_finds_whatever_is_not_sealed(tmp_path: Path) -> None:
    plans, folder = the_plans(), tmp_path / "open"
    async with played(folder, plans, set(), unsealed=True):
        pass
    # What is refused at the door leaves no trace.
    needles = said_in(plans, refused=False)
    found = search(folder, needles, APART)
    assert needles - found.keys() == set()
    places = {place for each in found.values() for place in each}
    for file in ("temporal.sqlite3", "ledger.sqlite3"):
        assert any(place.startswith(file) for place in places), places


def test_is_13_the_search_reads_through_every_form(tmp_path: Path) -> None:
    said = "Siân's bank lost her late sister's file"
    plain = said.encode()
    forms = {
        "plain": plain,
        "wide": said.encode("utf-16-le"),
        "json": json.dumps({"said": said}).encode(),
        "url": quote_plus(said).encode(),
        "base64": b"x" + base64.b64encode(b"ab" + plain),
        "zlib": b"before" + zlib.compress(b"some" + plain) + b"behind",
        "packed": base64.b64encode(pack_json(json.dumps({"said": said}).encode())),
        "gzip": gzip.compress(plain),
    }
    for name, content in forms.items():
        (tmp_path / name).write_bytes(b"\x00\xff" + content)
    places = search(tmp_path, [said, "not said at all"])[said]
    assert {place.split(" > ")[0] for place in places} == set(forms)
