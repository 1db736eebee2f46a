"""The closed word lists of the wire contract and of charter files.

Owns the enumerations that commands, events and charters share, and a complaint's workflow id. Imports nothing of ours.
"""

from __future__ import annotations

from enum import StrEnum

WORKFLOW_ID_PREFIX = "complaint:"
"""What the id of a complaint's workflow begins with; its reference follows."""


def complaint_of(workflow_id: str | None) -> str | None:
    """The reference of the complaint that the workflow of that id runs; none for other workflows."""
    before, begun, reference = (workflow_id or "").partition(WORKFLOW_ID_PREFIX)
    return reference if begun and not before else None


class Role(StrEnum):
    """Who somebody is when they act on a complaint."""

    CUSTOMER = "customer"
    REPRESENTATIVE = "representative"
    UPSTREAM_APP = "upstream-app"
    CASE_HANDLER = "case-handler"
    MANAGER = "manager"
    COMPLAINTS_TEAM = "complaints-team"
    INDEPENDENT_ASSESSOR = "independent-assessor"
    QUALITY = "quality"
    ADMINISTRATOR = "administrator"

    @property
    def somebody(self) -> str:
        """The role at the start of a sentence: `A manager`, `An administrator`."""
        return f"An {self}" if self[0] in "aiu" else f"A {self}"


REVIEWERS = frozenset(
    {Role.CASE_HANDLER, Role.MANAGER, Role.COMPLAINTS_TEAM, Role.INDEPENDENT_ASSESSOR}
)
"""The roles that can review a complaint at a stage of a ladder."""
REVIEWER = "reviewer"
"""Stands for the role that reviews the present stage."""
CUSTOMERS_OWN = (Role.CUSTOMER, Role.REPRESENTATIVE, Role.UPSTREAM_APP)
CUSTOMER_SIDE: tuple[Role | str, ...] = (*CUSTOMERS_OWN, REVIEWER)
STAFF: tuple[Role | str, ...] = (REVIEWER, Role.MANAGER, Role.ADMINISTRATOR)
CASEWORK: tuple[Role | str, ...] = (REVIEWER, Role.CASE_HANDLER)
"""Who deals with the customer from day to day: whoever has the case, also while another reviews the complaint."""
ALL_SIDES = (*CUSTOMER_SIDE, Role.CASE_HANDLER, Role.MANAGER, Role.ADMINISTRATOR)
"""Who may pass on what the customer says or wants."""


class Channel(StrEnum):
    """How a complaint or a contact reached the organisation, or how somebody wants to hear."""

    EMAIL = "email"
    PHONE = "phone"
    LETTER = "letter"
    WEB_FORM = "web-form"
    VISIT = "visit"


class Topic(StrEnum):
    """What a complaint is about; a charter's scope says which topics are only signposted."""

    DELAY = "delay"
    COMMUNICATION = "communication"
    CONDUCT = "conduct"
    OTHER_SERVICE = "other-service"
    OUTCOME = "outcome"
    DATA_PROTECTION = "data-protection"
    FEEDBACK = "feedback"
    """How it was, with nothing to look into; alone, it makes no complaint."""


class Correspondent(StrEnum):
    """Who writes: the customer, or the kind of their representative."""

    CUSTOMER = "customer"
    FRIEND = "friend"
    RELATIVE = "relative"
    ORGANISATION = "organisation"
    PROFESSIONAL = "professional"
    MP = "mp"

    @property
    def somebody(self) -> str:
        """The kind within a sentence: `a friend`, `an organisation`."""
        said = "MP" if self is Correspondent.MP else str(self)
        return f"an {said}" if said[0] in "aeiouM" else f"a {said}"


class FromWhom(StrEnum):
    """Who an inbound contact came from."""

    CUSTOMER = "customer"
    REPRESENTATIVE = "representative"
    MP = "mp"


class NoticesTo(StrEnum):
    """Whom notices go to once somebody acts for the customer with their authority."""

    CUSTOMER = "customer"
    REPRESENTATIVE = "representative"
    BOTH = "both"


class ContactLimit(StrEnum):
    """In which way contact with a customer can be limited."""

    CHANNELS = "channels"
    ONLY_IN_WRITING = "only-in-writing"
    FREQUENCY = "frequency"
    NAMED_PERSON = "named-person"
    OTHER = "other"


