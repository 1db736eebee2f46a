"""The grounds of a reply: whom it heard, what its findings rest on, why it happened and what changes.

Owns what a charter can demand of a reply, and what of its grounds stands in letters and on record.
Sources: `003_0c0e7b8081a12964.txt` (investigated fairly), `004_223f6b270ec16c9f.txt` (findings rest on all
the evidence), `000_2dfa29253c41a6cc.txt` and `002_b4e25913c9de5f70.txt` (what is learned).
"""

from __future__ import annotations

from typing import Any

from domain.charter.tables import ReplyPart, Stage
from domain.vocabulary import Outcome, Side

BOTH_SIDES = frozenset({Side.CUSTOMER, Side.STAFF})
WENT_WRONG = frozenset({Outcome.UPHELD, Outcome.PARTLY_UPHELD, Outcome.RESOLVED})
"""The outcomes after which there is something to learn."""

_NAMES = {
    ReplyPart.HEARD: "heard (customer and staff, or unheard: why)",
    ReplyPart.CHANGES: "changes (or unchanged: why)",
}
"""What is said of a part that is missing, where not its name alone."""


def lacking(stage: Stage, given: Any) -> list[str]:
    """What the stage demands of a reply and this one does not say, in the words of its fields."""
    outcome = given.outcome
    upheld = outcome in (Outcome.UPHELD, Outcome.PARTLY_UPHELD)
    judged, wrong = outcome is not Outcome.OUT_OF_SCOPE, outcome in WENT_WRONG
    lacks = {
        ReplyPart.FINDINGS: not given.findings,
        ReplyPart.REMEDIES: upheld and not given.remedies,
        ReplyPart.HEARD: judged and not (set(given.heard) >= BOTH_SIDES or given.unheard),
        ReplyPart.EVIDENCE: judged and not given.evidence,
        ReplyPart.CAUSE: wrong and given.cause is None,
        ReplyPart.CHANGES: wrong and not (given.changes or given.unchanged),
    }
    missing = [_NAMES.get(part, str(part)) for part in stage.reply if lacks.get(part)]
    return missing if outcome else [*missing, "outcome"]


def ground_facts(event: Any) -> dict[str, Any]:
    """The grounds as facts of the letter."""
    return {
        "heard": [str(side) for side in event.heard],
        "unheard": event.unheard,
        "evidence": list(event.evidence),
        "cause": str(event.cause) if event.cause else None,
        "changes": list(event.changes),
        "unchanged": event.unchanged,
    }


def said_of(event: Any) -> str:
    """The grounds for the timeline, each a sentence after a space."""
    facts = {
        "Heard": "; ".join(event.heard),
        "Not heard": event.unheard,
        "Evidence": "; ".join(event.evidence),
        "Cause": event.cause,
        "Changed": "; ".join(event.changes),
        "Nothing changed": event.unchanged,
    }
    return "".join(f" {name}: {said.rstrip('.')}." for name, said in facts.items() if said)
