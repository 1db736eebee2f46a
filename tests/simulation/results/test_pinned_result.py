"""A seed gives the same figures as ever: only a change of the rules or of a charter may move them."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from domain.vocabulary import Role
from simulation.scenario.model import Arrivals, Order, Pattern
from tests.simulation.worlds import EVENTFUL, play, span

PINNED = Path(__file__).with_name("pinned_result.json")
BUSY = replace(
    EVENTFUL,
    arrivals=Arrivals(Pattern.WEEKLY),
    staff={Role.CASE_HANDLER: 2},
    order=Order.FIRST_COME,
)
RUNS = {
    "financial-ombudsman": EVENTFUL,
    "local-government-code": EVENTFUL,
    "customer-promise": BUSY,
}


def figures(charter: str) -> dict[str, Any]:
    """The whole result as JSON, but for the promises' words."""
    result = asdict(play(charter, RUNS[charter], span(complaints=60, days=150, seed=20260105)))
    for promise in result["promises"]:
        del promise["text"]
    found: dict[str, Any] = json.loads(json.dumps(result))
    return found


@pytest.mark.parametrize("charter", RUNS)
def test_a_seed_gives_the_figures_that_it_always_gave(charter: str) -> None:
    """`python -m tests.simulation.results.test_pinned_result` writes them anew."""
    assert figures(charter) == json.loads(PINNED.read_text(encoding="utf-8"))[charter]


if __name__ == "__main__":
    made = {charter: figures(charter) for charter in RUNS}
    PINNED.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
