"""The monthly quality sample: which closed complaints are looked at, with what questions, by whom.

Owns who is in, how a sample is drawn, when results are complete and who may not judge. The same
charter, month, seed and references give the same sample everywhere and always: nothing is left to
chance, and the order in which complaints are found changes nothing.
Source: `001_52f8d27437deebc1.txt`. Imports nothing of the complaint.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from domain import value
from domain.calendar.months import Month
from domain.charter.feature_tables import SampleCheck
from domain.errors import InvalidCommand, NotIndependent, Refused, WrongRole
from domain.faults import allowed_words
from domain.quality.figures import percentage_of
from domain.vocabulary import ClosedHow, Role
from domain.wire import Person

WITHOUT_WORK: Final = frozenset(
    {ClosedHow.OUT_OF_SCOPE, ClosedHow.OUT_OF_TIME, ClosedHow.MERGED, ClosedHow.FEEDBACK}
)
"""Ends without work of their own to look at: by themselves at the opening, or in another complaint."""
MAY_JUDGE: Final = frozenset({Role.QUALITY, Role.ADMINISTRATOR})
FORM_COLUMNS: Final = ("reference", "handler", "note")
"""What a form for results has beside the checks, so that no check may be named so."""


class Answer(StrEnum):
    """What somebody finds for one check of one case."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not-applicable"


