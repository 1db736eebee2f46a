"""People are away as often as the scenario says, and enough are suggested."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.vocabulary import Role
from simulation.scenario.distributions import Distribution, Exponential, LogNormal
from simulation.scenario.model import BadScenario, Scenario, Task
from simulation.world.random_streams import RandomStreams
from simulation.world.staffing import suggested, working_hours
from tests.domain.playing.stories import rules_of
from tests.simulation.worlds import span, timeline


def test_somebody_is_away_for_about_the_share_of_days_that_is_said_whoever_else_is_there() -> None:
    role, days, streams = Role.CASE_HANDLER, timeline(200), RandomStreams(1)
    few = [hours.total for hours in working_hours(role, 5, 0.3, days, streams)]
    many = [hours.total for hours in working_hours(role, 40, 0.3, days, streams)]
    assert few == many[:5]
    assert sum(many) / (40 * days.office.total) == pytest.approx(0.7, abs=0.02)


@settings(max_examples=20)
@given(complaints=st.integers(1, 100_000))
def test_the_suggested_staff_grows_with_the_work(complaints: int) -> None:
    rules = rules_of("financial-ombudsman")
    found = suggested(rules, Scenario(), span(complaints), timeline())
    more = suggested(rules, Scenario(), span(2 * complaints), timeline())
    assert list(found) == [stage.role for stage in rules.ladder]
    assert all(1 <= found[role] <= more[role] for role in found)


@pytest.mark.parametrize("reply", [LogNormal(1, 1e9), LogNormal(1, 1e60), Exponential(1e300)])
def test_no_staff_is_suggested_for_work_that_no_office_takes_in(reply: Distribution) -> None:
    minutes: dict[tuple[Role | None, Task], Distribution] = {(None, Task.REPLY): reply}
    with pytest.raises(BadScenario, match="minutes: the work of case-handler asks for"):
        suggested(rules_of("customer-promise"), Scenario(minutes=minutes), span(), timeline())
    staffed = Scenario(minutes=minutes, staff={Role.CASE_HANDLER: 3})
    assert suggested(rules_of("customer-promise"), staffed, span(), timeline()) == {}
