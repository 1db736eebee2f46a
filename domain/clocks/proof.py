"""Proofs: how a clock's due date was counted, so that anybody can count it again.

Owns the proof of a clock, its sentence for staff and its facts for letters. The count of days itself is
explained by `domain.calendar.counting`; this adds services, pauses, extensions and limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, cast

from domain.calendar.budget import Budget, Unit
from domain.calendar.counting import DayCount, due_day, explain, groups
from domain.calendar.pinned import DAYS, BeyondCalendar, Calendar, in_words
from domain.charter.rules import Rules
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import budget_of, due_of


class Proof(NamedTuple):
    """Everything that a due date rests on; days are local.

    It is put into words only when somebody reads it, and equal proofs only once.
    """

    calendar: Calendar
    start_day: date
    """Day 0 of the present run."""
    first_counts: bool
    """Whether the day from which the promise counts is the first of the days."""
    due: date | None
    left: Budget
    """What the present run may use."""
    paused: tuple[tuple[date, date], ...]
    """The first and the last day of each pause that took days out of the count."""
    was_due: date | None
    """The day before the last extension moved it, where only the whole can be counted."""
    moved: tuple[date, ...]
    """The day that was counted, and each to which an extension moved it; empty where none did."""
    limited: bool
    """Whether the due date is the last that is allowed."""
    uncut: date | None
    """The day on which the time would run out, where the limit comes before it."""
    kept: bool
    """Whether it would be earlier by now, and stays because it was told."""
    service: str | None
    """The name of the service whose timescale it is."""
    used: tuple[int, Budget] | None
    """How many days earlier runs have used, of what; none where this is the first run."""
    undated: str
    """Why there is no due date; empty where there is one."""
    estimate: bool
    """Whether the date is an estimate, and no promise."""

    @property
    def sentence(self) -> str:
        """The proof in plain English, or why there is none."""
        return _sentence(self)

    @property
    def facts(self) -> dict[str, Any] | None:
        """The proof for a letter, as `count_facts` gives it; none where nothing could be counted.

        Letters share it: nobody may change it.
        """
        return _facts(self)


def proof_of(clock: Clock, rules: Rules) -> Proof:
    """The proof of the clock's due date."""
    due = due_of(clock, rules)
    dated = (clock.running or clock.due_when_ended is not None) and not due.beyond
    last_day = due.day if dated else None
    paused = _paused(clock) if clock.pauses else ()
    moved: tuple[date, ...] = ()
    if last_day and clock.superseded and _only_moved(clock, rules):
        moved = (*clock.superseded, last_day)
    uncut = _uncut(clock, rules) if last_day and last_day == clock.limit_day and not moved else None
    service = rules.services.get(clock.service) if clock.service else None
    return Proof(
        calendar=rules.calendar,
        start_day=clock.start_day,
        first_counts=clock.first_counts and clock.start_day == clock.day_zero,
        due=last_day,
        left=budget_of(clock, rules) if moved else _left(clock, rules, uncut or last_day, paused),
        paused=paused,
        was_due=clock.superseded[-1] if clock.superseded and not moved else None,
        moved=moved,
        limited=dated and clock.limit_day == last_day,
        uncut=uncut,
        kept=dated and clock.kept_day is not None,
        service=service.name if service else None,
        used=_used(clock, rules) if clock.spent else None,
        undated="" if dated else _undated(clock, rules),
        estimate=rules.promises[clock.promise].estimate,
    )


def proof_facts(clock: Clock, rules: Rules) -> dict[str, Any] | None:
    """The facts of its proof, worked out once for each clock."""
    told = clock.told
    if told is None or told[0] is not rules:
        clock.told = told = rules, proof_of(clock, rules).facts  # type: ignore[misc]
    facts: dict[str, Any] | None = told[1]
    return facts


