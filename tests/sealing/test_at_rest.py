"""Complaints of an organisation with a key ring: nothing of them is readable in the server's database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from engine.dev_server import embedded_environment
from engine.plugin import UpholdPlugin
from ledger.memory import MemoryLedger
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.sql.ledger import SqlLedger
from letters.channels.memory import MemoryChannel
from letters.channels.port import PermanentRefusal, TemporaryFailure
from sealing.codec import SEALED
from sealing.data_keys import DataKeys
from sealing.port import KeptKey
from sealing.ring import with_new_key
from starter.client import Complaints
from starter.wire.errors import NotAnswered
from tests.workflows.player import CUSTOMER, Case, Office, an_office, eventually, opening
from tests.workflows.season import day
from workflows.complaint import ComplaintWorkflow

SAID = "The branch lost my late sister's file"
FOUND = "We find that the branch lost the file"
SUMMARY = "She asks about her sister's file"
SECRETS = (
    *(str(value) for value in CUSTOMER.values()),
    SAID,
    FOUND,
    SUMMARY,
    "I rang in May",
    "A note about her sister",
    "her mailbox is full",
)


@asynccontextmanager
async def sealed_office(
    folder: Path, keys: DataKeys | None, ledger: SqlLedger
) -> AsyncIterator[Office]:
    given: dict[str, Any] = {
        "dev_server_database_filename": str(folder / "server.sqlite3"),
        "plugins": [UpholdPlugin(keys)],
        "log_file": folder / "server.log",
    }
    channel = MemoryChannel()
    channel.next_time(
        TemporaryFailure("her mailbox is full", "452"),
        PermanentRefusal("her mailbox is full", "552"),
    )
    async with (
        embedded_environment(**given) as env,
        an_office(env, ledger=ledger, channel=channel) as office,
    ):
        yield office


async def played(office: Office, details: str = SAID) -> Case:
    """A complaint with letters that wait and are refused, a signal, a refusal, a long history, and an end."""
    case = await office.open(details=details, stage="manager")
    await case.signal("record_contact", "customer", summary=SUMMARY)
    with pytest.raises(WorkflowUpdateFailedError):
        await case.do("reply", "customer", findings=FOUND)
    await case.do("acknowledge")
    await case.until(day(4))
    for number in range(25):
        await case.do("update", message=f"A note about her sister, {number}.")
    await case.do("reply", findings=FOUND)
    await case.do("accept", "customer")
    await case.settled()
    return case


def yesterday() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)


def lies_open(folder: Path, texts: tuple[str, ...], files: str = "server.*") -> set[str]:
    """Which of the texts stand in any of these files of the folder."""
    found = b"".join(file.read_bytes() for file in folder.glob(files))
    return {text for text in texts if text.encode() in found or text.encode("utf-16-le") in found}


async def test_nothing_of_a_complaint_is_readable_in_the_servers_database(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    await upgrade(url)
    ring = with_new_key(None, "first")
    async with open_sql_ledger(url, ring) as ledger:
        keys = DataKeys(ring, ledger)
        async with sealed_office(tmp_path, keys, ledger) as office:
            case = await played(office)
            complaints = Complaints(office.client, office.task_queue)
            now = opening("MEMO-1", details=SAID, received_at=yesterday())
            assert not (await complaints.open(now)).already
            assert (await complaints.open(now)).already
            assert (await complaints.open(now | {"details": FOUND})).differs
            await _read_and_replayed(case, keys, DataKeys(with_new_key(None, "other"), ledger))
            memo = office.client.get_workflow_handle("complaint:MEMO-1")
            described = (await memo.describe()).raw_description
            shown = described.execution_config.user_metadata.summary.data
            assert shown.startswith(b'"financial-ombudsman, received')
            kept = described.workflow_execution_info.memo.fields["opening"]
            assert kept.metadata["encoding"] == SEALED
        assert lies_open(tmp_path, SECRETS) == set()
        assert lies_open(tmp_path, SECRETS, "ledger.*") == set()
        assert lies_open(tmp_path, ("Record event 1", "Pin charter")) != set()
        ours = await keys.of("")  # people are found by it; nothing went out without context
        assert lies_open(tmp_path, (ours.id,)) == set()
        assert lies_open(tmp_path, ((await keys.of(case.reference)).id,)) != set()
        assert (await keys.of(case.reference)).id != (await keys.of("MEMO-1")).id


async def _read_and_replayed(case: Case, keys: DataKeys, others: DataKeys) -> None:
    runs = await case.runs()
    assert len(runs) > 1
    for history in runs:
        argument = history.events[0].workflow_execution_started_event_attributes.input.payloads[0]
        assert argument.metadata["encoding"] == SEALED
        replayer = Replayer(workflows=[ComplaintWorkflow], plugins=[UpholdPlugin(keys)])
        await replayer.replay_workflow(history)
    without = Replayer(workflows=[ComplaintWorkflow], plugins=[UpholdPlugin(others)])
    with pytest.raises(RuntimeError, match="put first back"):
        await without.replay_workflow(runs[0])


async def test_the_search_does_find_what_is_not_sealed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    await upgrade(url)
    async with (
        open_sql_ledger(url) as ledger,
        sealed_office(tmp_path, None, ledger) as office,
    ):
        case = await office.open(details=SAID, stage="manager")
        await case.settled()
        assert lies_open(tmp_path, SECRETS) >= {SAID, CUSTOMER["name"]}


class _SometimesAway(MemoryLedger):
    """Keys that cannot be asked for `away` times."""

    away = 0

    async def data_key(
        self, *, reference: str | None = None, key_id: str | None = None
    ) -> KeptKey | None:
        if self.away:
            self.away -= 1
            raise ConnectionError("the keys are away")
        return await super().data_key(reference=reference, key_id=key_id)


async def test_a_complaint_waits_while_the_keys_are_away_and_goes_on(
    env: WorkflowEnvironment,
) -> None:
    store, ring = _SometimesAway(), with_new_key(None, "first")
    works, asks = DataKeys(ring, store), DataKeys(ring, store)
    worker, client = (
        Client(**(env.client.config() | {"plugins": [UpholdPlugin(keys)]}))
        for keys in (works, asks)
    )
    async with an_office(env, client=worker) as office:
        complaints = Complaints(client, office.task_queue)
        await asks.of("AWAY-1")
        store.away = 3  # all of them the worker's
        await complaints.open(opening("AWAY-1", details=SAID, received_at=yesterday()))
        await eventually(lambda: _opened(complaints))
        assert store.away == 0


async def _opened(complaints: Complaints) -> bool:
    try:
        return (await complaints.status("AWAY-1")).state == "received"
    except NotAnswered:
        return False
