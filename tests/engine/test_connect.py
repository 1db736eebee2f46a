"""Connecting waits for a server, and says plainly what is wrong when there is none."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import trustme
from temporalio.service import TLSConfig

from engine.connect import connect, connect_as, connect_here, profile
from engine.dev_server import HOST, DevServer, free_port
from engine.errors import NamespaceMissing, ServerUnavailable, SettingsError
from engine.settings import Settings

QUICK = Settings(connect_timeout_seconds=0.6)
AT_ONCE = timedelta(seconds=0.1)


async def test_the_environment_says_where_the_server_is(
    at_server: pytest.MonkeyPatch, dev_server: DevServer
) -> None:
    client = await connect(Settings())
    assert client.service_client.config.target_host == dev_server.address
    assert client.namespace == "default"


async def test_where_no_server_is_named_the_profile_stays_as_it_was_read(
    monkeypatch: pytest.MonkeyPatch, dev_server: DevServer
) -> None:
    """A worker holds it against what it reads later, and connects anew wherever the two differ."""
    monkeypatch.setattr("engine.connect.DEFAULT_ADDRESS", dev_server.address)
    found = profile()
    await connect_as(found, timedelta(seconds=10))
    assert found == profile()


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


async def test_what_hangs_up_may_be_no_temporal_server_or_speak_tls_alone() -> None:
    async with listening() as address:
        with pytest.raises(ServerUnavailable, match="TEMPORAL_ADDRESS and TEMPORAL_TLS"):
            await connect_here(address, AT_ONCE)


async def test_a_server_that_asks_for_a_certificate_says_so_however_the_connection_ends() -> None:
    """A closed stream, a broken pipe, a reset: which of them a client sees is a race."""
    authority, clients = trustme.CA(), trustme.CA()
    async with listening(asks_for(authority, clients)) as address:
        tls = TLSConfig(server_root_ca_cert=authority.cert_pem.bytes())
        for _ in range(20):
            with pytest.raises(ServerUnavailable, match="TEMPORAL_TLS_CLIENT_CERT_PATH"):
                await connect_as({"target_host": address, "tls": tls}, AT_ONCE)


async def test_a_server_whose_certificate_is_not_trusted_is_told_as_that() -> None:
    authority, another = trustme.CA(), trustme.CA()
    async with listening(asks_for(authority, another)) as address:
        tls = TLSConfig(server_root_ca_cert=another.cert_pem.bytes())
        with pytest.raises(ServerUnavailable, match="TEMPORAL_TLS_SERVER_CA_CERT_PATH"):
            await connect_as({"target_host": address, "tls": tls}, AT_ONCE)


def asks_for(authority: trustme.CA, clients: trustme.CA) -> ssl.SSLContext:
    """TLS by a certificate of `authority`, for whoever shows one of `clients`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    context.set_alpn_protocols(["h2"])
    authority.issue_cert(HOST).configure_cert(context)
    clients.configure_trust(context)
    return context


@asynccontextmanager
async def listening(tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """The address of something that hangs up on whoever is let in."""

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, HOST, 0, ssl=tls) as stranger:
        yield f"{HOST}:{stranger.sockets[0].getsockname()[1]}"


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
