"""`uphold ledger seal` and `verify`: what an operator types, and what is said."""

from __future__ import annotations

import json
from pathlib import Path

from tests.starter.conftest import HANDLER, Office
from tests.workflows.player import eventually

NO_SERVER = {"TEMPORAL_ADDRESS": "127.0.0.1:1", "UPHOLD_CONNECT_TIMEOUT_SECONDS": "0"}


async def on_record(office: Office, reference: str, count: int) -> None:
    """Return when so many events are on record."""

    async def there() -> bool:
        return len(await office.ledger.events(reference)) >= count

    await eventually(there)


async def test_a_root_that_was_kept_is_checked_with_and_without_a_server(
    office: Office, tmp_path: Path
) -> None:
    reference = await office.opened()
    await office.complaints.acknowledge(reference, HANDLER)
    await on_record(office, reference, 2)
    key = {"UPHOLD_SEAL_KEY_FILE": str(tmp_path / "seal.key")}
    told = await office.uphold("ledger", "seal")
    assert (told.exit_code, "UPHOLD_SEAL_KEY_FILE" in told.stderr) == (2, True)
    told = await office.uphold("ledger", "seal", env=key)
    assert "`uphold ledger seal --new-key` makes one" in told.stderr
    told = await office.uphold("ledger", "seal", "--new-key", "--json", env=key)
    seal = json.loads(told.stdout)
    assert seal["complaints"] >= 1
    again = await office.uphold("ledger", "seal", env=key)
    assert again.exit_code == 0, again.stderr
    root = ("--root", seal["root"])
    told = await office.uphold("ledger", "verify", reference, *root, env=key)
    assert told.exit_code == 0, told.stdout
    assert "1 compared with the complaint itself" in told.stdout
    for away in (("--offline",), ()):
        told = await office.uphold("ledger", "verify", reference, *root, *away, env=key | NO_SERVER)
        assert told.exit_code == 0, told.stdout
        assert "0 compared with the complaint itself" in told.stdout
        assert "compared with itself alone" in told.stderr
    told = await office.uphold("ledger", "verify", reference, "--root", "0" * 64, env=key)
    assert told.exit_code == 1
    assert f"root {'0' * 64}: it is the root of no seal on record" in told.stdout


async def test_signatures_that_cannot_be_checked_are_said(office: Office, tmp_path: Path) -> None:
    reference = await office.opened()
    key = {"UPHOLD_SEAL_KEY_FILE": str(tmp_path / "seal.key")}
    assert (await office.uphold("ledger", "seal", "--new-key", env=key)).exit_code == 0
    told = await office.uphold("ledger", "verify", reference, "--offline")
    assert "no signature was checked" in told.stderr
    told = await office.uphold(
        *("ledger", "verify", reference, "--offline", "--json"),
        *("--public-keys", str(tmp_path / "nobody.pub")),
    )
    assert "cannot be read" in told.stderr
