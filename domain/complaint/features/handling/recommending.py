"""Recommending: whoever upholds at an independent stage says what should be done, or why nothing should.

Owns what is refused of a reply without that; what becomes of a recommendation is in `remedies`. Source:
`003_0c0e7b8081a12964.txt` (where the service was not good enough the assessor explains, and recommends).
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.charter.tables import ReplyPart
from domain.complaint.features.remedies.promise import PromisedRemedy
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand, ReplyIncomplete
from domain.vocabulary import Outcome, RemedyKind

UPHELD = (Outcome.UPHELD, Outcome.PARTLY_UPHELD)


def check_recommends(
    complaint: Complaint,
    outcome: Outcome | None,
    commitments: Sequence[PromisedRemedy],
    nothing_recommended: str,
) -> None:
    """Raise unless a reply that upholds recommends, or says why it does not, where the charter asks for it.

    `ReplyIncomplete` for a reply that does neither, `InvalidCommand` for one that does both, or that
    excuses what nobody asked for.
    """
    recommends = any(each.kind is RemedyKind.RECOMMENDATION for each in commitments)
    if nothing_recommended and (recommends or outcome not in UPHELD):
        raise InvalidCommand(
            "nothing_recommended: this reply has nothing to explain by it.",
            "Leave it out where something is recommended, or where the complaint is not upheld.",
        )
    asked = ReplyPart.RECOMMENDATION in complaint.at_stage.reply and outcome in UPHELD
    if asked and not recommends and not nothing_recommended:
        raise ReplyIncomplete(
            f"The reply of {complaint.at_stage.title} upholds the complaint and recommends nothing.",
            "Give a remedy of kind recommendation, or say why nothing is to be recommended"
            " (nothing_recommended).",
        )
