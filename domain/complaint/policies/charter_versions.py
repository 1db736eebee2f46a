"""Whether a complaint can go on under rules that were pinned anew.

Owns the reading of what was pinned, and what the new rules must still have of the old.
"""

from __future__ import annotations

import base64

from domain.charter.rules import Rules, unpack
from domain.clocks.due import budget_of
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand


def check_successor(complaint: Complaint, rules: Rules) -> None:
    """Raise `InvalidCommand` unless the complaint can go on under these rules.

    They must have its stage and the promises of its clocks, and count what was spent in the same unit. The
    last day that the customer was told to go on stands, whatever the new rules say.
    """
    if rules.charter.id != complaint.rules.charter.id:
        raise InvalidCommand(f"{rules.charter.id} is another charter.", complaint.rules.charter.id)
    missing = {c.promise for c in complaint.clocks if c.live} - rules.promises.keys()
    if missing or complaint.stage not in {stage.id for stage in rules.ladder}:
        lost = ", ".join(sorted(missing)) or f"stage {complaint.stage}"
        raise InvalidCommand(
            f"The charter now lacks {lost}, which this complaint still runs on.",
            "Finish the complaint under the charter it was opened with.",
        )
    _check_units(complaint, rules)


def _check_units(complaint: Complaint, rules: Rules) -> None:
    for clock in complaint.clocks:
        if not clock.live or not (clock.pauses or clock.extra or clock.spent):
            continue
        old, new = budget_of(clock, complaint.rules), budget_of(clock, rules)
        if old.unit is not new.unit:
            raise InvalidCommand(
                f"{clock.promise} was paused or extended in {old.unit}, and would be counted in {new.unit}.",
                "Finish the complaint under the charter it was opened with.",
            )


def read_pinned(pinned: str) -> Rules:
    """The rules in that text. Raises `InvalidCommand` if it holds none."""
    try:
        return unpack(base64.b64decode(pinned, validate=True))
    except (ValueError, KeyError):
        raise InvalidCommand("pinned: it holds no charter.", "Leave it out.") from None