@value(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A complaint that was closed in the month, with whoever had it in hand at the end."""

    reference: str
    handler_id: str | None
    closed_how: str

    @property
    def eligible(self) -> bool:
        """Whether there is work on it that can be looked at."""
        return self.closed_how not in WITHOUT_WORK


@value(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that a sample depends on, beside the complaints themselves."""

    charter: str
    month: Month
    seed: str = ""
    size: int
    per_handler: int

    def rank(self, reference: str) -> str:
        """Where a complaint stands in the order of drawing; the lowest are drawn first."""
        parts = [self.charter, str(self.month), self.seed, reference]
        text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()


def draw(recipe: Recipe, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The sample, in the order in which it was drawn.

    Of every handler's complaints the first `per_handler` are in, then the first of all the others
    until `size` is reached; where there are more handlers than that, nobody is left out. A
    complaint that comes to the population later takes the place of one other at most.
    """
    pool = sorted(
        {each.reference: each for each in candidates if each.eligible}.values(),
        key=lambda each: recipe.rank(each.reference),
    )
    taken: Counter[str | None] = Counter()
    certain: set[str] = set()
    for each in pool:
        whose = each.handler_id.casefold() if each.handler_id else None
        if taken[whose] < recipe.per_handler:
            taken[whose] += 1
            certain.add(each.reference)
    others = (each.reference for each in pool if each.reference not in certain)
    room = max(0, recipe.size - len(certain))
    drawn = certain | {reference for _, reference in zip(range(room), others, strict=False)}
    return tuple(each for each in pool if each.reference in drawn)


@value(frozen=True, slots=True, kw_only=True)
class Item:
    """One case of a sample, and what was found."""

    reference: str
    handler_id: str | None
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    results: Mapping[str, Answer] | None = None
    """An answer to every check; none until somebody has looked."""
    note: str | None = None

    @property
    def reviewed(self) -> bool:
        """Whether somebody has looked."""
        return self.results is not None


@value(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample as it was drawn, with the checklist of that time and what was found since."""

    recipe: Recipe
    checklist: tuple[SampleCheck, ...]
    population: int
    drawn_at: datetime
    items: tuple[Item, ...] = field(default=())

    @property
    def reviewed(self) -> int:
        """How many cases somebody has looked at."""
        return sum(item.reviewed for item in self.items)

    @property
    def complete(self) -> bool:
        """Whether every case was looked at."""
        return self.reviewed == len(self.items)

    def item(self, reference: str) -> Item:
        """The case of that reference. Raises `Refused` naming those there are."""
        for item in self.items:
            if item.reference == reference:
                return item
        listed = ", ".join(each.reference for each in self.items) or "none: the sample is empty"
        raise Refused(
            f"{reference} is not in the sample of {self.recipe.month}.", f"Allowed: {listed}."
        )


class Difference(NamedTuple):
    """How a sample that was drawn earlier differs from what would be drawn now."""

    would_come: tuple[str, ...]
    would_go: tuple[str, ...]


def difference(drawn: Sample, now: Iterable[Candidate]) -> Difference:
    """What another drawing of the same recipe would change; nothing does change."""
    before = [item.reference for item in drawn.items]
    after = [each.reference for each in draw(drawn.recipe, now)]
    return Difference(
        would_come=tuple(each for each in after if each not in set(before)),
        would_go=tuple(each for each in before if each not in set(after)),
    )


def check_month_over(month: Month, today: date) -> None:
    """Raise `Refused` while complaints can still be closed in that month."""
    if today < month.after:
        raise Refused(
            f"{month} is not over: complaints may still be closed in it.",
            f"Allowed: to draw from {month.after} on.",
        )


def check_replaceable(sample: Sample) -> None:
    """Raise `Refused` once a case was looked at: nobody draws until the results please."""
    if sample.reviewed:
        raise Refused(
            f"The sample of {sample.recipe.month} stands: {sample.reviewed} of its cases were looked at.",
            "Only a sample without any result is drawn anew.",
        )


def answers(checklist: Collection[SampleCheck], given: Mapping[str, str]) -> dict[str, Answer]:
    """An answer to every check, in the checklist's order.

    Raises `InvalidCommand` that names what is unknown, not allowed or missing.
    """
    known = [check.id for check in checklist]
    for check in given:
        if check not in known:
            raise InvalidCommand(
                f"There is no check {check!r}.", f"Allowed: {allowed_words(check, known)}."
            )
    found: dict[str, Answer] = {}
    for check in known:
        if check not in given or not given[check].strip():
            continue
        said = given[check].strip().casefold()
        if said not in set(Answer):
            words = allowed_words(said, Answer)
            raise InvalidCommand(f"{check}: {given[check]!r} is no answer.", f"Allowed: {words}.")
        found[check] = Answer(said)
    if missing := [check for check in known if check not in found]:
        raise InvalidCommand(
            f"No answer to {', '.join(missing)}.",
            "Every check is answered; what does not apply is answered with not-applicable.",
        )
    return found


def involved(events: Iterable[Any]) -> frozenset[str]:
    """Everybody who acted on a complaint or had it in hand, as people are told apart.

    Whoever handled the case that it is about is one of them.
    """
    found: set[str] = set()
    for event in events:
        named = [getattr(event, each.name) for each in fields(event)]
        case = getattr(getattr(event, "opening", None), "subject_case", None)
        if case is not None:
            named.append(case.handler)
        found |= {each.identity for each in named if isinstance(each, Person)}
    return frozenset(found)


def check_role(role: Role) -> None:
    """Raise `WrongRole` unless somebody in that role may record results."""
    if role not in MAY_JUDGE:
        raise WrongRole(
            f"{role} does not record the results of a sample.",
            f"Allowed: {', '.join(sorted(MAY_JUDGE))}.",
        )


def check_reviewer(reference: str, reviewer: Person, whose: Collection[str]) -> None:
    """Raise `NotIndependent` if the reviewer had the case in hand or acted on it."""
    if reviewer.identity in whose:
        raise NotIndependent(
            f"{reviewer.name} had a part in {reference}.", "Somebody else looks at that case."
        )


@value(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found for one check over the whole sample."""

    check: str
    yes: int
    no: int
    not_applicable: int

    @property
    def percentage(self) -> float | None:
        """Yes, of those to which it applies; none while there is none."""
        return percentage_of(self.yes, self.yes + self.no)


def findings(sample: Sample) -> tuple[Finding, ...]:
    """What was found so far, check by check."""
    found: list[Finding] = []
    for check in sample.checklist:
        said = Counter((item.results or {}).get(check.id) for item in sample.items)
        found.append(
            Finding(
                check=check.id,
                yes=said[Answer.YES],
                no=said[Answer.NO],
                not_applicable=said[Answer.NOT_APPLICABLE],
            )
        )
    return tuple(found)
