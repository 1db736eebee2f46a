"""A charter: one organisation's published standards, as it is written in a charter file.

Owns the tables of the file; what a single value may be is in `terms`, the tables of one feature each
in `feature_tables`. What the values must add up to (a ladder that can be climbed, promises that can
be met) is checked in `checks`.
Source of the shape: the published pages that the charters name.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from domain.charter.feature_tables import (
    ConflictTerms,
    DeliveryTerms,
    HandlerTerms,
    InformationTerms,
    PausingTerms,
    PreferenceTerms,
    RemedyTerms,
    RepresentationTerms,
    RestrictionTerms,
    RetentionTerms,
    SampleTerms,
    Service,
    SurveyTerms,
    VisitTerms,
)
from domain.charter.terms import (
    Anchor,
    CalendarTerms,
    Name,
    PromiseId,
    PromiseKey,
    WarnBefore,
    Within,
)
from domain.vocabulary import Channel, ContactKind, Correspondent, KeptBy, Role, Topic, Trigger
from domain.wire import Language, Term, Text


class Signpost(Term):
    """Somewhere else to turn, and the gate one has to pass to get in."""

    name: Text
    text: Text
    gate: Text | None = None
    gate_for_mp: Text | None = None
    """What a member of a parliament who acts for the customer is told in place of the gate."""
    contact: Text | None = None


class Entry(Term):
    """When a stage may be entered, and until when."""

    within: Within | None = None
    while_case_open: bool = False
    before_reply: bool = False


class ReplyPart(StrEnum):
    """What a charter can demand of a reply."""

    FINDINGS = "findings"
    OUTCOME = "outcome"
    REMEDIES = "remedies"
    RECOMMENDATION = "recommendation"
    """Where something is upheld: what is recommended, or why nothing is."""
    NEXT_STEP = "next-step"
    HEARD = "heard"
    EVIDENCE = "evidence"
    CAUSE = "cause"
    CHANGES = "changes"


class Stage(Term):
    """One rung of the ladder."""

    id: Name
    title: Text
    role: Role | None = None
    entry: Entry = Entry()
    opens: bool = False
    independent: bool = False
    reply: tuple[ReplyPart, ...] = (ReplyPart.FINDINGS, ReplyPart.OUTCOME)
    recommends: bool = False
    """Whether what its reply undertakes is recommended, as the independent assessor's always is."""
    external: bool = False
    signpost: Signpost | None = None


class ExtensionTerm(Term):
    """How often and how far a due date may be moved; always with a reason, and before it passes."""

    times: Annotated[int, Field(ge=1, le=12)] = 1
    at_most: Within


class LimitTerm(Term):
    """An outer limit that neither pauses nor extensions can move.

    `waits_for_customer` leaves out the time in which it was the customer's turn: after a reply.
    """

    starts: Literal["received"] = "received"
    within: Within
    waits_for_customer: bool = False


class Promise(Term):
    """One published commitment that a clock keeps."""

    id: PromiseId
    part: Name | None = None
    text: Text
    source: Text
    starts: Annotated[tuple[Anchor, ...], Field(min_length=1)]
    meets: Annotated[tuple[Trigger, ...], Field(min_length=1)]
    until: tuple[Trigger, ...] = ()
    within: Within
    first_day_counts: bool = False
    """Whether the day from which it counts is the first of its days; else that is day 0."""
    stages: tuple[Name, ...] = ()
    channels: tuple[Channel, ...] = ()
    correspondents: tuple[Correspondent, ...] = ()
    contact_kinds: tuple[ContactKind, ...] = ()
    exempt: tuple[Correspondent, ...] = ()
    warn_before: WarnBefore | None = None
    tell_customer: bool = False
    repeats: bool = False
    interval: Literal["agreed"] | None = None
    restarts: bool = False
    pauses: bool = False
    extension: ExtensionTerm | None = None
    limit: LimitTerm | None = None
    while_deciding: bool | None = None
    while_case_open: bool = False
    """Whether it outlives a reply, as long as the case that the complaint is about is open."""
    estimate: bool = False
    """Whether it is no promise: what the organisation expects, where its page gives no figure."""
    after_missed: Within | None = None
    gives_way_to: PromiseKey | None = None
    """The promise that holds once this has passed: so this is a chance, and no promise itself."""
    once: bool = False
    target: Annotated[float, Field(gt=0, le=100)] | None = None

    @property
    def key(self) -> str:
        """`FO-8/reply`: the promise's id, and its part where it has several."""
        return f"{self.id}/{self.part}" if self.part else self.id

    @property
    def binding(self) -> bool:
        """Whether it is a promise: an estimate and a chance may pass, and nothing is missed."""
        return not self.estimate and self.gives_way_to is None


