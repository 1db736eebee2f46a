"""The ports: what wraps data keys, and where wrapped ones are kept.

Owns their shapes. The ring is a file, or somebody's key service; the store is the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

ORGANISATION: Final = ""
"""The subject of what is of no complaint: the organisation itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptKey:
    """A data key as it is kept: wrapped, or destroyed."""

    reference: str
    """Of the complaint; empty for the organisation."""
    id: str
    ring_key: str
    """The key of the ring that it is wrapped with; empty once it is destroyed."""
    wrapped: bytes | None = field(repr=False)
    made_at: datetime
    destroyed_at: datetime | None = None
    destroyed_by: str | None = None
    reason: str | None = None
    """Why it was destroyed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """Somebody was given a key or what it seals, or was refused it."""

    at: datetime
    what: str
    """`made`, `given`, `read` or `refused`."""
    reference: str
    """Of the complaint; empty for the organisation's own key."""
    who: str
    """Their id; empty for a customer or a representative, and where nobody has to prove who they are."""
    role: str
    issuer: str
    token: str
    """The token's id, or a digest of it."""


class KeyStore(Protocol):
    """Where wrapped data keys are kept. One that is away raises an error that is worth another try."""

    async def data_key(
        self, *, reference: str | None = None, key_id: str | None = None
    ) -> KeptKey | None:
        """The key of that reference, or of that id; none if there is none."""
        ...

    async def keep_data_key(self, key: KeptKey) -> KeptKey:
        """Keep the key and return it, or the one that its reference has already."""
        ...


class KeyRing(Protocol):
    """What wraps data keys: a file of keys, or a key service of the organisation's."""

    @property
    def current(self) -> str:
        """The id of the key that wraps from now on."""
        ...

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all keys that can unwrap."""
        ...

    def wrap(self, secret: bytes, about: str) -> bytes:
        """The secret, wrapped with the current key and bound to what it is about."""
        ...

    def unwrap(self, ring_key: str, wrapped: bytes, about: str) -> bytes:
        """The secret. Raises `RingKeyMissing`, or `SealBroken` for what was not wrapped so."""
        ...
