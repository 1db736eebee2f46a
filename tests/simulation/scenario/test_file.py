"""A scenario file says what it means, and every fault is told with its place and what is allowed."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from domain.vocabulary import Channel, Role
from simulation.scenario.distributions import Exponential, LogNormal, Triangular, Uniform
from simulation.scenario.file import scenario_from
from simulation.scenario.model import (
    MINUTES,
    BadScenario,
    Choices,
    Delays,
    Order,
    Pattern,
    Scenario,
    Task,
)
from simulation.sources import read_scenario

DOCS = Path(__file__).parents[3] / "docs" / "simulation.md"


def test_an_empty_file_is_the_usual_scenario() -> None:
    assert scenario_from("") == Scenario()


def test_everything_can_be_said() -> None:
    found = scenario_from("""
        order = "first-come"
        absence = 0.25
        [arrivals]
        pattern = "weekly"
        channels = { phone = 3, email = 1 }
        stages = { manager = 1 }
        days = { monday = 2, friday = 1 }
        [staff]
        case-handler = 4
        manager = 0
        [minutes]
        acknowledge = 7
        update = { between = [5, 9] }
        contact = { mostly = 6, between = [5, 9] }
        introduce = { mean = 12 }
        [minutes.manager]
        reply = { median = 60, p90 = 240 }
        [choices]
        write-again = 0.5
        [delays]
        pause = 3
    """)
    assert found.order is Order.FIRST_COME
    assert found.absence == 0.25
    assert found.arrivals.pattern is Pattern.WEEKLY
    assert found.arrivals.channels == {Channel.EMAIL: 1.0, Channel.PHONE: 3.0}
    assert found.arrivals.stages == {"manager": 1.0}
    assert found.arrivals.days == (2.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    assert found.staff == {Role.CASE_HANDLER: 4, Role.MANAGER: 0}
    assert found.time_for(Role.MANAGER, Task.ACKNOWLEDGE) == Uniform(7, 7)
    assert found.time_for(Role.MANAGER, Task.UPDATE) == Uniform(5, 9)
    assert found.time_for(Role.MANAGER, Task.CONTACT) == Triangular(5, 6, 9)
    assert found.time_for(Role.MANAGER, Task.INTRODUCE) == Exponential(12)
    assert found.time_for(Role.MANAGER, Task.REPLY) == LogNormal(60, 240)
    assert found.time_for(Role.CASE_HANDLER, Task.REPLY) == MINUTES[Task.REPLY]
    assert (found.choices.write_again, found.choices.accept) == (0.5, Choices().accept)
    assert found.delays.pause == Uniform(3, 3)


@pytest.mark.parametrize(
    ("text", "where", "told"),
    [
        ("x = ", "the file", "is not TOML"),
        ("wages = 3", "the file", "no key 'wages'"),
        ("order = 'loudest'", "order", "'loudest' is not known"),
        ("absence = 1.5", "absence", "1.5 is no share"),
        ("absence = true", "absence", "True is no share"),
        ("staff = 12", "staff", "is not a table"),
        ("[staff]\nwizard = 3", "staff.wizard", "is no role"),
        ("[staff]\nquality = 3", "staff.quality", "is no role that reviews"),
        ("[staff]\nmanager = -1", "staff.manager", "-1 is no number of people"),
        ("[staff]\nmanager = 2.5", "staff.manager", "2.5 is no number of people"),
        ("[staff]\nmanager = 99999", "staff.manager", "99999 is no number"),
        ("[minutes]\nnap = 3", "minutes", "no key 'nap'"),
        ("[minutes]\nreply = -3", "minutes.reply", "below 0"),
        ("[minutes]\nreply = nan", "minutes.reply", "below 0 or without end"),
        ("[minutes]\nreply = 'long'", "minutes.reply", "'long' is not a number"),
        ("[minutes]\nreply = { between = [9, 5] }", "minutes.reply", "ends before it begins"),
        ("[minutes]\nreply = { between = 5 }", "minutes.reply", "is not two numbers"),
        ("[minutes]\nreply = { often = 5 }", "minutes.reply", "says no length of time"),
        ("[minutes]\nreply = { median = 5, p90 = 3 }", "minutes.reply", "not above p90"),
        ("[minutes]\nreply = { mostly = 1, between = [2, 3] }", "minutes.reply", "not between"),
        ("[minutes.manager]\nnap = 3", "minutes.manager", "no key 'nap'"),
        ("[minutes]\nmanager = 3", "minutes.manager", "is not a table"),
        ("[choices]\naccept = 2", "choices.accept", "2 is no share"),
        ("[choices]\nshout = 0.1", "choices", "no key 'shout'"),
        ("[choices]\naccept = 0.8\nescalate = 0.5", "choices", "more than 1 together"),
        ("[delays]\npause = []", "delays.pause", "is not a number"),
        ("[arrivals]\npattern = 'flood'", "arrivals.pattern", "'flood' is not known"),
        ("[arrivals]\nchannels = { pigeon = 1 }", "arrivals.channels", "no key 'pigeon'"),
        ("[arrivals]\nchannels = { email = 0 }", "arrivals.channels", "no weight above 0"),
        ("[arrivals]\nchannels = { email = -1 }", "arrivals.channels.email", "-1 is no weight"),
        ("[arrivals]\nchannels = 3", "arrivals.channels", "is not a table"),
        ("[arrivals]\ndays = { someday = 1 }", "arrivals.days", "no key 'someday'"),
        ("[arrivals]\nhours = [1, 2]", "arrivals.hours", "24 weights"),
    ],
)
def test_every_fault_is_told_with_its_place(text: str, where: str, told: str) -> None:
    with pytest.raises(BadScenario, match=re.escape(told)) as found:
        scenario_from(text)
    assert found.value.where == where


def test_the_order_of_a_file_changes_nobodys_luck() -> None:
    one, other = (
        scenario_from(f"[arrivals]\nchannels = {{ {text} }}").arrivals.channels
        for text in ("email = 1, phone = 2", "phone = 2, email = 1")
    )
    assert list(one) == list(other)


@pytest.mark.parametrize(
    ("content", "told"), [(None, "cannot be read: no such file"), (b"\xff\xfe", "not UTF-8")]
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    path = tmp_path / "busy.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadScenario, match=told) as found:
        read_scenario(path)
    assert str(path) in str(found.value)


def test_a_fault_in_a_file_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "busy.toml"
    path.write_text("absence = 7", encoding="utf-8")
    with pytest.raises(BadScenario, match=re.escape(f"{path}: absence: 7 is no share")):
        read_scenario(path)


def test_the_scenario_in_the_documentation_is_the_usual_one_with_every_key() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    found, content = scenario_from(text), tomllib.loads(text)
    usual = Scenario()
    assert found.choices == usual.choices
    assert found.delays == usual.delays
    assert found.arrivals == usual.arrivals
    assert (found.absence, found.order) == (usual.absence, usual.order)
    assert all(found.time_for(Role.CASE_HANDLER, task) == MINUTES[task] for task in Task)
    for table, terms in (("choices", Choices), ("delays", Delays)):
        assert set(content[table]) == {each.name.replace("_", "-") for each in fields(terms)}
