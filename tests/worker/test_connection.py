"""A worker goes on with renewed credentials, and is ready only where it is given something to do."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import grpc
import pytest
import trustme
from temporalio.api.taskqueue.v1 import TaskQueueVersioningInfo
from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.service import RPCError

from engine.connect import connect_here
from engine.dev_server import HOST, DevServer
from engine.settings import Settings
from tests.fixtures.gate import Gate
from tests.worker.conftest import PATIENCE_SECONDS, Start
from worker.connection import routing_fault
from worker.health import check_health

PATIENCE = timedelta(seconds=10)


async def until(page: str, check: str, says: str) -> None:
    """Until the health page says so of that check."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while says not in (await checks(page)).get(check, ""):  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.05)


async def checks(page: str) -> dict[str, str]:
    """What the health page says of each check."""
    _, said = await asyncio.to_thread(check_health, page)
    found: dict[str, str] = json.loads(said)["checks"]
    return found


async def carry_out(client: Client, queue: str, folder: Path) -> str:
    """What the tiny workflow answers when it is given to a worker of the queue."""
    folder.mkdir(exist_ok=True)
    (folder / "finish").touch()
    result: str = await client.execute_workflow(
        "Tiny",
        str(folder),
        id=str(uuid4()),
        task_queue=queue,
        result_type=str,
        execution_timeout=timedelta(seconds=PATIENCE_SECONDS),
    )
    return result


async def test_a_key_that_expired_is_told_and_read_anew_from_its_file(
    dev_server: DevServer, start: Start, tmp_path: Path
) -> None:
    gate, queue, file = Gate(dev_server.address, "first"), f"keyed-{uuid4()}", tmp_path / "key"
    file.write_text("first\n")
    await gate.open()
    try:
        service = await start(
            TEMPORAL_ADDRESS=gate.address,
            TEMPORAL_TLS="false",
            UPHOLD_API_KEY_FILE=str(file),
            UPHOLD_TASK_QUEUE=queue,
            UPHOLD_CREDENTIALS_CHECK_SECONDS="0.1",
        )
        page = (await service.until("health page"))["address"]
        await service.until("started")
        await until(page, "server", "ok")
        gate.key = "second"
        await until(page, "server", "does not accept these credentials")
        await until(page, "server", "the token has expired")
        await until(page, "server", "Refused 3 times")
        file.write_text("second\n")
        assert (await service.until("credentials renewed"))["times"] == 1
        await until(page, "server", "ok")
        client = await connect_here(dev_server.address, PATIENCE)
        assert await carry_out(client, queue, tmp_path / "work") == "carried out"
        file.write_text("third\n")
        refused = await service.until("credentials not renewed")
        assert "does not accept these credentials" in refused["reason"]
        assert (await checks(page))["server"] == "ok", "the old key still is"
        service.tell(signal.SIGTERM)
        service.tell(signal.SIGTERM)
        await service.code()
        late = await start(
            TEMPORAL_ADDRESS=gate.address, TEMPORAL_TLS="false", UPHOLD_API_KEY_FILE=str(file)
        )
        assert await late.code() == os.EX_NOPERM
        assert "the token has expired" in late.lines[-1]["reason"]
    finally:
        await gate.close()


@asynccontextmanager
async def guarded(gate: Gate, authority: trustme.CA, clients: trustme.CA) -> AsyncIterator[None]:
    """The gate open over TLS, to whoever shows a certificate of `clients`."""
    own = authority.issue_cert(HOST)
    chain = b"".join(blob.bytes() for blob in own.cert_chain_pems)
    await gate.open(
        grpc.ssl_server_credentials(
            [(own.private_key_pem.bytes(), chain)],
            root_certificates=clients.cert_pem.bytes(),
            require_client_auth=True,
        )
    )
    try:
        yield
    finally:
        await gate.close()


