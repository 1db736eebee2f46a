"""Owns the sample: complaints, people and the script, as they are read from the data files.

Also owns the season: the sample is written for one winter, and moved as a whole to the next one
that lies ahead. Must not import `temporalio`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from domain.complaint.commands import Actor
from domain.complaint.decider.parsing import SIGNALS
from domain.complaint.decider.registry import VERBS
from domain.complaint.opening import Opening
from domain.errors import REFUSALS, UpholdError

HEADROOM = timedelta(hours=1)
"""The first complaint lies at least this far ahead when the demonstration begins."""
STILL_OPEN = "open"
"""What the script says of a complaint that has not ended when its story stops."""


class SampleFault(UpholdError):
    """A data file of the demonstration is wrong: which one, where and what."""


class Step(BaseModel):
    """What somebody does, and when; further keys are the verb's own fields."""

    model_config = ConfigDict(frozen=True, extra="allow")

    after: str = "0 working days"
    at: time = time(10, 0)
    do: str | None = None
    signal: str | None = None
    by: str
    refused: str | None = Field(default=None, description="the refusal that is expected")

    @model_validator(mode="after")
    def _one_known_verb(self) -> Self:
        known = SIGNALS if self.signal else VERBS
        if (self.do is None) == (self.signal is None) or self.verb not in known:
            raise ValueError(f"a step needs `do` or `signal`, one of {', '.join(known)}")
        if self.refused is not None and self.refused not in REFUSALS:
            raise ValueError(f"{self.refused} is no refusal; they are {', '.join(REFUSALS)}")
        return self

    @property
    def verb(self) -> str:
        """The verb, sent either way."""
        return self.do or self.signal or ""

    @property
    def fields(self) -> dict[str, Any]:
        """The verb's own fields, as the script has them."""
        return dict(self.model_extra or {})


class PutsRight(BaseModel):
    """When, after the last step, and by whom everything is done that no step settles."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after: str
    by: str


class Story(BaseModel):
    """What happens to one complaint, and how that has to end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reference: str
    shows: str = Field(description="what it is an example of, in a few words")
    look: bool = Field(default=False, description="whether the demo recommends it to its reader")
    ends: str = Field(description="a way of ending, or `open`")
    misses: tuple[str, ...] = Field(default=(), description="promises missed, in order")
    stops: str | None = Field(default=None, description="when to stop, if it does not end")
    puts_right: PutsRight | None = None
    steps: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _stops_if_open(self) -> Self:
        if (self.ends == STILL_OPEN) != (self.stops is not None):
            raise ValueError('`stops` goes with `ends = "open"`, and only with it')
        return self


class _Script(BaseModel):
    model_config = ConfigDict(extra="forbid")

    people: dict[str, dict[str, str]]
    story: tuple[Story, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """The complaints with their stories, and everybody who acts in them."""

    openings: Mapping[str, Opening]
    stories: tuple[Story, ...]
    people: Mapping[str, Actor]

    def ahead_of(self, now: datetime) -> Sample:
        """The sample in the first season that lies wholly after `now`; month and day stay.

        Counting past the calendar's data is refused where it is counted (`BeyondCalendar`).
        """
        first = min(opening.received_at for opening in self.openings.values())
        years = 0
        while in_years(first, years) <= now + HEADROOM:
            years += 1
        return self.moved(years)

    def moved(self, years: int) -> Sample:
        """The sample so many years later."""
        moved = {ref: _moved(opening, years) for ref, opening in self.openings.items()}
        return Sample(moved, self.stories, self.people)


def load_sample() -> Sample:
    """The sample that ships with the product. Raises `SampleFault`."""
    data = files("demo")
    people = tomllib.loads(data.joinpath("people.toml").read_text(encoding="utf-8"))
    script = tomllib.loads(data.joinpath("script.toml").read_text(encoding="utf-8"))
    lines = data.joinpath("complaints.jsonl").read_text(encoding="utf-8").splitlines()
    return parse_sample(lines, script, people)


def parse_sample(lines: list[str], script: Mapping[str, Any], people: Mapping[str, Any]) -> Sample:
    """The sample from the content of its files. Raises `SampleFault`, naming file and place."""
    openings: dict[str, Opening] = {}
    for number, line in enumerate(lines, start=1):
        try:
            opening = Opening.model_validate(json.loads(line))
        except (ValidationError, json.JSONDecodeError) as error:
            raise SampleFault(f"complaints.jsonl, line {number}: {error}") from None
        if opening.reference in openings:
            raise SampleFault(f"complaints.jsonl, line {number}: {opening.reference} comes twice")
        openings[opening.reference] = opening
    try:
        told = _Script.model_validate({**script, **people})
        actors = {who: Actor.model_validate({"id": who, **is_}) for who, is_ in told.people.items()}
    except ValidationError as error:
        raise SampleFault(f"script.toml or people.toml: {error}") from None
    _check(openings, told.story)
    return Sample(openings, told.story, actors)


def in_years(instant: datetime, years: int) -> datetime:
    """The same month, day and hour so many years later; 29 February becomes the 28th."""
    try:
        return instant.replace(year=instant.year + years)
    except ValueError:
        return instant.replace(year=instant.year + years, day=28)


def _check(openings: Mapping[str, Opening], stories: tuple[Story, ...]) -> None:
    told = [story.reference for story in stories]
    if twice := sorted({reference for reference in told if told.count(reference) > 1}):
        raise SampleFault(f"script.toml: told twice: {', '.join(twice)}")
    if odd := sorted(openings.keys() ^ set(told)):
        raise SampleFault(
            f"script.toml and complaints.jsonl: only in one of them: {', '.join(odd)}"
        )


def _moved(opening: Opening, years: int) -> Opening:
    changes: dict[str, Any] = {"received_at": in_years(opening.received_at, years)}
    case = opening.subject_case
    if case and case.answered_at:
        moved = case.model_copy(update={"answered_at": in_years(case.answered_at, years)})
        changes["subject_case"] = moved
    return opening.model_copy(update=changes)
