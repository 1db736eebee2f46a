"""Letters as they left: what was handed to a channel, byte for byte.

Owns how they are kept: packed, sealed under the complaint's key where there is a ring, once however often the same
text was tried, numbered within their complaint and each chained to the one before by hash. They are not in the link
of an event, which is on record before its letters leave. Works within a connection that `SqlLedger` opened.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from domain.notices import reference_of
from domain.packing import pack_json, unpack_json
from ledger.evidence.chain import hashed
from ledger.keys.within import key_within, keys_within
from ledger.sql import tables
from ledger.sql.statements import Prepared, insert_into, rows_among, selecting
from sealing.cipher import DataKey
from sealing.errors import KeyDestroyed

Message = tuple[datetime, bytes]
_DATE: Final = re.compile(rb"^Date: [^\r\n]*\r\n", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLetter:
    """One message as it was handed over; there are several of a notice if its text changed between attempts."""

    key: str
    """Of its notice."""
    at: datetime
    """When the first attempt with this text began (UTC)."""
    message: bytes
    """All of it as RFC 5322 wants it."""


def first_letter(reference: str) -> str:
    """What the chain of a complaint's letters begins from, in hexadecimal digits."""
    return hashed("letters", reference)


def link_of(before: str, row: Mapping[str, Any]) -> str:
    """The link of a letter behind `before`; the row is one of the table `letters`."""
    at, content = row["at"].astimezone(UTC).isoformat(), bytes(row["content"])
    told = (row["reference"], str(row["number"]), row["key"], row["digest"], at)
    return hashed(before, *told, row["sealed_with"] or "", hashlib.sha256(content).hexdigest())


def keep_letters(
    connection: Connection, given: Mapping[str, Message], tried: Collection[str]
) -> None:
    """Keep what is about to be handed over, by the key of its notice; nothing of a complaint that was erased.

    `tried` are those of which there may be a letter already. Nobody else writes letters of these complaints meanwhile.
    """
    of = {key: reference for key in given if (reference := reference_of(key))}
    lasts = {ref: tuple(last) for ref, *last in rows_among(connection, _LAST, set(of.values()))}
    there = set(rows_among(connection, _KNOWN, tried)) if tried else set()
    rows = []
    for key, reference in of.items():
        at, message = given[key]
        try:
            data_key = key_within(connection, reference)
        except KeyDestroyed:
            continue
        digest = _digest(message, data_key)
        if (key, digest) in there:
            continue
        number, head = lasts.get(reference, (0, first_letter(reference)))
        row = _row(key, reference, number + 1, at, message, digest, data_key)
        row["link"] = link_of(head, row)
        lasts[reference] = (row["number"], row["link"])
        rows.append(row)
    if rows:
        _LETTERS.write(connection, rows)


def letters_of(connection: Connection, reference: str) -> tuple[SentLetter, ...]:
    """Every letter of the complaint that was handed over, in that order.

    Raises `KeyDestroyed`, `RingKeyMissing` or `SealBroken`.
    """
    table = tables.letters
    rows = connection.execute(
        select(table).where(table.c.reference == reference).order_by(table.c.number)
    ).all()
    keys = keys_within(connection, {row.sealed_with for row in rows if row.sealed_with})
    found = []
    for row in rows:
        content = bytes(row.content)
        if row.sealed_with:
            key = keys[row.sealed_with]
            if isinstance(key, KeyDestroyed):
                raise key
            content = key.read(content, _place(row.key))
        found.append(SentLetter(key=row.key, at=row.at, message=unpack_json(content)))
    return tuple(found)


def broken_letters(connection: Connection, reference: str) -> Iterator[str]:
    """What of the letters of a complaint does not fit their chain, in words."""
    table = tables.letters
    rows = connection.execute(
        select(table).where(table.c.reference == reference).order_by(table.c.number)
    ).mappings()
    last, head = 0, first_letter(reference)
    for row in rows:
        number = row["number"]
        if number != last + 1:
            yield f"letter {last + 1} of those that left is missing."
        elif link_of(head, dict(row)) != row["link"]:
            yield f"letter {number} of those that left does not fit the one before: it was altered or put in."
        last, head = number, row["link"]


def _row(
    key: str, reference: str, number: int, at: datetime, message: bytes, digest: str,
    data_key: DataKey | None,
) -> dict[str, Any]:  # fmt: skip
    content = pack_json(message)
    return {
        "reference": reference,
        "number": number,
        "key": key,
        "digest": digest,
        "at": at,
        "sealed_with": data_key.id if data_key else None,
        "content": data_key.seal(content, _place(key)) if data_key else content,
    }


def _digest(message: bytes, key: DataKey | None) -> str:
    """By what the same text is known again, whenever it is tried; nobody without the key can guess at it."""
    text = _DATE.sub(b"", message, count=1)
    return key.digest(text) if key else hashlib.sha256(text).hexdigest()[:32]


def _place(key: str) -> str:
    return f"letter that left {key}"


def _last(dialect: str) -> Any:
    letters, others = tables.letters.c, tables.letters.alias("others").c
    newest = select(func.max(others.number)).where(others.reference == letters.reference)
    found = selecting(dialect, letters.reference, letters.number, letters.link)
    return found.where(letters.number == newest.scalar_subquery())


_LAST = Prepared(_last)
_KNOWN = Prepared(lambda dialect: selecting(dialect, tables.letters.c.key, tables.letters.c.digest))
_LETTERS = Prepared(lambda dialect: insert_into(dialect, tables.letters))
