"""Every kind of event, and their JSON form.

Owns the union of the core's events and those of the `matters`. The shapes are with their owners.
"""

from __future__ import annotations

from typing import Annotated, Any, get_args

from pydantic import Field, TypeAdapter

from domain.complaint import events as ev
from domain.complaint.features.contact.appointments import events as appointments
from domain.complaint.features.contact.information import events as information
from domain.complaint.features.contact.timescale import TimescaleTold
from domain.complaint.features.dates.closures import ClosureApplied
from domain.complaint.features.dates.migrating import CharterMigrated
from domain.complaint.features.ending.merging import DuplicateTakenIn
from domain.complaint.features.ending.survey import SurveyAsked
from domain.complaint.features.people import conflict, representation_events, restriction_events
from domain.complaint.features.people.preferences import PreferencesStated
from domain.complaint.policies.receipt_recount import ReceiptCorrected

Event = Annotated[
    ev.Opened
    | ev.Signposted
    | ev.Allocated
    | ev.Introduced
    | ev.Acknowledged
    | ev.Updated
    | ev.Extended
    | ev.Paused
    | ev.Resumed
    | ev.ReviewFellDue
    | ev.ContactReceived
    | ev.ContactAcknowledged
    | ev.ContactAnswered
    | ev.Escalated
    | ev.Reassigned
    | ev.Replied
    | ev.Reopened
    | ev.Closed
    | ev.PassedToDecision
    | ev.CaseConcluded
    | ev.PromiseWarned
    | ev.PromiseMissed
    | ev.CommandRefused
    | ev.NoticeUndeliverable
    | ev.CharterRefreshed
    | ReceiptCorrected
    | DuplicateTakenIn
    | ClosureApplied
    | CharterMigrated
    | SurveyAsked
    | appointments.AppointmentOffered
    | appointments.AppointmentRequested
    | appointments.AppointmentArranged
    | appointments.AppointmentReminded
    | appointments.AppointmentOutcomeDue
    | appointments.AppointmentHeld
    | appointments.AppointmentHeldLate
    | appointments.AppointmentNotHeld
    | appointments.AppointmentNotAttended
    | appointments.AppointmentCancelled
    | appointments.AppointmentPutOff
    | appointments.AppointmentLapsed
    | information.InformationAsked
    | information.InformationReminded
    | information.InformationOverdue
    | information.InformationReceived
    | information.InformationLapsed
    | information.InformationDropped
    | information.InformationHeard
    | information.InformationPostponed
    | information.InformationWithdrawn
    | representation_events.RepresentativeNamed
    | representation_events.AuthorityAsked
    | representation_events.AuthorityReminded
    | representation_events.AuthorityGiven
    | representation_events.AuthorityWithdrawn
    | PreferencesStated
    | restriction_events.ContactRestricted
    | restriction_events.RestrictionReviewDue
    | restriction_events.RestrictionReviewed
    | restriction_events.RestrictionLifted
    | conflict.ConflictDeclared
    | conflict.ConflictFound
    | conflict.SuccessorTold
    | TimescaleTold,
    Field(discriminator="kind"),
]

EVENT_KINDS: tuple[type[ev.Happened], ...] = get_args(get_args(Event)[0])
"""Every kind of event, in the order of the union."""

EVENT: TypeAdapter[Any] = TypeAdapter(Event)
EVENTS: TypeAdapter[Any] = TypeAdapter(tuple[Event, ...])
