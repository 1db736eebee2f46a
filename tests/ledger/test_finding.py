"""Complaints are found by whoever they name, also where nothing of that can be read in the ledger."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from domain.complaint.features.people.preferences import PreferencesStated
from domain.complaint.features.people.representation.events import RepresentativeNamed
from domain.complaint.opening import Complainant, Representative
from domain.complaint.views.finding import ways_to_find
from domain.vocabulary import Correspondent
from ledger.evidence.rebuilding import rebuild_within
from ledger.keys.keeping import erasing
from ledger.opening import open_sql_ledger
from ledger.port import Ledger, Listing
from ledger.sql import tables
from sealing.errors import RingKeyMissing
from sealing.ring import with_new_key
from tests.ledger.evidence.on_record import ANN, put_on_record
from tests.ledger.samples import REFERENCE, an_erasure, at, entry, opened, updated

OTHER = "FO-2026-000124"
BOB = Representative(kind=Correspondent.FRIEND, name="Bob Jones", email="bob@example.net")


async def found(ledger: Ledger, *texts: str, limit: int = 100) -> list[str]:
    wanted = Listing(ended=None, found_by=tuple(map(ways_to_find, texts)))
    return [row.reference for row in (await ledger.complaints(where=wanted, limit=limit)).rows]


async def fill(ledger: Ledger) -> None:
    """Two complaints: Siân's, and Ann Ôl's, for whom Bob acts later and who moves."""
    await ledger.record(entry(opened()))
    first = opened(OTHER)
    ann = Complainant(name="Ann Ôl", phone="029 2018 0000", address="1 High Street, CF10 1AA")
    first = replace(first, opening=first.opening.model_copy(update={"complainant": ann}))
    await ledger.record(entry(first, reference=OTHER))
    named = RepresentativeNamed(number=2, at=at(2), representative=BOB)
    moved = PreferencesStated(number=3, at=at(3), address="2 Low Road, NP10 8XG")
    await ledger.record(entry(named, moved, reference=OTHER))


async def test_a_complaint_is_found_by_whoever_it_names_and_by_nobody_else(ledger: Ledger) -> None:
    await fill(ledger)
    assert await found(ledger, "SIAN@example.org") == [REFERENCE]
    assert await found(ledger, "ol") == [REFERENCE, OTHER]
    assert await found(ledger, "ol", limit=1) == [REFERENCE]
    assert await found(ledger, "ol", "02920180000") == [OTHER]
    assert await found(ledger, "Ôl Siân") == [REFERENCE]
    for text in ("Bob Jones", "bob@example.net", "np10 8xg", "cf101aa"):
        assert await found(ledger, text) == [OTHER], text
    for text in ("Ann Siân", "ann@example.org", "02920180001", "Price"):
        assert await found(ledger, text) == [], text
    wanted = Listing(charter="no-such", found_by=(ways_to_find("ol"),))
    assert (await ledger.complaints(where=wanted)).rows == ()


async def test_an_entry_that_comes_again_is_found_once(ledger: Ledger) -> None:
    for _ in range(2):
        await ledger.record(entry(opened()))
    await ledger.record(entry(opened(), updated(2)))
    assert await found(ledger, "Siân") == [REFERENCE]


async def test_nothing_of_whom_it_names_is_in_the_index_and_equal_fields_alone_are_equal(
    ledger_url: str,
) -> None:
    def digests(connection: Connection) -> dict[str, set[str]]:
        rows = connection.execute(select(tables.found_by)).all()
        return {row.digest: {r.reference for r in rows if r.digest == row.digest} for row in rows}

    async with open_sql_ledger(ledger_url, with_new_key(None, "first")) as ledger:
        await fill(ledger)
        there = await ledger.reading(digests)
        assert all(len(bytes.fromhex(each)) == 16 for each in there)
        assert sorted(map(len, there.values())) == [1] * (len(there) - 1) + [2]
        assert await ledger.data_key(reference="")


async def test_without_the_ring_it_is_said_that_nobody_can_be_looked_for(ledger_url: str) -> None:
    async with open_sql_ledger(ledger_url, with_new_key(None, "first")) as ledger:
        await fill(ledger)
    async with open_sql_ledger(ledger_url) as without:
        with pytest.raises(RingKeyMissing, match="UPHOLD_KEY_RING"):
            await found(without, "Siân")


async def test_what_was_recorded_before_the_ring_is_found_still_and_sealed_by_a_rebuild(
    ledger_url: str,
) -> None:
    async with open_sql_ledger(ledger_url) as plain:
        await put_on_record(plain, ANN)
        name = (await plain.events(ANN))[0].opening.complainant.name
        assert await found(plain, name) == [ANN]
    async with open_sql_ledger(ledger_url, with_new_key(None, "first")) as ledger:
        assert await found(ledger, name) == [ANN]
        said = await ledger.writing(lambda c: rebuild_within(c, ANN))
        assert said == ["by what it is found: it was not what the events say"]
        assert await found(ledger, name) == [ANN]
        assert await ledger.writing(lambda c: rebuild_within(c, ANN)) == []
    async with open_sql_ledger(ledger_url) as plain:
        with pytest.raises(RingKeyMissing):
            await found(plain, name)


async def test_what_is_erased_is_found_no_more(ledger_url: str) -> None:
    async with open_sql_ledger(ledger_url, with_new_key(None, "first")) as ledger:
        await fill(ledger)
        await ledger.writing(lambda c: erasing.erase(c, an_erasure(OTHER, at(9))))
        assert await found(ledger, "ol") == [REFERENCE]
        assert await found(ledger, "bob@example.net") == []
