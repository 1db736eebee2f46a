"""Mail or ledger are away for a while: clocks go on, nothing is lost, doubled or out of order."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.contracts import LedgerEntry
from domain.complaint.features.handling.updating import Updated
from ledger.errors import LedgerUnavailable
from ledger.memory import MemoryLedger
from ledger.migrations.schema import upgrade
from ledger.opening import open_ledger
from ledger.port import Ledger
from letters.channels.connections import Connections, Tls
from letters.channels.memory import MemoryChannel
from letters.channels.smtp import SmtpChannel
from tests.faults.breakable import a_door_to
from tests.fixtures.postgres import Cluster
from tests.letters.channels.mail_server import mail_server
from tests.workflows.laws import check_laws
from tests.workflows.player import Case, Office, an_office, eventually
from tests.workflows.season import day

A_WHILE = timedelta(hours=1)
"""Longer than the pause between two tries, after less than an hour of them."""
ALMOST_DUE = day(2, 16, 40)
"""Twenty minutes before an acknowledgement is due."""


async def recorded(case: Case, count: int) -> bool:
    """Whether so many events are in the ledger."""
    return len(await case.office.ledger.events(case.reference)) == count


async def test_mail_is_down_and_comes_back(env: WorkflowEnvironment) -> None:
    async with mail_server() as desk:
        door = a_door_to(desk.port)
        channel = SmtpChannel(Connections("127.0.0.1", door.port, tls=Tls.NONE))
        async with an_office(env, channel=channel) as office:
            case = await office.open(ALMOST_DUE, stage="manager")
            await case.until(day(2, 17))
            await case.do("update", message="We are late.")
            status = await case.status()
            kinds = [row["kind"] for row in status["timeline"]]
            assert kinds == ["opened", "promise-missed", "updated"]
            assert (status["effects_owed"], desk.taken) == (True, [])
            await eventually(lambda: recorded(case, 3))
            await door.open()
            await case.passes(A_WHILE)
            await case.settled()
            await case.do("acknowledge")
            await case.settled()
            await door.close()
            await check_laws(case)
    notices = [one.notice for one in await office.ledger.notices(case.reference)]
    assert len(desk.taken) == len(notices) == 6
    for recipient in {notice.recipient.email or "" for notice in notices}:
        owed = [n.event for n in notices if n.recipient.email == recipient]
        sent = [
            int(str(message["Message-ID"]).split(".")[1])
            for message in desk.taken
            if recipient in str(message["To"])
        ]
        assert sent == owed == sorted(owed), recipient


@asynccontextmanager
async def sqlite_office(env: WorkflowEnvironment, folder: Path) -> AsyncIterator[Office]:
    """An office with its ledger in a file of that folder."""
    url = f"sqlite:///{folder}/ledger.sqlite3"
    await upgrade(url)
    async with open_ledger(url) as ledger, an_office(env, ledger=ledger) as office:
        yield office


async def goes_on_without_its_ledger(case: Case) -> None:
    """Things happen to the complaint, and it knows them, while nothing can be recorded."""
    await case.do("update", message="Still here.")
    await case.until(day(2, 17))
    status = await case.status()
    kinds = [row["kind"] for row in status["timeline"]]
    assert kinds == ["opened", "updated", "promise-missed"]
    assert status["effects_owed"]
    assert status["ledger_fault"] is None


async def catches_up(case: Case) -> None:
    """All of it is recorded in order, and told once."""
    await case.passes(timedelta(minutes=11))
    assert await case.kinds() == ["opened", "updated", "promise-missed"]
    told = await case.told()
    assert len(told) == len(set(told)) == 5
    await check_laws(case)


async def test_the_ledgers_file_is_away_and_comes_back(
    env: WorkflowEnvironment, tmp_path: Path
) -> None:
    home, away = tmp_path / "ledger", tmp_path / "away"
    home.mkdir()
    async with sqlite_office(env, home) as office:
        case = await office.open(ALMOST_DUE, stage="manager")
        await case.settled()
        home.rename(away)
        await goes_on_without_its_ledger(case)
        away.rename(home)
        await catches_up(case)


@pytest.mark.postgres
async def test_the_ledgers_server_lets_nobody_in_and_then_does_again(
    env: WorkflowEnvironment, postgres: Cluster, postgres_url: str
) -> None:
    name = postgres_url.rpartition("/")[2]
    await upgrade(postgres_url)
    async with open_ledger(postgres_url) as ledger, an_office(env, ledger=ledger) as office:
        case = await office.open(ALMOST_DUE, stage="manager")
        await case.settled()
        _let_in(postgres, name, allowed=False)
        await goes_on_without_its_ledger(case)
        _let_in(postgres, name, allowed=True)
        await catches_up(case)


def _let_in(cluster: Cluster, name: str, *, allowed: bool) -> None:
    commands = [f"ALTER DATABASE {name} ALLOW_CONNECTIONS {str(allowed).lower()}"]
    if not allowed:
        commands.append(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> ''"
            " AND datname LIKE 'test_%'"
        )
    done = cluster.psql(*(f"--command={each}" for each in commands))
    assert done.returncode == 0, done.stderr


async def test_a_record_that_conflicts_is_seen_and_never_overwritten(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    case = await office.open(stage="manager")
    await case.settled()
    foreign = Updated(number=2, at=day(1), message="Somebody else wrote this.")
    standing = await office.ledger.standing(case.reference)
    assert standing
    await office.ledger.record(
        LedgerEntry(case.reference, (foreign,), replace(standing, events=2), (), ())
    )
    before = await office.ledger.events(case.reference)
    office.cases.clear()
    with caplog.at_level(logging.ERROR):
        await case.do("acknowledge")
        await case.settled()
    status = await case.status()
    assert "ConflictingRecord" in status["ledger_fault"]
    assert "event 2 is on record with other content" in status["ledger_fault"]
    assert "somebody has to look" in caplog.text
    assert await office.ledger.events(case.reference) == before
    assert (await case.do("update"))["state"] == "acknowledged", "its clocks and orders go on"
    await case.do("withdraw", "customer")


class LosingReplies(MemoryLedger):
    """A ledger whose answer to every first record is lost on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def record(self, entry: LedgerEntry) -> None:
        """Records it; every other time nobody hears so."""
        await super().record(entry)
        self.asked += 1
        if self.asked % 2:
            raise LedgerUnavailable("the connection was lost")


