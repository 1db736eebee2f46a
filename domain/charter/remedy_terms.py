"""The table of a charter file that says how what a reply undertakes is followed up.

Owns its shape. Without the table nothing is tracked: remedies are words in a reply. Sources:
`000_2dfa29253c41a6cc.txt` and `002_b4e25913c9de5f70.txt` (mistakes are put right),
`003_0c0e7b8081a12964.txt` (what an assessor recommends).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from domain.charter.terms import Term, WarnBefore, Within
from domain.vocabulary import REVIEWERS, RemedyKind, Role

_WITHIN = Within.model_validate({"working-days": 20})
_WARN = WarnBefore.model_validate({"working-days": 3})
_AGAIN = Within.model_validate({"working-days": 10})


class RemedyTerms(Term):
    """How long each kind of remedy may take, who has it done, and how often they are reminded."""

    within: Mapping[RemedyKind, Within] = {}
    """Twenty working days for a kind that is not named."""
    owner_role: Mapping[RemedyKind, Role] = {}
    """Whose mailbox hears of it; the manager's for a kind that is not named."""
    remind_before: WarnBefore = _WARN
    remind_every: Annotated[int, Field(ge=1, le=60, description="working days")] = 5
    after_missed: Within = _AGAIN
    """To the new date that an apology names."""

    def within_for(self, kind: RemedyKind) -> Within:
        """How long a remedy of that kind may take unless the reply names a date."""
        return self.within.get(kind, _WITHIN)

    def owner_role_for(self, kind: RemedyKind) -> Role:
        """Whose it is to see to where no owner is named, and whose mailbox hears of it."""
        return self.owner_role.get(kind, Role.MANAGER)


STAFF = frozenset({*REVIEWERS, Role.QUALITY, Role.ADMINISTRATOR})
"""The roles that can have something to put right."""
