"""Timescale: who complains about a service with a time of its own is told which, at once.

Owns that letter, where nothing in the charter makes sure that an acknowledgement says so. Which time holds
is in `services`. Source: `002_b4e25913c9de5f70.txt` (people are told of other or statutory timescales).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from domain.complaint.events import Happened
from domain.complaint.feature import Matter, Told, unchanged
from domain.complaint.notify.recipients import tell
from domain.complaint.policies.service_times import service_facts
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Trigger

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


@dataclass(frozen=True, slots=True, kw_only=True)
class TimescaleTold(Happened):
    """The customer was told that the time of this service holds."""

    kind: Literal["timescale-told"] = "timescale-told"
    service: str


def _at_opening(complaint: Complaint, now: datetime) -> Iterator[Any]:
    service = complaint.opened.service
    if not service or complaint.closed or _acknowledgement_owed(complaint):
        return
    if service_facts(complaint):
        yield TimescaleTold(number=complaint.events + 1, at=now, service=service)


def _acknowledgement_owed(complaint: Complaint) -> bool:
    promises = complaint.rules.promises
    return any(
        clock.live and Trigger.ACKNOWLEDGED in promises[clock.promise].meets
        for clock in complaint.clocks
    )


def _react(complaint: Complaint, event: TimescaleTold) -> Iterator[Notice]:
    facts = service_facts(complaint)
    yield from tell(complaint, event, NoticeKind.TIMESCALE, service=facts)


MATTER = Matter(
    events={
        TimescaleTold: Told(
            unchanged,
            lambda e: f"The customer was told of the time that holds for: {e.service}.",
            _react, owed=(NoticeKind.TIMESCALE,),
        )
    },
    of_opening=(TimescaleTold,),
    at_opening=_at_opening,
)  # fmt: skip
