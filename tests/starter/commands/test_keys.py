"""`uphold keys`: what an operator types, and what is said."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from ledger.evidence.key_uses import note
from ledger.opening import open_sql_ledger
from sealing.data_keys import DataKeys
from sealing.port import KeyUse
from sealing.ring import read_ring
from tests.starter.conftest import Office


async def test_keys_are_made_listed_rotated_rewrapped_and_missed(
    office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "keys.toml"
    env = {"UPHOLD_KEY_RING": str(file)}
    told = await office.uphold("keys", "list")
    assert (told.exit_code, "UPHOLD_KEY_RING" in told.stderr) == (2, True)
    told = await office.uphold("keys", "list", env=env)
    assert "`uphold setup --new-ring` makes one" in told.stderr
    assert (await office.uphold("keys", "rotate", "--name", "first", env=env)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    async with open_sql_ledger(office.settings.ledger_url) as ledger:
        before = await DataKeys(read_ring(file), ledger).of("K-1")
        told = await office.uphold("keys", "rotate", "--name", "second", env=env)
        assert "2 keys; second is the current one" in told.stdout
        told = await office.uphold("keys", "rewrap", env=env)
        assert "1 data key wrapped anew" in told.stdout
        assert (await DataKeys(read_ring(file), ledger).of("K-1")).secret == before.secret
    copy = tmp_path / "apart" / "data-keys.jsonl"
    for _ in range(2):
        told = await office.uphold("keys", "export", str(copy), env=env)
        assert (told.exit_code, "1 data key in" in told.stdout) == (0, True)
    assert copy.stat().st_mode & 0o777 == 0o600
    told = await office.uphold("keys", "import", str(copy), env=env)
    assert (told.exit_code, "1 there already" in told.stdout) == (0, True)
    told = await office.uphold("keys", "import", str(file), env=env)
    assert "Line 1 is no data key" in told.stderr
    listed = json.loads((await office.uphold("keys", "list", "--json", env=env)).stdout)["keys"]
    assert [(row["key"], row["data_keys"], row["lost"]) for row in listed] == [
        ("first", 0, False), ("second", 1, False),
    ]  # fmt: skip
    file.unlink()
    assert (await office.uphold("keys", "rotate", "--name", "third", env=env)).exit_code == 0
    told = await office.uphold("keys", "list", env=env)
    assert "LOST" in told.stdout
    told = await office.uphold("keys", "rewrap", env=env)
    assert "put second back into the file" in told.stderr
    file.chmod(0o644)
    told = await office.uphold("keys", "list", env=env)
    assert "chmod 600" in told.stderr


async def test_a_ring_can_be_rotated_twice_on_one_day(office: Office, tmp_path: Path) -> None:
    env = {"UPHOLD_KEY_RING": str(tmp_path / "keys.toml")}
    for count in (1, 2, 3):
        told = await office.uphold("keys", "rotate", env=env)
        assert (told.exit_code, f"{count} key" in told.stdout) == (0, True)
    names = read_ring(tmp_path / "keys.toml").ids
    assert sorted(name.removeprefix(min(names)) for name in names) == ["", "-2", "-3"]


async def test_who_asked_the_key_service_about_a_complaint_is_told(office: Office) -> None:
    told = await office.uphold("keys", "uses", "K-9")
    assert told.stdout == "The key service was asked nothing about K-9.\n"
    at = datetime(2026, 11, 29, 9, tzinfo=UTC)
    use = KeyUse(
        at=at, what="read", reference="K-9", who="m.smith", role="manager",
        issuer="https://id.example", token="t-1",
    )  # fmt: skip
    async with open_sql_ledger(office.settings.ledger_url) as ledger:
        await ledger.writing(lambda c: note(c, {"one": use}))
    told = await office.uphold("keys", "uses", "K-9")
    for word in ("2026-11-29 09:00:00", "read", "m.smith", "manager", "t-1"):
        assert word in told.stdout
    (row,) = json.loads((await office.uphold("keys", "uses", "K-9", "--json")).stdout)
    assert (row["what"], row["who"]) == ("read", "m.smith")


async def test_a_ring_that_is_not_there_keeps_set_up_from_nothing_else(
    office: Office, tmp_path: Path
) -> None:
    env = {
        "TEMPORAL_NAMESPACE": "set-up-without-ring",
        "UPHOLD_LEDGER_URL": f"sqlite:///{tmp_path}/new/ledger.sqlite3",
        "UPHOLD_KEY_RING": str(tmp_path / "nowhere.toml"),
    }
    told = await office.uphold("setup", env=env)
    assert (told.exit_code, "cannot be read" in told.stderr) == (78, True)
    assert "digests: created" in told.stdout
    assert "erasing: created" in told.stdout
