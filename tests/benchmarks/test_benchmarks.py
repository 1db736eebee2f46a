"""The benchmark runs from end to end, and prints every aim. How quick anything is, is not tested."""

from __future__ import annotations

import json
import math

import pytest
import pytest_asyncio

from benchmarks.core import CHARTERS, measure_beside, measure_core
from benchmarks.ledger import measure_report
from benchmarks.report import (
    BARE,
    COMPLAINT,
    HISTORY_BYTES,
    LEDGER_BYTES,
    PER_SECOND,
    ROOT,
    SEALED,
    SERVER_CPU,
    STARTS,
    WORKED,
    WORKER_CPU,
    Figure,
    Sides,
    as_json,
    as_markdown,
    compared,
)  # fmt: skip
from benchmarks.run import Plan, measure
from benchmarks.simulated import measure_simulation

A_FEW = Plan(
    complaints=3, rounds=1, starts=3, held=3, started=1, told=40, simulated=20, reported=150
)
SIDE = {PER_SECOND: 10.0, WORKER_CPU: 20.0, SERVER_CPU: 30.0}
SIDES: Sides = {
    COMPLAINT: {**SIDE, STARTS: 90.0}, BARE: {**SIDE, STARTS: 100.0}, WORKED: SIDE,
}  # fmt: skip
Found = tuple[list[Figure], Sides]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def found() -> Found:
    """One whole run with very few complaints."""
    return await measure(A_FEW, lambda _: None)


@pytest.mark.slow
async def test_a_whole_run_measures_every_figure(found: Found) -> None:
    figures, sides = found
    assert list(sides) == [COMPLAINT, BARE, WORKED, SEALED]
    assert 1 < sides[SEALED][HISTORY_BYTES] / sides[COMPLAINT][HISTORY_BYTES] < 2
    assert sides[SEALED][LEDGER_BYTES] > 0
    assert all(side[row] > 0 for side in sides.values() for row in (PER_SECOND, WORKER_CPU))
    assert not any(math.isnan(each.reached) for each in figures)
    assert sum(bool(each.verdict) for each in figures) == 17
    assert json.loads(json.dumps(as_json(figures, sides)))["sides"] == sides


@pytest.mark.slow
async def test_the_bare_workflow_has_the_shape_that_it_says(found: Found) -> None:
    _, sides = found
    # Start; a marker; 8 tasks of 3; 4 activities of 3; 3 updates of 2; 3 timers, moved; the end.
    assert sides[BARE]["history events"] == 1 + 1 + 24 + 12 + 6 + 6 + 1
    assert sides[WORKED]["history events"] == sides[BARE]["history events"]


@pytest.mark.slow
async def test_the_six_months_have_their_escalations_and_messages(found: Found) -> None:
    (months,) = [each for each in found[0] if each.what.startswith("six months")]
    assert "4 escalations, 30 messages" in months.what
    assert months.reached > 100


def test_the_core_is_told_stories_of_every_charter() -> None:
    decided, from_json = measure_core(40, passes=1)
    assert decided.reached > from_json.reached > 0


async def test_the_report_is_measured_over_the_complaints_that_were_simulated() -> None:
    found = {each.what: each.reached for each in await measure_report(150, passes=1)}
    assert found["complaints in the ledger, over two years"] == 150
    assert found["clocks of the year"] > 75
    assert found["counting and HTML"] > 0


def test_the_simulation_is_measured_under_every_charter() -> None:
    whole, *each, plain = measure_simulation(20, passes=1)
    assert plain.reached > whole.reached > 0
    assert [one.what.split()[1].rstrip(",") for one in each] == [name for name, _ in CHARTERS]


def test_every_figure_is_printed_with_its_day_its_commit_and_whether_it_was_reached() -> None:
    said = as_markdown(compared(SIDES), SIDES)
    assert said.startswith("Measured on ")
    assert ", at " in said.splitlines()[0]
    assert said.count("reached |") == 1 + len(compared(SIDES))  # once as the head of the column
    assert "not reached" not in said
    for each in compared(SIDES):
        assert each.what in said


def test_two_checkouts_are_compared_in_processes_of_their_own() -> None:
    ours, theirs, ratio = measure_beside(ROOT, 20, rounds=1)
    assert ours.reached > 0 < theirs.reached
    assert ratio.reached == pytest.approx(ours.reached / theirs.reached)


def test_an_aim_that_is_missed_is_printed_as_missed() -> None:
    slow = Figure("a staff update", 12, "events", at_most=11)
    assert "| a staff update | ≤ 11 events | 12 events | not reached |" in as_markdown([slow], {})


def test_an_aim_that_could_not_be_measured_is_not_reached() -> None:
    assert Figure("a ratio", math.nan, at_most=1.0).verdict == "not reached"
    assert Figure("a size", math.nan).verdict == ""