async def test_a_certificate_that_is_no_longer_taken_is_read_anew_from_its_file(
    dev_server: DevServer, start: Start, tmp_path: Path
) -> None:
    authority, first, second = trustme.CA(), trustme.CA(), trustme.CA()
    gate, queue = Gate(dev_server.address, "key"), f"certified-{uuid4()}"
    ca, certificate, key = (tmp_path / name for name in ("ca.pem", "client.pem", "client.key"))
    authority.cert_pem.write_to_path(str(ca))

    def write(issuer: trustme.CA) -> None:
        issued = issuer.issue_cert("worker.example")
        issued.private_key_pem.write_to_path(str(key))
        certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))

    write(first)
    async with guarded(gate, authority, first):
        service = await start(
            TEMPORAL_ADDRESS=gate.address,
            TEMPORAL_API_KEY="key",
            TEMPORAL_TLS_SERVER_CA_CERT_PATH=str(ca),
            TEMPORAL_TLS_CLIENT_CERT_PATH=str(certificate),
            TEMPORAL_TLS_CLIENT_KEY_PATH=str(key),
            UPHOLD_TASK_QUEUE=queue,
            UPHOLD_CREDENTIALS_CHECK_SECONDS="0.1",
        )
        page = (await service.until("health page"))["address"]
        await service.until("started")
        await until(page, "server", "ok")
    async with guarded(gate, authority, second):
        await until(page, "server", "The Temporal server at")
        write(second)
        await service.until("credentials renewed")
        await until(page, "server", "ok")
        client = await connect_here(dev_server.address, PATIENCE)
        assert await carry_out(client, queue, tmp_path / "work") == "carried out"
        service.tell(signal.SIGTERM)
        service.tell(signal.SIGTERM)
        await service.code()


async def test_a_build_is_ready_only_while_it_is_current(
    dev_server: DevServer, start: Start
) -> None:
    queue = f"routed-{uuid4()}"
    client = await connect_here(dev_server.address, PATIENCE)
    pages = {}
    for build in ("one", "two"):
        service = await start(
            UPHOLD_TASK_QUEUE=queue, UPHOLD_BUILD_ID=build, UPHOLD_DEPLOYMENT_NAME=queue
        )
        pages[build] = (await service.until("health page"))["address"]
        await service.until("started")
    unversioned = await start(UPHOLD_TASK_QUEUE=queue)
    pages["none"] = (await unversioned.until("health page"))["address"]
    await until(pages["none"], "routing", "ok")
    await until(pages["one"], "routing", "no version is current")
    await make_current(client, queue, "one")
    await until(pages["one"], "routing", "ok")
    await until(pages["two"], "routing", "the current version is build one")
    await until(pages["none"], "routing", "Set UPHOLD_BUILD_ID.")
    await make_current(client, queue, "two")
    await until(pages["two"], "routing", "ok")
    await until(pages["one"], "routing", "set-current-version")


async def make_current(client: Client, deployment: str, build: str) -> None:
    """Make that build current, as soon as the server knows it."""
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace="default",
        deployment_name=deployment,
        build_id=build,
        ignore_missing_task_queues=True,
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                await client.workflow_service.set_worker_deployment_current_version(request)
            except RPCError:
                await asyncio.sleep(0.1)  # not before its worker has polled
            else:
                return


@pytest.mark.parametrize(
    ("build", "current", "ramping", "well"),
    [
        (None, None, None, True),
        (None, "1", None, False),
        ("1", None, None, False),
        ("1", "1", None, True),
        ("1", "2", None, False),
        ("1", "2", "1", True),
        ("1", "2", "3", False),
        (None, "2", "3", False),
    ],
)
def test_which_builds_are_given_something(
    build: str | None, current: str | None, ramping: str | None, well: bool
) -> None:
    routing = TaskQueueVersioningInfo()
    for found, name in (
        (routing.current_deployment_version, current),
        (routing.ramping_deployment_version, ramping),
    ):
        if name:
            found.deployment_name, found.build_id = "uphold", name
    assert (routing_fault(Settings(build_id=build), routing) is None) == well
