"""What was erased or held is as somebody did it: nobody fakes an erasure, nor alters what is counted of it since."""

# ruff: noqa: S608 - every statement is the test's own
from __future__ import annotations

from dataclasses import replace

import pytest

from ledger.keys import data_keys
from ledger.keys.copying import keys_in, lines_of, take_in
from ledger.keys.holds import Act, Hold
from ledger.keys.keeping import erasing
from ledger.keys.words import sealed_within
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.rows import row_of
from ledger.sql import tables
from sealing.errors import KeyDestroyed
from sealing.port import ORGANISATION
from tests.ledger.evidence.on_record import ANN, BOB, put_on_record, tamper
from tests.ledger.evidence.test_tampering import NOON, OF_ANN, RING, Held, held
from tests.ledger.samples import an_erasure

__all__ = ["held"]
with_a_ring = pytest.mark.parametrize("held", [RING], ids=["sealed"], indirect=True)
OF_BOB = f"WHERE reference = '{BOB}'"
FIGURES = f"{ANN}: the figures that stayed when it was erased were altered: how it stands, a clock or a remedy."
ANOTHER_HOLD = (
    f"{ANN}: by whom or why it is on hold was altered: the act that set it says otherwise."
)
NO_ACT = "is gone, and no act of erasing is on record."

OF_WHAT_WAS_ERASED: dict[str, tuple[str, str]] = {
    "another outcome": (f"UPDATE complaints SET outcome = 'upheld-in-full' {OF_ANN}", FIGURES),
    "fewer missed promises": (f"UPDATE complaints SET missed = missed + 1 {OF_ANN}", FIGURES),
    "a clock that was kept": (f"UPDATE clocks SET state = 'met-anyway' {OF_ANN}", FIGURES),
    "a clock that is gone": (f"DELETE FROM clocks {OF_ANN}", FIGURES),
    "another remedy": (f"UPDATE remedies SET missed = 7 {OF_ANN}", FIGURES),
    "no act of erasing": (f"DELETE FROM keeping {OF_ANN}", f"{ANN}: its data key {NO_ACT}"),
    "erased by somebody else": (
        f"UPDATE keeping SET actor_id = 'x' {OF_ANN}",
        f"{ANN}: its data key was not destroyed when, by whom and why the act of erasing says.",
    ),
    "a key again": (
        f"UPDATE data_keys SET destroyed_at = NULL {OF_ANN}",
        f"{ANN}: it was erased, and its data key is not on record as destroyed.",
    ),
    "erased for another reason": (
        f"UPDATE data_keys SET reason = 'x' {OF_ANN}",
        f"{ANN}: its data key was not destroyed when, by whom and why the act of erasing says.",
    ),
    "a key of another name": (
        f"UPDATE data_keys SET id = 'x' {OF_ANN}",
        f"{ANN}: its events were sealed with the key ",
    ),
    "found by something": (
        f"INSERT INTO found_by (field, digest, reference) VALUES ('email', '00', '{ANN}')",
        f"{ANN}: it was erased, and there is something yet that it is found by.",
    ),
}


@with_a_ring
@pytest.mark.parametrize("what", OF_WHAT_WAS_ERASED)
async def test_what_is_altered_of_a_complaint_that_was_erased_is_found(
    held: Held, what: str
) -> None:
    statement, expected = OF_WHAT_WAS_ERASED[what]
    await held.ledger.writing(lambda c: erasing.erase(c, an_erasure(ANN, NOON)))
    assert await held.found(kept=True) == []
    await tamper(held.ledger, statement)
    assert any(line.startswith(expected) for line in await held.found())


@with_a_ring
async def test_an_act_that_was_altered_breaks_the_chain_of_acts(held: Held) -> None:
    await held.ledger.writing(lambda c: erasing.hold(c, *a_hold()))
    await held.ledger.writing(lambda c: erasing.release(c, an_erasure(ANN, NOON, "unhold")))
    assert await held.found() == []
    await tamper(held.ledger, f"UPDATE keeping SET actor_name = 'X' {OF_ANN} AND number = 1")
    said = "on its keeping does not fit the chain: it was altered, or one before it taken away."
    assert await held.found() == [f"{ANN}: act 1 {said}"]
    await tamper(held.ledger, f"DELETE FROM keeping {OF_ANN} AND number = 1")
    assert f"{ANN}: act 2 {said}" in await held.found()


@with_a_ring
async def test_acts_that_a_seal_sealed_are_not_written_anew_nor_taken_away(held: Held) -> None:
    await held.ledger.writing(lambda c: erasing.hold(c, *a_hold()))
    seal = await held.seal()
    assert await held.found(kept=True) == []
    gone = f"{ANN}: act 1 on its keeping is not the one that seal {seal.number} sealed."
    await tamper(held.ledger, f"DELETE FROM holds {OF_ANN}", f"DELETE FROM keeping {OF_ANN}")
    assert await held.found() == [gone]
    other = an_erasure(ANN, NOON, "hold", "Nobody: no reason")
    await held.ledger.writing(lambda c: erasing.hold(c, a_hold()[0], other))
    assert await held.found() == [ANOTHER_HOLD, gone]


