"""The service refuses to start half-equipped, drains its work when stopped, and says which it was."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError

from engine.connect import connect_here
from engine.dev_server import DevServer, free_port, start_dev_server
from tests.worker.conftest import PATIENCE_SECONDS, Service, Start
from worker.health import check_health

PATIENCE = timedelta(seconds=10)


async def _begun(folder: Path) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (folder / "begun").exists():  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.02)


async def _given_work(
    server: DevServer, start: Start, folder: Path, **environment: str
) -> tuple[Service, WorkflowHandle[object, str]]:
    queue = f"drain-{uuid4()}"
    service = await start(UPHOLD_TASK_QUEUE=queue, **environment)
    client: Client = await connect_here(server.address, PATIENCE)
    handle: WorkflowHandle[object, str] = await client.start_workflow(
        "Tiny", str(folder), id=f"complaint:{queue}", task_queue=queue, result_type=str
    )
    await _begun(folder)
    return service, handle


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stopping_service_drains_its_work_and_leaves_with_zero(
    dev_server: DevServer, start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    service, handle = await _given_work(dev_server, start, tmp_path)
    service.tell(number)
    await service.until("stopping")
    (tmp_path / "finish").touch()
    assert await service.code() == os.EX_OK
    assert service.lines[-1]["event"] == "stopped"
    events = [event.WhichOneof("attributes") async for event in handle.fetch_history_events()]
    assert "activity_task_completed_event_attributes" in events


async def test_what_an_activity_logs_names_the_complaint(
    dev_server: DevServer, start: Start, tmp_path: Path
) -> None:
    service, handle = await _given_work(dev_server, start, tmp_path)
    line = await service.until("carrying out")
    assert line["reference"] == handle.id.removeprefix("complaint:")
    assert line["activity"] == "carry_out"
    assert line["attempt"] == 1


async def test_a_second_signal_makes_it_leave_without_its_work(
    dev_server: DevServer, start: Start, tmp_path: Path
) -> None:
    service, _ = await _given_work(dev_server, start, tmp_path)
    service.tell(signal.SIGTERM)
    await service.until("stopping")
    service.tell(signal.SIGTERM)
    assert await service.code() == 128 + signal.SIGTERM


async def test_work_that_does_not_end_is_abandoned_after_the_time_allowed(
    dev_server: DevServer, start: Start, tmp_path: Path
) -> None:
    service, _ = await _given_work(
        dev_server, start, tmp_path, UPHOLD_GRACEFUL_SHUTDOWN_SECONDS="0.2"
    )
    service.tell(signal.SIGTERM)
    assert await service.code() == os.EX_OK


async def test_it_does_not_start_without_a_server(start: Start) -> None:
    address = f"127.0.0.1:{free_port()}"
    service = await start(TEMPORAL_ADDRESS=address, UPHOLD_CONNECT_TIMEOUT_SECONDS="0.5")
    assert await service.code() == os.EX_UNAVAILABLE
    assert address in service.lines[-1]["reason"]
    assert "TEMPORAL_ADDRESS" in service.lines[-1]["reason"]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"TEMPORAL_NAMESPACE": "nobody-made-it"}, "no namespace 'nobody-made-it'"),
        ({"TEMPORAL_NAMESPACE": "temporal-system"}, "lacks the search attributes UpholdCharter"),
        ({"UPHOLD_TEST_LEDGER": "not set up"}, "The ledger has no tables"),
    ],
)
async def test_it_does_not_start_where_something_is_not_set_up(
    start: Start, environment: dict[str, str], said: str
) -> None:
    service = await start(**environment)
    assert await service.code() == os.EX_CONFIG
    assert service.lines[-1]["event"] == "not started"
    assert said in service.lines[-1]["reason"]
    assert "uphold setup" in service.lines[-1]["reason"]


async def test_it_does_not_start_with_a_setting_that_does_not_exist(start: Start) -> None:
    service = await start(UPHOLD_TASK_QUEU="typing error")
    assert await service.code() == os.EX_CONFIG
    assert "UPHOLD_TASK_QUEU: no such setting" in str(service.lines)


async def test_it_does_not_start_where_its_health_page_cannot_listen(
    dev_server: DevServer, start: Start
) -> None:
    taken = dev_server.address.rpartition(":")[2]
    service = await start(UPHOLD_HEALTH_PORT=taken)
    assert await service.code() == os.EX_CONFIG
    assert "UPHOLD_HEALTH_PORT" in service.lines[-1]["reason"]


async def test_told_to_stop_while_it_waits_for_a_server_it_leaves_with_zero(start: Start) -> None:
    service = await start(TEMPORAL_ADDRESS=f"127.0.0.1:{free_port()}")
    await service.until("waiting for the server")
    service.tell(signal.SIGTERM)
    assert await service.code() == os.EX_OK


async def test_it_is_ready_until_its_server_is_gone(start: Start, tmp_path: Path) -> None:
    async with start_dev_server(tmp_path / "temporal.db") as server:
        service = await start(TEMPORAL_ADDRESS=server.address)
        page = (await service.until("health page"))["address"]
        await service.until("started")
        await _until_ready(page)
    ready, said = await asyncio.to_thread(check_health, page)
    assert not ready
    assert json.loads(said)["checks"]["ledger"] == "ok"
    assert json.loads(said)["checks"]["server"] != "ok"
    service.tell(signal.SIGTERM)
    service.tell(signal.SIGTERM)


async def test_a_versioned_worker_takes_work_once_its_version_is_current(
    dev_server: DevServer, start: Start, tmp_path: Path
) -> None:
    from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest

    queue = f"versioned-{uuid4()}"
    service = await start(
        UPHOLD_TASK_QUEUE=queue, UPHOLD_BUILD_ID="one", UPHOLD_DEPLOYMENT_NAME=queue
    )
    assert (await service.until("started"))["build_id"] == "one"
    client = await connect_here(dev_server.address, PATIENCE)
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace="default", deployment_name=queue, build_id="one"
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                await client.workflow_service.set_worker_deployment_current_version(request)
            except RPCError:
                # The server does not know the version before its worker's first poll.
                await asyncio.sleep(0.1)
            else:
                break
    (tmp_path / "finish").touch()
    result = await client.execute_workflow(
        "Tiny",
        str(tmp_path),
        id=queue,
        task_queue=queue,
        result_type=str,
        execution_timeout=timedelta(seconds=PATIENCE_SECONDS),
    )
    assert result == "carried out"
    service.tell(signal.SIGTERM)
    assert await service.code() == os.EX_OK


async def _until_ready(page: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (await asyncio.to_thread(check_health, page))[0]:  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.05)
