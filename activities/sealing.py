"""The activity that seals what is new on record.

Owns where the root is told beside the ledger: in the log, and in the answer, which the engine keeps.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contracts import SEAL_LEDGER
from ledger.errors import SealKeyFault
from ledger.evidence.keys import read_key
from ledger.evidence.seals import seal_within
from ledger.port import Ledger
from ledger.sql.ledger import SqlLedger

_log = structlog.stdlib.get_logger("seals")


class Sealing:
    """The activity that seals."""

    def __init__(
        self,
        ledger: Ledger,
        key_file: Path | None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`key_file` is that of the private key; without one nothing is sealed here."""
        self._ledger, self._key_file, self._now = ledger, key_file, now

    @activity.defn(name=SEAL_LEDGER)
    async def seal(self) -> str:
        """Seal what is new, and return the root of the last seal, in hexadecimal digits.

        Doing it again is safe: where nothing is new the last seal stands. Fails for good without a key that can be
        read, or for a ledger that ends with its process.
        """
        if not (self._key_file and isinstance(self._ledger, SqlLedger)):
            raise _never("This worker has no key to seal with, or no ledger that lasts.")
        try:
            key = read_key(self._key_file)
        except SealKeyFault as error:
            raise _never(str(error)) from error
        seal, count = await self._ledger.writing(lambda c: seal_within(c, key, self._now()))
        _log.info("ledger sealed", seal=seal.number, complaints=count, root=seal.root)
        return seal.root


def _never(why: str) -> ApplicationError:
    return ApplicationError(why, type=SealKeyFault.__name__, non_retryable=True)
