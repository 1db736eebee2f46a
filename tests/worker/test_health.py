"""The health page answers what it must, and nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from engine.dev_server import free_port
from engine.errors import LedgerUnready, SettingsError
from worker.health import Check, check_health, health_page


async def _well() -> None:
    return


async def _ledger_gone() -> None:
    raise LedgerUnready("The ledger does not answer.")


async def _broken() -> None:
    raise ZeroDivisionError("with a secret in its message")


CHECKS: dict[str, Check] = {}


@pytest_asyncio.fixture(name="page")
async def _page() -> AsyncIterator[str]:
    CHECKS.clear()
    CHECKS["worker"] = _well
    async with health_page("127.0.0.1", 0, CHECKS) as address:
        yield address


async def _send(page: str, request: bytes) -> tuple[int, dict[str, object]]:
    host, _, port = page.removeprefix("http://").rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    writer.write_eof()
    reply = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    head, _, body = reply.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    return int(head.split()[1]), json.loads(body)


async def test_a_well_worker_is_live_and_ready(page: str) -> None:
    assert await _send(page, b"GET /live HTTP/1.1\r\n\r\n") == (200, {"live": True})
    assert await _send(page, b"GET /ready HTTP/1.1\r\nHost: x\r\n\r\n") == (
        200,
        {"ready": True, "checks": {"worker": "ok"}},
    )
    ready, said = await asyncio.to_thread(check_health, page)
    assert ready
    assert json.loads(said)["ready"] is True


async def test_a_worker_without_its_ledger_is_live_and_not_ready(page: str) -> None:
    CHECKS["ledger"] = _ledger_gone
    assert (await _send(page, b"GET /live HTTP/1.1\r\n\r\n"))[0] == 200
    status, body = await _send(page, b"GET /ready HTTP/1.1\r\n\r\n")
    assert status == 503
    assert body["checks"] == {"worker": "ok", "ledger": "The ledger does not answer."}
    ready, said = await asyncio.to_thread(check_health, page)
    assert not ready
    assert "The ledger does not answer." in said


async def test_an_unforeseen_failure_is_named_without_its_message(page: str) -> None:
    CHECKS["ledger"] = _broken
    _, body = await _send(page, b"GET /ready HTTP/1.1\r\n\r\n")
    assert body["checks"] == {"worker": "ok", "ledger": "ZeroDivisionError"}


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 404),
        (b"GET /ready/../live HTTP/1.1\r\n\r\n", 404),
        (b"POST /live HTTP/1.1\r\n\r\n", 405),
        (b"hello\r\n\r\n", 400),
        (b"GET /live\r\n\r\n", 400),
        (b"GET /live HTTP/1.1\r\n", 400),
        (b"", 400),
        (b"\xff\x00 \xff HTTP/1.1\r\n\r\n", 405),
        (b"GET /live HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n", 400),
    ],
)
async def test_what_is_not_asked_for_properly_is_refused(
    page: str, request_: bytes, status: int
) -> None:
    assert (await _send(page, request_))[0] == status
    assert (await _send(page, b"GET /live HTTP/1.1\r\n\r\n"))[0] == 200


async def test_a_port_that_is_taken_is_a_wrong_setting(page: str) -> None:
    taken = int(page.rpartition(":")[2])
    with pytest.raises(SettingsError, match="UPHOLD_HEALTH_PORT"):
        async with health_page("127.0.0.1", taken, {}):
            pytest.fail("it listens on a port that is taken")
    with pytest.raises(SettingsError, match="UPHOLD_HEALTH_HOST"):
        async with health_page("a..b", 0, {}):
            pytest.fail("it listens on a name that is none")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1:8089", "http://", "http://[::1"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    ready, said = check_health(url)
    assert not ready
    assert url in said


async def test_what_is_no_health_page_is_told() -> None:
    async def other(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-other\r\n")
        writer.close()

    async with await asyncio.start_server(other, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready, said = await asyncio.to_thread(check_health, address)
    assert not ready
    assert f"No health page answers at {address}/ready: SSH-2.0-other" in said


def test_a_worker_that_is_not_there_is_told() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    ready, said = check_health(address)
    assert not ready
    assert address in said
    assert "refused" in said.lower()
