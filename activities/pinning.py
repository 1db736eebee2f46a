"""The activity that pins a charter and its calendar to a complaint.

Owns what is looked up when a complaint starts; the answer travels in the workflow's history and
in the ledger, so that no later release, charter or bank holiday changes a running complaint.
"""

from __future__ import annotations

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import contracts
from charters.faults import CharterFaults
from charters.files import CharterBook
from charters.pinning import pinned_for
from domain.calendar.pinned import BeyondCalendar
from domain.charter.rules import unpack
from domain.errors import UnknownCharter, Unproven
from identity.proving import OPEN_DOOR, Doorkeeper
from ledger.port import Ledger


class Charters:
    """Charters by their id, pinned for a complaint on request."""

    def __init__(self, book: CharterBook, ledger: Ledger, door: Doorkeeper = OPEN_DOOR) -> None:
        """`book` is where charters are found, `ledger` where pinned ones are kept."""
        self._book, self._ledger, self._door = book, ledger, door
        self._kept: set[str] = set()

    @activity.defn(name=contracts.RESOLVE_CHARTER)
    async def resolve_charter(self, request: contracts.CharterRequest) -> bytes:
        """The charter and its calendar, packed, and kept in the ledger under their digest.

        A charter that is unknown or faulty, a receipt beyond the calendar, or a reference that is
        on record already (its workflow was terminated, or forgotten by the server) fails for good; so does an
        opening by nobody knows whom, where that has to be proven.
        """
        if request.opens and await self._ledger.standing(request.opens):
            raise ApplicationError(
                f"{request.opens} is on record already. Give the complaint a reference of its own.",
                type="ReferenceUsed",
                non_retryable=True,
            )
        try:
            if request.opens and request.unproven:
                self._door.bearer(None, request.opens)
            charter = self._book.get(request.charter)
            closed = await self._ledger.closed_days(charter.calendar.region, charter.id)
            until = request.until or request.received_at
            packed = pinned_for(charter, request.received_at, until, closed)
        except (UnknownCharter, CharterFaults, BeyondCalendar, Unproven) as error:
            raise ApplicationError(
                str(error), type=type(error).__name__, non_retryable=True
            ) from error
        digest = unpack(packed).digest
        if digest not in self._kept:
            await self._ledger.keep_charter(digest, packed)
            self._kept.add(digest)
        return packed
