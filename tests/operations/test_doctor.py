"""The doctor says in sentences what is as it must be and what is not, and who does what about it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult
from pydantic import SecretStr
from typer.testing import CliRunner

from engine.dev_server import HOST, free_port
from engine.settings import Settings
from identity.issuer import Issuer
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from operations.doctor.examining import examine
from operations.doctor.findings import Finding, Grade
from operations.doctor.record import apart, look_at_ledger
from operations.doctor.server import look_at_server
from operations.doctor.surroundings import (
    look_at_disks,
    look_at_identity,
    look_at_mail,
    look_at_settings,
)
from sealing.data_keys import DataKeys
from sealing.ring import with_new_key, write_ring
from starter.admin import app


async def found_by(
    look: Callable[[Settings], AsyncIterator[Finding]], **given: Any
) -> list[Finding]:
    return [finding async for finding in look(Settings(**given))]


def the_one(found: list[Finding], grade: Grade, about: str) -> Finding:
    (one,) = (each for each in found if each.grade is grade and each.about == about)
    return one


async def test_a_deployment_that_seals_nothing_and_proves_nobody_is_told_so() -> None:
    found = await found_by(look_at_settings, identity="off", ledger_url="memory://")
    notes = [each.says for each in found if each.grade is Grade.NOTE]
    assert any("nothing is sealed" in each for each in notes)
    assert any("acts as anybody" in each for each in notes)
    assert "ends with its worker" in the_one(found, Grade.WRONG, "settings").says


async def test_a_ledger_without_tables_and_one_that_is_ready_are_told_apart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite3"
    (missing,) = await found_by(look_at_ledger, ledger_url=url)
    assert missing.grade is Grade.WRONG
    assert "uphold setup" in missing.todo
    await upgrade(url)
    found = await found_by(look_at_ledger, ledger_url=url)
    assert [each.grade for each in found] == [Grade.WELL, Grade.NOTE, Grade.WELL]
    assert "whoever may write it" in the_one(found, Grade.NOTE, "rights").says


@pytest.mark.postgres
async def test_the_owner_may_alter_the_record_and_the_workers_role_may_not(
    postgres_url: str,
) -> None:
    await upgrade(postgres_url)
    found = await found_by(look_at_ledger, ledger_url=postgres_url)
    assert (
        "may alter what is on record (charters, events" in the_one(found, Grade.NOTE, "rights").says
    )
    assert "agree" in the_one(found, Grade.WELL, "clocks").says


async def test_a_ledger_that_does_not_answer_is_named_without_its_password() -> None:
    (gone,) = await found_by(
        look_at_ledger, ledger_url="postgresql://uphold:hush@127.0.0.1:1/uphold"
    )
    assert gone.grade is Grade.WRONG
    assert "hush" not in str(gone)


async def test_a_key_that_the_ring_lacks_is_named(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/ledger.sqlite3", tmp_path / "ring.toml"
    await upgrade(url)
    used = with_new_key(None, "first")
    async with open_sql_ledger(url, used) as ledger:
        await DataKeys(used, ledger).of("FO-1")
    without = await found_by(look_at_ledger, ledger_url=url)
    assert "sealed under first" in the_one(without, Grade.WRONG, "key ring").says
    write_ring(file, with_new_key(None, "second"))
    other = await found_by(look_at_ledger, ledger_url=url, key_ring=file)
    assert "put first back" in the_one(other, Grade.WRONG, "key ring").says
    file.chmod(0o644)
    readable = await found_by(look_at_ledger, ledger_url=url, key_ring=file)
    assert "others may read it" in the_one(readable, Grade.WRONG, "key ring").says


async def test_an_issuer_whose_keys_cannot_be_read_keeps_everybody_from_acting(
    tmp_path: Path,
) -> None:
    given = {"identity": "tokens", "identity_issuer": "https://login.example"}
    keys = str(tmp_path / "none.json")
    (wrong,) = await found_by(look_at_identity, identity_keys=keys, **given)
    assert wrong.grade is Grade.WRONG
    assert "nobody can act" in wrong.todo


async def test_the_issuer_that_dev_keeps_beside_its_ledger_is_found(tmp_path: Path) -> None:
    Issuer(tmp_path / "identity")
    ledger = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    (well,) = await found_by(look_at_identity, identity="tokens", ledger_url=ledger)
    assert well.grade is Grade.WELL


@pytest.fixture
def mail_port() -> Iterator[int]:
    """Where a mail server listens that knows one password."""

    def knows(*given: Any) -> AuthResult:
        return AuthResult(success=given[-1].password == b"right", handled=False)

    server = Controller(
        Sink(), hostname=HOST, port=free_port(), authenticator=knows, auth_require_tls=False
    )
    server.start()
    yield server.port
    server.stop()


def by_mail(port: int, **more: Any) -> dict[str, Any]:
    return {
        "channel": "smtp", "smtp_host": HOST, "smtp_port": port, "smtp_tls": "none",
        "sender_address": "complaints@council.example", "smtp_timeout_seconds": 5.0, **more,
    }  # fmt: skip


async def test_a_mail_server_is_greeted_and_signed_in_to_and_nothing_is_sent(
    mail_port: int,
) -> None:
    for password, grade, says in (
        ("right", Grade.WELL, "takes uphold"),
        ("wrong", Grade.WRONG, "does not take the user name and password (535)"),
    ):
        given = {"smtp_username": "uphold", "smtp_password": SecretStr(password)}
        (one,) = await found_by(look_at_mail, **by_mail(mail_port, **given))
        assert one.grade is grade
        assert says in one.says
        assert password not in one.says or password == "right"


async def test_a_mail_server_without_encryption_or_none_at_all_is_named(mail_port: int) -> None:
    (plain,) = await found_by(look_at_mail, **by_mail(mail_port, smtp_tls="starttls"))
    assert plain.grade is Grade.WRONG
    assert "STARTTLS" in plain.says
    (nobody,) = await found_by(look_at_mail, **by_mail(free_port()))
    assert nobody.grade is Grade.WRONG
    assert "UPHOLD_SMTP_HOST" in nobody.todo


async def test_room_on_the_disk_is_told_for_what_this_machine_keeps(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/far/away/ledger.sqlite3"
    found = await found_by(look_at_disks, ledger_url=url, maildir=tmp_path / "outbox")
    assert len(found) == 2
    assert all("GB are free" in each.says for each in found)


def test_clocks_that_differ_are_told_with_which_is_ahead() -> None:
    assert apart("the server's", timedelta(seconds=2)).grade is Grade.WELL
    ahead, behind = (
        apart("the server's", timedelta(minutes=2)),
        apart("the ledger's", timedelta(minutes=-1)),
    )
    assert "The server's is 120 seconds ahead of this machine's" in ahead.says
    assert "The ledger's is 60 seconds behind this machine's" in behind.says


async def test_a_server_that_is_away_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"{HOST}:{free_port()}")
    (away,) = await found_by(look_at_server, connect_timeout_seconds=0)
    assert away.grade is Grade.WRONG
    assert "no clock runs" in away.todo


def test_settings_that_are_wrong_are_all_that_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UPHOLD_HEALTH_PORT", "high")
    told = CliRunner().invoke(app, ["doctor", "--json"])
    assert told.exit_code == 1
    answer = json.loads(told.stdout)
    assert answer["well"] is False
    (finding,) = answer["findings"]
    assert "health_port" in finding["says"]
    assert finding["todo"].startswith("Operators")


async def test_a_ledger_that_there_cannot_be_is_nobodys_fault_but_the_settings() -> None:
    given = Settings(ledger_url="mysql://x/y", connect_timeout_seconds=0)
    found = [finding async for finding in examine(given)]
    (disks,) = (each for each in found if each.about == "disks")
    assert disks.says.startswith("The ledger's URL 'mysql://x/y' cannot be used")
    assert disks.todo.startswith("Operators correct it")


def test_everything_that_is_not_well_says_who_does_what() -> None:
    folder = Path(__file__).parents[2] / "operations" / "doctor"
    text = "".join(file.read_text() for file in folder.glob("*.py"))
    assert text.count("Operators") + text.count("operators") >= text.count("wrong(") - 1