def count_facts(count: DayCount) -> dict[str, Any]:
    """A count of days as facts, for a letter to tell in its own language; dates are ISO texts.

    What is empty is left out: facts travel in histories. Days off that come every week are
    `[name, how many]`, others `[name, how many, first, last]`.
    """
    moved, (amount, unit) = count.moved_from, count.budget.spoken
    facts = {
        "unit": unit,
        "amount": amount,
        "start": count.start_day.isoformat(),
        "included": count.included,
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


@lru_cache(maxsize=16_384)
def _facts(proof: Proof) -> dict[str, Any] | None:
    if proof.due is None:
        return None
    try:
        count = _explained(proof)
    except BeyondCalendar:
        return None
    facts = {
        "moved": [day.isoformat() for day in proof.moved],
        "pauses": [[first.isoformat(), last.isoformat()] for first, last in proof.paused],
        "was_due": proof.was_due.isoformat() if proof.was_due else None,
        "estimate": proof.estimate,
        "limited": proof.limited and not proof.uncut,
        "cut": proof.due.isoformat() if proof.uncut else None,
        "kept": proof.kept,
        "service": proof.service,
        "used": proof.used
        and dict(zip(("days", "of", "unit"), (proof.used[0], *proof.used[1].spoken), strict=True)),
    }
    return count_facts(count) | {name: value for name, value in facts.items() if value}


@lru_cache(maxsize=16_384)
def _sentence(proof: Proof) -> str:
    if proof.due is None:
        return proof.undated
    try:
        count = _explained(proof)
    except BeyondCalendar as error:
        return f"It cannot be counted: {error}"
    said = [f"{count.sentence()}."]
    if proof.service:
        said.append(f"This is the time that holds for: {proof.service}.")
    if proof.used:
        days, whole = proof.used
        used = f"{days} day{'' if days == 1 else 's'}"
        said.append(f"Of {whole}, {used} had been used before that.")
    if proof.paused:
        spans = [
            in_words(first) if first == last else f"{in_words(first)} to {in_words(last)}"
            for first, last in proof.paused
        ]
        said.append(f"Our work was on hold, and these days do not count: {'; '.join(spans)}.")
    if proof.moved:
        first, *then = map(in_words, proof.moved)
        said.append(
            f"More time was needed: the date was moved from {first} to {', then to '.join(then)}."
        )
    if proof.was_due:
        said.append(f"Before more time was needed it was due on {in_words(proof.was_due)}.")
    return " ".join((*said, *_how_firm(proof)))


def _how_firm(proof: Proof) -> Iterator[str]:
    """What kind of date it is, where it is not just what was counted."""
    if proof.estimate:
        yield "This is an estimate and not a promise."
    if proof.kept:
        yield "It could be earlier by now, but the date that was told stays."
    if proof.uncut:
        yield f"No date after {in_words(cast('date', proof.due))} is allowed, so it is that day."
    elif proof.limited:
        yield "No later date is allowed."


def _explained(proof: Proof) -> DayCount:
    """The count of its days. BeyondCalendar."""
    return explain(
        proof.calendar,
        proof.start_day,
        _counted(proof),
        proof.left,
        first_counts=proof.first_counts,
    )


def _counted(proof: Proof) -> date:
    """The day to which days are counted: the due date, or the one that was moved or cut."""
    return proof.moved[0] if proof.moved else proof.uncut or cast("date", proof.due)


def _uncut(clock: Clock, rules: Rules) -> date | None:
    """The day on which the clock would run out without its limit, where that is a later one."""
    free = clock.changed(state=ClockState.RUNNING, limit_day=None, due_when_ended=None)
    due = due_of(free, rules)
    return due.day if not due.beyond and clock.limit_day and due.day > clock.limit_day else None


def _only_moved(clock: Clock, rules: Rules) -> bool:
    """Whether it is due when it is because extensions moved the day that its budget gives."""
    if clock.pauses or clock.spent or clock.moved:
        return False
    try:
        return (
            due_day(rules.calendar, clock.start_day, budget_of(clock, rules)) == clock.superseded[0]
        )
    except BeyondCalendar:
        return False


def _left(
    clock: Clock, rules: Rules, due: date | None, paused: tuple[tuple[date, date], ...]
) -> Budget:
    """What the present run may use: the budget with the time that was granted, less what was spent.

    Months have no fixed size: once they were extended, or the day that was told stays, it is the days up to it.
    """
    budget = budget_of(clock, rules)
    if budget.unit is Unit.MONTHS and due and (clock.superseded or clock.kept_day):
        off = sum((last - first).days + 1 for first, last in paused)
        return Budget(Unit.CALENDAR_DAYS, (due - clock.start_day).days - off)
    if budget.unit is Unit.MONTHS or not (clock.spent or clock.extra):
        return budget
    unit = Unit.WORKING_DAYS if budget.unit is Unit.END_OF_NEXT_WORKING_DAY else budget.unit
    return Budget(unit, max(0, budget.amount + clock.extra - clock.spent))


def _used(clock: Clock, rules: Rules) -> tuple[int, Budget] | None:
    """What earlier runs have used of the whole, in a unit that can be counted in days."""
    whole = budget_of(clock, rules)
    if whole.unit in (Unit.MONTHS, Unit.END_OF_NEXT_WORKING_DAY):
        return None
    return clock.spent, Budget(whole.unit, whole.amount + clock.extra)


def _undated(clock: Clock, rules: Rules) -> str:
    due = due_of(clock, rules)
    if clock.running and due.beyond:
        return f"It cannot be counted: {due.beyond}"
    spent = f"{clock.spent} of {budget_of(clock, rules)} used"
    if not clock.pauses or clock.pauses[-1].to:
        return f"The calendar does not reach its due date: {spent}."
    return f"The clock is paused; its last counted day was {in_words(clock.pauses[-1].since)}: {spent}."


def _paused(clock: Clock) -> tuple[tuple[date, date], ...]:
    """The days that pauses took out of the count; a pause within one day took none."""
    return tuple(
        (pausing.since + timedelta(days=1), pausing.to)
        for pausing in clock.pauses
        if pausing.to and pausing.to > pausing.since
    )
