"""Whatever somebody does to the record is found, and said where it is."""

# ruff: noqa: S608 - every statement is the test's own
from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from ledger.entries import entry_rows
from ledger.evidence.chain import first_link, link_up
from ledger.evidence.keys import SealKey, make_key, public_file, read_public_keys
from ledger.evidence.seals import Seal, every_seal, root_of, rows_of, seal_within
from ledger.opening import open_sql_ledger
from ledger.sql.ledger import SqlLedger
from sealing.ring import with_new_key
from starter.desk.verifying import Verification, Verified
from tests.domain.playing.stories import rules_of
from tests.ledger.evidence.on_record import ANN, BOB, entries, put_on_record, tamper

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
RING = with_new_key(None, "first")
LAST = entries(ANN)[-1].standing.events
OF_ANN = f"WHERE reference = '{ANN}'"


class Held:
    """A ledger with two complaints, sealed twice, and what was kept of it elsewhere."""

    def __init__(self, ledger: SqlLedger, folder: Path) -> None:
        self.ledger, self.folder = ledger, folder
        self.key: SealKey = make_key(folder / "key")
        self.roots: list[str] = []

    async def seal(self) -> Seal:
        """Seal what is new; its root is kept elsewhere."""
        made, _ = await self.ledger.writing(lambda c: seal_within(c, self.key, NOON))
        self.roots.append(made.root)
        return made

    async def verified(self, *references: str, kept: bool = False) -> Verified:
        """What is found without a server."""
        keys = read_public_keys(public_file(self.folder / "key"))
        check = Verification(self.ledger, None, keys)
        return await check.run(references, self.roots if kept else (), (), lambda _: None)

    async def found(self, **given: Any) -> list[str]:
        """What is found, as lines, by somebody who remembers no key."""
        if keys := self.ledger._keys:
            keys.forget()
        return [f"{each.where}: {each.what}" for each in (await self.verified(**given)).findings]


@pytest_asyncio.fixture
async def held(
    request: pytest.FixtureRequest, ledger_url: str, tmp_path: Path
) -> AsyncIterator[Held]:
    """Ann's complaint is sealed by the first seal and by the second, Bob's by the second; with a ring if one is given."""
    async with open_sql_ledger(ledger_url, getattr(request, "param", None)) as ledger:
        made = Held(ledger, tmp_path)
        await put_on_record(ledger, ANN)
        await made.seal()
        await put_on_record(ledger, BOB)
        await made.seal()
        yield made


async def test_a_whole_record_is_found_whole(held: Held) -> None:
    found = await held.verified(kept=True)
    assert (found.findings, found.remarks) == ((), ())
    assert (found.complaints, found.events, found.seals) == (2, 2 * LAST, 2)
    assert found.root == held.roots[-1]


