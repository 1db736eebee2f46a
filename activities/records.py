"""Recording what happened in the ledger.

Owns which of the ledger's errors are worth another try. The ledger itself comes through its port.
"""

from __future__ import annotations

import structlog
from temporalio.exceptions import ApplicationError

from activities.contracts import LedgerEntry
from activities.ledger import Ledger, NotRecorded

_log = structlog.stdlib.get_logger("records")


class Records:
    """Adds to the ledger what one change of a complaint adds."""

    def __init__(self, ledger: Ledger) -> None:
        """`ledger` is where it is recorded."""
        self._ledger = ledger

    async def record(self, entry: LedgerEntry) -> None:
        """Records the entry; doing it again changes nothing.

        An entry that can never be recorded fails for good with an `ApplicationError` of the
        ledger error's name, and is logged. Everything else is worth another try.
        """
        try:
            await self._ledger.record(entry)
        except NotRecorded as error:
            raise given_up(error) from error


def given_up(error: NotRecorded) -> ApplicationError:
    """The failure, of the ledger error's name, of what can never be recorded; logs it."""
    kind = type(error).__name__
    _log.error(
        "not recorded",
        reference=error.reference,
        event_number=error.number,
        error=kind,
        reason=str(error),
    )
    return ApplicationError(str(error), type=kind, non_retryable=True)
