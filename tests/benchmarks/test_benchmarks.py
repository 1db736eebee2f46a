"""The benchmark runs from end to end, and prints every aim. How quick anything is, is not tested."""

from __future__ import annotations

import io
import json
import math
from dataclasses import asdict, replace

import pytest
import pytest_asyncio
from rich.console import Console

from benchmarks.core import CHARTERS, CoreFigures, measure_core
from benchmarks.histories import Size
from benchmarks.report import BARE, COMPLAINT, WORKED, Aim, Figures, aims, as_json, show
from benchmarks.rounds import Round
from benchmarks.run import Plan, measure
from benchmarks.season import Season
from benchmarks.simulated import Simulated, measure_simulation
from benchmarks.yearly_report import measure_report, show_report

A_FEW = Plan(complaints=3, rounds=1, starts=3, held=3, told=40, simulated=20)
MADE_UP = Figures(
    counts={"stories a round": 1},
    rounds={name: Round(10.0, 20.0, 30.0, 4.0) for name in (COMPLAINT, BARE, WORKED)},
    stories={name: Size(40, 10_000) for name in (COMPLAINT, BARE, WORKED)},
    update=Size(11, 2_000),
    starts={COMPLAINT: 90.0, BARE: 100.0},
    memory={COMPLAINT: 120_000.0, BARE: 80_000.0},
    season=Season(Size(500, 250_000), 80, 53, 4, 30, 0, 184),
    core=CoreFigures(5000.0, 3000.0, {"financial-ombudsman": 1}),
    simulated=Simulated(5000.0, {"financial-ombudsman": 5000.0}, {"financial-ombudsman": 5.0}),
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def figures() -> Figures:
    """One whole run with very few complaints."""
    return await measure(A_FEW, lambda _: None)


def printed(figures: Figures) -> str:
    """What a person sees, on a wide screen."""
    console = Console(file=io.StringIO(), width=200)
    show(figures, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.slow
async def test_a_whole_run_measures_every_figure(figures: Figures) -> None:
    assert list(figures.rounds) == [COMPLAINT, BARE, WORKED]
    assert all(one.per_second > 0 and one.worker_ms > 0 for one in figures.rounds.values())
    assert not any(math.isnan(aim.reached) for aim in aims(figures))
    assert sum(figures.core.mix.values()) == A_FEW.told
    assert json.loads(json.dumps(as_json(figures)))["season"]["days"] >= 180


@pytest.mark.slow
async def test_the_bare_workflow_has_the_shape_that_it_says(figures: Figures) -> None:
    # Start; a marker; 8 tasks of 3; 4 activities of 3; 3 updates of 2; 3 timers, moved; the end.
    assert figures.stories[BARE].events == 1 + 1 + 24 + 12 + 6 + 6 + 1
    assert figures.stories[WORKED].events == figures.stories[BARE].events


@pytest.mark.slow
async def test_the_six_months_have_their_escalations_and_messages(figures: Figures) -> None:
    assert (figures.season.escalations, figures.season.messages) == (4, 30)
    assert figures.season.skipping_events > 0


def test_the_core_is_told_stories_of_every_charter() -> None:
    found = measure_core(40, passes=1)
    assert set(found.mix) == {name for name, _ in CHARTERS}
    assert found.per_second > found.per_second_from_json > 0


async def test_the_report_is_measured_over_the_complaints_that_were_made_up() -> None:
    found = await measure_report(150, passes=1)
    assert found.complaints == 150
    assert found.clocks_counted > 150
    console = Console(file=io.StringIO(), width=400)
    show_report(found, console)
    assert isinstance(console.file, io.StringIO)
    assert "150 complaints" in console.file.getvalue()
    assert json.loads(json.dumps(asdict(found)))["counting"] > 0


def test_the_simulation_is_measured_under_every_charter() -> None:
    found = measure_simulation(20, passes=1)
    assert set(found.by_charter) == {name for name, _ in CHARTERS}
    assert found.per_second > 0
    assert all(events > 2 for events in found.events_each.values())


def test_every_aim_is_printed_with_what_was_reached() -> None:
    said = printed(MADE_UP)
    assert said.count("reached") == 1 + len(aims(MADE_UP))  # once as the head of the column
    assert "not reached" not in said
    for aim in aims(MADE_UP):
        assert aim.what in said


def test_an_aim_that_is_missed_is_printed_as_missed() -> None:
    slow = replace(MADE_UP, update=Size(12, 2_000))
    assert printed(slow).count("not reached") == 1


def test_an_aim_that_could_not_be_measured_is_not_reached() -> None:
    assert not Aim("a ratio", at_least=False, wanted=1.0, reached=math.nan).met
