"""What is counted of a change once it is on record: how long after its decision, and what no handler saw.

Owns the labels of verbs. An opening and a signal's refusal are seen in their events alone. Must not know adapters.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from activities.contracts import LedgerEntry
from domain.complaint.decider.registry import VERBS
from telemetry.metrics import DECISIONS, REFUSALS, instruments

OPENING: Final = "open"
_OTHER: Final = "other"
_REFUSED: Final = "command-refused"


def label_of(verb: str) -> str:
    """The verb, or `other` for what is none: anybody may have written that."""
    return verb if verb in VERBS or verb == OPENING else _OTHER


def count_entry(entry: LedgerEntry) -> None:
    """Counts an entry that is on record now."""
    instruments().took("record", datetime.now(UTC) - entry.events[-1].at)
    for event in entry.events:
        if event.number == 1:
            instruments().count(DECISIONS, OPENING)
        elif event.kind == _REFUSED:
            instruments().count(REFUSALS, label_of(event.verb), event.refusal)


def count_letters(entry: LedgerEntry) -> None:
    """Counts an entry of which a letter at least was handed over now: what waits has taken no time yet."""
    instruments().took("letter", datetime.now(UTC) - entry.events[-1].at)
