"""Those who are named to act for the customer: who is meant of several, and which promises hang on them.

Owns the look-ups alone, and how the timeline names those promises; what is asked, given and taken back is in `rules`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from domain.complaint.opening import Helper
from domain.complaint.policies.applicability import exemptions
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand, WrongState
from domain.vocabulary import Correspondent

MOST = 10
"""How many people can be named on one complaint."""


def the_one(complaint: Complaint, name: str | None, *, may: bool | None = None) -> Helper:
    """Who is meant: by name, or the only one it can be (with authority, if `may`; without, if not).

    Raises `WrongState` if nobody represents the customer, `InvalidCommand` if it is not clear who is meant.
    """
    helpers = complaint.helpers
    if not helpers:
        raise WrongState(
            f"Nobody represents the customer on {complaint.reference}.",
            "Name somebody first (name_representative).",
        )
    found = [each for each in helpers if name is None or each.named(name)]
    if len(found) > 1 and may is not None:
        found = [each for each in found if each.who.authorised is may] or found
    if len(found) != 1:
        raise InvalidCommand(
            "who: it is not clear who is meant." if name is None else f"who: {name} is not named.",
            f"Named are: {', '.join(each.who.name for each in helpers)}.",
        )
    return found[0]


def with_one(complaint: Complaint, name: str, **changes: Any) -> dict[str, Any]:
    """Those who are named, whoever has that name with changes."""
    return {
        "helpers": tuple(
            replace(each, **changes) if each.named(name) else each for each in complaint.helpers
        )
    }


def not_promised(kind: Correspondent, exempted: tuple[str, ...]) -> str:
    """For the timeline: the promises that are not made as somebody of that kind acts; nothing without any."""
    return f" Not promised, as {kind.somebody} acts: {', '.join(exempted)}." if exempted else ""


def said_again(keys: tuple[str, ...]) -> str:
    """For the timeline: the promises that are made again; nothing without any."""
    return f" Promised again: {', '.join(keys)}." if keys else ""


def exempted_by(complaint: Complaint, but: Helper | None = None, **anew: bool) -> tuple[str, ...]:
    """The promises that are not made because of who acts, if one of them had another authority."""
    acting = (e.who.model_copy(update=anew) if e is but else e.who for e in complaint.helpers)
    return exemptions(complaint.rules, acting)
