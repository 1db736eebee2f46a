"""What every specimen tells is true."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from domain.complaint.decider.decide import decide
from domain.complaint.decider.evolve import evolve
from domain.complaint.decider.react import react
from letters.languages import languages
from letters.specimens.player import Played
from letters.specimens.stories import STORIES
from tests.domain.playing.stories import SHIPPED, rules_of
from tests.domain.playing.watching import Watch


class Watched(Played):
    """A specimen in which whatever is told is true."""

    def __init__(self, *given: Any, **more: Any) -> None:
        self.watch = Watch()
        super().__init__(*given, **more)

    def play(self, command: Any) -> None:
        for event in decide(self.complaint, command, self.now):
            before, self.complaint = self.complaint, evolve(self.complaint, event)
            owed = react(self.complaint, event)
            self.watch.see(before, event, self.complaint, owed)
            self.notices += owed
        self.watch.rest(self.complaint, self.now)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("charter", SHIPPED)
def test_what_every_specimen_tells_is_true(charter: str, language: str) -> None:
    customer = {"name": "Ann Price", "email": "ann@post.example", "language": language}
    for story in STORIES:
        story(partial(Watched, rules_of(charter), complainant=customer))