@pytest.mark.parametrize("held", [None, RING], ids=["clear", "sealed"], indirect=True)
async def test_a_hold_that_names_somebody_else_than_its_act_is_found(held: Held) -> None:
    wanted, act = a_hold()
    await held.ledger.writing(lambda c: erasing.hold(c, wanted, act))
    assert await held.found() == []
    row = replace(wanted, by="Nobody in particular")
    made = await held.ledger.reading(lambda c: sealed_within(c, tables.holds, row_of(row), ANN))
    await tamper(
        held.ledger,
        f"UPDATE holds SET by = '{made['by']}', reason = '{made['reason']}' {OF_ANN}".replace(
            "SET by", 'SET "by"'
        ),
    )
    assert await held.found() == [ANOTHER_HOLD]


FAKED: dict[str, tuple[str, str]] = {
    "destroyed": (
        f"UPDATE data_keys SET wrapped = NULL, ring_key = '', destroyed_at = made_at, destroyed_by = 'x', reason = 'y' {OF_BOB}",
        f"{BOB}: its data key {NO_ACT}",
    ),
    "said to be destroyed": (
        f"UPDATE data_keys SET destroyed_at = made_at {OF_BOB}",
        f"{BOB}: its data key {NO_ACT}",
    ),
    "said to have been done": (
        "INSERT INTO keeping (reference, number, what, at, actor_id, actor_name, actor_role, link)"
        f" SELECT reference, 1, 'erase', made_at, 'x', 'X', 'administrator', 'x' FROM data_keys {OF_BOB}",
        f"{BOB}: it was erased, and its data key is not on record as destroyed.",
    ),
    "of the organisation": (
        "UPDATE data_keys SET wrapped = NULL WHERE reference = ''",
        f"{ORGANISATION}: the organisation's data key {NO_ACT}",
    ),
    "of a complaint that vanished": (
        "INSERT INTO keeping (reference, number, what, at, actor_id, actor_name, actor_role, link)"
        " SELECT 'GONE', 1, 'erase', made_at, 'x', 'X', 'administrator', 'x' FROM data_keys WHERE reference = ''",
        "GONE: it was erased, and its data key is not on record as destroyed.",
    ),
}


@with_a_ring
@pytest.mark.parametrize("what", FAKED)
async def test_an_erasure_that_nobody_did_is_found(held: Held, what: str) -> None:
    statement, expected = FAKED[what]
    await tamper(held.ledger, statement)
    assert expected in await held.found()


def a_hold() -> tuple[Hold, Act]:
    wanted = Hold(reference=ANN, by="County court", reason="Claim C-12", since=NOON)
    return wanted, an_erasure(ANN, NOON, "hold", "County court: Claim C-12")


@with_a_ring
async def test_a_hold_that_was_taken_away_or_its_act_is_found(held: Held) -> None:
    await held.ledger.writing(lambda c: erasing.hold(c, *a_hold()))
    assert await held.found() == []
    lines = {}
    for table in ("holds", "keeping"):
        await tamper(
            held.ledger, f"CREATE TABLE before AS SELECT * FROM {table}", f"DELETE FROM {table}"
        )
        lines[table] = await held.found()
        await tamper(held.ledger, f"INSERT INTO {table} SELECT * FROM before", "DROP TABLE before")
    said = "and that is not what the last act on record about a hold says."
    assert lines["holds"] == [f"{ANN}: it is on no hold, {said}"]
    assert lines["keeping"] == [f"{ANN}: it is on hold, {said}"]
    await held.ledger.writing(lambda c: erasing.release(c, an_erasure(ANN, NOON, "unhold")))
    assert await held.found() == []


async def test_what_a_copy_of_the_keys_erases_again_is_as_it_should_be(
    held: Held, empty_url: str
) -> None:
    """A copy of the keys says what was erased since an older ledger; the act is made of that."""
    if not empty_url.startswith("sqlite"):
        pytest.skip("a second database")
    newer, older = (f"{empty_url}-{name}" for name in ("newer", "older"))
    for url in (newer, older):
        await upgrade(url)
    async with open_sql_ledger(newer, RING) as ledger, open_sql_ledger(older, RING) as restored:
        await put_on_record(ledger, ANN, BOB)
        lines = await ledger.reading(lambda c: [*lines_of(c)])
        await restored.writing(lambda c: take_in(c, keys_in(lines), {"first"}))
        await put_on_record(restored, ANN)
        for reference in (ANN, BOB):
            when = an_erasure(reference, NOON)
            await ledger.writing(lambda c, act=when: erasing.erase(c, act))  # type: ignore[misc]
        lines = await ledger.reading(lambda c: [*lines_of(c)])
        await restored.writing(lambda c: take_in(c, keys_in(lines), {"first"}))
        ours = Held.__new__(Held)
        ours.ledger, ours.folder, ours.key, ours.roots = restored, held.folder, held.key, []
        assert await ours.found() == []
        with pytest.raises(KeyDestroyed):
            await restored.events(ANN)
        assert await restored.reading(lambda c: data_keys.find(c, BOB, None))
        await tamper(restored, f"UPDATE complaints SET missed = 9 {OF_ANN}")
        assert FIGURES in await ours.found()
