"""Owns when each step of a story falls: the script's working days, counted in the charter's calendar.

Must not import `temporalio`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from activities.charter_files import CharterBook
from activities.charters import resolve
from demo.sample import Sample, SampleFault, Step, Story
from domain.commands import Actor
from domain.opening import Opening
from domain.vocabulary import Role
from domain.working_days import Calendar

_SPAN = re.compile(r"(\d+) (working day|day|month)s?")
_DATES = frozenset({"new_due", "review_on", "answer_by"})
_INSTANTS = {"record_contact": "received_at", "conclude_case": "answered_at", "request_appointment": "requested_at"}
_SETTLING = timedelta(days=366)
"""More than the longest window after the last thing that anybody does."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One step at its instant (UTC), ready to be sent."""

    at: datetime
    verb: str
    waits: bool
    """Whether it is an update, which waits for its answer; otherwise a signal."""
    actor: Actor
    command_id: str
    fields: dict[str, Any]
    refused: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """One complaint with everything that is going to be done about it."""

    opening: Opening
    story: Story
    steps: tuple[Planned, ...]
    stops_at: datetime
    """Until when (UTC) it is watched; it may end before."""


def plan_all(sample: Sample) -> tuple[Plan, ...]:
    """A plan for every story. Raises `SampleFault`, and `BeyondCalendar` past the calendar's data."""
    book = CharterBook()
    return tuple(plan(sample, story, book) for story in sample.stories)


def plan(sample: Sample, story: Story, book: CharterBook) -> Plan:
    """When each step of the story falls. Errors as `plan_all`."""
    opening = sample.openings[story.reference]
    _, calendar = resolve(book, opening.charter, opening.received_at)
    steps: list[Planned] = []
    last = opening.received_at
    for number, step in enumerate(story.steps, start=1):
        place = f"script.toml, {story.reference}, step {number}"
        day = _later(calendar, calendar.local_day(last), step.after, place)
        at = calendar.instant(day, step.at.hour * 60 + step.at.minute)
        if at <= last:
            raise SampleFault(f"{place}: {at.isoformat()} does not come after {last.isoformat()}")
        steps.append(
            Planned(
                at, step.verb, step.do is not None, _actor(sample, opening, step.by, place),
                f"{story.reference}/{number}", _fields(sample, step, calendar, at, place),
                step.refused,
            )
        )  # fmt: skip
        last = at
    stops_at = last + _SETTLING
    if story.stops:
        stop_day = _later(calendar, calendar.local_day(last), story.stops, story.reference)
        stops_at = calendar.end_of_day(stop_day)
    return Plan(opening, story, tuple(steps), stops_at)


def _later(calendar: Calendar, day: date, span: str, place: str) -> date:
    """The day that lies a span such as `2 working days`, `3 days` or `1 month` after `day`."""
    found = _SPAN.fullmatch(span)
    if found is None:
        raise SampleFault(f"{place}: {span!r} is no span; write `2 working days` or `1 month`")
    amount, unit = int(found[1]), found[2]
    if unit == "working day":
        return calendar.add_working_days(day, amount)
    return calendar.add_months(day, amount) if unit == "month" else day + timedelta(days=amount)


def _actor(sample: Sample, opening: Opening, by: str, place: str) -> Actor:
    if by == Role.CUSTOMER:
        return Actor(id="customer", name=opening.complainant.name, role=Role.CUSTOMER)
    if by == Role.REPRESENTATIVE and opening.representative:
        who = opening.representative.name
        return Actor(id="representative", name=who, role=Role.REPRESENTATIVE)
    if by not in sample.people:
        raise SampleFault(f"{place}: {by!r} is nobody in people.toml")
    return sample.people[by]


def _fields(
    sample: Sample, step: Step, calendar: Calendar, at: datetime, place: str
) -> dict[str, Any]:
    fields = step.fields
    for name in _DATES & fields.keys():
        fields[name] = _later(calendar, calendar.local_day(at), fields[name], place)
    if "handler" in fields:
        handler = _actor(sample, next(iter(sample.openings.values())), fields["handler"], place)
        fields["handler"] = {"id": handler.id, "name": handler.name}
    if "officer" in fields:
        officer = _actor(sample, next(iter(sample.openings.values())), fields["officer"], place)
        fields["officer"] = {"id": officer.id, "name": officer.name}
    if "starts" in fields:
        span, clock = fields.pop("starts").rsplit(" at ", 1)
        begins = time.fromisoformat(clock)
        on = _later(calendar, calendar.local_day(at), span, place)
        fields["at"] = calendar.instant(on, begins.hour * 60 + begins.minute)
    if step.verb in _INSTANTS:
        fields.setdefault(_INSTANTS[step.verb], at)
    return fields
