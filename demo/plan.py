"""Owns when each step of a story falls: the script's working days, counted in the charter's calendar.

Must not import `temporalio`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from charters.files import CharterBook
from charters.pinning import pinned_rules
from demo.sample import Sample, SampleFault, Step, Story
from domain.calendar.pinned import Calendar
from domain.complaint.commands import Actor
from domain.complaint.features.remedies.kinds import done_already, kind_of
from domain.complaint.opening import Opening, customer_key
from domain.vocabulary import RemedyKind, Role

_SPAN = re.compile(r"(\d+) (working day|day|month)s?")
_DATES = frozenset({"new_due", "review_on", "answer_by", "due"})
_PEOPLE = frozenset({"handler", "officer", "owner", "person"})
_INSTANTS = {
    "record_contact": "received_at",
    "conclude_case": "answered_at",
    "request_appointment": "requested_at",
}
_DIRECT_LINES = "staff.example"
"""Where everybody on the staff has an address of their own."""
_SETTLES = frozenset({"do_remedy", "refuse_remedy"})
_HOW = {
    RemedyKind.APOLOGY: ("We sent it to you today.", "Fe'i hanfonwyd atoch heddiw."),
    RemedyKind.PAYMENT: ("We paid it today.", "Fe'i talwyd heddiw."),
}
_SEEN_TO = ("Since today it is as we promised.", "Ers heddiw mae fel yr addawyd.")
"""How it was done, in English and in Welsh, by what it was that a reply undertook."""
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
    calendar = pinned_rules(book, opening.charter, opening.received_at).calendar
    cast, steps = _cast(sample, opening, story), list[Planned]()
    last = opening.received_at
    for number, step in enumerate((*story.steps, *_putting_right(story)), start=1):
        place = f"script.toml, {story.reference}, step {number}"
        day = _later(calendar, calendar.local_day(last), step.after, place)
        at = _instant(calendar, day, step.at)
        if at <= last:
            raise SampleFault(f"{place}: {at.isoformat()} does not come after {last.isoformat()}")
        steps.append(
            Planned(
                at, step.verb, step.do is not None, _actor(cast, step.by, place),
                f"{story.reference}/{number}", _fields(sample, opening, cast, step, calendar, at, place),
                step.refused,
            )
        )  # fmt: skip
        last = at
    stops_at = last + _SETTLING
    if story.stops:
        stop_day = _later(calendar, calendar.local_day(last), story.stops, story.reference)
        stops_at = calendar.end_of_day(stop_day)
    return Plan(opening, story, tuple(steps), stops_at)


def _putting_right(story: Story) -> Iterator[Step]:
    """A step for everything that replies undertook and the script settles nowhere."""
    if not story.puts_right:
        return
    after, by = story.puts_right.after, story.puts_right.by
    replies = [step for step in story.steps if step.verb == "reply" and not step.refused]
    promised = [remedy for reply in replies for remedy in reply.fields.get("remedies", ())]
    settled = {step.fields.get("remedy") for step in story.steps if step.verb in _SETTLES}
    for number, remedy in enumerate(promised, start=1):
        text = remedy if isinstance(remedy, str) else remedy["text"]
        if number not in settled and not done_already(text):
            how, how_cy = _HOW.get(kind_of(text), _SEEN_TO)
            done = {"do": "do_remedy", "by": by, "remedy": number, "how": how, "how_cy": how_cy}
            yield Step.model_validate({"after": after, "at": time(14, number), **done})
            after = "0 working days"


def _later(calendar: Calendar, day: date, span: str, place: str) -> date:
    """The day that lies a span such as `2 working days`, `3 days` or `1 month` after `day`."""
    amount, unit = _span(span, place)
    if unit == "working day":
        return calendar.add_working_days(day, amount)
    return calendar.add_months(day, amount) if unit == "month" else day + timedelta(days=amount)


def _cast(sample: Sample, opening: Opening, story: Story) -> dict[str, Actor]:
    """Everybody who can act in the story, as the script calls them."""
    customer = Actor(id="customer", name=opening.complainant.name, role=Role.CUSTOMER)
    cast = {**sample.people, str(Role.CUSTOMER): customer}
    named = [step.fields for step in story.steps if step.verb == "name_representative"]
    names = [each["representative"]["name"] for each in named]
    if opening.representative:
        names.append(opening.representative.name)
    if names:
        acts = Actor(id="representative", name=names[-1], role=Role.REPRESENTATIVE)
        cast[str(Role.REPRESENTATIVE)] = acts
    return cast


def _actor(cast: Mapping[str, Actor], who: str, place: str) -> Actor:
    if who not in cast:
        raise SampleFault(f"{place}: {who!r} is nobody in people.toml")
    return cast[who]


def _fields(
    sample: Sample, opening: Opening, cast: Mapping[str, Actor], step: Step, calendar: Calendar,
    at: datetime, place: str,
) -> dict[str, Any]:  # fmt: skip
    today = calendar.local_day(at)
    fields = _named(step.fields, cast, calendar, today, place)
    if "remedies" in fields:
        fields["remedies"] = [
            _named(each, cast, calendar, today, place) if isinstance(each, dict) else each
            for each in fields["remedies"]
        ]
    if "approved_by" in fields:
        fields["approved_by"] = _actor(cast, fields["approved_by"], place)
    if "days" in fields:
        fields["days"] = [_later(calendar, today, span, place) for span in fields["days"]]
    if "starts" in fields:
        span, clock = fields.pop("starts").rsplit(" at ", 1)
        day = _later(calendar, today, span, place)
        fields["at"] = _instant(calendar, day, time.fromisoformat(clock))
    if "earlier" in fields:
        span, clock = fields.pop("earlier").rsplit(" at ", 1)
        day = _earlier(calendar, calendar.local_day(opening.received_at), span, place)
        fields["received_at"] = _instant(calendar, day, time.fromisoformat(clock))
    if "duplicate" in fields:
        fields["received_at"] = sample.openings[fields["duplicate"]].received_at
    for other in {"duplicate", "into"} & fields.keys():
        fields["customer"] = customer_key(sample.openings[fields[other]].complainant)
    if step.verb in _INSTANTS:
        fields.setdefault(_INSTANTS[step.verb], at)
    return fields


def _named(
    fields: Mapping[str, Any],
    cast: Mapping[str, Actor],
    calendar: Calendar,
    today: date,
    place: str,
) -> dict[str, Any]:
    """The fields with days for the script's spans, and with the people that it calls by their key."""
    days = {each: _later(calendar, today, fields[each], place) for each in _DATES & fields.keys()}
    people = {each: _actor(cast, fields[each], place) for each in _PEOPLE & fields.keys()}
    named = {each: {"id": who.id, "name": who.name} for each, who in people.items()}
    if "handler" in named:
        named["handler"]["email"] = f"{named['handler']['id']}@{_DIRECT_LINES}"
    return {**fields, **days, **named}


def _instant(calendar: Calendar, day: date, at: time) -> datetime:
    return calendar.instant(day, at.hour * 60 + at.minute)


def _earlier(calendar: Calendar, day: date, span: str, place: str) -> date:
    """The working day that lies a span such as `2 working days` before `day`."""
    amount, unit = _span(span, place)
    if unit != "working day":
        raise SampleFault(f"{place}: {span!r} is no number of working days; write `2 working days`")
    for _ in range(amount):
        day = calendar.previous_working_day(day)
    return day


def _span(span: str, place: str) -> tuple[int, str]:
    found = _SPAN.fullmatch(span)
    if found is None:
        raise SampleFault(f"{place}: {span!r} is no span; write `2 working days` or `1 month`")
    return int(found[1]), found[2]
