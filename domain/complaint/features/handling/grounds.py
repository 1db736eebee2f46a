"""The grounds of a reply: whom it heard, what its findings rest on, why it happened and what changes.

Owns what a charter can demand of a reply, and what of its grounds stands in letters and on record. What becomes
of a recommendation is in `remedies`. Sources: `003_0c0e7b8081a12964.txt` (investigated fairly; where the service
was not good enough the assessor explains, and recommends), `004_223f6b270ec16c9f.txt` (findings rest on all
the evidence), `000_2dfa29253c41a6cc.txt` and `002_b4e25913c9de5f70.txt` (what is learned).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.charter.tables import ReplyPart, Stage
from domain.complaint.features.remedies.promise import PromisedRemedy
from domain.errors import InvalidCommand, ReplyIncomplete
from domain.vocabulary import Outcome, RemedyKind, Side
from domain.wire import sentence

BOTH_SIDES = frozenset({Side.CUSTOMER, Side.STAFF})
UPHELD = frozenset({Outcome.UPHELD, Outcome.PARTLY_UPHELD})
WENT_WRONG = UPHELD | {Outcome.RESOLVED}
"""The outcomes after which there is something to learn."""

_NAMES = {
    ReplyPart.HEARD: "heard (customer and staff, or unheard: why)",
    ReplyPart.CHANGES: "changes (or unchanged: why)",
}
"""What is said of a part that is missing, where not its name alone."""


def check_complete(stage: Stage, given: Any) -> None:
    """Raise `ReplyIncomplete` naming what the stage demands of a reply and this one does not say."""
    missing = _lacking(stage, given)
    if missing:
        raise ReplyIncomplete(
            f"The reply of {stage.title} lacks: {', '.join(missing)}.",
            f"Outcomes: {', '.join(Outcome)}.",
        )


def _lacking(stage: Stage, given: Any) -> list[str]:
    """What it lacks, in the words of its fields."""
    outcome = given.outcome
    judged, wrong = outcome is not Outcome.OUT_OF_SCOPE, outcome in WENT_WRONG
    lacks = {
        ReplyPart.FINDINGS: not given.findings,
        ReplyPart.REMEDIES: outcome in UPHELD and not given.remedies,
        ReplyPart.HEARD: judged and not (set(given.heard) >= BOTH_SIDES or given.unheard),
        ReplyPart.EVIDENCE: judged and not given.evidence,
        ReplyPart.CAUSE: wrong and given.cause is None,
        ReplyPart.CHANGES: wrong and not (given.changes or given.unchanged),
    }
    missing = [_NAMES.get(part, str(part)) for part in stage.reply if lacks.get(part)]
    return missing if outcome else [*missing, "outcome"]


def check_recommends(stage: Stage, given: Any, commitments: Sequence[PromisedRemedy]) -> None:
    """Raise unless a reply that upholds recommends, or says why it does not, where the stage demands it.

    `ReplyIncomplete` for a reply that does neither, `InvalidCommand` for one that does both, or that
    excuses what nobody asked for.
    """
    recommends = any(each.kind is RemedyKind.RECOMMENDATION for each in commitments)
    upheld, excused = given.outcome in UPHELD, given.nothing_recommended
    if excused and (recommends or not upheld):
        raise InvalidCommand(
            "nothing_recommended: this reply has nothing to explain by it.",
            "Leave it out where something is recommended, or where the complaint is not upheld.",
        )
    if ReplyPart.RECOMMENDATION in stage.reply and upheld and not (recommends or excused):
        raise ReplyIncomplete(
            f"The reply of {stage.title} upholds the complaint and recommends nothing.",
            "Give a remedy of kind recommendation, or say why nothing is to be recommended"
            " (nothing_recommended).",
        )


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
    return "".join(f" {name}: {sentence(said)}" for name, said in facts.items() if said)
