"""How long a complaint is kept after its end, and who may erase one or keep it from being erased.

Owns the rule of what is due, by the charter that holds now and by the one under which the complaint ran: never
sooner than either says. What is held, owed or under way is never due. Knows no clock: the day is given.
Source: Article 5(1)(e) of the General Data Protection Regulation, storage limitation; the length is each charter's.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from domain.charter.feature_tables import RetentionTerms
from domain.complaint.commands import Actor
from domain.complaint.views.standings import Standing
from domain.errors import WrongRole
from domain.vocabulary import Outcome, Role, State

FILES_BELOW = "Attached (kept under these digests):"
"""Behind it, at the very end, what is on record of an e-mail lists the files that are kept of it, a line each."""


class Keeping(StrEnum):
    """What may be done about the keeping of a complaint."""

    HOLD = "hold"
    RELEASE = "unhold"
    ERASE = "erase"


MAY: Final[Mapping[Keeping, tuple[Role, ...]]] = {
    # To keep something harms nobody; to let it go, or to destroy it, is the work of one office.
    Keeping.HOLD: (Role.ADMINISTRATOR, Role.MANAGER, Role.COMPLAINTS_TEAM),
    Keeping.RELEASE: (Role.ADMINISTRATOR,),
    Keeping.ERASE: (Role.ADMINISTRATOR,),
}
"""Which roles may do it."""


@dataclass(frozen=True, slots=True)
class Due:
    """A complaint that may be erased, since it has been kept for as long as was said."""

    reference: str
    until: date
    """The last day (local) on which it was to be kept."""
    reason: str
    """Why it goes, with nothing of the customer in it."""


def require_may(act: Keeping, actor: Actor) -> None:
    """Return where the actor may do that. Raises `WrongRole`."""
    if actor.role not in MAY[act]:
        roles = ", ".join(MAY[act])
        raise WrongRole(f"A {actor.role} may not {act} a complaint.", f"Roles that may: {roles}.")


def kept_until(terms: RetentionTerms, outcome: str | None, ended_on: date) -> date:
    """The last day on which a complaint is kept that ended on that day with that outcome (none: without)."""
    months = terms.for_outcome(Outcome(outcome) if outcome else None).in_months
    year, month = divmod(ended_on.year * 12 + ended_on.month - 1 + months, 12)
    return date(year, month + 1, min(ended_on.day, monthrange(year, month + 1)[1]))


def due(
    standing: Standing,
    ended_on: date,
    today: date,
    now: RetentionTerms | None,
    then: RetentionTerms | None,
) -> Due | None:
    """The complaint as one that may go; none while it has to be kept.

    `now` is what its charter says today, without which nothing goes; `then` what the charter said under which it
    ran, if that said anything. Days are local.
    """
    if now is None or standing.state != State.CLOSED or standing.remedies_owed or standing.next_due:
        return None
    until = max(kept_until(each, standing.outcome, ended_on) for each in (now, then) if each)
    if today <= until:
        return None
    kept = f"{until:%-d %B %Y}, as charter {standing.charter} says"
    return Due(standing.reference, until, f"The time for which it is kept was over on {kept}")
