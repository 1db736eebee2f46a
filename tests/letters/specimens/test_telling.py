"""Every specimen's letters name the complaint's own days."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from domain.complaint.decider.decide import decide
from domain.complaint.decider.evolve import evolve
from domain.complaint.decider.react import react
from letters.specimens.player import Played
from letters.specimens.stories import STORIES
from tests.domain.playing.stories import SHIPPED, rules_of
from tests.domain.playing.telling import Step, check_letters, steps_of
from tests.letters.test_notices_of_stories import stories


class Stepwise(Played):
    """A specimen that keeps what each event changed and what letters it owed."""

    def __init__(self, *given: Any, **more: Any) -> None:
        self.steps: list[Step] = []
        super().__init__(*given, **more)

    def play(self, command: Any) -> None:
        for event in decide(self.complaint, command, self.now):
            before, self.complaint = self.complaint, evolve(self.complaint, event)
            owed = tuple(react(self.complaint, event))
            self.notices += owed
            self.steps.append((before, event, self.complaint, owed))


@pytest.mark.parametrize("charter", SHIPPED)
def test_every_day_that_a_letter_names_is_the_complaints_own(charter: str) -> None:
    new = partial(
        Stepwise, rules_of(charter), complainant={"name": "Ann Price", "email": "ann@post.example"}
    )
    for story in STORIES:
        check_letters(story(new).steps)  # type: ignore[attr-defined]


@pytest.mark.parametrize("charter", SHIPPED)
def test_so_is_every_day_in_stories_of_every_verb(charter: str) -> None:
    for story in stories(charter, "en"):
        check_letters(steps_of(story))
