"""Every event on record carries a hash of all before it, of itself and of the letters that it owes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete, insert, select, text, update

from ledger.entries import entry_rows
from ledger.errors import LedgerFault
from ledger.evidence.chain import first_link, link_up, next_link
from ledger.keys.holds import Act
from ledger.keys.keeping import acts
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.port import NoticeFate, NoticeState
from ledger.rows import Row
from ledger.sql import tables
from tests.ledger.samples import REFERENCE, acknowledged, at, entry, opened, updated

STORY = (opened(), acknowledged(2), updated(3))


def rows_of_the_story() -> tuple[list[Row], list[Row]]:
    """The events and the letters of a small complaint, as rows."""
    given = [entry_rows(entry(event)) for event in STORY]
    return [row for one in given for row in one.events], [
        row for one in given for row in one.notices
    ]


def links_of(events: list[Row], letters: list[Row]) -> list[str]:
    """The link of each of these events, from the first."""
    link_up(first_link(REFERENCE), events, letters)
    return [event["link"] for event in events]


OTHERS: dict[str, Any] = {
    "reference": "FO-2026-000124",
    "number": 7,
    "kind": "reopened",
    "at": at(9),
    "body": "{}",
}


@pytest.mark.parametrize("field", OTHERS)
@pytest.mark.parametrize("altered", [0, 1, 2])
def test_whatever_is_altered_changes_the_link_and_all_behind_it(field: str, altered: int) -> None:
    events, letters = rows_of_the_story()
    before = links_of(events, letters)
    events[altered][field] = OTHERS[field]
    after = links_of(events, letters)
    assert [one == other for one, other in zip(before, after, strict=True)] == [
        place < altered for place in range(3)
    ]


def test_a_letter_that_is_altered_taken_away_or_moved_changes_the_link() -> None:
    events, letters = rows_of_the_story()
    before = links_of(events, letters)
    other = [letters[0], letters[1] | {"body": "{}"}, letters[2]]
    for given in (other, letters[:1] + letters[2:], [letters[0] | {"event": 2}, *letters[1:]]):
        assert links_of(events, given)[-1] != before[-1]


def test_events_that_change_places_change_the_link() -> None:
    events, letters = rows_of_the_story()
    before = links_of(events, letters)
    first, second, third = events
    assert links_of([first, third, second], letters)[1:] != before[1:]


def test_an_instant_is_the_same_in_every_zone() -> None:
    events, letters = rows_of_the_story()
    before = links_of(events, letters)
    for event in events:
        event["at"] = event["at"].astimezone(timezone(timedelta(hours=1)))
    assert links_of(events, letters) == before


def test_the_link_is_counted_as_it_is_written_down() -> None:
    """Whoever checks the record with a program of their own needs no more than this."""
    event = {
        "reference": "FO-1", "number": 1, "kind": "opened", "at": at(1), "body": '{"number":1}'
    }  # fmt: skip
    letters = [{"key": "FO-1/1/new", "owed_at": at(2), "body": "{}"}]
    texts = [
        first_link("FO-1"), "FO-1", "1", "opened", at(1).isoformat(), '{"number":1}',
        "FO-1/1/new", at(2).isoformat(), "{}",
    ]  # fmt: skip
    assert first_link("FO-1") == sha256(b"4:FO-1").hexdigest()
    counted = sha256("".join(f"{len(text)}:{text}" for text in texts).encode())
    assert next_link(first_link("FO-1"), event, letters) == counted.hexdigest()


async def test_the_ledger_keeps_the_chain_however_its_entries_come(ledger_url: str) -> None:
    together = entry(*STORY, notices=tuple(n for e in STORY for n in entry(e).notices))
    async with open_sql_ledger(ledger_url) as ledger:
        await ledger.record(entry(opened()))
        await ledger.record(entry(opened()))
        await ledger.record(together)
        links = await ledger.reading(
            lambda c: list(c.execute(select(tables.events.c.link).order_by("number")).scalars())
        )
        head = await ledger.reading(lambda c: c.execute(select(tables.complaints.c.head)).scalar())
    assert links == links_of(*rows_of_the_story())
    assert head == links[-1]


AN_ACT = Act(
    reference="FO-1", what="hold", at=datetime(2026, 11, 20, tzinfo=UTC), actor_id="m", actor_name="M", actor_role="manager",
)  # fmt: skip


@pytest.mark.parametrize("table", tables.APPEND_ONLY, ids=str)
async def test_no_slip_alters_or_deletes_what_is_on_record(table: Table, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite3"
    await upgrade(url)

    def fill(connection: Connection) -> None:
        connection.execute(text("INSERT INTO seals VALUES (1, '2026-11-20', 'r', 's', 'k')"))
        connection.execute(text("INSERT INTO sealed VALUES (1, 1, 0, 0, 'FO-1', 'h', '', '')"))
        acts.record(connection, AN_ACT)
        used = dict.fromkeys(tables.key_uses.c.keys(), "x") | {"at": at(1)}
        connection.execute(insert(tables.key_uses), used)

    async with open_sql_ledger(url) as ledger:
        await ledger.record(entry(opened()))
        await ledger.keep_charter("digest", b"packed")
        attempt = NoticeFate(key=f"{REFERENCE}/1/x/y", state=NoticeState.ATTEMPTED, at=at(1))
        await ledger.mark(attempt, b"letter")
        await ledger.writing(fill)
        for slip in (delete(table), update(table).values(dict.fromkeys(table.primary_key, "7"))):
            with pytest.raises(LedgerFault, match="what is on record is not altered"):
                await ledger.writing(lambda c, slip=slip: c.execute(slip))  # type: ignore[misc]
