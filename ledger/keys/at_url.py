"""The data keys of a ledger, for whoever needs nothing else of it: a client that seals what it sends.

Owns that the database is opened for one look-up and let go of: a client asks once for each complaint.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.opening import open_sql_ledger
from sealing.port import KeptKey, KeyStore


@dataclass(frozen=True, slots=True)
class KeysAt(KeyStore):
    """The table of data keys in the database at that URL."""

    url: str = field(repr=False)

    async def data_key(
        self, *, reference: str | None = None, key_id: str | None = None
    ) -> KeptKey | None:
        """As the ledger's. Raises `BadLedgerUrl` for a ledger that ends with its process."""
        async with open_sql_ledger(self.url) as ledger:
            return await ledger.data_key(reference=reference, key_id=key_id)

    async def keep_data_key(self, key: KeptKey) -> KeptKey:
        """As the ledger's."""
        async with open_sql_ledger(self.url) as ledger:
            return await ledger.keep_data_key(key)
