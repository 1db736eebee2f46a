"""A worker and the issuer of tokens: it waits for one that is away, and does not begin with one that cannot be it."""

from __future__ import annotations

import os
import signal

import pytest

from engine.dev_server import free_port
from tests.fixtures.issuers import Reply, a_provider, answering, reply
from tests.worker.conftest import Start

TOKENS = {"UPHOLD_IDENTITY": "tokens", "UPHOLD_LEDGER_URL": "memory://"}


async def test_it_takes_no_work_before_its_issuer_is_there_and_begins_then(start: Start) -> None:
    port = free_port()
    service = await start(
        "worker", UPHOLD_IDENTITY_ISSUER=f"http://127.0.0.1:{port}",
        UPHOLD_CONNECT_TIMEOUT_SECONDS="60", **TOKENS,
    )  # fmt: skip
    waiting = await service.until("waiting for the issuer")
    assert f"127.0.0.1:{port}/.well-known/openid-configuration cannot be read" in waiting["reason"]
    with a_provider(port):
        await service.until("started")
    service.tell(signal.SIGTERM)
    assert await service.code() == os.EX_OK


async def test_it_waits_no_longer_than_it_is_told_to(start: Start) -> None:
    service = await start(
        "worker", UPHOLD_IDENTITY_ISSUER=f"http://127.0.0.1:{free_port()}",
        UPHOLD_CONNECT_TIMEOUT_SECONDS="0", **TOKENS,
    )  # fmt: skip
    assert await service.code() == os.EX_UNAVAILABLE
    assert "The keys of the issuer at http://127.0.0.1" in service.lines[-1]["reason"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reply(status=302, location="https://elsewhere.example"), "which is not followed"),
        (reply('{"issuer": "https://elsewhere.example"}'), "it calls itself"),
    ],
)
async def test_it_does_not_begin_with_whoever_else_answers(
    start: Start, answer: Reply, words: str
) -> None:
    with answering({"/.well-known/openid-configuration": answer}) as issuer:
        service = await start("worker", UPHOLD_IDENTITY_ISSUER=issuer, **TOKENS)
        assert await service.code() == os.EX_CONFIG
    assert words in service.lines[-1]["reason"]
