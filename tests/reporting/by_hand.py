"""The figures of a report, counted in plain Python over the complaints themselves.

Owns a second way to every figure: from events and clocks, days counted one by one on a calendar,
nothing from the ledger, its rows or its SQL.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.clocks.clock import Clock, ClockState
from domain.complaint.features.dates.estimates import ChancePassed, EstimatePassed
from domain.complaint.features.dates.extending import Extended
from domain.complaint.features.dates.promises import PromiseMissed
from domain.complaint.features.ending.by_people import Closed
from domain.complaint.features.ending.reopening import Reopened
from domain.complaint.features.handling.escalation import Escalated
from domain.complaint.features.handling.receiving import Opened
from domain.complaint.features.handling.replying import Replied
from domain.vocabulary import ClosedHow
from reporting.model import Figures
from tests.domain.playing.england import CLOSURES
from tests.domain.playing.stories import LONDON, Story

CLOSED_DAYS = {day for day, _ in CLOSURES}
SATURDAY = 5


@dataclass(frozen=True)
class Kept:
    """One clock that counts: of what, where, how, and after how many days."""

    promise: str
    stage: str
    channel: str
    month: str
    status: str
    days: int | None
    undone: bool


def local_day(instant: datetime) -> date:
    """The date on a clock in London."""
    return instant.astimezone(LONDON).date()


def working_days(after: date, through: date) -> int:
    """How many working days lie after the one day, up to and including the other."""
    every = (after + timedelta(days=n) for n in range(1, (through - after).days + 1))
    return sum(day.weekday() < SATURDAY and day not in CLOSED_DAYS for day in every)


def kept(stories: Iterable[Story], first: date, last: date) -> list[Kept]:
    """Every clock that counts in the period."""
    found: list[Kept] = []
    for story in stories:
        due = {
            event.clock: event.due
            for event in story.events
            if isinstance(event, PromiseMissed | EstimatePassed | ChancePassed)
        }
        for clock in story.complaint.clocks:
            if not clock.renewal:
                found += _kept(story, clock, due.get(clock.id), first, last)
    return found


def _kept(
    story: Story, clock: Clock, missed_on: date | None, first: date, last: date
) -> Iterator[Kept]:
    if local_day(clock.started_at) > last:
        return
    decided = missed_on or (local_day(clock.ended_at) if clock.ended_at else None)
    about = (clock.promise, clock.stage, str(story.complaint.opened.channel))
    if decided is None or decided > last:
        yield Kept(*about, "open", "open", None, undone=False)
    elif decided >= first and clock.state is not ClockState.STOPPED:
        late = missed_on is not None
        came = clock.fulfilled_late_at if late else clock.ended_at
        came_on = local_day(came) if came and local_day(came) <= last else None
        yield Kept(
            *about,
            f"{decided:%Y-%m}",
            "late" if late else "in time",
            working_days(clock.day_zero, came_on) if came_on else None,
            undone=late and came_on is None,
        )


def figures(found: Iterable[Kept]) -> Figures:
    """The figures of some clocks."""
    told = list(found)
    counts = Counter(one.status for one in told)
    days = sorted(one.days for one in told if one.days is not None)
    decided = counts["in time"] + counts["late"]
    return Figures(
        in_time=counts["in time"],
        late=counts["late"],
        open=counts["open"],
        late_and_not_done=sum(one.undone for one in told),
        percentage=int(counts["in time"] * 1000 / decided) / 10 if decided else None,
        median_days=least_for(days, 0.5),
        ninetieth_days=least_for(days, 0.9),
    )


def least_for(days: list[int], share: float) -> int | None:
    """The least number of days within which that share came."""
    return next((n for n in days if sum(d <= n for d in days) >= share * len(days) - 1e-9), None)


def by(found: Iterable[Kept], what: str) -> dict[str, Figures]:
    """The figures of each stage, channel or month."""
    parted: dict[str, list[Kept]] = defaultdict(list)
    for one in found:
        parted[getattr(one, what)].append(one)
    return {name: figures(some) for name, some in parted.items()}


def extensions(stories: Iterable[Story], first: date, last: date) -> Counter[tuple[str, str]]:
    """How often each promise's dates were moved for each reason."""
    return Counter(
        (event.clock.split("#")[0], event.reason)
        for story in stories
        for event in story.events
        if isinstance(event, Extended) and first <= local_day(event.at) <= last
    )


@dataclass
class Visit:
    """One time that a complaint was at a stage."""

    stage: str
    came: datetime
    went: datetime | None = None
    reply: Replied | None = None
    again: bool = False
    """Whether it was taken up again there, after a reply or an end."""


def visits(stories: Iterable[Story], stage: str) -> list[Visit]:
    """Each time that a complaint was at the stage, until what ended its waiting."""
    return [visit for story in stories for visit in _visits(story) if visit.stage == stage]


def _visits(story: Story) -> Iterator[Visit]:
    stage, here, closed = "", None, None
    for event in story.events:
        if here is not None and isinstance(event, Replied | Escalated | Closed):
            here.went = event.at
            here.reply = event if isinstance(event, Replied) else None
            yield here
            here = None
        comes = isinstance(event, Opened | Escalated)
        if comes:
            stage = event.to if isinstance(event, Escalated) else event.stage
        if isinstance(event, Reopened):
            comes = closed is None or closed.how is not ClosedHow.WINDOW_CLOSED
        if isinstance(event, Closed | Reopened):
            closed = event if isinstance(event, Closed) else None
        if comes:
            here = Visit(stage, event.at, again=isinstance(event, Reopened))
    if here is not None:
        yield here
