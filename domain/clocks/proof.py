"""Proofs: how a clock's due date was counted, so that anybody can count it again.

Owns the proof of a clock, its sentence and its facts. The count of days itself is explained by
`working_days`; this adds the receipt rule, pauses, extensions and limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from domain.calendar.counting import Budget, Calendar, DayCount, Unit, explain, groups, in_words
from domain.calendar.pinned import DAYS
from domain.charter.rules import Rules
from domain.clocks.clock import Clock, Pausing
from domain.clocks.due import budget_of, due_day
from domain.complaint.policies.service_times import service_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Everything that a due date rests on; days are local, the instant is UTC."""

    promise: str
    started_at: datetime
    receipt: str
    day_zero: date
    due: date | None
    count: DayCount | None
    """The days of the present run; none while the clock is paused."""
    spent: int
    pauses: tuple[Pausing, ...]
    superseded: tuple[date, ...]
    limit: date | None
    service: str | None
    """The name of the service whose timescale it is."""
    calendar_version: str
    sentence: str

    @property
    def limited(self) -> bool:
        """Whether the due date is the last that is allowed."""
        return self.limit is not None and self.limit == self.due


def proof_of(clock: Clock, rules: Rules) -> Proof:
    """The proof of the clock's due date. Raises `BeyondCalendar` where it cannot be counted."""
    calendar = rules.calendar
    due = clock.due_when_ended or (due_day(clock, rules) if clock.running else None)
    count = _explained(calendar, clock.start_day, due, _left(clock, rules)) if due else None
    return Proof(
        promise=clock.promise,
        started_at=clock.started_at,
        receipt=calendar.receipt,
        day_zero=clock.day_zero,
        due=due,
        count=count[0] if count else None,
        spent=clock.spent,
        pauses=clock.pauses,
        superseded=clock.superseded,
        limit=clock.limit_day,
        service=_service(clock, rules),
        calendar_version=calendar.version,
        sentence=_sentence(clock, rules, due, count),
    )


def count_facts(count: DayCount) -> dict[str, Any]:
    """A count of days as facts, for a letter to tell in its own language; dates are ISO texts.

    What is empty is left out: facts travel in histories. Days off that come every week are
    `[name, how many]`, others `[name, how many, first, last]`.
    """
    moved = count.moved_from
    facts = {
        "unit": str(count.budget.unit),
        "amount": count.budget.amount,
        "start": count.start_day.isoformat(),
        "due": count.due_day.isoformat(),
        "skipped": [
            [group.reason, group.count]
            if group.weekly
            else [group.reason, group.count, group.first.isoformat(), group.last.isoformat()]
            for group in groups(count.skipped)
        ],
        "moved_from": moved
        and [moved.day.isoformat(), "" if moved.reason in DAYS else moved.reason],
    }
    return {name: value for name, value in facts.items() if value or name == "amount"}


def proof_facts(proof: Proof) -> dict[str, Any] | None:
    """The proof as facts, as `count_facts` gives them; none where nothing could be counted."""
    if proof.count is None:
        return None
    facts = {
        "pauses": [[first.isoformat(), last.isoformat()] for first, last in _spans(proof.pauses)],
        "was_due": proof.superseded[-1].isoformat() if proof.superseded else None,
        "limited": proof.limited,
        "service": proof.service,
    }
    given = {name: value for name, value in facts.items() if value}
    return count_facts(proof.count) | given


@lru_cache(maxsize=16_384)
def _explained(calendar: Calendar, start: date, due: date, budget: Budget) -> tuple[DayCount, str]:
    """The count and its sentence: thousands of complaints share the same."""
    count = explain(calendar, start, due, budget)
    return count, f"{count.sentence()}."


def _left(clock: Clock, rules: Rules) -> Budget:
    """What the present run may still use: working days of the budget, less what was spent."""
    budget = budget_of(clock, rules)
    if budget.unit is Unit.MONTHS or not (clock.spent or clock.extra):
        return budget
    unit = Unit.WORKING_DAYS if budget.unit is Unit.END_OF_NEXT_WORKING_DAY else budget.unit
    return Budget(unit, max(0, budget.amount + clock.extra - clock.spent))


def _sentence(
    clock: Clock, rules: Rules, due: date | None, count: tuple[DayCount, str] | None
) -> str:
    if due is None or count is None:
        spent = f"{clock.spent} of {budget_of(clock, rules)} used"
        if not clock.pauses or clock.pauses[-1].to:
            return f"The calendar does not reach its due date: {spent}."
        return f"The clock is paused; its last counted day was {in_words(clock.pauses[-1].since)}: {spent}."
    said = [count[1]]
    service = _service(clock, rules)
    if service:
        said.append(f"This is the time that holds for: {service}.")
    said += _pauses(clock)
    if clock.superseded:
        said.append(f"Before more time was needed it was due on {in_words(clock.superseded[-1])}.")
    if clock.limit_day == due:
        said.append("No later date is allowed.")
    return " ".join(said)


def _service(clock: Clock, rules: Rules) -> str | None:
    service = service_named(rules, clock.service)
    return service.name if service else None


def _pauses(clock: Clock) -> list[str]:
    spans = [f"from {in_words(first)} to {in_words(last)}" for first, last in _spans(clock.pauses)]
    said = f"The days {' and '.join(spans)} do not count: the clock was paused."
    return [said] if spans else []


def _spans(pauses: tuple[Pausing, ...]) -> list[tuple[date, date]]:
    """The days that pauses took out of the count; a pause within one day took none."""
    return [
        (pause.since + timedelta(days=1), pause.to)
        for pause in pauses
        if pause.to and pause.to > pause.since
    ]