class Outcome(StrEnum):
    """What a reply finds."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly-upheld"
    NOT_UPHELD = "not-upheld"
    RESOLVED = "resolved"
    OUT_OF_SCOPE = "out-of-scope"


class Side(StrEnum):
    """Whom a reply has heard before it found anything."""

    CUSTOMER = "customer"
    STAFF = "staff"
    """Those whom the complaint is about."""
    OTHERS = "others"


class Cause(StrEnum):
    """Why something went wrong, as a reply finds."""

    MISTAKE = "mistake"
    TRAINING = "training"
    WORKLOAD = "workload"
    PROCEDURE = "procedure"
    INFORMATION = "information"
    SYSTEM = "system"
    CONDUCT = "conduct"
    OTHERS = "others"
    UNKNOWN = "unknown"


class RemedyKind(StrEnum):
    """What somebody has undertaken to put right; a recommendation waits to be accepted first."""

    APOLOGY = "apology"
    PAYMENT = "payment"
    CORRECTION = "correction"
    SERVICE_CHANGE = "service-change"
    RECOMMENDATION = "recommendation"


class RemedyState(StrEnum):
    """Where a remedy stands; the last two are final."""

    OWED = "owed"
    ACCEPTED = "accepted"
    DONE = "done"
    REFUSED = "refused"


class ContactKind(StrEnum):
    """What sort of message an inbound contact is; a `call` was taken by a person there and then."""

    MESSAGE = "message"
    VOICEMAIL = "voicemail"
    CALL = "call"
    CALL_BACK = "call-back"


class Missing(StrEnum):
    """What a complaint should say, and may be asked back if it does not; fields of the opening."""

    DETAILS = "details"
    CONTACT_SO_FAR = "contact-so-far"
    REMEDY_SOUGHT = "remedy-sought"
    SUBJECT_CASE = "subject-case"


class Held(StrEnum):
    """What became of an appointment."""

    ON_TIME = "on-time"
    LATE = "late"
    NOT_HELD_BY_US = "not-held-by-us"
    NOT_ATTENDED = "not-attended"


class ReassignReason(StrEnum):
    """Why a complaint goes to another handler; `conflict` bars the old one from then on."""

    CONFLICT = "conflict"
    ABSENCE = "absence"
    WORKLOAD = "workload"


class State(StrEnum):
    """Where a complaint stands within its stage."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    PAUSED = "paused"
    REPLIED = "replied"
    CLOSED = "closed"


WAYS = ("prefer", "name_representative", "give_authority", "withdraw_authority", "hear_directly")
"""The verbs after which letters may go another way."""
WORKING = (State.RECEIVED, State.ACKNOWLEDGED)
HELD = (*WORKING, State.PAUSED)
OPEN = (*HELD, State.REPLIED)
ANY = (*OPEN, State.CLOSED)


class ClosedHow(StrEnum):
    """The ways in which a complaint can end."""

    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    WINDOW_CLOSED = "window-closed"
    PROCEDURE_ENDED = "procedure-ended"
    BY_STAFF = "closed-by-staff"
    OUT_OF_SCOPE = "out-of-scope"
    OUT_OF_TIME = "out-of-time"
    MERGED = "merged"
    NO_ANSWER = "no-answer"
    FEEDBACK = "feedback"  # and no complaint


TOO_LATE = frozenset({ClosedHow.WINDOW_CLOSED, ClosedHow.OUT_OF_TIME, ClosedHow.NO_ANSWER})
"""The ways to end that a manager may undo at their discretion: somebody came, or answered, too late."""


class Trigger(StrEnum):
    """What can start, meet or stop a clock; a charter may also name `met:<promise>`."""

    RECEIVED = "received"
    STAGE_ENTERED = "stage-entered"
    ALLOCATED = "allocated"
    INTRODUCED = "introduced"
    ACKNOWLEDGED = "acknowledged"
    UPDATED = "updated"
    CONTACT_RECEIVED = "contact-received"
    CONTACT_ACKNOWLEDGED = "contact-acknowledged"
    CONTACT_ANSWERED = "contact-answered"
    ESCALATED = "escalated"
    CALLED = "called"
    REPLIED = "replied"
    RESOLVED = "resolved"  # the reply says that it is, or the customer accepts the answer
    PROCEDURE_ENDED = "procedure-ended"
    PASSED_TO_DECISION = "passed-to-decision"
    CASE_CONCLUDED = "case-concluded"
    APPOINTMENT_REQUESTED = "appointment-requested"
    APPOINTMENT_OFFERED = "appointment-offered"
    APPOINTMENT_ARRANGED = "appointment-arranged"
    APPOINTMENT_HELD = "appointment-held"
    APPOINTMENT_CANCELLED = "appointment-cancelled"
    REOPENED = "reopened"
    PROMISE_MISSED = "promise-missed"
    REASON_GIVEN = "reason-given"
    CLOSED = "closed"


class KeptBy(StrEnum):
    """How a commitment is kept that no clock can keep: each a behaviour of the engine, or to be one."""

    EXTENSION = "extension"
    EXEMPTION = "exemption"
    NOTICE = "notice"
    DIRECT_CONTACT = "direct-contact"
    APOLOGY = "apology"
    SIGNPOST = "signpost"
    LADDER = "ladder"
    INDEPENDENCE = "independence"
    CONFLICT = "conflict"
    AUTHORITY = "authority"
    PAUSE = "pause"
    PREFERENCES = "preferences"
    REMEDIES = "remedies"
    INTAKE = "intake"
    APPOINTMENT = "appointment"
    MEASURE = "measure"
    SAMPLE = "sample"
    RESTRICTION = "restriction"
    SECURITY = "security"
    TIMESCALE = "timescale"
    EVIDENCE = "evidence"
    LEARNING = "learning"
    FEEDBACK = "feedback"
    INFORMED = "informed"
