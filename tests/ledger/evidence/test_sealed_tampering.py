"""One damaged key or odd row is one finding: it hides no other, and what needs no key is checked without one."""

# ruff: noqa: S608 - every statement is the test's own
from __future__ import annotations

import pytest

from ledger.opening import open_sql_ledger
from tests.ledger.evidence.on_record import ANN, BOB, tamper
from tests.ledger.evidence.test_tampering import LAST, OF_ANN, RING, Held, held

__all__ = ["held"]
with_a_ring = pytest.mark.parametrize("held", [RING], ids=["sealed"], indirect=True)
BOB_TOO = f"DELETE FROM events WHERE reference = '{BOB}' AND number = 3"
KEY_OF_ANN = f"WHERE reference = '{ANN}'"

DAMAGED: dict[str, tuple[str, str]] = {
    "a data key that is gone": (
        f"DELETE FROM data_keys {KEY_OF_ANN}",
        "The record cannot be read: Something was sealed with key",
    ),
    "a data key that nobody destroyed and is empty": (
        f"UPDATE data_keys SET wrapped = NULL, ring_key = '' {KEY_OF_ANN}",
        f"The record cannot be read: The data key of {ANN} is gone",
    ),
    "garbage for a data key": (
        f"UPDATE data_keys SET wrapped = :garbage {KEY_OF_ANN}",
        "The record cannot be read: ",
    ),
    "a data key under a key that no ring has": (
        f"UPDATE data_keys SET ring_key = 'nobody' {KEY_OF_ANN}",
        "The record cannot be read: ",
    ),
    "an event that is a number": (
        f"UPDATE events SET body = '7' {OF_ANN} AND number = 2",
        "The record cannot be read: ",
    ),
}


@with_a_ring
@pytest.mark.parametrize("what", DAMAGED)
async def test_what_cannot_be_read_is_found_and_hides_nothing_else(held: Held, what: str) -> None:
    statement, expected = DAMAGED[what]
    await tamper(held.ledger, statement, BOB_TOO, garbage=b"garbage")
    found = await held.found()
    assert any(line.startswith(f"{ANN}: {expected}") for line in found), found
    assert f"{BOB}: event 3 is missing." in found


BODIES: dict[str, tuple[str, str]] = {
    "a key that was never on record": (
        '{"number":2,"sealed":{"key":"00","text":"eA=="}}',
        "Something was sealed with key 00",
    ),
    "a key of another type": (
        '{"number":2,"sealed":{"key":1}}',
        "What is sealed does not name its key",
    ),
    "a key that is no name": (
        '{"number":2,"sealed":{"key":{},"text":"?"}}',
        "What is sealed does not name its key",
    ),
    "a sealed text that is none": (
        '{"number":2,"sealed":{"key":"KEY","text":"?"}}',
        "What stands at event 2",
    ),
}


@with_a_ring
@pytest.mark.parametrize("what", BODIES)
async def test_a_body_that_nobody_sealed_is_found_and_hides_nothing_else(
    held: Held, what: str
) -> None:
    body, expected = BODIES[what]
    key = await held.ledger.data_key(reference=ANN)
    assert key
    put = f"UPDATE events SET body = :body {OF_ANN} AND number = 2"
    await tamper(held.ledger, put, BOB_TOO, body=body.replace("KEY", key.id))
    found = await held.found()
    said = f"{ANN}: The record cannot be read: {expected}"
    assert any(line.startswith(said) for line in found), found
    assert f"{BOB}: event 3 is missing." in found


ODD: dict[str, str] = {
    "a body of bytes": f"UPDATE events SET body = :garbage {OF_ANN} AND number = 2",
    "a body that is no text": f"UPDATE events SET body = CAST(:garbage AS TEXT) {OF_ANN} AND number = 2",
    "an instant that is none": f"UPDATE events SET at = 'noon' {OF_ANN} AND number = 2",
    "a key's instant that is none": f"UPDATE data_keys SET made_at = 'noon' {KEY_OF_ANN}",
    "a seal's instant that is none": "UPDATE seals SET at = 'noon' WHERE number = 2",
    "a letter's instant that is none": f"UPDATE notices SET owed_at = 'noon' {OF_ANN}",
}


@with_a_ring
@pytest.mark.parametrize("what", ODD)
async def test_a_row_that_a_file_takes_and_nobody_can_read_hides_nothing_else(
    held: Held, what: str
) -> None:
    if not held.ledger.shown.startswith("sqlite"):
        pytest.skip("PostgreSQL takes no such row")
    await tamper(held.ledger, ODD[what], BOB_TOO, garbage=b"\xff\x00")
    found = await held.found()
    assert len(found) > 1
    assert f"{BOB}: event 3 is missing." in found


@with_a_ring
async def test_without_a_ring_chains_and_seals_are_checked_and_that_is_said(held: Held) -> None:
    async with open_sql_ledger(held.ledger.shown) as unread:
        if not held.ledger.shown.startswith("sqlite"):
            pytest.skip("its address is shown without a password")
        ours = Held.__new__(Held)
        ours.ledger, ours.folder, ours.key, ours.roots = unread, held.folder, held.key, held.roots
        whole = await ours.verified(kept=True)
        assert whole.findings == ()
        assert [each[:26] for each in whole.remarks] == ["There is no key ring here,"]
        await tamper(held.ledger, f"DELETE FROM events {OF_ANN} AND number = {LAST}", BOB_TOO)
        found = await ours.found()
    assert f"{ANN}: event {LAST} is missing at the end." in found
    assert f"{BOB}: event 3 is missing." in found
