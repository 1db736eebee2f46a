"""Which files that came by mail are kept for a complaint: erasing reaches none of them, and nobody can tell afterwards.

Owns how they are found in what is on record (`mail.keeping` puts them there by the digests of their content). The
files themselves lie where mail is read, and may be another complaint's as well.
"""

from __future__ import annotations

import re
from typing import Final

from domain.complaint.views.keeping import FILES_BELOW
from domain.errors import UpholdError
from ledger.errors import LedgerUnavailable
from ledger.port import Ledger

_KEPT: Final = re.compile(r"^- .*: ([0-9a-f]{64})$", re.MULTILINE)


async def files_of(ledger: Ledger, reference: str) -> tuple[str, ...]:
    """The SHA-256 of each, in the order in which they came; none where nobody can read what is on record.

    Raises `LedgerUnavailable`.
    """
    try:
        events = await ledger.events(reference)
    except LedgerUnavailable:
        raise
    except UpholdError:
        return ()
    told = [
        text
        for event in events
        for text in (
            getattr(event, "summary", None),
            getattr(getattr(event, "opening", None), "details", None),
        )
        if text
    ]
    return tuple(dict.fromkeys(found for text in told for found in _listed(text)))


def _listed(text: str) -> list[str]:
    """Those that we listed: what the sender wrote in that form stands before."""
    _, below, listed = text.rpartition(FILES_BELOW)
    return _KEPT.findall(listed) if below else []