TAMPERED: dict[str, tuple[str, str]] = {
    "an altered event": (
        f"UPDATE events SET body = body || ' ' {OF_ANN} AND number = 3",
        f"{ANN}: event 3 does not fit the chain",
    ),
    "an event that happened at another time": (
        f"UPDATE events SET at = (SELECT at FROM events {OF_ANN} AND number = 1) {OF_ANN} AND number = {LAST}",
        f"{ANN}: event {LAST} does not fit the chain",
    ),
    "a missing event": (
        f"DELETE FROM events {OF_ANN} AND number = 3",
        f"{ANN}: event 3 is missing.",
    ),
    "missing events at the end": (
        f"DELETE FROM events {OF_ANN} AND number > {LAST - 2}",
        f"{ANN}: events {LAST - 1} to {LAST} are missing at the end.",
    ),
    "an inserted event": (
        f"INSERT INTO events (reference, number, kind, at, body, link) SELECT reference, {LAST + 1}, kind, at, body, link FROM events {OF_ANN} AND number = 3",
        f"{ANN}: event {LAST + 1} does not fit the chain",
    ),
    "an event before the first": (
        f"INSERT INTO events (reference, number, kind, at, body, link) SELECT reference, 0, kind, at, body, link FROM events {OF_ANN} AND number = 3",
        f"{ANN}: event 0 does not fit the chain",
    ),
    "events that changed places": (
        f"UPDATE events SET number = 100 {OF_ANN} AND number = 3;"
        f"UPDATE events SET number = 3 {OF_ANN} AND number = 4;"
        f"UPDATE events SET number = 4 {OF_ANN} AND number = 100",
        f"{ANN}: event 3 says of itself that it is event 4: rows changed places.",
    ),
    "an event that is no longer JSON": (
        f"UPDATE events SET body = 'gone' {OF_ANN} AND number = 3",
        f"{ANN}: a row of it cannot be read",
    ),
    "an altered letter": (
        f"UPDATE notices SET body = body || ' ' {OF_ANN} AND event = 3",
        f"{ANN}: event 3 does not fit the chain: it was altered or put in, or a letter that it owes was.",
    ),
    "a letter that was owed at another time": (
        f"UPDATE notices SET owed_at = (SELECT at FROM events {OF_ANN} AND number = {LAST}) {OF_ANN} AND event = 3",
        f"{ANN}: event 3 does not fit the chain: it was altered or put in, or a letter that it owes was.",
    ),
    "something that it is found by no more": (
        f"DELETE FROM found_by {OF_ANN}",
        f"{ANN}: by what it is found: it is not what the events say.",
    ),
    "something else that it is found by": (
        f"INSERT INTO found_by (field, digest, reference) VALUES ('email', '00', '{ANN}')",
        f"{ANN}: by what it is found: it is not what the events say.",
    ),
    "notes that wait no more": ("DELETE FROM waiting", f"{ANN}: note {ANN}/"),
    "a note that waits for somebody else": (
        "UPDATE waiting SET mailbox = 'x@example.org'",
        f"{ANN}: note {ANN}/",
    ),
    "a hold that nobody set": (
        f"INSERT INTO holds (reference, by, reason, since) VALUES ('{ANN}', 'x', 'y', '2027-01-01 12:00:00')",
        f"{ANN}: it is on hold, and that is not what the last act on record about a hold says.",
    ),
    "a missing letter": (
        f"DELETE FROM notices {OF_ANN} AND event = 3",
        f"{ANN}: event 3 does not fit the chain",
    ),
    "a wrong head": (
        f"UPDATE complaints SET head = 'another' {OF_ANN}",
        f"{ANN}: the head that its row names is not the link of its last event.",
    ),
    "a complaint that vanished whole": (
        f"DELETE FROM clocks {OF_ANN}; DELETE FROM remedies {OF_ANN}; DELETE FROM notices {OF_ANN};"
        f" DELETE FROM events {OF_ANN}; DELETE FROM complaints {OF_ANN}",
        f"{ANN}: seal 1 sealed it up to event {LAST}, and no event of it is on record.",
    ),
    "a complaint whose row alone is gone": (
        f"DELETE FROM complaints {OF_ANN}",
        f"{ANN}: its events are on record, but not how it stands",
    ),
    "a clock that is gone": (f"DELETE FROM clocks {OF_ANN}", f"{ANN}: clock "),
    "another standing": (
        f"UPDATE complaints SET missed = 7 {OF_ANN}",
        f"{ANN}: missed: the events come to",
    ),
    "a complaint that lists leave out": (
        f"UPDATE complaints SET ended = TRUE {OF_ANN}",
        f"{ANN}: lists leave it out, and that is not how it stands.",
    ),
    "a remedy that lists leave out": (
        f"UPDATE remedies SET settled = TRUE {OF_ANN}",
        f"{ANN}: lists leave out its remedy 1, and that is not how it stands.",
    ),
    "words under a key that nobody has, and another standing": (
        f"UPDATE remedies SET sealed_with = 'x' {OF_ANN}; UPDATE complaints SET missed = 7 {OF_ANN}",
        f"{ANN}: The record ",
    ),
    "an altered seal": (
        f"UPDATE sealed SET head = 'another' {OF_ANN}",
        "seal 1: its root does not fit: it was altered, or the one before it, or what it seals.",
    ),
    "a missing seal": ("DELETE FROM seals WHERE number = 1", "seal 1: it is missing."),
    "a seal of another day": (
        "UPDATE seals SET at = '2027-01-02 12:00:00' WHERE number = 2",
        "seal 2: its root does not fit",
    ),
    "a signature that does not fit": (
        "UPDATE seals SET signature = (SELECT signature FROM seals WHERE number = 1) WHERE number = 2",
        "seal 2: its signature does not fit its root.",
    ),
    "another charter": (
        "UPDATE charters SET packed = :packed",
        f"{ANN}: The record cannot be folded: the charter that is kept as",
    ),
}


