"""What was reached beside what is aimed at: as a table for a person, or as JSON.

Owns the aims. They are ratios and sizes within one run, so that a slow machine is no excuse and
a quick one no merit. Must not measure anything.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.core import CoreFigures
from benchmarks.histories import Size
from benchmarks.rounds import Round
from benchmarks.season import Season
from benchmarks.simulated import Simulated

COMPLAINT, BARE, WORKED = "Complaint", "bare", "bare + work"


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that one run measured. Rounds, sizes and rates are by contender."""

    counts: dict[str, int]
    """How many of what were measured."""
    rounds: dict[str, Round]
    stories: dict[str, Size]
    update: Size
    starts: dict[str, float]
    memory: dict[str, float]
    """Bytes of each open one in the worker's cache."""
    season: Season
    core: CoreFigures
    simulated: Simulated


@dataclass(frozen=True, slots=True)
class Aim:
    """What is wanted of one figure, and what was reached."""

    what: str
    at_least: bool
    wanted: float
    reached: float
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether it was reached; a figure that could not be measured was not."""
        if math.isnan(self.reached):
            return False
        return self.reached >= self.wanted if self.at_least else self.reached <= self.wanted


def aims(figures: Figures) -> tuple[Aim, ...]:
    """Every aim with what this run reached."""
    rounds, story, season = figures.rounds, figures.stories[COMPLAINT], figures.season.size
    ours, bare = rounds[COMPLAINT], rounds[BARE]
    memory = figures.memory[COMPLAINT] / 1e6
    starts = _ratio(figures.starts[COMPLAINT], figures.starts[BARE])
    return (
        Aim("complaints a second, to bare", True, 0.9, _ratio(ours.per_second, bare.per_second)),
        Aim("worker CPU a complaint, to bare", False, 1.25, _ratio(ours.worker_ms, bare.worker_ms)),
        Aim("history of the story", False, 40, story.events, "events"),
        Aim("history of the story, charter included", False, 10, story.bytes / 1000, "KB"),
        Aim("a staff update, its record, one notice", False, 11, figures.update.events, "events"),
        Aim("six months", False, 500, season.events, "events"),
        Aim("six months", False, 250, season.bytes / 1000, "KB"),
        Aim("memory of an open complaint", False, 0.12, memory, "MB"),
        Aim("starts a second, to bare", True, 0.9, starts),
        Aim("the core alone, one core", True, 5000, figures.core.per_second, "/s"),
        Aim("simulation, one core", True, 5000, figures.simulated.per_second, "/s"),
    )


def as_json(figures: Figures) -> dict[str, Any]:
    """All of it, the aims included."""
    reached = [asdict(aim) | {"met": aim.met} for aim in aims(figures)]
    return asdict(figures) | {"aims": reached}


def show(figures: Figures, console: Console) -> None:
    """Print the comparison, the rest, and the aims."""
    console.print(_comparison(figures))
    console.print(_aims(figures))
    season, core = figures.season, figures.core
    console.print(
        f"Six months: {season.days} days, {season.escalations} escalations, {season.messages}"
        f" messages, {season.complaint_events} events of the complaint, {season.missed} missed;"
        f" {season.skipping_events} further events in the history say that time was skipped and"
        " are left out."
    )
    mix = ", ".join(f"{count} {charter}" for charter, count in core.mix.items())
    console.print(
        f"The core alone: {core.per_second:,.0f}/s decided, {core.per_second_from_json:,.0f}/s with"
        f" reading each command from JSON, over a year's days. The mix: {mix}."
    )
    simulated = figures.simulated
    each = ", ".join(
        f"{name} {rate:,.0f}/s ({simulated.events_each[name]:.1f} events each)"
        for name, rate in simulated.by_charter.items()
    )
    console.print(f"Simulation: {each}.")
    console.print(
        "Measured: " + ", ".join(f"{n} {what}" for what, n in figures.counts.items()) + "."
    )


def _comparison(figures: Figures) -> Table:
    names = tuple(figures.rounds)
    table = Table(title="One story: received, acknowledged, replied, accepted")
    table.add_column("medians")
    for name in names:
        table.add_column(name, justify="right")
    for other in (BARE, WORKED):
        table.add_column(f"{COMPLAINT} / {other}", justify="right")
    rounds, stories = figures.rounds, figures.stories
    rows: tuple[tuple[str, dict[str, float], str], ...] = (
        ("to the end, a second", {n: rounds[n].per_second for n in names}, ".1f"),
        ("worker CPU, ms each", {n: rounds[n].worker_ms for n in names}, ".1f"),
        ("server CPU, ms each", {n: rounds[n].server_ms for n in names}, ".1f"),
        ("client CPU, ms each", {n: rounds[n].client_ms for n in names}, ".1f"),
        ("history events", {n: size.events for n, size in stories.items()}, ".0f"),
        ("history bytes", {n: size.bytes for n, size in stories.items()}, ",.0f"),
        ("starts a second", figures.starts, ".1f"),
        ("1,000 open ones, MB", _thousand(figures.memory), ".0f"),
    )
    for what, values, form in rows:
        cells = [format(values[name], form) if name in values else "" for name in names]
        ratios = [
            f"{_ratio(values[COMPLAINT], values[other]):.2f}" if other in values else ""
            for other in (BARE, WORKED)
        ]
        table.add_row(what, *cells, *ratios)
    return table


def _aims(figures: Figures) -> Table:
    table = Table(title="What is aimed at")
    for column in ("figure", "aim", "reached", ""):
        table.add_column(column, justify="left" if column in {"figure", ""} else "right")
    for aim in aims(figures):
        sign = "≥" if aim.at_least else "≤"
        unit = f" {aim.unit}" if aim.unit else ""
        wanted, reached = _number(aim.wanted), _number(aim.reached)
        verdict = "[green]reached[/green]" if aim.met else "[red]not reached[/red]"
        table.add_row(aim.what, f"{sign} {wanted}{unit}", f"{reached}{unit}", verdict)
    return table


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _ratio(ours: float, theirs: float) -> float:
    return ours / theirs if theirs else math.nan


def _thousand(memory: dict[str, float]) -> dict[str, float]:
    return {name: size * 1000 / 1e6 for name, size in memory.items()}
