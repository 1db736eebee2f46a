"""What is found when chains and seals are counted again. Changes nothing.

Owns the checks of one complaint's chain, of the seals, and of what the one says of the other. Works within a
connection that `SqlLedger.reading` opened, and never holds more than one complaint or page of rows.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, RowMapping, Table, func, or_, select

from ledger.evidence.chain import first_link, next_link
from ledger.evidence.keys import is_signed
from ledger.evidence.letters import broken_letters
from ledger.evidence.seals import AT_A_TIME, NO_ROOT, Seal, every_seal, root_of, rows_of
from ledger.rows import has_ended
from ledger.sql import tables

UNREADABLE: Final = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""What comes of reading a row that somebody has put something else into."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was recorded."""

    where: str
    """A complaint's reference, or `seal 3`."""
    what: str
    """In words."""
    breaks: bool = True
    """Whether the record itself is broken, and not only what was made of it."""


def references_after(connection: Connection, after: str, limit: int) -> list[str]:
    """The next references on record, in the order of the database, behind that one."""
    column = tables.complaints.c.reference
    query = select(column).where(column > after).order_by(column).limit(limit)
    return list(connection.execute(query).scalars())


def count_of_complaints(connection: Connection) -> int:
    """How many complaints are on record."""
    return connection.execute(select(func.count()).select_from(tables.complaints)).scalar_one()


def without_a_row(connection: Connection) -> list[Finding]:
    """Complaints of which there are events, but no row that says how they stand."""
    events, complaints = tables.events.c, tables.complaints.c
    query = (
        select(events.reference)
        .distinct()
        .outerjoin_from(tables.events, tables.complaints, complaints.reference == events.reference)
        .where(complaints.reference.is_(None))
        .order_by(events.reference)
    )
    what = "its events are on record, but not how it stands: `uphold ledger rebuild` makes that of them."
    return [Finding(each, what, breaks=False) for each in connection.execute(query).scalars()]


def chain_findings(connection: Connection, reference: str) -> list[Finding]:
    """What of a complaint's events and letters does not fit its chain, nor the chain its head."""
    events, letters, complaints = tables.events.c, tables.notices.c, tables.complaints.c
    try:
        rows = connection.execute(
            select(tables.events).where(events.reference == reference).order_by(events.number)
        ).mappings()
        owed: dict[int, list[RowMapping]] = defaultdict(list)
        for letter in connection.execute(
            select(letters.event, letters.key, letters.owed_at, letters.body)
            .where(letters.reference == reference)
            .order_by(letters.event, letters.position)
        ).mappings():
            owed[letter["event"]].append(letter)
        last, head, found = _walk(reference, rows, owed)
    except UNREADABLE as error:  # an instant or a text that is none
        return [Finding(reference, f"a row of it cannot be read: {error}.")]
    query = select(complaints.events, complaints.head).where(complaints.reference == reference)
    made_of_it = []
    for said in connection.execute(query):
        if said.events > last:
            found.append(f"{_events(last + 1, said.events)} at the end")
        elif said.events < last:
            made_of_it.append(f"its row says {said.events}, but there is an event {last} on record")
        elif said.head != head:
            made_of_it.append("the head that its row names is not the link of its last event")
    return [Finding(reference, f"{each}.") for each in found] + [
        Finding(reference, f"{each}.", breaks=False) for each in made_of_it
    ]


def listed_findings(connection: Connection, reference: str) -> list[Finding]:
    """Where lists leave the complaint or a remedy of it out, or show it, and its own row says otherwise."""
    complaints, remedies = tables.complaints.c, tables.remedies.c
    query = select(
        complaints.ended, complaints.state, complaints.remedies_owed, complaints.next_due
    )
    stands: Any = connection.execute(query.where(complaints.reference == reference))
    found = [
        "lists leave it out" if row.ended else "lists show it as going on"
        for row in stands
        if row.ended != has_ended(row)
    ]
    promised = select(remedies.number, remedies.settled, remedies.ended_at)
    found += [
        f"lists {'leave out' if row.settled else 'still show'} its remedy {row.number}"
        for row in connection.execute(promised.where(remedies.reference == reference))
        if row.settled != (row.ended_at is not None)
    ]
    said = "and that is not how it stands"
    return [Finding(reference, f"{each}, {said}.", breaks=False) for each in found]


def _walk(
    reference: str, rows: Iterable[RowMapping], owed: dict[int, list[RowMapping]]
) -> tuple[int, str, list[str]]:
    """The last number and link of a chain, and in words what does not fit in it."""
    last, head, found = 0, first_link(reference), []
    for event in rows:
        number, letters = event["number"], owed.pop(event["number"], [])
        if number > last + 1:
            found.append(_events(last + 1, number - 1))
        elif number <= last or next_link(head, event, letters) != event["link"]:
            found.append(
                f"event {number} does not fit the chain: it was altered or put in, or a letter that it owes was"
            )
        if (said := _number_in(event["body"])) != number:
            found.append(
                f"event {number} says of itself that it is event {said}: rows changed places"
            )
        last, head = number, event["link"]
    found += [f"there is a letter of event {number}, but no such event" for number in sorted(owed)]
    return last, head, found


