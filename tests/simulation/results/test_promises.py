"""The figures of a promise are those of its clocks."""

from __future__ import annotations

import pytest

from domain.quality.figures import percentage_of
from simulation.results.promises import PromiseResult, Tally
from tests.domain.playing.stories import rules_of
from tests.simulation.worlds import EVENTFUL, seen


@pytest.mark.parametrize("charter", ["financial-ombudsman", "casework-standards"])
def test_the_figures_are_those_of_the_clocks(charter: str) -> None:
    result, notes, _ = seen(charter, EVENTFUL)
    tally = Tally(rules_of(charter))
    for complaint in notes.standing.values():
        tally.count(complaint)
    assert tally.results() == result.promises
    for each in result.promises:
        assert each.started == each.met + each.missed + each.open + each.stopped
    clocks = [clock for one in notes.standing.values() for clock in one.clocks]
    assert sum(each.started for each in result.promises) == sum(not c.renewal for c in clocks)
    assert sum(each.missed for each in result.promises) == sum(
        complaint.missed for complaint in notes.standing.values()
    )


def test_a_target_that_is_only_nearly_reached_is_neither_reached_nor_shown_as_its_figure() -> None:
    assert percentage_of(84_999, 100_000) == 84.9
    nearly = PromiseResult(
        promise="IS-1", text="", target=85, started=100_000, met=84_999, missed=15_001, open=0,
        stopped=0, percentage=84.9, median_days=None, p90_days=None,
    )  # fmt: skip
    assert nearly.on_target is False
