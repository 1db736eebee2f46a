"""`uphold ledger seal` and `verify`: what an operator types, and what is said."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from activities.contracts import LedgerEntry
from domain.complaint.features.handling.updating import Updated
from tests.starter.conftest import HANDLER, Office
from tests.workflows.player import eventually

NO_SERVER = {"TEMPORAL_ADDRESS": "127.0.0.1:1", "UPHOLD_CONNECT_TIMEOUT_SECONDS": "0"}


async def on_record(office: Office, reference: str, count: int) -> None:
    """Return when so many events are on record."""

    async def there() -> bool:
        return len(await office.ledger.events(reference)) >= count

    await eventually(there)


async def settled(office: Office, reference: str) -> None:
    """Return when everything that the complaint has had is on record."""

    async def left() -> bool:
        return not (await office.complaints.status(reference)).effects_owed

    await eventually(left)


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
    for none in ("", "null", "0" * 63):
        told = await office.uphold("ledger", "verify", reference, "--root", none, env=key)
        assert (told.exit_code, "is no root" in " ".join(told.stderr.split())) == (2, True)
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


async def test_what_was_made_of_events_is_made_again(office: Office) -> None:
    reference = await office.opened()
    await office.complaints.acknowledge(reference, HANDLER)
    await settled(office, reference)
    before = await office.ledger.standing(reference)
    with closing(sqlite3.connect(office.settings.ledger_url.removeprefix("sqlite:///"))) as other:
        other.execute("UPDATE complaints SET missed = 700 WHERE reference = ?", (reference,))
        other.commit()
    told = await office.uphold("ledger", "rebuild", reference, "--dry-run", env=NO_SERVER)
    assert told.exit_code == 0, told.stderr
    assert f"{reference}: how it stands: missed was 700, the events say" in told.stdout
    assert "1 complaint: 1 would be made anew, 0 could not be." in told.stdout
    told = await office.uphold("ledger", "rebuild", reference, "--json", env=NO_SERVER)
    (mended,) = json.loads(told.stdout)
    assert (mended["reference"], mended["fault"]) == (reference, "")
    assert await office.ledger.standing(reference) == before
    told = await office.uphold("ledger", "rebuild", reference, "--repair")
    assert told.stdout == "1 complaint: 0 made anew, 0 could not be.\n"
    told = await office.uphold("ledger", "rebuild", "NOBODY")
    assert (told.exit_code, "NOBODY: no event of it is on record" in told.stdout) == (1, True)


async def test_a_server_that_was_restored_is_seen_by_what_it_no_longer_knows(
    office: Office,
) -> None:
    reference = await office.opened()
    await settled(office, reference)
    standing = await office.ledger.standing(reference)
    (*_, last) = await office.ledger.events(reference)
    assert standing
    more = Updated(number=last.number + 1, at=last.at, message="Nobody remembers this.")
    await office.ledger.record(
        LedgerEntry(reference, (more,), replace(standing, events=more.number), (), ())
    )
    told = await office.uphold("ledger", "verify", reference)
    assert told.exit_code == 1
    expected = f"The ledger has {more.number} events, the complaint {last.number}"
    assert f"{reference}: {expected}: was the server restored?" in told.stdout
    told = await office.uphold("ledger", "rebuild", reference, "--repair")
    assert told.exit_code == 1
    assert "it is the server that was restored" in told.stdout


async def test_a_server_that_goes_away_ends_no_check(office: Office) -> None:
    reference = await office.opened()
    await on_record(office, reference, 1)
    told = await office.uphold("ledger", "verify", reference, "--json", env=NO_SERVER)
    found = json.loads(told.stdout)
    assert (told.exit_code, found["compared"], found["findings"]) == (0, 0, [])
    assert "No server was asked" in found["remarks"][0]
