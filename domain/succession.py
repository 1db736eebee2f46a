"""Whether a complaint can go on under rules that were pinned anew.

Owns the reading of what was pinned, and what the new rules must still have of the old.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import TYPE_CHECKING

from domain.errors import InvalidCommand
from domain.rules import Rules, unpack

if TYPE_CHECKING:
    from domain.complaint import Complaint


def check_successor(complaint: Complaint, rules: Rules) -> None:
    """Raise `InvalidCommand` unless the complaint can go on under these rules: its stage, its clocks."""
    if rules.charter.id != complaint.rules.charter.id:
        raise InvalidCommand(f"{rules.charter.id} is another charter.", complaint.rules.charter.id)
    missing = {c.promise for c in complaint.clocks if c.live} - rules.promises.keys()
    if missing or complaint.stage not in {stage.id for stage in rules.ladder}:
        lost = ", ".join(sorted(missing)) or f"stage {complaint.stage}"
        raise InvalidCommand(
            f"The charter now lacks {lost}, which this complaint still runs on.",
            "Finish the complaint under the charter it was opened with.",
        )


def read_pinned(pinned: str) -> Rules:
    """The rules in that text. Raises `InvalidCommand` if it holds none."""
    try:
        return unpack(base64.b64decode(pinned, validate=True))
    except (binascii.Error, zlib.error, ValueError, KeyError):
        raise InvalidCommand("pinned: it holds no charter.", "Leave it out.") from None
