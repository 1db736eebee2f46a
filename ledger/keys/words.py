"""Words that stand in columns of their own, sealed and read again.

Owns which columns those are. The row's column `sealed_with` names the key; where it is empty, its words stand as
they are. Every function works within a connection that `SqlLedger.reading` or `SqlLedger.writing` opened.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table

from ledger.keys.within import key_within, keys_within
from ledger.sql import tables
from sealing.cipher import DataKey
from sealing.errors import KeyDestroyed, SealBroken
from sealing.port import ORGANISATION

Row = Mapping[Any, Any]
ERASED: Final = "[erased]"
"""What is read in the place of words that were erased."""
WORDS: Final[Mapping[Table, tuple[str, ...]]] = {
    tables.remedies: ("text", "reason"),
    tables.fates: ("detail",),
    tables.satisfaction: ("comment",),
    tables.holds: ("by", "reason"),
    tables.keeping: ("reason",),
}
"""Of each table that has words, the columns that hold them."""
WITH: Final = "sealed_with"


def sealed_words(table: Table, row: Row, key: DataKey | None) -> dict[str, Any]:
    """The row to be written, its words sealed; as it is without a key."""
    made = {**row, WITH: None}
    said = [name for name in WORDS[table] if row.get(name) is not None]
    if key is None or not said:
        return made
    for name in said:
        made[name] = _hidden(key, str(row[name]), _place(table, name, row))
    return {**made, WITH: key.id}


def sealed_within(
    connection: Connection, table: Table, row: Row, reference: str | None
) -> dict[str, Any]:
    """The row to be written, sealed for that complaint, or for the organisation where it is of none.

    Of a complaint that was erased no new word is kept. Raises `RingKeyMissing` or `SealBroken`.
    """
    if all(row.get(name) is None for name in WORDS[table]):
        return sealed_words(table, row, None)
    try:
        return sealed_words(table, row, key_within(connection, reference or ORGANISATION))
    except KeyDestroyed:
        gone = {name: ERASED for name in WORDS[table] if row[name] is not None}
        return {**row, WITH: None, **gone}


def read_words(connection: Connection, table: Table, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows without the column that names the key, their words as they were.

    Raises `RingKeyMissing` or `SealBroken`.
    """
    found = [dict(row) for row in rows]
    keys = keys_within(connection, {row[WITH] for row in found if row.get(WITH)})
    for row in found:
        if key_id := row.pop(WITH, None):
            for name in WORDS[table]:
                if row[name] is not None:
                    row[name] = _shown(keys[key_id], row[name], _place(table, name, row))
    return found


def sealed_text(
    connection: Connection, text: str, reference: str, place: str
) -> tuple[str, str] | None:
    """The id of the complaint's key and the text sealed with it; none where nothing is sealed any more.

    Raises `RingKeyMissing` or `SealBroken`.
    """
    try:
        key = key_within(connection, reference)
    except KeyDestroyed:
        return None
    return (key.id, _hidden(key, text, f"{place} {reference}")) if key else None


def texts_sealed_so(
    connection: Connection, hidden: Mapping[str, Sequence[str]], place: str
) -> dict[str, str]:
    """The texts that `sealed_text` sealed, by the reference of each. Raises `RingKeyMissing` or `SealBroken`."""
    keys = keys_within(connection, {key_id for key_id, _ in hidden.values()})
    return {
        reference: _shown(keys[key_id], text, f"{place} {reference}")
        for reference, (key_id, text) in hidden.items()
    }


def _hidden(key: DataKey, text: str, place: str) -> str:
    return base64.b64encode(key.seal(text.encode(), place)).decode()


def _shown(key: DataKey | KeyDestroyed, text: str, place: str) -> str:
    if isinstance(key, KeyDestroyed):
        return ERASED
    try:
        return key.read(base64.b64decode(text), place).decode()
    except ValueError:
        raise SealBroken(f"What stands at {place} is no sealed text: it was altered.") from None


def _place(table: Table, name: str, row: Row) -> str:
    """Where it stands, to which it is bound."""
    own = " ".join(str(row[column.name]) for column in table.primary_key)
    return f"{name} of {table.name} {own}"
