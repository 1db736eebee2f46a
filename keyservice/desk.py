"""What the key service does: gives data keys and reads payloads, for whoever may, and puts it on record.

Owns the order. A key is looked up in the ledger each time, so that none is given of what was erased a moment ago;
then comes the right to it, then the record of it, and only then the answer.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, select
from temporalio.api.common.v1 import Payload

from domain.errors import WrongRole
from keyservice.asking import Asker
from keyservice.errors import UnknownKey
from ledger.entries import read_events
from ledger.evidence import key_uses
from ledger.keys import data_keys
from ledger.keys.bodies import texts_of
from ledger.sql import tables
from ledger.sql.ledger import SqlLedger
from sealing.cipher import DataKey
from sealing.codec import key_named_by, unsealed
from sealing.data_keys import DataKeys, erased, is_key_id
from sealing.errors import KeyDestroyed
from sealing.port import ORGANISATION, KeptKey, KeyUse


class Desk:
    """Gives keys, and reads what they seal."""

    def __init__(
        self,
        ledger: SqlLedger,
        keys: DataKeys,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`keys` are those of the ledger."""
        self.ledger = ledger
        self._keys, self._now = keys, now

    async def key_of(self, asker: Asker, reference: str) -> DataKey:
        """The key of that complaint, made where there is none yet.

        Raises `WrongRole`, `KeyDestroyed`, `RingKeyMissing`, `LedgerUnavailable`.
        """
        while (found := await self._find(reference=reference)) is None:
            role = await self._role(asker, reference, "given", new_one=True)
            made = await asyncio.to_thread(self._keys.new, reference)
            use = self._use(asker, key_uses.MADE, reference, role)
            if await self.ledger.writing(lambda c: _keep(c, made, use)):  # noqa: B023 - awaited at once
                return self._keys.opened(made)
        return _not_erased((await self._given(asker, [found], "given"))[found.id])

    async def key_named(self, asker: Asker, key_id: str) -> DataKey:
        """The key of that id. Raises as `key_of` does, and `UnknownKey`."""
        return _not_erased((await self._named(asker, [key_id], "given"))[key_id])

    async def read(self, asker: Asker, payloads: Sequence[Payload]) -> list[Payload]:
        """The payloads as they were before they were sealed, all of them or none; what was erased says so.

        Raises `WrongRole`, `UnknownKey`, `SealBroken`, `RingKeyMissing`, `LedgerUnavailable`.
        """
        named = [(payload, key_named_by(payload)) for payload in payloads]
        ids = dict.fromkeys(key_id for _, key_id in named if key_id is not None)
        keys = await self._named(asker, ids, "read")
        return [
            payload if key_id is None else _read(payload, keys[key_id]) for payload, key_id in named
        ]

    async def _named(
        self, asker: Asker, ids: Iterable[str], what: str
    ) -> dict[str, DataKey | KeyDestroyed]:
        wanted = []
        for key_id in ids:
            found = await self._find(key_id=key_id) if is_key_id(key_id) else None
            if found is None:
                raise UnknownKey(f"The ledger knows no key {key_id[:40]!r}.")
            wanted.append(found)
        return await self._given(asker, wanted, what)

    async def _given(
        self, asker: Asker, wanted: Sequence[KeptKey], what: str
    ) -> dict[str, DataKey | KeyDestroyed]:
        uses: dict[str, KeyUse] = {}
        keys: dict[str, DataKey | KeyDestroyed] = {}
        for each in wanted:
            role = await self._role(asker, each.reference, what)
            if each.wrapped is None:
                keys[each.id] = erased(each)
                continue
            keys[each.id] = self._keys.opened(each)
            uses |= self._use(asker, what, each.reference, role)
        if uses:
            await self.ledger.writing(lambda c: key_uses.note(c, uses))
        return keys

    async def _role(self, asker: Asker, reference: str, what: str, *, new_one: bool = False) -> str:
        """The role in which they may; who may not is on record as well.

        `new_one` is whether there is no key yet: whoever asks first for a complaint that is not on record opens it.
        """
        try:
            if reference == ORGANISATION and what == "given":
                raise WrongRole(
                    "The organisation's own key is given to nobody.", "Allowed: POST /decode reads."
                )
            own = asker.reads_only_own and await self.ledger.reading(
                lambda c: _is_own(c, asker, reference, new_one=new_one)
            )
            return asker.role_for(reference, own=own)
        except WrongRole:
            refused = self._use(asker, "refused", reference, asker.roles)
            await self.ledger.writing(lambda c: key_uses.note(c, refused))
            raise

    async def _find(
        self, *, reference: str | None = None, key_id: str | None = None
    ) -> KeptKey | None:
        return await self.ledger.reading(lambda c: data_keys.find(c, reference, key_id))

    def _use(self, asker: Asker, what: str, reference: str, role: str) -> dict[str, KeyUse]:
        use = KeyUse(
            at=self._now(), what=what, reference=reference, who=asker.who, role=role,
            issuer=asker.issuer, token=asker.token,
        )  # fmt: skip
        return {secrets.token_hex(12): use}


def _is_own(connection: Connection, asker: Asker, reference: str, *, new_one: bool) -> bool:
    """Whether the complaint is that app's: it opened it, or, while none is on record, its key was made for it.

    Of one that was erased nobody can read who opened it, and nothing but that it was erased is told of it.
    """
    events, made_for = tables.events.c, key_uses.made_for(connection, reference)
    query = select(events.body).where(events.reference == reference).order_by(events.number)
    body = connection.execute(query.limit(1)).scalar()
    if body is None:
        return new_one or asker.is_app_of(made_for)
    try:
        (opened,) = read_events(texts_of(connection, [body]))
    except KeyDestroyed:
        return asker.is_app_of(made_for)
    if opened.actor is None or opened.actor.id != asker.who:
        return False
    # Where nobody had to prove who opens it, the id alone says too little.
    return asker.is_app_of((opened.proof.issuer, opened.actor.id) if opened.proof else made_for)


def _not_erased(key: DataKey | KeyDestroyed) -> DataKey:
    if isinstance(key, KeyDestroyed):
        raise key
    return key


def _read(payload: Payload, key: DataKey | KeyDestroyed) -> Payload:
    """The payload as it was. In the place of what was erased stands that it was: a page shows the rest."""
    if isinstance(key, KeyDestroyed):
        return Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(str(key)).encode())
    return unsealed(payload, key)


def _keep(connection: Connection, made: KeptKey, use: dict[str, KeyUse]) -> bool:
    """Whether the key is kept, and not another that its reference was given meanwhile."""
    kept = data_keys.keep(connection, made).id == made.id
    if kept:
        key_uses.note(connection, use)
    return kept
