"""The registry: every feature of a complaint, and what they add up to.

Owns the list of features and the tables made of it. Who adds a feature imports it and names it here. Its order is
behaviour: of what falls due at one instant the first is taken in this order, and so is what follows a
verb or the opening.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import reduce
from operator import attrgetter, or_
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter

from domain.complaint.commands import Command
from domain.complaint.events import Happened
from domain.complaint.feature import (
    CommandSpec,
    Decide,
    EventSpec,
    Feature,
    Policy,
    Timer,
    no_timers,
)
from domain.complaint.features.contact import (
    calling,
    contacts,
    late_answers,
    reports,
    timescale,
    waiting,
)
from domain.complaint.features.contact.appointments import rules as appointments
from domain.complaint.features.contact.information import rules as information
from domain.complaint.features.dates import (
    charter_versions,
    closures,
    corrections,
    estimates,
    extending,
    pausing,
    promises,
    subject_case,
)
from domain.complaint.features.ending import (
    closing,
    feedback,
    heard_in_time,
    last_day,
    linking,
    merging,
    reopening,
    survey,
)
from domain.complaint.features.handling import (
    acknowledging,
    allocation,
    escalation,
    reasons,
    receiving,
    replying,
    updating,
)
from domain.complaint.features.people import (
    conflict,
    informing,
    preferences,
    reaching,
    reading,
    restriction,
)
from domain.complaint.features.people.representation import rules as representation
from domain.complaint.features.remedies import rules as remedies
from domain.complaint.state import Complaint

_IN_ORDER = (
    receiving, promises, estimates, allocation, acknowledging, updating, extending, pausing,
    contacts, late_answers, calling, waiting, escalation, replying, closing, reopening,
    heard_in_time, last_day, subject_case, charter_versions, corrections, merging, linking,
    closures, survey, feedback, appointments, information, representation, informing, reading,
    preferences, reaching, restriction, conflict, timescale, remedies, reports, reasons,
)  # fmt: skip
FEATURES: tuple[Feature, ...] = tuple(module.FEATURE for module in _IN_ORDER)

COMMANDS: dict[type[Command], CommandSpec] = {
    kind: spec for feature in FEATURES for kind, spec in feature.commands.items()
}
VERBS: dict[str, type[Command]] = {kind.verb: kind for kind in COMMANDS}
"""Every verb that can be sent to a complaint that runs, in the order in which they are listed."""

REPORTS: dict[type[Any], tuple[tuple[type[Happened], ...], Decide]] = {
    kind: report for feature in FEATURES for kind, report in feature.reports.items()
}
"""What the shell reports by itself, with the events that say so."""

EVENTS: dict[type[Happened], EventSpec] = {
    kind: spec for feature in FEATURES for kind, spec in feature.events.items()
}
EVENT_KINDS: tuple[type[Happened], ...] = tuple(EVENTS)

POLICIES: dict[str, tuple[Policy, ...]] = {
    verb: tuple(feature.policies[verb] for feature in FEATURES if verb in feature.policies)
    for verb in VERBS
}
"""What features add to each verb, in order."""

AT_OPENING: tuple[Callable[[Complaint, datetime], tuple[Any, ...]], ...] = tuple(
    feature.at_opening for feature in FEATURES if feature.at_opening
)
TIMERS, TIMERS_AFTER_END = (
    tuple(timers for timers in found if timers is not no_timers)
    for found in (
        [feature.timers for feature in FEATURES],
        [feature.timers_after_end for feature in FEATURES],
    )
)
Wakes = Callable[[Complaint], Iterable[datetime]]
"""Gives the instants (UTC) at which some of the timers fall due, without making them."""


def _wakes(
    feature: Feature, timers: Callable[[Complaint], Iterator[Timer]]
) -> Iterator[tuple[str, Wakes]]:
    """What these timers need, and their instants: nothing for a feature that has none."""
    if timers is feature.timers and feature.wakes:
        yield feature.timers_need, feature.wakes
    elif timers is not no_timers:
        need = feature.timers_need if timers is feature.timers else "events"
        yield need, lambda complaint: [timer.at for timer in timers(complaint)]


WAKES, WAKES_AFTER_END = (
    tuple(wakes for feature in FEATURES for wakes in _wakes(feature, timers_of(feature)))
    for timers_of in (attrgetter("timers"), attrgetter("timers_after_end"))
)
"""The instants of all timers, and the field without which there are none: asked after every event."""

if TYPE_CHECKING:
    Event = Any
else:
    Event = Annotated[reduce(or_, EVENT_KINDS), Field(discriminator="kind")]
"""Any event, told apart by its `kind`."""

_LATER = ConfigDict(defer_build=True)
EVENT_JSON: TypeAdapter[Any] = TypeAdapter(Event, config=_LATER)
EVENTS_JSON: TypeAdapter[Any] = TypeAdapter(tuple[Event, ...], config=_LATER)
"""Made at their first use, as they take half a second: a command that reads no events does not wait for them."""
