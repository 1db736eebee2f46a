"""What a complaint says of itself: the answer to the query `status` and to every update.

Fields may be added on the wire; a client keeps those that it does not know. Must not import
`temporalio`.
"""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.complaint.views.standings import ClockStanding, RemedyStanding


class Answer(BaseModel):
    """Frozen, and lenient towards fields that a newer worker adds."""

    model_config = ConfigDict(frozen=True, extra="allow")


class TimelineEntry(Answer):
    """One event, in words."""

    number: int = Field(description="of the event within the complaint: 1, 2, 3 …")
    at: AwareDatetime
    kind: str
    by: str | None = Field(default=None, description="who did it; null for the passing of time")
    text: str


class Contact(Answer):
    """One inbound contact, by its number."""

    number: int
    channel: str
    from_whom: str
    received_at: AwareDatetime
    acknowledged: bool = False
    answered: bool = False
    limited: bool = Field(
        default=False, description="whether it came by a channel that was closed to the customer"
    )
    kind: str | None = Field(default=None, description="what sort of message, where it says so")


class Preferences(Answer):
    """How the customer wants to hear, and what helps them."""

    channel: str
    language: str
    adjustments: tuple[str, ...] = ()
    update_interval: str | None = Field(
        default=None, description="such as `2 weeks`, or `none`; null if nothing was asked for"
    )
    interval_kept: bool = Field(default=True, description="whether anything keeps it at present")


class Representation(Answer):
    """Who acts for the customer, or would."""

    kind: str
    authorised: bool
    notices_to: str
    keeps_informed: bool = Field(
        default=False, description="whether they keep the customer up to date, as a professional"
    )


class Restricted(Answer):
    """How contact with the customer is limited, and until when at least."""

    limits: tuple[str, ...]
    since: AwareDatetime
    review_on: date


class Appointment(Answer):
    """One appointment, by its number; what it is about stands in the timeline."""

    number: int
    state: str = Field(description="requested, arranged, held, not-attended or cancelled")
    starts_at: AwareDatetime | None = None
    officer: str | None = None
    place: str | None = None


class Request(Answer):
    """One request for information to the customer, by its number."""

    number: int
    state: str = Field(description="open, answered or lapsed")
    answer_by: date
    closes_on: date | None = Field(
        default=None, description="the last day before the complaint is closed without an answer"
    )
    stops_clock: bool = False
    heard: bool = Field(
        default=False, description="whether the customer was heard since, and staff have to go on"
    )


class Summary(Answer):
    """What an update answers: how the complaint stands now, and what is due. Short on purpose."""

    reference: str
    stage: str
    state: str
    handler_id: str | None = None
    next_due: AwareDatetime | None = None
    missed: int = Field(description="how many promises were missed")
    outcome: str | None = None
    closed_how: str | None = None
    events: int = Field(description="the number of the last event")
    remedies_owed: int = Field(
        default=0, description="how many of its remedies are neither done nor refused"
    )
    due: dict[str, date | None] = Field(
        default_factory=dict, description="the local due date of each live clock; null while paused"
    )


class Status(Answer):
    """What the query `status` answers: all clocks with their proofs, contacts and the timeline.

    Carries nothing personal beyond the handler's name, and what the timeline's texts say.
    """

    reference: str
    charter: str
    charter_version: str
    digest: str = Field(description="names the pinned charter and calendar")
    channel: str
    correspondent: str
    stage: str
    state: str
    handler_id: str | None = None
    handler_name: str | None = None
    received_at: AwareDatetime
    next_due: AwareDatetime | None = None
    missed: int = Field(description="how many promises were missed")
    outcome: str | None = None
    closed_at: AwareDatetime | None = None
    closed_how: str | None = None
    merged_into: str | None = Field(default=None, description="the complaint that goes on for it")
    customer_key: str = Field(
        default="", description="says of which customer it is, beside another's; it names nobody"
    )
    taken_in: tuple[str, ...] = Field(default=(), description="duplicates that it stands for too")
    linked: tuple[str, ...] = Field(
        default=(), description="complaints about the same matter, each with its own answer"
    )
    events: int = Field(description="the number of the last event")
    clocks: tuple[ClockStanding, ...] = ()
    contacts: tuple[Contact, ...] = ()
    service: str | None = Field(default=None, description="the service whose timescale holds")
    appointments: tuple[Appointment, ...] = ()
    requests: tuple[Request, ...] = Field(default=(), description="what the customer was asked")
    remedies_owed: int = Field(
        default=0, description="how many of its remedies are neither done nor refused"
    )
    feedback: bool = Field(default=False, description="whether it is feedback, and no complaint")
    remedies: tuple[RemedyStanding, ...] = Field(
        default=(), description="what replies have undertaken, and how that stands"
    )
    timeline: tuple[TimelineEntry, ...] = ()
    preferences: Preferences | None = Field(
        default=None, description="how the customer wants to hear"
    )
    representatives: tuple[Representation, ...] = Field(
        default=(), description="everybody who acts for the customer, or would"
    )
    representation: Representation | None = Field(
        default=None, description="who acts for the customer, or would; null for nobody"
    )
    restriction: Restricted | None = Field(
        default=None, description="how contact with the customer is limited; null if it is not"
    )
    barred: tuple[str, ...] = Field(
        default=(), description="the ids of those who have a conflict of interest"
    )
    ledger_fault: str | None = Field(
        default=None, description="why the ledger does not take the record, if it does not"
    )
    effects_owed: bool = Field(
        default=False, description="whether a record or a notice is still under way"
    )
