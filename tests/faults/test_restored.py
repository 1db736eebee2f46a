"""An older copy of the ledger is put back: what came after it is recorded again, and nobody is told twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.complaint.views.finding import ways_to_find
from ledger.keys.copying import TakenIn, keys_in, lines_of, take_in
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.port import Listing
from letters.channels.memory import MemoryChannel
from sealing.ring import FileRing, with_new_key
from starter.client import Complaints
from starter.desk.mending import Forward, Mending
from starter.desk.verifying import Verification
from tests.workflows.laws import check_laws
from tests.workflows.player import CUSTOMER, an_office


def copy(source: Path, target: Path) -> None:
    """A whole copy of the ledger's file; in the place of what was there."""
    target.unlink(missing_ok=True)
    for beside in ("-wal", "-shm"):
        target.with_name(target.name + beside).unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


@pytest.mark.parametrize("ring", [None, with_new_key(None, "first")], ids=["plain", "sealed"])
async def test_a_restored_ledger_is_brought_forward_from_the_complaints(
    env: WorkflowEnvironment, tmp_path: Path, ring: FileRing | None
) -> None:
    file, older, url = tmp_path / "ledger", tmp_path / "older", f"sqlite:///{tmp_path}/ledger"
    await upgrade(url)
    channel = MemoryChannel()
    async with (
        open_sql_ledger(url, ring) as ledger,
        an_office(env, ledger=ledger, channel=channel) as office,
    ):
        case = await office.open(stage="manager")
        await case.do("acknowledge")
        await case.settled()
        copy(file, older)
        await case.do("update")
        lost = await office.open(stage="manager")
        for each in (case, lost):
            await each.settled()
        sent = len(channel.taken)
        keys = keys_in(await ledger.reading(lambda c: list(lines_of(c))))
        copy(older, file)
        if ring:
            taken = await ledger.writing(lambda c: take_in(c, keys, ring.ids))
            assert taken == {TakenIn.KEPT: 2, TakenIn.ADDED: 1}
        assert await case.kinds() == ["opened", "acknowledged"]
        await case.do("update", message="After the copy was put back.")
        await case.passes(timedelta(minutes=10))
        status = await case.settled()
        assert "event 3 was expected, but event 4 was given" in status["ledger_fault"]
        assert len(channel.taken) == sent + 1, "the letter leaves all the same"

        known = Complaints(office.client, office.task_queue)
        references = [case.reference, lost.reference]
        dry = await Mending(ledger, known, dry_run=True).run(references, lambda _: None)
        assert "events 3 to 4 would be recorded from the complaint itself." in dry[0].said
        assert await ledger.standing(lost.reference) is None
        mended = await Mending(ledger, known).run(references, lambda _: None)
        assert [one.fault for one in mended] == ["", ""]
        assert mended[0].said[0].startswith("events 3 to 4 were recorded from the complaint itself")
        again = await Mending(ledger, known).run(references, lambda _: None)
        assert [one.said for one in again] == [(), ()]
        wanted = Listing(ended=None, found_by=(ways_to_find(CUSTOMER["name"]),))
        found_now = (await ledger.complaints(where=wanted)).rows
        assert {row.reference for row in found_now} == set(references)
        nobody, other = await Mending(ledger, known).run(
            ["NOBODY", *references[:1]], lambda _: None
        )
        assert "the server does not know it" in nobody.fault
        assert other.fault == "", "one that cannot be mended keeps no other from it"

        for each in (case, lost):
            await each.do("update", message="It goes on.")
            assert (await each.settled())["ledger_fault"] is None
        assert await case.kinds() == ["opened", "acknowledged", *["updated"] * 3]
        assert len(channel.taken) == sent + 3, "nobody is told twice"
        found = await Verification(ledger, known, None).run(references, (), (), lambda _: None)
        assert found.findings == ()
        assert found.compared == len(references)
        states = {each.state for each in await ledger.notices(case.reference)}
        assert states == {"delivered", "attempted"}
        await check_laws(lost)


def test_what_a_dry_run_would_do_is_not_told_as_done() -> None:
    found = Forward("A-1", 3, recorded=2, letters=1, abridged=[4])
    assert list(found.in_words(dry_run=True)) == [
        "events 4 to 5 would be recorded from the complaint itself.",
        "of long texts in event 4 the complaint had kept the beginning only, and so would the ledger.",
    ]
