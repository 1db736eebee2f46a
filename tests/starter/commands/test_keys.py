"""`uphold keys`: what an operator types, and what is said."""

from __future__ import annotations

import json
from pathlib import Path

from ledger.opening import open_sql_ledger
from sealing.data_keys import DataKeys
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
    assert "`uphold keys rotate` makes one" in told.stderr
    assert (await office.uphold("keys", "rotate", "--name", "first", env=env)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    async with open_sql_ledger(office.settings.ledger_url) as ledger:
        before = await DataKeys(read_ring(file), ledger).of("K-1")
        told = await office.uphold("keys", "rotate", "--name", "second", env=env)
        assert "2 keys; second is the current one" in told.stdout
        told = await office.uphold("keys", "rewrap", env=env)
        assert "1 data key wrapped anew" in told.stdout
        assert (await DataKeys(read_ring(file), ledger).of("K-1")).secret == before.secret
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
