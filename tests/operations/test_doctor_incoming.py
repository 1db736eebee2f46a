"""The doctor says whether mail that comes in is read, what waits for people, and which failures nobody heard of."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from engine.dev_server import free_port
from engine.settings import Settings
from ledger.migrations.schema import upgrade
from ledger.opening import open_ledger
from ledger.port import NoticeFate, NoticeState
from mail.keeping import Tray
from mail.message import Incoming
from operations.doctor import examining
from operations.doctor.examining import LOOKS
from operations.doctor.findings import Grade
from operations.doctor.incoming import look_at_incoming, look_at_outcomes
from operations.doctor.surroundings import look_at_mail
from tests.letters.channels.notify_server import KEY, TEMPLATES, NotifyDesk, notify
from tests.letters.channels.test_notify import send
from tests.letters.notice_samples import notice
from tests.mail.imap_server import imap_server
from tests.mail.samples import written
from tests.operations.test_doctor import found_by, the_one

NOW = datetime.now(UTC)


def maildir(folder: Path, *ages: timedelta) -> Path:
    """A mail folder with a message of each of these ages."""
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)
    for number, age in enumerate(ages):
        file = folder / "new" / f"{number}.mail"
        file.write_bytes(written(Message_ID=f"<{number}@c.example>", Received="").as_bytes())
        at = (NOW - age).timestamp()
        os.utime(file, (at, at))
    return folder


def test_the_doctor_looks_at_what_comes_in() -> None:
    assert {look_at_incoming, look_at_outcomes} <= set(LOOKS)


async def test_where_no_mailbox_is_set_it_is_said_that_none_was_looked_at(tmp_path: Path) -> None:
    found = await found_by(look_at_incoming, mail_kept=tmp_path)
    assert "no mailbox was looked at" in the_one(found, Grade.NOTE, "incoming").says
    assert "Nothing waits" in the_one(found, Grade.WELL, "tray").says
    (outcomes,) = await found_by(look_at_outcomes)
    assert outcomes.grade is Grade.WELL
    assert "Not looked at" in outcomes.says


async def test_mail_that_nobody_reads_is_told_from_mail_that_has_just_come(tmp_path: Path) -> None:
    for name, ages, grade in (
        ("empty", (), Grade.WELL),
        ("fresh", (timedelta(minutes=5),), Grade.WELL),
        ("old", (timedelta(minutes=5), timedelta(hours=30)), Grade.WRONG),
    ):
        folder = maildir(tmp_path / name, *ages)
        found = await found_by(look_at_incoming, mail_folder=folder, mail_kept=tmp_path)
        one = the_one(found, grade, "incoming")
        assert ("mail read" in one.todo) is (grade is Grade.WRONG)
        assert len(list((folder / "new").iterdir())) == len(ages), "nothing is taken"


async def test_a_mailbox_that_cannot_be_read_is_wrong_and_its_password_is_not_told(
    tmp_path: Path,
) -> None:
    nowhere = await found_by(look_at_incoming, mail_folder=tmp_path / "none", mail_kept=tmp_path)
    assert "none" in the_one(nowhere, Grade.WRONG, "incoming").says
    given: dict[str, Any] = {
        "mail_imap_host": "127.0.0.1",
        "mail_imap_username": "complaints",
        "mail_imap_password": SecretStr("hush"),
        "mail_kept": tmp_path,
    }
    async with imap_server() as post:
        for port in (free_port(), post.port):  # nobody there; a certificate of nobody's
            found = await found_by(look_at_incoming, mail_imap_port=port, **given)
            one = the_one(found, Grade.WRONG, "incoming")
            assert "127.0.0.1" in one.says
            assert "hush" not in str(one)


async def test_what_waits_in_the_tray_is_counted_and_a_tray_that_is_broken_is_wrong(
    tmp_path: Path,
) -> None:
    tray = Tray(tmp_path / "tray")
    tray.keep(Incoming(written(Message_ID="<1@c.example>").as_bytes(), NOW), "It names nothing.")
    found = await found_by(look_at_incoming, mail_kept=tmp_path)
    one = the_one(found, Grade.NOTE, "tray")
    assert one.says.startswith("1 message waits in ")
    assert "uphold mail place" in one.todo
    (next((tmp_path / "tray").glob("*.json"))).write_text("not json")
    found = await found_by(look_at_incoming, mail_kept=tmp_path)
    assert "cannot be read" in the_one(found, Grade.WRONG, "tray").says


def by_notify(desk: NotifyDesk, url: str, **more: Any) -> dict[str, Any]:
    return {
        "channel": "notify", "notify_api_key": SecretStr(KEY), "notify_url": desk.url,
        "notify_email_template": TEMPLATES["email"], "ledger_url": url, **more,
    }  # fmt: skip


async def test_a_letter_that_failed_at_notify_and_that_nobody_told_of_is_counted(
    tmp_path: Path,
) -> None:
    url, key = f"sqlite:///{tmp_path}/ledger.sqlite3", notice().key
    await upgrade(url)
    async with notify() as desk:
        await send(desk, notice())
        desk.became(key, "permanent-failure")
        given = by_notify(desk, url, notify_callback_token=SecretStr("a-token-for-notify-calls"))
        (of_others,) = await found_by(look_at_outcomes, **given)
        assert of_others.grade is Grade.WELL, "it is no letter of this ledger"
        for state, grade in (
            (NoticeState.DELIVERED, Grade.NOTE),
            (NoticeState.UNDELIVERED, Grade.WELL),
        ):
            async with open_ledger(url) as ledger:
                await ledger.mark(NoticeFate(key=key, state=state, at=NOW, channel="notify"))
            (one,) = await found_by(look_at_outcomes, **given)
            assert one.grade is grade
        found = await found_by(look_at_outcomes, **by_notify(desk, url))
        assert "UPHOLD_NOTIFY_CALLBACK_TOKEN" in the_one(found, Grade.NOTE, "outcomes").says


async def test_a_notify_or_a_ledger_that_is_away_is_wrong(tmp_path: Path) -> None:
    token = SecretStr("a-token-for-notify-calls")
    url = f"sqlite:///{tmp_path}/ledger.sqlite3"
    await upgrade(url)
    desk = NotifyDesk()
    desk.url = f"http://127.0.0.1:{free_port()}"
    (away,) = await found_by(look_at_outcomes, **by_notify(desk, url, notify_callback_token=token))
    assert away.grade is Grade.WRONG
    async with notify() as answering:
        await send(answering, notice())
        answering.became(notice().key, "technical-failure")
        gone = "postgresql://uphold:hush@127.0.0.1:1/uphold"
        given = by_notify(answering, gone, notify_callback_token=token)
        (one,) = await found_by(look_at_outcomes, **given)
    assert one.grade is Grade.WRONG
    assert "hush" not in str(one)


@pytest.mark.parametrize("key", [None, SecretStr("none")])
async def test_a_key_of_notify_that_is_missing_or_none_is_the_operators_to_correct(
    key: SecretStr | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "LOOKS", (look_at_mail, look_at_outcomes))
    url = f"sqlite:///{tmp_path}/ledger.sqlite3"
    settings = Settings(
        channel="notify", notify_email_template="an-id", notify_api_key=key, ledger_url=url
    )
    found = [each async for each in examining.examine(settings)]
    told = [each for each in found if each.grade is Grade.WRONG]
    assert len(told) == 2
    for each in told:
        assert "notify_api_key" in each.says
        assert "Operators correct it" in each.todo
