"""The data keys with which a connection seals and reads.

Owns that a key is made in the same transaction as what it seals first, and is remembered by nobody before that is
committed. Every function works within a connection that `SqlLedger.reading` or `SqlLedger.writing` opened.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from sqlalchemy import Connection, select

from ledger.keys import data_keys
from ledger.sql import tables
from sealing.cipher import DataKey
from sealing.data_keys import DataKeys
from sealing.errors import KeyDestroyed, RingKeyMissing, SealBroken
from sealing.port import KeptKey

_OPTION: Final = "uphold_keys"
_WRITES: Final = "uphold_writes"
_AT_ONCE: Final = 500


def knowing(connection: Connection, keys: DataKeys | None, *, writes: bool) -> Connection:
    """The connection, which knows what it seals and reads with."""
    return connection.execution_options(**{_OPTION: keys, _WRITES: writes})


def key_within(connection: Connection, reference: str, *, make: bool = True) -> DataKey | None:
    """The key of that complaint, or of the organisation; none where nothing is sealed.

    Where there is none yet it is made, or with `make` false not looked for further. Raises `KeyDestroyed`, `RingKeyMissing` or `SealBroken`.
    """
    keys = _keys_of(connection)
    if keys is None:
        return None
    if known := keys.known_of(reference):
        return known
    kept = data_keys.find(connection, reference, None)
    if kept is None and make:
        kept = data_keys.keep(connection, keys.new(reference))
    return keys.unwrapped(kept) if kept else None


def keys_within(connection: Connection, ids: AbstractSet[str]) -> dict[str, DataKey | KeyDestroyed]:
    """The keys of these ids, and for each that was destroyed the error that says so.

    Raises `RingKeyMissing`, and `SealBroken` for the id of none.
    """
    if not ids:
        return {}
    keys = _keys_of(connection)
    if keys is None:
        raise RingKeyMissing(
            "What is in the ledger is sealed, and no key ring is known here. Set UPHOLD_KEY_RING."
        )
    opened = keys.unwrapped if connection.get_execution_options().get(_WRITES) else keys.opened
    found: dict[str, DataKey | KeyDestroyed] = {}
    unknown = []
    for key_id in sorted(ids, key=str):  # a row that was altered may name anything
        if known := keys.known(key_id):
            found[key_id] = known
        else:
            unknown.append(key_id)
    for begin in range(0, len(unknown), _AT_ONCE):
        some = unknown[begin : begin + _AT_ONCE]
        rows = connection.execute(select(tables.data_keys).where(tables.data_keys.c.id.in_(some)))
        for row in rows.mappings().all():
            try:
                found[row["id"]] = opened(KeptKey(**row))
            except KeyDestroyed as destroyed:
                found[row["id"]] = destroyed
    for key_id in unknown:
        if key_id not in found:
            raise SealBroken(
                f"Something was sealed with key {key_id}, which the ledger does not know."
            )
    return found


def _keys_of(connection: Connection) -> DataKeys | None:
    keys: DataKeys | None = connection.get_execution_options().get(_OPTION)
    return keys
