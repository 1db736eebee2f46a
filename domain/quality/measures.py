"""What is measured beside the complaints: calls answered in time, and how satisfied people were.

Owns which figures can be true, how calls are held against the charter's target and what counts as
satisfied. Source: `000_2dfa29253c41a6cc.txt`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from domain import value
from domain.errors import InvalidCommand
from domain.quality.figures import percentage_of, reaches
from domain.vocabulary import KeptBy

if TYPE_CHECKING:
    from domain.charter.tables import Charter, Commitment

EARLIEST: Final = date(2000, 1, 1)
MOST_CALLS: Final = 10_000_000
"""In one row: whatever is more is a slip of the keyboard."""
SCORES: Final = range(1, 6)
SATISFIED: Final = frozenset({4, 5})


@value(frozen=True, slots=True, kw_only=True)
class CallCount:
    """The calls of a day, or of one part of it."""

    day: date
    period: str = ""
    """As the file names it; empty for the whole day."""
    offered: int
    answered: int
    answered_within_target: int

    @property
    def key(self) -> tuple[date, str]:
        """What a corrected count has in common with the one that it takes the place of."""
        return self.day, self.period


@value(frozen=True, slots=True, kw_only=True)
class SurveyResponse:
    """What one person answered when asked how satisfied they were."""

    response_id: str
    answered_on: date
    score: int
    reference: str | None = None
    comment: str | None = None

    @property
    def key(self) -> str:
        """As `CallCount.key`."""
        return self.response_id


def check_calls(count: CallCount, today: date) -> None:
    """Raise `InvalidCommand` if no day can have had such calls."""
    _check_day("day", count.day, today)
    _check_number("offered", count.offered, range(MOST_CALLS + 1), "calls")
    for name, most, of in (
        ("answered", count.offered, "offered"),
        ("answered_within_target", count.answered, "answered"),
    ):
        given = getattr(count, name)
        if given > most:
            raise InvalidCommand(
                f"{name}: {given} is more than the {most} {of}.", f"Allowed: 0 to {most}."
            )
        _check_number(name, given, range(most + 1), "calls")


def check_response(response: SurveyResponse, today: date) -> None:
    """Raise `InvalidCommand` if nobody can have answered so."""
    _check_day("answered_on", response.answered_on, today)
    _check_number("score", response.score, SCORES, "a score")


def check_period(count: CallCount, known: Collection[str]) -> None:
    """Raise `InvalidCommand` if calls would be counted twice; `known` are that day's periods."""
    others = set(known) - {count.period}
    if count.period and "" in others:
        raise InvalidCommand(
            f"period: {count.day} is counted as a whole already.",
            "Allowed: no period, as long as that count stands.",
        )
    if not count.period and others:
        raise InvalidCommand(
            f"period: {count.day} is counted by parts already: {', '.join(sorted(others))}.",
            "Allowed: a period, as long as those counts stand.",
        )


def _check_day(name: str, day: date, today: date) -> None:
    if not EARLIEST <= day <= today:
        what = "lies in the future" if day > today else "is too long ago"
        raise InvalidCommand(f"{name}: {day} {what}.", f"Allowed: {EARLIEST} to {today}.")


def _check_number(name: str, given: int, allowed: range, what: str) -> None:
    if given not in allowed:
        raise InvalidCommand(
            f"{name}: {given} cannot be {what}.", f"Allowed: {allowed[0]} to {allowed[-1]}."
        )


def call_commitment(charter: Charter) -> Commitment | None:
    """The promise that calls are held against, with its target in per cent; none without one."""
    measured = (each for each in charter.commitments if each.kept_by is KeptBy.MEASURE)
    return next((each for each in measured if each.target is not None), None)


@value(frozen=True, slots=True, kw_only=True)
class CallFigure:
    """The calls of some time together."""

    offered: int
    answered: int
    answered_within_target: int

    @property
    def percentage(self) -> float | None:
        """Answered within the target time, of all that came in; none where none did."""
        return percentage_of(self.answered_within_target, self.offered)

    def reaches(self, target: float | None) -> bool | None:
        """Whether the target (per cent) was reached; none without calls or without a target."""
        return reaches(self.answered_within_target, self.offered, target)


@value(frozen=True, slots=True, kw_only=True)
class SatisfactionFigure:
    """The answers of some time together."""

    scores: Mapping[int, int]
    """How many gave each score."""

    @property
    def every_score(self) -> dict[int, int]:
        """The same with a place for each score that there is, also for those that nobody gave."""
        return {score: self.scores.get(score, 0) for score in SCORES}

    @property
    def responses(self) -> int:
        """How many answered."""
        return sum(self.scores.values())

    @property
    def average(self) -> float | None:
        """The mean score, to two decimals; none without answers."""
        if not self.responses:
            return None
        return round(sum(score * n for score, n in self.scores.items()) / self.responses, 2)

    @property
    def percentage(self) -> float | None:
        """Satisfied (4 or 5), of those who answered; none where nobody did."""
        satisfied = sum(n for score, n in self.scores.items() if score in SATISFIED)
        return percentage_of(satisfied, self.responses)


def all_calls(figures: Iterable[CallFigure]) -> CallFigure:
    """Several times together."""
    counted = list(figures)
    return CallFigure(
        offered=sum(each.offered for each in counted),
        answered=sum(each.answered for each in counted),
        answered_within_target=sum(each.answered_within_target for each in counted),
    )


def all_responses(figures: Iterable[SatisfactionFigure]) -> SatisfactionFigure:
    """Several times together."""
    scores: Counter[int] = Counter()
    for each in figures:
        scores.update(each.scores)
    return SatisfactionFigure(scores=dict(scores))
