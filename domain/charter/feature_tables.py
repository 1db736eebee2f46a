"""The tables of a charter file that say how one feature of a complaint is handled.

Owns their shape; each is optional, and without it the charter promises nothing of that kind. Sources of
what is said of remedies: `000_2dfa29253c41a6cc.txt` and `002_b4e25913c9de5f70.txt` (mistakes are put
right), `003_0c0e7b8081a12964.txt` (what an assessor recommends).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from domain.calendar.interval import OneUnit
from domain.charter.terms import Name, PromiseKey, WarnBefore, Within
from domain.vocabulary import REVIEWERS, Missing, Outcome, RemedyKind, Role
from domain.wire import Term, Text


class SampleCheck(Term):
    """One question that the quality team asks of every sampled case."""

    id: Name
    text: Text
    source: Text


class SampleTerms(Term):
    """How many closed complaints are looked at each month, and what is asked of each."""

    size: Annotated[int, Field(ge=1, le=10_000)] = 20
    per_handler: Annotated[int, Field(ge=0, le=100)] = 1
    checks: Annotated[tuple[SampleCheck, ...], Field(min_length=1, alias="check")]


class InformationTerms(Term):
    """How long the customer has to answer a question, and what happens if no answer comes."""

    answer_within: Within = Within(working_days=10)
    remind_before: Within = Within(working_days=5)
    close_after: Within = Within(working_days=5)
    asked_at_opening: tuple[Missing, ...] = ()


class DeliveryTerms(Term):
    """When a letter counts as having reached somebody. An e-mail does on the day it is sent."""

    letter: Annotated[int, Field(ge=0, le=20, description="working days after it is posted")] = 2


class Service(Term):
    """A service with a timescale of its own, and the promises that it goes before, by their keys."""

    id: Name
    name: Text
    text: Text
    within: Within
    replaces: Annotated[tuple[PromiseKey, ...], Field(min_length=1)]


class VisitTerms(Term):
    """How somebody who comes in person is received."""

    by_appointment: bool = False


class SurveyTerms(Term):
    """How long after the end the customer is asked how it was, what, and where they answer."""

    after: Within
    question: Text
    where: Text


class RepresentationTerms(Term):
    """Whether customers are asked for authority where somebody acts without, and when reminded.

    `professional_informs`: whether a professional keeps the customer up to date.
    """

    ask_authority: bool = False
    remind_after: Within | None = None
    professional_informs: bool = False


class HandlerTerms(Term):
    """What the customer is told of whoever has the complaint in hand."""

    direct_contact: bool = False
    """Whether they have the direct line of that person, so that nobody without one is given it."""


class PreferenceTerms(Term):
    """Whether the acknowledgement asks how, and how often, somebody wants to hear."""

    ask: bool = False


class PausingTerms(Term):
    """How far ahead the review of a pause may lie, and how often a complaint may be paused at all.

    Renewing a pause at its review counts as one more. `for_customer` lets a pause also wait for the
    customer's answer to what they were asked.
    """

    review_within: Within
    times: Annotated[int, Field(ge=1, le=12)]
    for_customer: bool = False


class RestrictionTerms(Term):
    """How far ahead the review of a limit on contact may lie, and how to appeal against one."""

    review_within: Within | None = None
    appeal: Text | None = None


class ConflictTerms(Term):
    """Which conflicts of interest are found without anybody declaring them."""

    conduct: bool = False
    earlier_reviewer: bool = False


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


class Kept(OneUnit):
    """How long something is kept: exactly one unit."""

    years: Annotated[int, Field(ge=1, le=100)] | None = None
    months: Annotated[int, Field(ge=1, le=1200)] | None = None

    @property
    def in_months(self) -> int:
        """The same in months."""
        return (self.years or 0) * 12 + (self.months or 0)

    def __str__(self) -> str:
        ((unit, amount),) = self._as_given().items()
        return f"{amount} {unit if amount > 1 else unit.removesuffix('s')}"


class RetentionTerms(Term):
    """How long after its end a complaint is kept, before it is erased."""

    after_end: Kept
    by_outcome: Mapping[Outcome, Kept] = {}
    """Where it depends on what was found; `after_end` for an outcome that is not named."""

    def for_outcome(self, outcome: Outcome | None) -> Kept:
        """How long one with that outcome is kept; none is one without an answer."""
        return self.by_outcome.get(outcome, self.after_end) if outcome else self.after_end

    @property
    def shortest(self) -> Kept:
        """The shortest of them."""
        return min((self.after_end, *self.by_outcome.values()), key=lambda each: each.in_months)


REMEDY_OWNERS = frozenset({*REVIEWERS, Role.QUALITY, Role.ADMINISTRATOR})
"""The roles that can have something to put right."""
