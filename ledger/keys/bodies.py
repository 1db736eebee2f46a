"""What of an event and of a letter is kept in the clear, and how the rest is sealed and read again.

Owns that only what reports count stays readable: kinds, instants, stages, outcomes, topics, who acted in what role.
Whatever is written in words is sealed, under the key of the complaint and for the row in which it stands. The
chain is made of the sealed text, so that it can be checked without any key, also after one was destroyed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, select

from domain.packing import pack_json, unpack_json
from domain.vocabulary import Role
from ledger.keys.within import keys_within
from ledger.keys.words import ERASED, sealed_words
from ledger.rows import Row
from ledger.sql import tables
from sealing.cipher import DataKey
from sealing.errors import KeyDestroyed, SealBroken

if TYPE_CHECKING:
    from ledger.entries import EntryRows

_SEALED: Final = "sealed"
_MARK: Final = f'"{_SEALED}":{{"key":'
_ALWAYS: Final = frozenset({"number", "at", "kind", "key"})
COUNTED: Final[Mapping[str, frozenset[str]]] = {
    "opened": frozenset({"stage", "opening"}),
    "extended": frozenset({"clock"}),
    "escalated": frozenset({"to"}),
    "replied": frozenset({"stage", "outcome", "cause", "changes", "unchanged"}),
    "remedy-accepted": frozenset({"remedy"}),
    "remedy-done": frozenset({"remedy"}),
    "remedy-refused": frozenset({"remedy"}),
    "closed": frozenset({"how", "without_answer", "ground", "actor", "approved_by"}),
}
"""Which fields of an event reports count, beside its number, instant and kind."""
_WITHIN: Final = {
    "opening": ("about",),
    "actor": ("id", "role"),
    "approved_by": ("id", "role"),
}
"""Of a field that holds several things, which of them."""
_CUSTOMERS_SIDE: Final = frozenset({Role.CUSTOMER, Role.REPRESENTATIVE})
"""Whose ids may be an address of theirs."""


def sealed(rows: EntryRows, key: DataKey) -> EntryRows:
    """The rows of an entry with what they say sealed."""
    return replace(
        rows,
        events=[_sealed(row, _event_place(row["number"]), key) for row in rows.events],
        notices=[_sealed(row, _letter_place(row["key"]), key) for row in rows.notices],
        remedies=[sealed_words(tables.remedies, row, key) for row in rows.remedies],
    )


def texts_of(connection: Connection, bodies: Iterable[str]) -> list[str]:
    """The texts of events or letters as they were recorded. Raises `KeyDestroyed`, `RingKeyMissing`, `SealBroken`."""
    read = []
    for text, gone in _read(connection, list(bodies)):
        if gone:
            raise gone
        read.append(text)
    return read


def facts_of(connection: Connection, bodies: Iterable[str]) -> list[dict[str, Any]]:
    """What events say; of those that were erased, what reports count. Raises `RingKeyMissing`, `SealBroken`."""
    return [json.loads(text) for text, _ in _read(connection, list(bodies))]


def stands_clear(connection: Connection, reference: str) -> bool:
    """Whether any event of the complaint was recorded without a ring."""
    events = tables.events.c
    query = select(events.number).where(
        events.reference == reference, events.body.not_like(f"%{_MARK}%")
    )
    return connection.execute(query.limit(1)).first() is not None


def key_of_events(connection: Connection, reference: str) -> str | None:
    """The id of the key that the complaint's last event was sealed with; none where it stands in the clear."""
    events = tables.events.c
    query = select(events.body).where(events.reference == reference)
    body = connection.scalar(query.order_by(events.number.desc()).limit(1))
    return _key_named_by(json.loads(body)) if body and _MARK in body else None


def _sealed(row: Row, place: str, key: DataKey) -> Row:
    told = json.loads(row["body"])
    counted = _ALWAYS | COUNTED.get(row.get("kind", ""), frozenset())
    clear = {name: _countable(name, value) for name, value in told.items() if name in counted}
    hidden = key.seal(pack_json(row["body"].encode()), place)
    clear[_SEALED] = {"key": key.id, "text": base64.b64encode(hidden).decode()}
    body = json.dumps(clear, ensure_ascii=False, separators=(",", ":"))
    return row | {"body": body, "plain": row["body"]}


def _countable(name: str, value: Any) -> Any:
    if name == "unchanged":
        return bool(value)  # that somebody said why, not what
    if name == "changes":
        return [ERASED] * len(value or ())
    if name in _WITHIN and isinstance(value, dict):
        theirs = value.get("role") in _CUSTOMERS_SIDE
        kept = (each for each in _WITHIN[name] if each in value)
        return {each: "" if theirs and each == "id" else value[each] for each in kept}
    return value


def _read(connection: Connection, bodies: Sequence[str]) -> list[tuple[str, KeyDestroyed | None]]:
    told = {number: json.loads(body) for number, body in enumerate(bodies) if _MARK in body}
    if not told:
        return [(body, None) for body in bodies]
    keys = keys_within(connection, {_key_named_by(each) for each in told.values()})
    return [
        _opened(told[number], keys) if number in told else (body, None)
        for number, body in enumerate(bodies)
    ]


def _key_named_by(told: Any) -> str:
    """The id of the key that a sealed body names. Raises `SealBroken` where it is none that was ever written."""
    found: Any = told.get(_SEALED) if isinstance(told, dict) else None
    whole = isinstance(found, dict) and all(isinstance(found.get(n), str) for n in ("key", "text"))
    if whole and ("key" in told or "number" in told):
        return str(found["key"])
    raise SealBroken("What is sealed does not name its key, or is no sealed text: it was altered.")


def _opened(
    told: dict[str, Any], keys: Mapping[str, DataKey | KeyDestroyed]
) -> tuple[str, KeyDestroyed | None]:
    found = told.pop(_SEALED)
    key = keys.get(found["key"])
    if key is None:
        raise SealBroken(
            f"Something was sealed with key {found['key']}, which the ledger does not know."
        )
    if isinstance(key, KeyDestroyed):
        return json.dumps(told), key
    place = _letter_place(told["key"]) if "key" in told else _event_place(told["number"])
    try:
        return unpack_json(key.read(base64.b64decode(found["text"]), place)).decode(), None
    except ValueError:
        raise SealBroken(f"What stands at {place} is no sealed text: it was altered.") from None


def _event_place(number: int) -> str:
    return f"event {number}"


def _letter_place(key: str) -> str:
    return f"letter {key}"
