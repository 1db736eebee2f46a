"""Telling, before anything is started, whether a complaint's opening will stand.

The very decision that the workflow takes is taken here first, under the charter as it stands now.
Must not import `temporalio`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from charters.files import CharterBook
from charters.pinning import pinned_rules
from domain.calendar.pinned import BeyondCalendar
from domain.charter.rules import Rules
from domain.complaint.decider.decide import decide
from domain.complaint.features.handling.receiving import Open
from domain.complaint.opening import Opening
from domain.complaint.state import Complaint
from domain.errors import Refused, UnknownCharter


def checker(book: CharterBook) -> Callable[[Opening], None]:
    """What returns if a complaint can be opened now, and raises the refusal, or `CharterFaults`, if not."""
    # Complaints of one year share their calendar: it is made once for each charter.
    known: dict[tuple[str, int], Rules] = {}

    def rules_for(opening: Opening) -> Rules:
        place = (opening.charter, opening.received_at.astimezone(UTC).year)
        if place not in known:
            known[place] = pinned_rules(book, opening.charter, opening.received_at)
        return known[place]

    def check(opening: Opening) -> None:
        try:
            rules = rules_for(opening)
        except UnknownCharter:
            raise Refused(
                f"charter: there is no charter {opening.charter!r}.",
                f"Allowed: {', '.join(book.ids())}.",
            ) from None
        except BeyondCalendar as error:
            raise Refused(f"received_at: {error}") from None
        decide(Complaint(rules), Open(opening=opening, digest=rules.digest), datetime.now(UTC))

    return check
