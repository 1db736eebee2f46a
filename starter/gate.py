"""Owns telling, before anything is started, whether a complaint's opening will stand.

The very decision that the workflow takes is taken here first, under the charter as it stands now.
Must not import `temporalio`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from activities.charter_files import CharterBook
from activities.charters import resolve
from domain.calendar.counting import BeyondCalendar
from domain.charter.rules import Rules, pack, unpack
from domain.complaint.commands import Open
from domain.complaint.decider.decide import decide
from domain.complaint.opening import Opening
from domain.complaint.state import Complaint
from domain.errors import Refused, UnknownCharter

Clock = Callable[[], datetime]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Gate:
    """The charters known here, and what they say to an opening."""

    def __init__(self, book: CharterBook, clock: Clock = _utc_now) -> None:
        """`book` is where charters are found."""
        self._book, self._clock = book, clock
        # Complaints of one year share their calendar: it is made once for each charter.
        self._rules: dict[tuple[str, int], Rules] = {}

    def check(self, opening: Opening) -> None:
        """Return if the complaint can be opened. Raises the refusal, or `CharterFaults`."""
        try:
            rules = self._rules_for(opening)
        except UnknownCharter:
            raise Refused(
                f"charter: there is no charter {opening.charter!r}.",
                f"Allowed: {', '.join(self._book.ids())}.",
            ) from None
        except BeyondCalendar as error:
            raise Refused(f"received_at: {error}") from None
        decide(Complaint(rules), Open(opening=opening, digest=rules.digest), self._clock())

    def _rules_for(self, opening: Opening) -> Rules:
        place = (opening.charter, opening.received_at.astimezone(UTC).year)
        if place not in self._rules:
            pinned = resolve(self._book, opening.charter, opening.received_at)
            self._rules[place] = unpack(pack(*pinned))
        return self._rules[place]
