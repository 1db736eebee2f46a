"""The read models of a complaint, made of its events again.

Owns what is compared and what takes the place of what, beside what waits and by what a complaint is found. Events, letters and what became of letters are never touched;
nor is a complaint whose chain is broken, since new rows would hide that. Works within a transaction that
`SqlLedger.writing` opened, one for each complaint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, select

from domain.charter.rules import unpack
from domain.complaint.decider.evolve import fold
from domain.complaint.state import Complaint
from domain.complaint.views.finding import Mark, marks_of
from domain.complaint.views.read_model import clock_standing, remedy_standing, standing_of
from domain.errors import RecordsDiffer
from ledger.entries import read_events
from ledger.errors import BrokenChain, CharterNotKept
from ledger.evidence.checking import Finding, chain_findings
from ledger.keys.bodies import texts_of
from ledger.keys.finding import found_rightly, put_right
from ledger.keys.words import WORDS, read_words, sealed_within
from ledger.rows import Row, has_ended, is_settled, row_of
from ledger.sql import tables
from ledger.sql.statements import upsert
from ledger.sql.waiting import wait_again
from ledger.sql.writing import hold

_OF_NO_EVENT = "as_of"
"""Says when a row was written, and nothing of the complaint."""


def rebuild_within(connection: Connection, reference: str, *, dry_run: bool = False) -> list[str]:
    """Make the complaint's rows anew; returns in words what was not as its events say.

    `dry_run` changes nothing. Raises `BrokenChain`, `CharterNotKept`, or `RecordsDiffer` where the events
    cannot be folded.
    """
    hold(connection, [reference])
    if broken := [each.what for each in chain_findings(connection, reference) if each.breaks]:
        raise BrokenChain(reference, broken)
    complaint, head, marks = _folded(connection, reference)
    wanted: dict[Table, list[Row]] = {
        tables.complaints: [_standing(complaint, head)],
        tables.clocks: [
            row_of(clock_standing(each, complaint.rules_of(each)))
            | {"reference": reference, "as_of": complaint.events}
            for each in complaint.clocks
        ],
        tables.remedies: [
            row_of(row) | {"settled": is_settled(row), "as_of": complaint.events}
            for row in (remedy_standing(complaint, each) for each in complaint.remedies)
        ],
    }
    said: list[str] = []
    for table, rows in wanted.items():
        said += _replace(connection, table, reference, rows, dry_run=dry_run)
    said += put_right(connection, reference, marks, dry_run=dry_run)
    said += wait_again(connection, reference, dry_run=dry_run)
    return said


def beside_findings(connection: Connection, reference: str) -> list[Finding]:
    """By what it is found and what waits, where that is not what its events say. Changes nothing.

    Raises what reading sealed texts does.
    """
    events, _ = _events(connection, reference)
    marks = [mark for event in events for mark in marks_of(event)]
    said = [*wait_again(connection, reference, dry_run=True)]
    if not found_rightly(connection, reference, marks):
        said.append("by what it is found: it is not what the events say")
    return [Finding(reference, f"{each}.", breaks=False) for each in said]


def _folded(connection: Connection, reference: str) -> tuple[Complaint, str, list[Mark]]:
    """The complaint that its events come to, its last link, and by what it is found."""
    charters = tables.charters.c
    read, head = _events(connection, reference)
    if not read:
        raise RecordsDiffer(f"{reference}: no event of it is on record")
    digest = read[0].digest
    packed = connection.execute(
        select(charters.packed).where(charters.digest == digest)
    ).scalar_one_or_none()
    if packed is None:
        raise CharterNotKept(digest)
    marks = [mark for event in read for mark in marks_of(event)]
    return fold(unpack(bytes(packed)), read), head, marks


def _events(connection: Connection, reference: str) -> tuple[tuple[Any, ...], str]:
    """The complaint's events, and the link of the last; none where there are none."""
    events = tables.events.c
    rows = connection.execute(
        select(events.body, events.link)
        .where(events.reference == reference)
        .order_by(events.number)
    ).all()
    read = read_events(texts_of(connection, [row.body for row in rows]))
    return read, rows[-1].link if rows else ""


def _standing(complaint: Complaint, head: str) -> Row:
    standing = standing_of(complaint)
    return row_of(standing) | {"ended": has_ended(standing), "head": head}


def _replace(
    connection: Connection, table: Table, reference: str, wanted: list[Row], *, dry_run: bool
) -> Iterator[str]:
    """Put these rows in the place of those of the complaint that differ, and say which did."""
    keys = [column.name for column in table.primary_key]
    worded = table in WORDS
    there_are: Any = connection.execute(
        select(table).where(table.c.reference == reference)
    ).mappings()
    rows = read_words(connection, table, there_are) if worded else map(dict, there_are)
    found = {tuple(row[key] for key in keys): row for row in rows}
    for row in wanted:
        there = found.pop(tuple(row[key] for key in keys), None)
        if differs := _differing(row, there):
            yield f"{_named(table, row)}: {differs}"
            if not dry_run:
                made = sealed_within(connection, table, row, reference) if worded else row
                connection.execute(upsert(connection.dialect.name, table), made)
    for row in found.values():
        yield f"{_named(table, row)}: no event speaks of it"
        if not dry_run:
            connection.execute(
                delete(table).where(and_(*(table.c[key] == row[key] for key in keys)))
            )


def _differing(wanted: Row, there: Mapping[str, Any] | None) -> str:
    if there is None:
        return "it was missing"
    return "; ".join(
        f"{name} was {there[name]!r}, the events say {value!r}"
        for name, value in wanted.items()
        if there[name] != value and name != _OF_NO_EVENT
    )


def _named(table: Table, row: Mapping[str, Any]) -> str:
    if table is tables.complaints:
        return "how it stands"
    return f"clock {row['id']}" if table is tables.clocks else f"remedy {row['number']}"