def _events(first: int, last: int) -> str:
    return f"event {first} is missing" if first == last else f"events {first} to {last} are missing"


def _number_in(body: str) -> object:
    told = json.loads(body)
    return told.get("number") if isinstance(told, dict) else None


def seal_findings(
    connection: Connection, keys: Mapping[str, Ed25519PublicKey] | None, kept: Sequence[str] = ()
) -> list[Finding]:
    """What of the seals does not fit; with `keys` their signatures too.

    `kept` are roots that were kept elsewhere, each of which has to be that of a seal.
    """
    seals = {seal.number: seal for seal in every_seal(connection)}
    found = []
    number, root = 0, NO_ROOT
    for seal in seals.values():
        where = f"seal {seal.number}"
        if seal.number != number + 1:
            found.append(Finding(f"seal {number + 1}", "it is missing."))
        elif (
            root_of(root, seal.number, seal.at, seal.key, rows_of(connection, seal.number))
            != seal.root
        ):
            found.append(
                Finding(
                    where,
                    "its root does not fit: it was altered, or the one before it, or what it seals.",
                )
            )
        if keys is not None and (wrong := _signature(seal, keys)):
            found.append(Finding(where, wrong))
        number, root = seal.number, seal.root
    sealed = connection.execute(select(tables.sealed.c.seal).distinct()).scalars()
    found += [
        Finding(f"seal {each}", "what it seals is on record, but it is not.")
        for each in sorted(set(sealed) - set(seals))
    ]
    roots = {seal.root for seal in seals.values()}
    what = (
        "it is the root of no seal on record: seals were altered or taken away since it was kept."
    )
    return found + [Finding(f"root {each}", what) for each in kept if each not in roots]


def _signature(seal: Seal, keys: Mapping[str, Ed25519PublicKey]) -> str | None:
    if seal.key not in keys:
        return f"it was signed with the key {seal.key}, which is not among the public keys."
    if not is_signed(keys, seal.key, seal.root, seal.signature):
        return "its signature does not fit its root."
    return None


def sealed_findings(connection: Connection, only: Sequence[str] = ()) -> list[Finding]:
    """Complaints that are not as a seal says, by the first seal that says so; `only` these if any are named."""
    return [
        *_sealed_events(connection, only),
        *_sealed_last(connection, only, tables.letters, "letters", "letter {} of those that left"),
        *_sealed_last(connection, only, tables.keeping, "acts", "act {} on its keeping"),
    ]


def _sealed_last(
    connection: Connection, only: Sequence[str], table: Table, name: str, what: str
) -> list[Finding]:
    """Complaints whose last row in that table is not the one that a seal sealed as `name`."""
    sealed, rows = tables.sealed.c, table.c
    last, head = sealed[name], sealed[f"{name}_head"]
    query = (
        select(sealed.reference, last.label("last"), func.min(sealed.seal).label("seal"))
        .outerjoin_from(
            tables.sealed, table, (rows.reference == sealed.reference) & (rows.number == last)
        )
        .where(last > 0, or_(rows.link.is_(None), rows.link != head))
        .group_by(sealed.reference, last)
        .order_by(sealed.reference, last)
    )
    if only:
        query = query.where(sealed.reference.in_(only))
    found: dict[str, Finding] = {}
    for row in connection.execute(query):
        said = f"{what.format(row.last)} is not the one that seal {row.seal} sealed."
        found.setdefault(row.reference, Finding(row.reference, said))
    return list(found.values())


def letter_findings(connection: Connection, reference: str) -> list[Finding]:
    """What of the letters of a complaint that left does not fit their chain."""
    try:
        return [Finding(reference, each) for each in broken_letters(connection, reference)]
    except UNREADABLE as error:  # an instant or a text that is none
        return [Finding(reference, f"a letter of it that left cannot be read: {error}.")]


def _sealed_events(connection: Connection, only: Sequence[str]) -> list[Finding]:
    sealed, events = tables.sealed.c, tables.events.c
    others = tables.events.alias("others").c
    left = select(others.number).where(others.reference == sealed.reference).exists()
    query = (
        select(sealed.reference, sealed.number, sealed.seal, events.link, left.label("left"))
        .outerjoin_from(
            tables.sealed,
            tables.events,
            (events.reference == sealed.reference) & (events.number == sealed.number),
        )
        .where(or_(events.link.is_(None), events.link != sealed.head))
        .order_by(sealed.reference, sealed.seal)
    )
    if only:
        query = query.where(sealed.reference.in_(only))
    found: dict[str, Finding] = {}
    for row in connection.execute(query, execution_options={"yield_per": AT_A_TIME}):
        if row.link:
            what = f"event {row.number} is another than seal {row.seal} sealed: the chain was written anew"
        elif row.left:
            what = f"event {row.number}, which seal {row.seal} sealed, is missing"
        else:
            what = f"seal {row.seal} sealed it up to event {row.number}, and no event of it is on record"
        found.setdefault(row.reference, Finding(row.reference, f"{what}."))
    return list(found.values())
