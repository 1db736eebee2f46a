"""Acknowledging: the customer hears that the complaint has come, what happens next and by when.

Owns `acknowledge`, for the complaint at its stage or for one contact. Sources: `000_2dfa29253c41a6cc.txt`
(told what happens next), `004_223f6b270ec16c9f.txt` (asked how and how often they want to hear).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.complaint.commands import Command, Number
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made, sets
from domain.complaint.features.contact.contacts import ContactAcknowledged, check_waiting
from domain.complaint.notify.compose import tell
from domain.complaint.notify.offers import remit
from domain.complaint.policies.after_end import refusal_after_end
from domain.complaint.policies.service_times import service_facts
from domain.complaint.state import Complaint
from domain.errors import WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import ANY, REVIEWER, Trigger


class Acknowledge(Command):
    """Acknowledge the complaint at this stage or, with `contact`, one inbound contact."""

    verb = "acknowledge"
    contact: Number | None = Field(default=None, description="An inbound contact, by its number.")


@value(frozen=True, slots=True, kw_only=True)
class Acknowledged(Happened):
    """The complaint was acknowledged at its stage."""

    kind: Literal["acknowledged"] = "acknowledged"


def _acknowledge(complaint: Complaint, command: Acknowledge, now: datetime) -> tuple[Any, ...]:
    if command.contact is not None:
        check_waiting(complaint, command.contact, answered=False)
        return made(ContactAcknowledged, complaint, command, now)
    if complaint.closed:
        raise refusal_after_end(complaint)
    if complaint.acknowledged:
        raise WrongState(
            f"Complaint {complaint.reference} was acknowledged at this stage already.",
            "To acknowledge a later contact, name its number as `contact`.",
        )
    return made(Acknowledged, complaint, command, now)


def _react(complaint: Complaint, event: Acknowledged) -> Iterator[Notice]:
    """What can and cannot be done here, at the first stage; who has not said how they want to hear is asked.

    They are asked where the charter says so.
    """
    asks = complaint.rules.charter.preferences.ask and not complaint.preferred
    service = service_facts(complaint)
    again = any(each.stage == complaint.stage for each in complaint.stage_requests)
    facts = {
        "ask_preferences": asks, "service": service, "later_stage": again,
        "remit": None if again else remit(complaint),
    }  # fmt: skip
    yield from tell(complaint, event, NoticeKind.ACKNOWLEDGEMENT, **facts)


FEATURE = Feature(
    commands={
        Acknowledge: CommandSpec(
            (REVIEWER,), ANY, (Acknowledged, ContactAcknowledged), _acknowledge,
        ),
    },
    events={
        Acknowledged: EventSpec(
            lambda _: "Acknowledged.", sets(acknowledged=True), _react,
            owed=(NoticeKind.ACKNOWLEDGEMENT,), triggers=(Trigger.ACKNOWLEDGED,),
        ),
    },
)  # fmt: skip