async def story_with_lost_replies(
    env: WorkflowEnvironment, ledger: Ledger, channel: MemoryChannel
) -> None:
    """A complaint whose every effect is done once, though it is asked for again."""
    async with an_office(env, ledger=ledger, channel=channel) as office:
        case = await office.open(stage="manager")
        said: dict[str, dict[str, Any]]
        said = {"acknowledge": {}, "update": {}, "reply": {"remedies": []}}
        for verb, fields in said.items():
            await case.do(verb, **fields)
            await case.passes(timedelta(minutes=10))
            await case.settled()
        assert await case.kinds() == ["opened", "acknowledged", "updated", "replied"]
        assert len(channel.taken) == len(await case.told()) == 4
        await check_laws(case)


async def test_a_record_whose_reply_is_lost_is_made_once(env: WorkflowEnvironment) -> None:
    ledger = LosingReplies()
    await story_with_lost_replies(env, ledger, MemoryChannel())
    assert ledger.asked > 4


async def test_a_notice_whose_reply_is_lost_is_sent_once(env: WorkflowEnvironment) -> None:
    channel = MemoryChannel()
    channel.next_time("taken-but-reply-lost", "taken-but-reply-lost", "taken-but-reply-lost")
    await story_with_lost_replies(env, MemoryLedger(), channel)


async def test_an_address_that_is_refused_for_good_becomes_an_event_and_a_task(
    env: WorkflowEnvironment,
) -> None:
    async with mail_server() as desk:
        channel = SmtpChannel(Connections("127.0.0.1", desk.port, tls=Tls.NONE))
        async with an_office(env, channel=channel) as office:
            case = await office.open(stage="manager")
            await case.settled()
            desk.at_recipient = "550 no such mailbox"
            await case.do("acknowledge")
            await case.settled()
            # The second one says that staff could not be told either, which ends the circle.
            undeliverable = ["notice-undeliverable"] * 2
            assert await case.kinds() == ["opened", "acknowledged", *undeliverable]
            desk.at_recipient = "250 OK"
            await case.do("prefer", email="ann@elsewhere.example")
            await case.do("update")
            await case.settled()
            fates = {
                n.notice.key.split("/", 1)[1]: n.state
                for n in await office.ledger.notices(case.reference)
            }
            assert fates["2/acknowledgement/customer"] == "refused"
            assert fates["6/acknowledgement/customer"] == "delivered", (
                "what had not arrived goes again"
            )
            assert fates["7/progress/customer"] == "delivered"
            await check_laws(case)
