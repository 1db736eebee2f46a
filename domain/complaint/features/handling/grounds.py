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


def lacking(stage: Stage, given: Any) -> list[str]:
    """What the stage demands of a reply and this one does not say, in the words of its fields."""
    wanted = {part: _lacks(part, given) for part in stage.reply}
    missing = [name for name in wanted.values() if name]
    return missing if given.outcome else [*missing, "outcome"]


def _lacks(part: ReplyPart, given: Any) -> str | None:
    """The field that the part still needs; none where it is there, or nothing calls for it."""
    outcome = given.outcome
    upheld = outcome in (Outcome.UPHELD, Outcome.PARTLY_UPHELD)
    judged, wrong = outcome is not Outcome.OUT_OF_SCOPE, outcome in WENT_WRONG
    heard = set(given.heard) >= BOTH_SIDES or given.unheard
    needs = {
        ReplyPart.FINDINGS: (not given.findings, "findings"),
        ReplyPart.REMEDIES: (upheld and not given.remedies, "remedies"),
        ReplyPart.HEARD: (judged and not heard, "heard (customer and staff, or unheard: why)"),
        ReplyPart.EVIDENCE: (judged and not given.evidence, "evidence"),
        ReplyPart.CAUSE: (wrong and given.cause is None, "cause"),
        ReplyPart.CHANGES: (
            wrong and not (given.changes or given.unchanged),
            "changes (or unchanged: why)",
        ),
    }
    lacks, name = needs.get(part, (False, ""))
    return name if lacks else None


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
