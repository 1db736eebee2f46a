"""Uphold on a cluster of several processes: set up, played, restarted node by node, killed."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from ledger.port import Ledger
from letters.channels.maildir import MaildirChannel
from starter.client import Complaints
from starter.wire.listing import Filters
from tests.cluster.conftest import surroundings, uphold
from tests.cluster.nodes import TemporalCluster
from tests.faults.breakable import worker_process
from tests.faults.persistent import STEPS, assert_complete, cases_of, persist, start
from tests.workflows.player import Office, eventually

CASES = 6


def office_of(client: Client, ledger: Ledger, folder: Path, here: Mapping[str, str]) -> Office:
    """The office of the worker that runs in those surroundings."""
    env = WorkflowEnvironment.from_client(client)
    return Office(env, ledger, MaildirChannel(folder / "outbox"), here["UPHOLD_TASK_QUEUE"])


def test_setting_up_makes_all_that_is_missing_and_may_be_repeated(
    cluster: TemporalCluster, set_up: subprocess.CompletedProcess[str]
) -> None:
    assert set_up.returncode == 0, set_up.stderr
    again = uphold("setup", "--grant", "uphold", **surroundings(cluster, "uphold_owner"))
    assert again.returncode == 0, again.stderr
    assert "namespace uphold: created" in set_up.stdout
    assert "UpholdNextDue" in set_up.stdout
    made = [line for line in again.stdout.splitlines() if not line.startswith("key ")]
    assert [line for line in made if "there already" not in line] == []
    assert len(made) >= 5, "keys are made only where somebody asks for them"
    assert "UpholdNextDue" not in again.stdout


async def test_complaints_are_told_found_and_listed(
    cluster: TemporalCluster,
    client: Client,
    ledger: Ledger,
    here: Mapping[str, str],
    tmp_path: Path,
) -> None:
    office = office_of(client, ledger, tmp_path, here)
    async with worker_process(tmp_path, **here):
        told = await cases_of(office, client, 1)
        await persist(told[0], asyncio.Semaphore(0))
        await assert_complete(told, tmp_path)
        open_still = await start(client, office.task_queue, f"{office.task_queue}-open")
        complaints = Complaints(client)

        async def listed() -> list[str] | None:
            found = await complaints.list(Filters(charter="financial-ombudsman"))
            references = [each.reference for each in found]
            return references if told[0].reference not in references else None

        async def found() -> bool:
            return open_still.id.removeprefix("complaint:") in (await listed() or ())

        await eventually(found)


async def test_a_long_complaint_goes_on_in_another_history(
    client: Client, ledger: Ledger, here: Mapping[str, str], tmp_path: Path
) -> None:
    office = office_of(client, ledger, tmp_path, here)
    async with worker_process(tmp_path, **here):
        [case] = await cases_of(office, client, 1)
        for number in range(25):
            await case.do("update", message=f"Step {number}.")
        runs = await case.cut()
        assert all(len(run.events) < 300 for run in runs)
        assert (await case.kinds()).count("updated") == 25
        await case.do("withdraw", "customer")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_every_node_is_restarted_or_killed_in_turn_while_complaints_go_on(
    how: signal.Signals,
    cluster: TemporalCluster,
    client: Client,
    ledger: Ledger,
    here: Mapping[str, str],
    tmp_path: Path,
) -> None:
    await _broken_by(how, cluster, office_of(client, ledger, tmp_path, here), here, tmp_path)


async def _broken_by(
    how: signal.Signals,
    cluster: TemporalCluster,
    office: Office,
    here: Mapping[str, str],
    folder: Path,
) -> None:
    """End each node in that way and start it again, while complaints are played; nothing is lost or doubled."""
    async with worker_process(folder, **here):
        cases = await cases_of(office, office.client, CASES)
        done = asyncio.Semaphore(0)
        stories = asyncio.gather(*(persist(case, done) for case in cases))
        for node in cluster.nodes:
            await asyncio.to_thread(node.stop, how)
            await asyncio.to_thread(node.start)
            await done.acquire()  # something goes on before the next one is ended
        await stories
        await assert_complete(cases, folder)
        assert done._value == CASES * (STEPS + 3) - len(cluster.nodes)


async def test_time_is_skipped_there_too(cluster: TemporalCluster) -> None:
    from tests.fixtures.temporal import attached
    from tests.workflows.player import an_office

    async with attached(cluster.address) as env, an_office(env) as office:
        case = await office.open()
        due = datetime.fromisoformat((await case.clock("FO-3/opening"))["due_at"])
        await case.until(due + timedelta(minutes=1))
        assert "promise-missed" in await case.kinds()
