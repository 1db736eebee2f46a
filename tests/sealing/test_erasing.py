"""`uphold erase`: a closed complaint is erased for good, one that is open or on hold is not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from temporalio.client import WorkflowExecutionStatus
from typer.testing import CliRunner, Result

from charters.files import CharterBook
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.port import Listing
from ledger.sql.ledger import SqlLedger
from reporting.assemble import assemble
from reporting.model import Report
from reporting.period import Period
from sealing.data_keys import DataKeys
from sealing.errors import KeyDestroyed
from sealing.ring import with_new_key, write_ring
from starter.admin import app
from tests.sealing.test_at_rest import SAID, SECRETS, lies_open, played, sealed_office
from tests.workflows.player import Office

NOW = datetime(2027, 6, 1, tzinfo=UTC)
SCAN = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"


async def uphold(office: Office, folder: Path, *arguments: str) -> Result:
    env = {
        "TEMPORAL_ADDRESS": office.client.service_client.config.target_host,
        "TEMPORAL_CONFIG_FILE": "",
        "UPHOLD_LEDGER_URL": f"sqlite:///{folder / 'ledger.sqlite3'}",
        "UPHOLD_KEY_RING": str(folder / "keys.toml"),
        "UPHOLD_TASK_QUEUE": office.task_queue,
        "UPHOLD_ACTOR_ID": "d.lee",
        "UPHOLD_ACTOR_NAME": "D Lee",
        "UPHOLD_ACTOR_ROLE": "administrator",
        "NO_COLOR": "1",
    }
    return await asyncio.to_thread(CliRunner().invoke, app, list(arguments), env=env)


async def figures(ledger: SqlLedger) -> tuple[Report, int]:
    """The report without its words and notes, and how many changes replies have named."""
    charter = CharterBook().get("financial-ombudsman")
    period = Period(date(2026, 1, 1), date(2027, 12, 31), "Europe/London")
    made = await ledger.reading(lambda c: assemble(c, charter, period, NOW))
    told = sum(change.count for change in made.learning.changes)
    return replace(made, notes=(), learning=replace(made.learning, changes=())), told


async def test_what_is_erased_decrypts_nowhere_and_the_figures_stay(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    await upgrade(url)
    ring = with_new_key(None, "first")
    write_ring(tmp_path / "keys.toml", ring)
    async with (
        open_sql_ledger(url, ring) as ledger,
        sealed_office(tmp_path, DataKeys(ring, ledger), ledger) as office,
    ):
        attached = f"Attached (kept under these digests):\n- Her scan: {SCAN}"
        case = await played(office, f"{SAID}\n\n{attached}")
        other = await office.open(stage="manager")
        before = await figures(ledger)
        kept = await ledger.data_key(reference=case.reference)
        assert kept
        assert kept.wrapped
        why = ("--reason", "She asked for it", "--yes")
        for reference, words in (
            (other.reference, "only what is closed"),
            ("NO-1", "No complaint"),
        ):
            told = await uphold(office, tmp_path, "erase", reference, *why)
            assert (told.exit_code, words in told.stderr) == (1, True), told.stderr
        asked = ("--by", "County court", "--reason", "Claim C-12")
        assert (await uphold(office, tmp_path, "hold", case.reference, *asked)).exit_code == 0
        told = await uphold(office, tmp_path, "erase", case.reference, *why)
        assert "County court set it (Claim C-12)" in told.stderr
        assert len(await ledger.events(case.reference)) > 20
        told = await uphold(office, tmp_path, "unhold", case.reference)
        assert "County court had set it" in told.stdout
        told = await uphold(office, tmp_path, "erase", case.reference, *why)
        assert told.exit_code == 0, told.stderr
        assert f"attachments/{SCAN[:2]}/{SCAN}" in told.stdout
        ended = (await case.handle.describe()).status
        assert ended is WorkflowExecutionStatus.TERMINATED
        told = await uphold(office, tmp_path, "show", case.reference)
        assert (told.exit_code, "She asked for it" in told.stdout) == (0, True), told.stderr
        assert "D Lee (administrator)   unhold" in told.stdout
        assert "Nobody can read what was in it." in told.stdout
        told = await uphold(office, tmp_path, "list", "--state", "closed")
        assert "closed, erased" in told.stdout
        told = await uphold(office, tmp_path, "erase", case.reference, *why)
        assert "by d.lee" in told.stderr
        told = await uphold(office, tmp_path, "ledger", "verify", case.reference, "--offline")
        assert told.exit_code == 0, told.stdout
    async with open_sql_ledger(url, ring) as anew:
        keys = DataKeys(ring, anew)
        for reading in (keys.of(case.reference), anew.events(case.reference)):
            with pytest.raises(KeyDestroyed, match="She asked"):
                await reading
        assert await figures(anew) == before
        page = await anew.complaints(where=Listing(ended=None))
        assert len(page.rows) == 2
    assert lies_open(tmp_path, SECRETS, "*.sqlite3*") == set()
    assert not any(kept.wrapped in file.read_bytes() for file in tmp_path.glob("*.sqlite3*"))
