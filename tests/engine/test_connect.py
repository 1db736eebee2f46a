"""Connecting waits for a server, and says plainly what is wrong when there is none."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from engine.connect import connect, connect_here
from engine.dev_server import DevServer, free_port
from engine.errors import NamespaceMissing, ServerUnavailable, SettingsError
from engine.settings import Settings

QUICK = Settings(connect_timeout_seconds=0.6)


async def test_the_environment_says_where_the_server_is(
    at_server: pytest.MonkeyPatch, dev_server: DevServer
) -> None:
    client = await connect(Settings())
    assert client.service_client.config.target_host == dev_server.address
    assert client.namespace == "default"


async def test_a_server_that_is_not_there_is_named_with_the_cause_after_the_time_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)
    told: list[str] = []
    with pytest.raises(ServerUnavailable) as caught:
        await connect(QUICK, progress=told.append)
    assert address in str(caught.value)
    assert "tried for 0.6 s" in str(caught.value)
    assert "refused" in str(caught.value).lower()
    assert told == [f"Waiting for the Temporal server at {address} …"]


async def test_something_that_is_no_temporal_server_is_no_server() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as stranger:
        port = stranger.sockets[0].getsockname()[1]
        with pytest.raises(ServerUnavailable):
            await connect_here(f"127.0.0.1:{port}", timedelta(seconds=0.6))


async def test_a_missing_namespace_is_named_with_what_to_do(at_server: pytest.MonkeyPatch) -> None:
    at_server.setenv("TEMPORAL_NAMESPACE", "nobody-made-it")
    with pytest.raises(NamespaceMissing, match=r"'nobody-made-it'.*uphold setup"):
        await connect(Settings())


async def test_a_missing_namespace_can_be_left_unchecked(at_server: pytest.MonkeyPatch) -> None:
    at_server.setenv("TEMPORAL_NAMESPACE", "nobody-made-it")
    client = await connect(Settings(), check_namespace=False)
    assert client.namespace == "nobody-made-it"


async def test_a_profile_that_does_not_exist_is_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEMPORAL_PROFILE", "nobody-wrote-it")
    with pytest.raises(SettingsError, match="nobody-wrote-it"):
        await connect(QUICK)
