"""With a key ring no word about anybody stands readable in any table, and whoever has the ring reads all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Connection, LargeBinary, Text, select

from domain.calendar.months import Month
from domain.charter.feature_tables import SampleCheck
from domain.quality.measures import SurveyResponse
from domain.quality.sampling import Answer, Item, Recipe, Sample
from ledger.errors import LedgerError
from ledger.keys.holds import Hold
from ledger.keys.keeping import erasing
from ledger.keys.words import ERASED, WITH, WORDS
from ledger.opening import open_sql_ledger
from ledger.port import NoticeFate, NoticeState, RemedyListing
from ledger.quality.measures import Kept, keep_responses
from ledger.quality.samples import keep_sample, sample_of
from ledger.sql import tables
from ledger.sql.ledger import SqlLedger
from sealing.errors import RingKeyMissing
from sealing.ring import FileRing, with_new_key
from tests.ledger.samples import (
    REFERENCE,
    acknowledged,
    an_erasure,
    at,
    entry,
    notice,
    opened,
    remedy,
)

NOW = datetime(2026, 11, 28, tzinfo=UTC)
SAID = "Nobody rang my sister back."
PROMISED, HOW = "A visit to her sister", "Her sister was visited"
WHY = "552 no mailbox of sian@example.org"
COMMENT, NOTE = "They were kind to my sister", "Her sister was told nothing"
WHO, CLAIM = "The court of her sister", "Her sister's claim"
WORDS_SAID = (SAID, PROMISED, HOW, WHY, COMMENT, NOTE, WHO, CLAIM, "Siân", "sian@example.org")
OCTOBER = Month(2026, 10)
LETTER = notice(2).key


@pytest.fixture
def ring() -> FileRing:
    return with_new_key(None, "first")


@pytest_asyncio.fixture
async def ledger(ledger_url: str, ring: FileRing) -> AsyncIterator[SqlLedger]:
    async with open_sql_ledger(ledger_url, ring) as held:
        await fill(held)
        yield held


async def fill(ledger: SqlLedger) -> None:
    """A word about somebody in every table that can have one."""
    kept = remedy(text=PROMISED, reason=HOW, state="done", ended_at=NOW)
    await ledger.record(entry(opened(details=SAID), acknowledged(2), remedies=(kept,)))
    await ledger.mark(
        NoticeFate(key=LETTER, state=NoticeState.REFUSED, at=at(3), detail=WHY, message_id="<1@x>")
    )
    await ledger.writing(
        lambda c: erasing.hold(c, the_hold(), an_erasure(REFERENCE, NOW, "hold", the_hold().reason))
    )
    await answered(ledger)
    await ledger.writing(lambda c: keep_sample(c, the_sample()))


def the_hold() -> Hold:
    return Hold(reference=REFERENCE, by=WHO, reason=CLAIM, since=NOW)


def the_sample() -> Sample:
    recipe = Recipe(charter="financial-ombudsman", month=OCTOBER, size=1, per_handler=1)
    found = Item(
        reference=REFERENCE,
        handler_id="h.jones",
        reviewed_by="q.ng",
        reviewed_at=NOW,
        results={"told": Answer.NO},
        note=NOTE,
    )
    checks = (SampleCheck(id="told", text="Everybody was told.", source="a.txt"),)
    return Sample(recipe=recipe, checklist=checks, population=1, drawn_at=NOW, items=(found,))


async def answered(ledger: SqlLedger, comment: str = COMMENT) -> Kept[SurveyResponse]:
    said = SurveyResponse(
        answered_on=date(2026, 11, 3), reference=REFERENCE, score=4, comment=comment, response_id="r-1"
    )  # fmt: skip
    other = SurveyResponse(
        answered_on=date(2026, 11, 3), reference=None, score=2, comment=comment, response_id="r-2"
    )  # fmt: skip
    return await ledger.writing(
        lambda c: keep_responses(c, "financial-ombudsman", [said, other], NOW)
    )


def everything(connection: Connection) -> str:
    """All that stands in any column of any table."""
    found: list[Any] = []
    for table in tables.metadata.sorted_tables:
        found += [
            f"{table.name}: {dict(row)}" for row in connection.execute(select(table)).mappings()
        ]
    return "\n".join(found)


async def test_nothing_that_is_said_of_anybody_is_readable_in_any_table(ledger: SqlLedger) -> None:
    there = await ledger.reading(everything)
    assert [word for word in WORDS_SAID if word in there] == []
    assert "h.jones" in there, "staff are named by their ids"


async def test_the_search_does_find_what_is_written_without_a_ring(ledger_url: str) -> None:
    async with open_sql_ledger(ledger_url) as plain:
        await fill(plain)
        there = await plain.reading(everything)
        assert [word for word in WORDS_SAID if word not in there] == []


async def test_whoever_has_the_ring_reads_all_of_it(ledger: SqlLedger) -> None:
    (listed,) = (await ledger.remedies(where=RemedyListing(settled=None))).rows
    assert (listed.text, listed.reason) == (PROMISED, HOW)
    assert (await ledger.fate(LETTER)).detail == WHY
    assert [each.fate.detail for each in await ledger.notices(REFERENCE)] == [WHY]
    assert await ledger.reading(lambda c: erasing.hold_of(c, REFERENCE)) == the_hold()
    assert (
        await ledger.reading(lambda c: sample_of(c, "financial-ombudsman", OCTOBER)) == the_sample()
    )
    again = await answered(ledger)
    assert (len(again.unchanged), again.superseded) == (2, [])
    (before, after), _ = (await answered(ledger, "Less kind")).superseded
    assert (before.comment, after.comment) == (COMMENT, "Less kind")


async def test_without_the_ring_none_of_it_is_read(ledger: SqlLedger, ledger_url: str) -> None:
    async with open_sql_ledger(ledger_url) as without:
        for reading in (
            without.remedies(where=RemedyListing(settled=None)),
            without.fate(LETTER),
            without.reading(lambda c: erasing.hold_of(c, REFERENCE)),
            without.reading(lambda c: sample_of(c, "financial-ombudsman", OCTOBER)),
            answered(without),
        ):
            with pytest.raises(RingKeyMissing):
                await reading
        assert (await without.standing(REFERENCE)) is not None, "what is counted needs no ring"


async def test_what_is_erased_is_read_by_nobody_and_no_word_comes_after_it(
    ledger: SqlLedger, ledger_url: str, ring: FileRing
) -> None:
    await ledger.writing(lambda c: erasing.release(c, an_erasure(REFERENCE, NOW, "unhold")))
    await ledger.writing(lambda c: erasing.erase(c, an_erasure(REFERENCE, NOW)))
    async with open_sql_ledger(ledger_url, ring) as anew:
        (listed,) = (await anew.remedies(where=RemedyListing(settled=None))).rows
        assert (listed.text, listed.reason) == (ERASED, ERASED)
        sample = await anew.reading(lambda c: sample_of(c, "financial-ombudsman", OCTOBER))
        assert sample
        assert sample.items[0].note == ERASED
        assert sample.items[0].results == {"told": Answer.NO}
        again = await answered(anew)
        assert (len(again.unchanged), again.superseded) == (2, [])
        late = NoticeFate(key=LETTER, state=NoticeState.DELIVERED, at=at(9), detail=WHY)
        assert await anew.mark(late) is NoticeState.REFUSED
        assert (await anew.fate(LETTER)).detail == ERASED
        there = await anew.reading(everything)
        assert [word for word in WORDS_SAID if word in there] == []


async def test_what_was_opened_before_the_ring_is_not_erased_though_it_has_a_key_by_now(
    ledger_url: str, ring: FileRing
) -> None:
    async with open_sql_ledger(ledger_url) as plain:
        await plain.record(entry(opened()))
    async with open_sql_ledger(ledger_url, ring) as ledger:
        await ledger.record(entry(acknowledged(2)))
        with pytest.raises(LedgerError, match="before there was a key ring"):
            await ledger.writing(lambda c: erasing.erase(c, an_erasure(REFERENCE, NOW)))
        assert len(await ledger.events(REFERENCE)) == 2


SEALED_OTHERWISE = {
    "events": {"body"},
    "notices": {"body"},
    "samples": {"body"},
    "letters": {"content"},
    "data_keys": {"wrapped"},
}
READABLE = {
    # what lists and reports find and count; staff are named
    "complaints": "reference charter charter_version digest channel correspondent stage state handler_id"
    " handler_name outcome closed_how head linked",
    "events": "reference kind link",
    "clocks": "reference id promise part stage state budget superseded proof",
    "remedies": "reference charter stage kind owner_id owner_name owner_role state",
    "notices": "key reference",
    "fates": "key state message_id channel",
    "satisfaction": "charter response_id reference",
    # the organisation's own affairs: charters, closed days, its mailboxes
    "waiting": "key mailbox digest",
    "charters": "digest packed",
    "closures": "region charter reason added_by issuer token",
    "calls": "charter period source",
    "samples": "charter month",
    "holds": "reference",
    # digests under the organisation's key
    "found_by": "field digest reference",
    # evidence
    "seals": "root signature key",
    "sealed": "reference head letters_head acts_head",
    "letters": "reference key digest link",
    # who destroyed a key, and why: whoever does is told to name nobody
    "data_keys": "reference id ring_key destroyed_by reason",
    # who of the staff held, released and erased, and by which token
    "keeping": "reference what actor_id actor_name actor_role issuer token figures link",
    "key_uses": "id what reference who role issuer token",
}
"""Of each table, what holds text and stays readable."""


def test_of_every_column_with_text_it_was_decided_whether_it_is_sealed() -> None:
    undecided = {
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if isinstance(getattr(column.type, "impl_instance", column.type), Text | LargeBinary)
        and column.name not in {*WORDS.get(table, ()), WITH}
        and column.name not in SEALED_OTHERWISE.get(table.name, set())
        and column.name not in READABLE.get(table.name, "").split()
    }
    assert undecided == set()
