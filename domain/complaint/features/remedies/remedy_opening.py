"""What a remedy starts with: the one JSON argument that its complaint gives it.

Owns the shape of the argument and how a complaint makes it. A remedy outlives its complaint, so it is given all that it has to
know; extra optional fields may be added, none may be renamed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from domain.complaint.events import Replied
from domain.complaint.features.remedies.remedy_promise import PromisedRemedy
from domain.complaint.notify.recipients import customer_side
from domain.notices import Recipient
from domain.wire import Instant, Line, Reference, Wire

if TYPE_CHECKING:
    from domain.complaint.decider.evolve import Step
    from domain.complaint.state import Complaint


class People(Wire):
    """Whom a remedy writes to on the customer's side, and who may have nothing to do with it."""

    customer_name: Line
    recipients: tuple[Recipient, ...]
    barred: Annotated[
        tuple[str, ...], Field(description="identities of those with a declared conflict")
    ] = ()


class RemedyOpening(Wire):
    """Everything that is known of a remedy when a reply undertakes it."""

    reference: Reference
    charter: Line
    digest: str
    stage: Annotated[Line, Field(description="the stage that replied")]
    event: Annotated[int, Field(ge=1, description="the number of the complaint's event `replied`")]
    promised_at: Instant
    commitment: PromisedRemedy
    people: People
    told_once: Annotated[
        bool,
        Field(description="whether staff are asked once where a date and a reminder were missed"),
    ] = False
    """Not so for those that were undertaken before: what they did stands in their histories."""

    @property
    def id(self) -> str:
        """`FO-2026-000123/1`."""
        return f"{self.reference}/{self.commitment.number}"


def people_of(complaint: Complaint) -> People:
    """Whom the complaint's remedies write to, and who has nothing to do with them."""
    return People(
        customer_name=complaint.opened.complainant.name,
        recipients=customer_side(complaint),
        barred=tuple(sorted(complaint.kept_away)),
    )


def openings_of(complaint: Complaint, event: Replied) -> tuple[RemedyOpening, ...]:
    """What each remedy of a reply starts with."""
    people = people_of(complaint) if event.commitments else None
    return tuple(
        RemedyOpening(
            reference=complaint.reference,
            charter=complaint.rules.charter.id,
            digest=complaint.rules.digest,
            stage=event.stage,
            event=event.number,
            promised_at=event.at,
            commitment=made,
            people=people,
            told_once=True,
        )
        for made in event.commitments
        if people
    )


def starts_of(steps: Iterable[Step]) -> Iterator[tuple[Complaint, tuple[RemedyOpening, ...]]]:
    """What each reply among these steps undertakes, with the complaint as it stood at that reply.

    What follows in the same breath, such as the closing, is not what the reply knew.
    """
    for step in steps:
        if isinstance(step.event, Replied) and step.event.commitments:
            yield step.complaint, openings_of(step.complaint, step.event)