class Commitment(Term):
    """One published commitment that a rule of the engine keeps, not a clock."""

    id: PromiseId
    text: Text
    source: Text
    kept_by: KeptBy
    target: Annotated[float, Field(gt=0, le=100)] | None = None


class ScopeTerm(Term):
    """A topic that is not investigated here, and where it is dealt with."""

    topic: Topic
    signpost: Signpost


class ClosingGround(Term):
    """A ground on which a complaint may be closed without a reply; the customer reads its text."""

    id: Name
    text: Text


class ClosingTerms(Term):
    """What happens once the last stage has replied, and after the end.

    `discretion_within` is for a manager who lets somebody in that came too late; left out, it is
    as long as `reopen_within`.
    """

    after_last_reply: Within | None = None
    reopen_within: Within | None = None
    discretion_within: Within | None = None
    heard_within: Within = Within(months=3)
    """How long after its end a complaint still takes in what comes, at least."""
    grounds: Annotated[tuple[ClosingGround, ...], Field(alias="ground")] = ()


class ContactTerms(Term):
    """How the customer reaches the organisation; stands on every notice."""

    email: Text
    phone: Text
    address: Text
    hours: Text


class Identity(Term):
    """What the charter is and where it was published."""

    id: Name
    version: Text
    title: Text
    organisation: Text
    sources: Annotated[tuple[Text, ...], Field(min_length=1)]
    languages: tuple[Language, ...] = ("en",)
    """Those in which every letter is promised; its words need a translation into each."""


class Charter(Term):
    """One published standard, complete."""

    charter: Identity
    calendar: CalendarTerms
    contact: ContactTerms
    mailboxes: dict[Role | Literal["post-room"], Text]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, alias="stage")]
    promises: Annotated[tuple[Promise, ...], Field(alias="promise")] = ()
    commitments: Annotated[tuple[Commitment, ...], Field(alias="commitment")] = ()
    scope: tuple[ScopeTerm, ...] = ()
    signposts: Annotated[tuple[Signpost, ...], Field(alias="signpost")] = ()
    closing: ClosingTerms = ClosingTerms()
    delivery: DeliveryTerms = DeliveryTerms()
    representation: RepresentationTerms = RepresentationTerms()
    handler: HandlerTerms = HandlerTerms()
    preferences: PreferenceTerms = PreferenceTerms()
    pausing: PausingTerms | None = None
    """Without it nothing is ever paused."""
    restriction: RestrictionTerms = RestrictionTerms()
    conflict: ConflictTerms = ConflictTerms()
    remedies: RemedyTerms | None = None
    sample: SampleTerms | None = None
    survey: SurveyTerms | None = None
    visits: VisitTerms | None = None
    services: Annotated[tuple[Service, ...], Field(alias="service")] = ()
    information: InformationTerms = InformationTerms()
    retention: RetentionTerms | None = None
    """Without it nothing is erased but by somebody's request."""
    translations: dict[Language, dict[Text, Text]] = {}  # noqa: RUF012 - pydantic gives each its own
    """By language: the charter's English texts, each with its translation."""

    @property
    def id(self) -> str:
        """The charter's id."""
        return self.charter.id

    @property
    def version(self) -> str:
        """The charter's version, as published."""
        return self.charter.version