@pytest.mark.parametrize("held", [None, RING], ids=["clear", "sealed"], indirect=True)
@pytest.mark.parametrize("what", TAMPERED)
async def test_what_somebody_does_is_found_where_it_is(held: Held, what: str) -> None:
    statements, expected = TAMPERED[what]
    packed = rules_of("housing-code").packed
    await tamper(held.ledger, *statements.split(";"), packed=packed)
    found = await held.found()
    assert any(line.startswith(expected) for line in found), found


async def rewrite_the_chain(held: Held, keep: Callable[[int], bool]) -> None:
    """As somebody would who knows how it is made: every link and head fits again afterwards."""
    rows: list[dict[str, Any]] = []
    letters: list[dict[str, Any]] = []
    for entry in entries(ANN):
        made = entry_rows(entry)
        rows += made.events
        letters += made.notices
    rows = [row for row in rows if keep(row["number"])]
    last = rows[-1]["number"]
    rows[2]["body"] = rows[2]["body"].replace("case-handler", "manager")
    head = link_up(first_link(ANN), rows, letters)
    changes = [
        f"UPDATE events SET body = :body{n}, link = '{row['link']}' {OF_ANN} AND number = {row['number']}"
        for n, row in enumerate(rows)
    ]
    await tamper(
        held.ledger,
        *changes,
        f"DELETE FROM notices {OF_ANN} AND event > {last}",
        f"DELETE FROM events {OF_ANN} AND number > {last}",
        f"UPDATE complaints SET head = '{head}', events = {last} {OF_ANN}",
        **{f"body{n}": row["body"] for n, row in enumerate(rows)},
    )


async def test_a_chain_that_was_written_anew_does_not_fit_its_seal(held: Held) -> None:
    await rewrite_the_chain(held, lambda _: True)
    found = await held.found()
    assert (
        f"{ANN}: event {LAST} is another than seal 1 sealed: the chain was written anew." in found
    )
    assert not [line for line in found if "does not fit the chain" in line]


async def test_events_cut_off_with_their_head_are_missed_by_the_seal(held: Held) -> None:
    await rewrite_the_chain(held, lambda number: number < LAST)
    assert f"{ANN}: event {LAST}, which seal 1 sealed, is missing." in await held.found()


async def test_seals_counted_anew_need_the_key_and_do_not_fit_a_root_that_was_kept(
    held: Held,
) -> None:
    """Somebody rewrites chain, seal and root, and even signs it: only what was kept elsewhere tells."""
    await rewrite_the_chain(held, lambda _: True)
    await tamper(
        held.ledger,
        f"UPDATE sealed SET head = (SELECT head FROM complaints {OF_ANN}) {OF_ANN}",
    )
    root = ""
    for seal in await held.ledger.reading(every_seal):
        root = await held.ledger.reading(
            lambda c, s=seal, before=root: root_of(  # type: ignore[misc]
                before, s.number, s.at, s.key, rows_of(c, s.number)
            )
        )
        await tamper(held.ledger, f"UPDATE seals SET root = '{root}' WHERE number = {seal.number}")
    unsigned = await held.found()
    assert {line for line in unsigned if line.startswith("seal")} == {
        f"seal {number}: its signature does not fit its root." for number in (1, 2)
    }
    for seal in await held.ledger.reading(every_seal):
        signed = held.key.sign(seal.root)
        await tamper(
            held.ledger, f"UPDATE seals SET signature = '{signed}' WHERE number = {seal.number}"
        )
    gone = (
        "it is the root of no seal on record: seals were altered or taken away since it was kept."
    )
    found = [line for line in await held.found(kept=True) if line.startswith(("seal", "root"))]
    assert found == [f"root {each}: {gone}" for each in held.roots]


async def test_seals_taken_away_from_the_end_are_missed_by_a_root_that_was_kept(held: Held) -> None:
    await tamper(
        held.ledger, "DELETE FROM sealed WHERE seal = 2", "DELETE FROM seals WHERE number = 2"
    )
    assert await held.found() == []
    (line,) = await held.found(kept=True)
    assert line.startswith(f"root {held.roots[1]}: it is the root of no seal on record")


async def test_only_what_is_named_is_checked_and_every_seal(held: Held) -> None:
    await tamper(held.ledger, f"UPDATE complaints SET missed = 7 {OF_ANN}")
    assert (await held.verified(BOB)).findings == ()
    assert (await held.verified(ANN)).findings
    (nobody,) = (await held.verified("FO-NOBODY")).findings
    assert (nobody.where, nobody.what) == ("FO-NOBODY", "Nobody knows this complaint.")
