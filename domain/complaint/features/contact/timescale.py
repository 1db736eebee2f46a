"""Timescale: a customer whose service has a time of its own is told at once which it is.

Owns that letter, where nothing in the charter makes sure that an acknowledgement says so. Which time holds
is in `policies.service_times`. Source: `002_b4e25913c9de5f70.txt` (people are told of other or statutory timescales).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from domain import value
from domain.complaint.events import Happened
from domain.complaint.feature import EventSpec, Feature, following
from domain.complaint.notify.compose import tell
from domain.complaint.policies.service_times import service_facts
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Trigger


@value(frozen=True, slots=True, kw_only=True)
class TimescaleTold(Happened):
    """The customer was told of the time that holds for this service."""

    kind: Literal["timescale-told"] = "timescale-told"
    service: str


def _at_opening(complaint: Complaint, now: datetime) -> tuple[Any, ...]:
    service = complaint.opened.service
    if not service or complaint.closed or _acknowledgement_owed(complaint):
        return ()
    told = service_facts(complaint)
    return following(TimescaleTold, complaint, now, service=service) if told else ()


def _acknowledgement_owed(complaint: Complaint) -> bool:
    promises = complaint.rules.promises
    return any(
        clock.live and Trigger.ACKNOWLEDGED in promises[clock.promise].meets
        for clock in complaint.clocks
    )


def _react(complaint: Complaint, event: TimescaleTold) -> Iterator[Notice]:
    yield from tell(complaint, event, NoticeKind.TIMESCALE, service=service_facts(complaint))


FEATURE = Feature(
    events={
        TimescaleTold: EventSpec(
            lambda e: f"The customer was told of the time that holds for: {e.service}.",
            react=_react, owed=(NoticeKind.TIMESCALE,),
        ),
    },
    of_opening=(TimescaleTold,),
    at_opening=_at_opening,
)  # fmt: skip
