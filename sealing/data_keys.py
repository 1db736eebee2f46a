"""Data keys, one for each subject: made when first needed, wrapped by the ring, kept by the store.

Owns the way from a reference to its key, and for how long a process remembers one: a key that was destroyed
meanwhile is used no longer than that.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sealing.cipher import KEY_BYTES, DataKey
from sealing.errors import KeyDestroyed, SealBroken
from sealing.port import KeptKey, KeyRing, KeyStore
from sealing.ring import read_ring

REMEMBERED: Final = timedelta(minutes=5)
_MOST: Final = 20_000
"""How many keys a process remembers at the same time."""
_ID_BYTES: Final = 8
_ID: Final = re.compile(f"[0-9a-f]{{{2 * _ID_BYTES}}}")


class DataKeys:
    """The data keys of an organisation."""

    def __init__(
        self,
        ring: KeyRing,
        store: KeyStore,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`clock` counts seconds and says when a remembered key is looked up again."""
        self.ring = ring
        self._store, self._clock, self._now = store, clock, now
        self._known: dict[tuple[str, str], tuple[float, DataKey]] = {}

    async def of(self, reference: str) -> DataKey:
        """The key of that reference (empty for the organisation), made if there is none yet.

        Raises `KeyDestroyed`, `RingKeyMissing`, and whatever the store raises when it is away.
        """
        if known := self._remembered(("of", reference)):
            return known
        kept = await self._store.data_key(reference=reference)
        if kept is None:
            kept = await self._store.keep_data_key(await asyncio.to_thread(self.new, reference))
        return await asyncio.to_thread(self.opened, kept)

    async def named(self, key_id: str) -> DataKey:
        """The key of that id. Raises as `of` does, and `SealBroken` where no such key was ever kept."""
        if known := self.known(key_id):
            return known
        kept = await self._kept(key_id)
        if kept is None:
            raise SealBroken(
                f"Something was sealed with key {key_id[:40]!r}, and the ledger knows no such key."
            )
        return await asyncio.to_thread(self.opened, kept)

    def known(self, key_id: str) -> DataKey | None:
        """The key of that id, if it is remembered."""
        return self._remembered(("id", key_id))

    def known_of(self, reference: str) -> DataKey | None:
        """The key of that reference, if it is remembered."""
        return self._remembered(("of", reference))

    async def whose(self, key_id: str) -> str | None:
        """The reference of that key, whether or not it can be opened; none where no such key was ever kept."""
        kept = await self._kept(key_id)
        return kept.reference if kept else None

    async def _kept(self, key_id: str) -> KeptKey | None:
        """The key of that id; no store is asked for what is in the form of none, which it may not take."""
        return await self._store.data_key(key_id=key_id) if is_key_id(key_id) else None

    async def rewrapped(self, kept: KeptKey) -> tuple[str, bytes]:
        """The id of the ring's current key, and the data key wrapped with it."""
        opened = await asyncio.to_thread(self.opened, kept)
        wrapped = await asyncio.to_thread(self.ring.wrap, opened.secret, _about(kept))
        return self.ring.current, wrapped

    def forget(self) -> None:
        """Look every key up again."""
        self._known.clear()

    def _remembered(self, name: tuple[str, str]) -> DataKey | None:
        until, key = self._known.get(name, (0.0, None))
        return key if key and self._clock() < until else None

    def new(self, reference: str) -> KeptKey:
        """A new key for that reference, that is yet to be kept; may block."""
        key_id, ring_key = secrets.token_hex(_ID_BYTES), self.ring.current
        new = KeptKey(
            reference=reference, id=key_id, ring_key=ring_key, wrapped=None, made_at=self._now()
        )
        return replace(new, wrapped=self.ring.wrap(os.urandom(KEY_BYTES), _about(new)))

    def unwrapped(self, kept: KeptKey) -> DataKey:
        """The key, remembered by nobody. Raises `KeyDestroyed`, `RingKeyMissing` or `SealBroken`; may block."""
        if kept.wrapped is None:
            raise erased(kept)
        secret = self.ring.unwrap(kept.ring_key, kept.wrapped, _about(kept))
        return DataKey(kept.id, kept.reference, secret)

    def opened(self, kept: KeptKey) -> DataKey:
        """The key, unwrapped and remembered. Raises `KeyDestroyed`, `RingKeyMissing` or `SealBroken`; may block."""
        key = self.unwrapped(kept)
        until = self._clock() + REMEMBERED.total_seconds()
        for name in (("of", kept.reference), ("id", kept.id)):
            self._known.pop(name, None)
            self._known[name] = (until, key)
        while len(self._known) > 2 * _MOST:
            del self._known[next(iter(self._known))]
        return key


def is_key_id(text: str) -> bool:
    """Whether that can be the id of a data key."""
    return _ID.fullmatch(text) is not None


def erased(kept: KeptKey) -> KeyDestroyed:
    """The error for a complaint whose key was destroyed."""
    if kept.destroyed_at is None:
        return KeyDestroyed(
            f"The data key of {kept.reference or 'the organisation'} is gone, and it is not on record who destroyed it."
            " Nobody can read what it sealed."
        )
    return KeyDestroyed(
        f"Complaint {kept.reference} was erased on {kept.destroyed_at:%-d %B %Y}"
        f" ({kept.reason}). Nobody can read what was in it."
    )


def keys_of(ring_file: Path | None, store: KeyStore) -> DataKeys | None:
    """The data keys that the store has under the ring of that file; none where nothing is sealed.

    Raises `BadKeyRing`.
    """
    return DataKeys(read_ring(ring_file), store) if ring_file else None


def _about(key: KeptKey) -> str:
    return f"data key {key.id} of {key.reference or 'the organisation'}"
