"""The core changes nothing that it is given, and gives the same answer to the same question."""

from __future__ import annotations

import ast
import copy
import pickle
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import domain
from domain.complaint.commands import Tick
from domain.complaint.decider.decide import decide, take
from domain.complaint.decider.evolve import evolve
from domain.complaint.decider.react import react
from domain.complaint.decider.timers import next_wake
from domain.complaint.state import Complaint
from domain.errors import REFUSALS, Refused
from domain.vocabulary import Role
from tests.domain.playing.stories import Story, patient

DOMAIN = Path(domain.__file__).parent
MAKES_VALUES = re.compile("value|dataclass")
REMEMBERED = {"clock.told", "clock.counted"}
"""What is worked out of a clock once: it changes nothing that anybody can tell, and is no part of its equality."""


@pytest.fixture
def story() -> Story:
    """A complaint with something of everything in it."""
    story = Story(stage="manager", rules=patient()).do("allocate").do("record_contact").do("pause")
    return story.at("2026-10-12 10:00").do("resume").do("extend", new_due="2026-10-27")


def test_the_core_needs_no_engine(story: Story) -> None:
    assert story.complaint.events
    assert not [name for name in sys.modules if name.startswith("domain") and "temporal" in name]


@pytest.mark.parametrize("path", sorted(DOMAIN.rglob("*.py")), ids=lambda path: path.stem)
def test_every_value_of_the_core_is_frozen(path: Path) -> None:
    """It is said to be, which the check of types holds; and no field of one is set, but for what a clock remembers."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            made = [how for how in map(ast.unparse, node.decorator_list) if MAKES_VALUES.match(how)]
            assert all("frozen=True" in how for how in made), node.name
            assert not made or not set(_fields_set(node)), node.name
        elif isinstance(node, ast.FunctionDef):
            assert {
                name for name in _fields_set(node) if not name.startswith("self.")
            } <= REMEMBERED


def _fields_set(within: ast.AST) -> Iterator[str]:
    for node in ast.walk(within):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            yield ast.unparse(node)


def _image(of: Complaint) -> tuple[str, bytes]:
    """Everything in it but what a clock remembers of its own due date, which a copy forgets."""
    return repr(of), pickle.dumps([clock.changed() for clock in of.clocks])


def test_deciding_folding_and_reacting_change_nothing_that_they_are_given(story: Story) -> None:
    before = story.complaint
    image = _image(before)
    command = story.command("reply")
    made = decide(before, command, story.now)
    after = evolve(before, made[0])
    notices_owed = react(after, made[0])
    next_wake(after)
    assert _image(before) == image
    assert before is story.complaint
    assert copy.deepcopy(made) == made
    assert decide(before, command, story.now) == made
    assert evolve(before, made[0]) == after
    assert react(after, made[0]) == notices_owed


def test_taking_steps_is_deciding_and_folding(story: Story) -> None:
    command = story.command("reply")
    steps = take(story.complaint, command, story.now)
    assert tuple(step.event for step in steps) == decide(story.complaint, command, story.now)
    folded = story.complaint
    for step in steps:
        folded = evolve(folded, step.event)
        assert step.complaint == folded
    assert take(story.complaint, Tick(), story.now) == ()


def test_a_refusal_changes_nothing(story: Story) -> None:
    before = repr(story.complaint)
    story.refused("accept", Role.CUSTOMER)
    assert repr(story.complaint) == before


def test_every_refusal_has_a_name_of_its_own_and_a_sentence() -> None:
    assert {name: kind.__name__ for name, kind in REFUSALS.items()} == {n: n for n in REFUSALS}
    assert all(kind.__doc__ and issubclass(kind, Refused) for kind in REFUSALS.values())
    assert len(REFUSALS) == 17
