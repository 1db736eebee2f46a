"""The composition root builds a worker that runs complaints, or says what does not fit."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta
from mailbox import Maildir
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from engine.connect import connect_here
from engine.dev_server import DevServer
from engine.errors import SettingsError
from engine.settings import Settings
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from letters.channels.maildir import MaildirChannel
from letters.channels.smtp import SmtpChannel
from sealing.data_keys import DataKeys
from sealing.ring import with_new_key, write_ring
from tests.worker.conftest import Start
from worker.build import open_parts
from worker.leaving import channel_of, sender_of


def _opening(reference: str) -> dict[str, object]:
    return {
        "reference": reference,
        "charter": "financial-ombudsman",
        "received_at": datetime.now(UTC).isoformat(),
        "channel": "email",
        "about": ["delay"],
        "details": "Nobody has answered for six weeks.",
        "remedy_sought": "An answer.",
        "contact_so_far": "I rang in May.",
        "complainant": {
            "name": "Asha Rao",
            "email": "asha.rao@example.org",
            "preferred_channel": "email",
            "language": "en",
            "phone": None,
            "address": None,
            "adjustments": [],
        },
        "representative": None,
        "subject_case": None,
    }


async def test_the_worker_that_is_deployed_takes_a_complaint_and_drains_its_letters(
    dev_server: DevServer, start: Start, tmp_path: Path
) -> None:
    queue, reference = f"real-{uuid4()}", f"FO-{uuid4()}"
    service = await start(
        "worker",
        UPHOLD_TASK_QUEUE=queue,
        UPHOLD_LEDGER_URL="memory://",
        UPHOLD_MAILDIR=str(tmp_path / "outbox"),
    )
    await service.until("started")
    client = await connect_here(dev_server.address, timedelta(seconds=10))
    handle = await client.start_workflow(
        "Complaint", _opening(reference), id=f"complaint:{reference}", task_queue=queue
    )
    line = await service.until("notice-sent")
    assert line["reference"] == reference
    assert "asha" not in str(service.lines).lower(), "a log line names the customer"
    status = await handle.query("status")
    assert status["charter"] == "financial-ombudsman"
    service.tell(signal.SIGTERM)
    assert await service.code() == os.EX_OK
    letters = list(Maildir(tmp_path / "outbox"))
    assert {letter["X-Uphold-Reference"] for letter in letters} == {reference}
    await handle.terminate()


async def test_it_does_not_start_on_a_ledger_without_tables(start: Start, tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").touch()
    service = await start("worker", UPHOLD_LEDGER_URL=f"sqlite:///{tmp_path}/ledger.sqlite3")
    assert await service.code() == os.EX_CONFIG
    assert "uphold setup" in service.lines[-1]["reason"]


async def test_it_does_not_start_on_a_ledger_that_is_nowhere(start: Start, tmp_path: Path) -> None:
    service = await start("worker", UPHOLD_LEDGER_URL=f"sqlite:///{tmp_path}/none.sqlite3")
    assert await service.code() == os.EX_UNAVAILABLE
    assert "uphold setup" in service.lines[-1]["reason"]
    assert not (tmp_path / "none.sqlite3").exists()


async def test_it_does_not_start_on_a_ledger_that_does_not_answer(start: Start) -> None:
    service = await start(
        "worker", UPHOLD_LEDGER_URL="postgresql://uphold:hush-hush@127.0.0.1:1/uphold"
    )
    assert await service.code() == os.EX_UNAVAILABLE
    assert "hush-hush" not in str(service.lines)


async def test_it_does_not_start_on_a_ledger_that_cannot_be(start: Start) -> None:
    service = await start("worker", UPHOLD_LEDGER_URL="mysql://uphold:hush-hush@db/uphold")
    assert await service.code() == os.EX_CONFIG
    assert "ledger_url" in service.lines[-1]["reason"]
    assert "hush-hush" not in str(service.lines)


async def test_it_does_not_start_where_nobody_is_proven_unless_that_is_said(start: Start) -> None:
    service = await start("worker", UPHOLD_IDENTITY="tokens", UPHOLD_LEDGER_URL="memory://")
    assert await service.code() == os.EX_CONFIG
    reason = service.lines[-1]["reason"]
    assert "UPHOLD_IDENTITY_ISSUER" in reason
    assert "UPHOLD_IDENTITY=off" in reason


async def test_it_does_not_start_without_the_keys_that_its_ledger_was_sealed_under(
    start: Start, tmp_path: Path
) -> None:
    url, file = f"sqlite:///{tmp_path}/ledger.sqlite3", tmp_path / "ring.toml"
    await upgrade(url)
    used = with_new_key(None, "first")
    async with open_sql_ledger(url, used) as ledger:
        await DataKeys(used, ledger).of("FO-1")
    service = await start("worker", UPHOLD_LEDGER_URL=url)
    assert await service.code() == os.EX_CONFIG
    assert "sealed under first" in service.lines[-1]["reason"]
    write_ring(file, with_new_key(None, "second"))
    service = await start("worker", UPHOLD_LEDGER_URL=url, UPHOLD_KEY_RING=str(file))
    assert await service.code() == os.EX_CONFIG
    assert "put first back" in service.lines[-1]["reason"]
    write_ring(file, with_new_key(used, "second"))
    service = await start("worker", UPHOLD_LEDGER_URL=url, UPHOLD_KEY_RING=str(file))
    await service.until("started")


def test_a_sender_that_is_no_address_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match="sender_address"):
        sender_of(Settings(sender_address="käthe@council.example"))


def test_what_signs_a_return_address_is_what_a_bounce_is_checked_by() -> None:
    settings = Settings(
        bounces_address="bounces@council.example",
        bounce_secret=SecretStr("known to us alone, and long"),
    )
    assert sender_of(settings).secret == "known to us alone, and long"
    assert sender_of(Settings()).secret is None


async def test_parts_are_closed_when_the_service_ends(tmp_path: Path) -> None:
    settings = Settings(ledger_url="memory://", maildir=tmp_path / "outbox")
    async with open_parts(settings) as parts:
        await parts.require_ledger()


def test_the_settings_choose_the_channel() -> None:
    assert isinstance(channel_of(Settings(channel="maildir")), MaildirChannel)
    server: dict[str, Any] = {
        "smtp_host": "127.0.0.1",
        "sender_address": "complaints@council.example",
        "smtp_username": "uphold",
        "smtp_password": SecretStr("let me in"),
    }
    assert isinstance(channel_of(Settings(channel="smtp", **server)), SmtpChannel)
