"""Who acts on the keeping of a complaint is proven and on record; what was kept long enough is erased."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment
from typer.testing import CliRunner, Result

from activities.contracts import ERASE, Erased
from activities.keeping.erasing import ErasingByRetention, StillUnderWay
from charters.files import CharterBook
from engine.errors import ServerUnavailable
from engine.plugin import UpholdPlugin
from engine.settings import Settings
from identity.issuer import Issuer
from identity.provider.kept import keep
from ledger.errors import LedgerUnavailable
from ledger.keys.holds import Act, Hold
from ledger.keys.keeping.acts import acts_on
from ledger.keys.keeping.erasing import hold
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.sql.ledger import SqlLedger
from sealing.beside import RING
from sealing.data_keys import DataKeys
from sealing.ring import new_ring, read_ring
from starter.admin import app
from starter.wire.errors import UnknownComplaint
from tests.ledger.samples import entry, opened, remedy, standing
from tests.workflows.player import an_office

NOW = datetime(2026, 11, 20, tzinfo=UTC)
LONG_AGO = datetime(2020, 11, 18, 12, tzinfo=UTC)
ASKED = ("--by", "County court", "--reason", "Claim C-12")


@asynccontextmanager
async def a_ledger(folder: Path, **ended: datetime) -> AsyncIterator[SqlLedger]:
    """A sealed ledger in the folder with complaints that ended then, by their references."""
    url = f"sqlite:///{folder / 'ledger.sqlite3'}"
    await upgrade(url)
    async with open_sql_ledger(url, new_ring(folder / RING)) as ledger:
        for reference, at in ended.items():
            stands = standing(1, reference, state="closed", closed_at=at, closed_how="accepted")
            event = opened(reference)
            await ledger.record(entry(event, reference=reference, standing=stands, clocks=()))
        yield ledger


async def typed(folder: Path, *arguments: str, **variables: str) -> Result:
    env = {
        "UPHOLD_LEDGER_URL": f"sqlite:///{folder / 'ledger.sqlite3'}",
        "UPHOLD_TOKEN_FILE": str(folder / "token"),
        "UPHOLD_IDENTITY": "tokens",
        "TEMPORAL_ADDRESS": "127.0.0.1:1",
        "UPHOLD_CONNECT_TIMEOUT_SECONDS": "0",
        "NO_COLOR": "1",
    }
    return await asyncio.to_thread(CliRunner().invoke, app, list(arguments), env=env | variables)


async def destroyed(ledger: SqlLedger, reference: str) -> bool:
    """Whether its key is gone; who remembers it may read for five minutes more."""
    kept = await ledger.data_key(reference=reference)
    return kept is not None and kept.wrapped is None


def a_hold(reference: str) -> tuple[Hold, Act]:
    wanted = Hold(reference=reference, by="County court", reason="Claim C-12", since=NOW)
    act = Act(
        reference=reference, what="hold", at=NOW, actor_id="a", actor_name="A", actor_role="manager"
    )
    return wanted, act


async def test_is_13_nobody_holds_releases_or_erases_who_is_not_proven_to_be_one_who_may(
    tmp_path: Path,
) -> None:
    issuer, token = Issuer(tmp_path / "identity"), tmp_path / "token"
    async with a_ledger(tmp_path, K1=LONG_AGO) as ledger:
        told = await typed(tmp_path, "hold", "K1", *ASKED, "--actor-id", "a.clerk",
                           "--actor-name", "A Clerk", "--actor-role", "administrator")  # fmt: skip
        assert "No token proves who acts" in told.stderr
        keep(issuer.login("h.jones").token, token)
        told = await typed(tmp_path, "hold", "K1", *ASKED)
        assert "A case-handler may not hold a complaint" in told.stderr
        told = await typed(tmp_path, "hold", "K1", *ASKED, "--actor-role", "manager")
        assert "does not give the role manager" in told.stderr
        keep(issuer.login("m.rees", complaint="K2").token, token)
        told = await typed(tmp_path, "hold", "K1", *ASKED)
        assert "for another complaint" in told.stderr
        assert await ledger.reading(lambda c: acts_on(c, "K1")) == ()
        keep(issuer.login("m.rees").token, token)
        assert (await typed(tmp_path, "hold", "K1", *ASKED)).exit_code == 0
        for refused in (("unhold", "K1"), ("erase", "K1", "--reason", "x", "--yes")):
            told = await typed(tmp_path, *refused)
            assert "Roles that may: administrator." in told.stderr
        court = await typed(tmp_path, "hold", "K1", *ASKED)
        assert (court.exit_code, court.stderr) == (0, "")
        ombudsman = await typed(tmp_path, "hold", "K1", "--by", "Ombudsman", "--reason", "Case 9")
        assert "the hold for County court (Claim C-12): ask them too" in ombudsman.stderr
        clerk = issuer.login("a.clerk")
        keep(clerk.token, token)
        told = await typed(tmp_path, "unhold", "K1", "--reason", "The claim was withdrawn")
        assert "Ombudsman had set it" in told.stdout, told.stderr
        held, *_, released = await ledger.reading(lambda c: acts_on(c, "K1"))
        assert (held.what, held.actor_id, held.actor_role) == ("hold", "m.rees", "manager")
        assert held.reason == "County court: Claim C-12"
        assert (released.what, released.actor_name) == ("unhold", "A Clerk")
        assert released.issuer == "uphold:embedded"
        assert released.token
        assert released.token != held.token


async def test_is_13_what_was_kept_long_enough_goes_and_nothing_else(tmp_path: Path) -> None:
    ends: list[str] = []

    async def end(reference: str) -> None:
        if reference == "BUSY":
            raise StillUnderWay("a letter of it is under way")
        ends.append(reference)

    book, soon = CharterBook(), NOW - timedelta(days=30)
    ended = {"GONE1": LONG_AGO, "GONE2": LONG_AGO, "BUSY": LONG_AGO, "HELD": LONG_AGO, "SOON": soon}
    async with a_ledger(tmp_path, **ended) as ledger:
        await ledger.writing(lambda c: hold(c, *a_hold("HELD")))
        owes = standing(1, "OWES", state="closed", closed_at=LONG_AGO, remedies_owed=1)
        event = opened("OWES")
        await ledger.record(
            entry(event, reference="OWES", standing=owes, remedies=(remedy(1, "OWES"),))
        )
        told = await typed(tmp_path, "erase", "--due", "--dry-run")
        assert "3 complaints would be erased." in told.stdout, told.stderr
        assert "stays: on hold for County court" in told.stdout
        # The reason is the charter's: one that is given here would be lost.
        assert (await typed(tmp_path, "erase", "--due", "--reason", "x", "--yes")).exit_code == 2
        erasing = ErasingByRetention(ledger, book, now=lambda: NOW, ends=end)
        done = await erasing.erase_some("")
        assert done == Erased(
            2, ["BUSY: a letter of it is under way", "HELD: on hold for County court"]
        )
        assert ends == ["GONE1", "GONE2"]
        gone = {each for each in (*ended, "OWES") if await destroyed(ledger, each)}
        assert gone == {"GONE1", "GONE2"}
        (act,) = await ledger.reading(lambda c: acts_on(c, "GONE1"))
        assert (act.actor_id, act.what) == ("schedule", "erase")
        assert act.reason == (
            "The time for which it is kept was over on 18 November 2026, as charter financial-ombudsman says"
        )
        again = await erasing.erase_some("")
        assert (again.erased, len(again.kept)) == (0, 2)
        shown = await typed(tmp_path, "show", "GONE1")
        assert "Nobody can read what was in it." in shown.stdout
        assert "The charter's retention (administrator)" in shown.stdout


async def test_what_is_put_on_hold_while_others_are_erased_goes_on(tmp_path: Path) -> None:
    ends: list[str] = []
    async with a_ledger(tmp_path, A=LONG_AGO, B=LONG_AGO) as ledger:

        async def end(reference: str) -> None:
            ends.append(reference)
            await ledger.writing(lambda c: hold(c, *a_hold("B")))

        erasing = ErasingByRetention(ledger, CharterBook(), now=lambda: NOW, ends=end)
        done = await erasing.erase_some("")
        assert (done.erased, ends) == (1, ["A"])
        assert not await destroyed(ledger, "B")


async def test_is_13_a_database_that_goes_in_between_leaves_nothing_half_done(
    tmp_path: Path,
) -> None:
    away = iter([LedgerUnavailable("away")])

    async def end(reference: str) -> None:
        if reference == "B" and (error := next(away, None)):
            raise error

    async with a_ledger(tmp_path, A=LONG_AGO, B=LONG_AGO) as ledger:
        erasing = ErasingByRetention(ledger, CharterBook(), now=lambda: NOW, ends=end)
        with pytest.raises(LedgerUnavailable):
            await erasing.erase_some("")
        assert await destroyed(ledger, "A")
        assert not await destroyed(ledger, "B")
        assert await erasing.erase_some("") == Erased(1)
        assert await destroyed(ledger, "B")


async def test_is_13_the_schedules_workflow_erases_night_by_night(
    env: WorkflowEnvironment, tmp_path: Path
) -> None:
    past = datetime(2015, 1, 5, tzinfo=UTC)
    ended = {f"N{number:03}": past for number in range(60)}
    async with a_ledger(tmp_path, **ended) as ledger:
        ring = read_ring(tmp_path / RING)
        config = env.client.config() | {"plugins": [UpholdPlugin(DataKeys(ring, ledger))]}
        client = type(env.client)(**config)
        async with an_office(env, client=client, ledger=ledger) as office:
            done = await client.execute_workflow(
                ERASE, id=f"erase:{office.task_queue}", task_queue=office.task_queue,
                result_type=Erased,
            )  # fmt: skip
        assert done == Erased(60)
        assert all([await destroyed(ledger, each) for each in ended])


class _Leaving:
    """A server that knows nothing of the first complaint, and is away when it is asked of the next."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def status(self, reference: str) -> None:
        self.asked.append(reference)
        if len(self.asked) == 1:
            raise UnknownComplaint(reference)
        raise ServerUnavailable("No Temporal server answers.")


async def test_what_was_erased_before_the_server_went_away_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving = _Leaving()

    async def connected(_: Settings) -> _Leaving:
        return leaving

    monkeypatch.setattr("starter.commands.erase.connected", connected)
    keep(Issuer(tmp_path / "identity").login("a.clerk").token, tmp_path / "token")
    async with a_ledger(tmp_path, A=LONG_AGO, B=LONG_AGO, C=LONG_AGO) as ledger:
        told = await typed(tmp_path, "erase", "--due", "--yes", "--json")
        assert (told.exit_code, told.stderr) == (69, "No Temporal server answers.\n")
        assert json.loads(told.stdout) == {"erased": leaving.asked[:1]}
        gone = {each for each in "ABC" if await destroyed(ledger, each)}
        assert gone == set(leaving.asked[:1])
