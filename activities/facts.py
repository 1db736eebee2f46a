"""What facts each kind of notice is given: the agreement between reactions and templates.

Owns the names and shapes of facts. A template may use what is declared here and nothing else,
and whoever makes a notice gives all of it. Imports the domain only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

from domain.notices import Notice, NoticeKind


class ContactFacts(TypedDict):
    """How the organisation is reached."""

    email: str
    phone: str
    address: str
    hours: str


class FurtherFacts(TypedDict):
    """Somewhere else to turn, and the gate one has to pass to get in."""

    name: str
    text: str
    gate: str | None
    contact: str | None


class WindowFacts(TypedDict):
    """The next stage, and until when (ISO date) it can be asked for."""

    stage_title: str
    closes: str | None
    while_case_open: bool


class StepFacts(TypedDict):
    """What happens next: a kind that `_sentences.txt` puts into words, and the day of a review."""

    kind: Literal[
        "closed",
        "review",
        "acknowledge",
        "look-into",
        "go-on",
        "ended",
        "remedy-owed",
        "remedy-answer",
        "remedy-settled",
    ]
    on: NotRequired[str]


class ProofFacts(TypedDict):
    """How a due date was counted, as `domain.clocks.proof` gives it; what is empty is left out."""

    promise: NotRequired[str]
    unit: str
    amount: int
    start: str
    due: str
    skipped: NotRequired[list[list[str | int]]]
    moved_from: NotRequired[list[str]]
    pauses: NotRequired[list[list[str]]]
    was_due: NotRequired[str]
    limited: NotRequired[bool]
    service: NotRequired[str]


class DirectFacts(TypedDict):
    """How the handler is reached directly: one of these, or both."""

    email: NotRequired[str]
    phone: NotRequired[str]


class CommonFacts(TypedDict):
    """What every notice is given. Dates are ISO texts, local to the charter."""

    organisation: str
    charter_title: str
    reference: str
    contact: ContactFacts
    post_room: str
    handler: str | None
    direct: DirectFacts | None
    stage_title: str
    next_step: StepFacts
    due: str | None
    proof: ProofFacts | None
    further: list[FurtherFacts]
    window: WindowFacts | None
    customer_name: str


COMMON: frozenset[str] = frozenset(CommonFacts.__annotations__)

_REMEDY = frozenset({"remedy", "remedy_kind", "remedy_number", "remedy_due"})
APPOINTMENT: frozenset[str] = frozenset(
    {"number", "appointment_day", "appointment_time", "officer", "place", "purpose"}
)

INFORMATION: frozenset[str] = frozenset({"questions", "missing", "answer_by", "essential"})

BY_KIND: Mapping[NoticeKind, frozenset[str]] = {
    NoticeKind.SIGNPOSTED: frozenset({"topics"}),
    NoticeKind.INTRODUCTION: frozenset(),
    NoticeKind.ACKNOWLEDGEMENT: frozenset(),
    NoticeKind.TIMESCALE: frozenset({"service"}),
    NoticeKind.PROGRESS: frozenset({"message"}),
    NoticeKind.MORE_TIME: frozenset({"old_due", "new_due", "reason"}),
    NoticeKind.PAUSED: frozenset({"reason", "review_on"}),
    NoticeKind.RESUMED: frozenset(),
    NoticeKind.CONTACT_ACKNOWLEDGED: frozenset({"channel", "received_on"}),
    NoticeKind.CONTACT_ANSWER: frozenset({"summary"}),
    NoticeKind.ESCALATED: frozenset({"grounds", "from_stage_title"}),
    NoticeKind.NEW_HANDLER: frozenset(),
    NoticeKind.REPLY: frozenset({"findings", "outcome", "remedies"}),
    NoticeKind.FINAL_REPLY: frozenset({"findings", "outcome", "remedies"}),
    NoticeKind.ACCEPTED: frozenset(),
    NoticeKind.WITHDRAWN: frozenset({"reason"}),
    NoticeKind.WINDOW_CLOSED: frozenset({"window_closed"}),
    NoticeKind.PROCEDURE_ENDED: frozenset(),
    NoticeKind.CLOSED: frozenset({"reason"}),
    NoticeKind.OUT_OF_SCOPE: frozenset({"topics"}),
    NoticeKind.OUT_OF_TIME: frozenset({"window_closed"}),
    NoticeKind.REOPENED: frozenset({"reason"}),
    NoticeKind.APOLOGY: frozenset({"promise_text", "missed_due", "new_due"}),
    NoticeKind.DELAY_WARNING: frozenset({"promise_text"}),
    NoticeKind.RECEIPT_CORRECTED: frozenset({"old_received", "new_received", "reason", "moved"}),
    NoticeKind.DATES_CORRECTED: frozenset({"reason", "charter_version", "moved"}),
    NoticeKind.MERGED: frozenset({"reason", "into"}),
    NoticeKind.SURVEY: frozenset({"question", "where"}),
    NoticeKind.NEW_COMPLAINT: frozenset(
        {"channel", "about", "details", "remedy_sought", "adjustments", "language"}
    ),
    NoticeKind.STAGE_ENTERED: frozenset({"grounds", "from_stage_title"}),
    NoticeKind.ALLOCATED: frozenset({"adjustments"}),
    NoticeKind.REVIEW_DUE: frozenset({"reason", "next_review"}),
    NoticeKind.CONTACT_RECEIVED: frozenset({"contact_number", "channel", "from_whom", "summary"}),
    NoticeKind.PROMISE_WARNING: frozenset({"promise", "promise_text"}),
    NoticeKind.PROMISE_MISSED: frozenset(
        {"promise", "promise_text", "missed_due", "new_due", "apology"}
    ),
    NoticeKind.SIGNAL_REFUSED: frozenset({"verb", "refusal", "message"}),
    NoticeKind.APPOINTMENT_OFFER: frozenset({"came_on", "promise_text"}),
    NoticeKind.APPOINTMENT_REQUESTED: frozenset({"purpose", "arrange_by"}),
    NoticeKind.APPOINTMENT_ARRANGED: APPOINTMENT,
    NoticeKind.APPOINTMENT_REMINDER: APPOINTMENT,
    NoticeKind.APPOINTMENT_CANCELLED: frozenset({"reason", "anew", "arrange_by"}),
    NoticeKind.APPOINTMENT_LAPSED: frozenset({"appointment_day", "purpose"}),
    NoticeKind.APPOINTMENT_FAILED: frozenset({"note", "held", "arrange_by"}),
    NoticeKind.APPOINTMENT_NOT_ATTENDED: APPOINTMENT,
    NoticeKind.APPOINTMENT_TO_ARRANGE: frozenset(
        {"number", "purpose", "with_whom", "reason", "arrange_by"}
    ),
    NoticeKind.APPOINTMENT_OFF: frozenset({"number", "reason"}),
    NoticeKind.APPOINTMENT_OUTCOME_DUE: APPOINTMENT | {"next_ask"},
    NoticeKind.AUTHORITY_REQUEST: frozenset({"representative_name"}),
    NoticeKind.AUTHORITY_REMINDER: frozenset({"representative_name"}),
    NoticeKind.AUTHORITY_GIVEN: frozenset({"representative_name", "scope", "notices_to"}),
    NoticeKind.AUTHORITY_WITHDRAWN: frozenset({"representative_name"}),
    NoticeKind.AUTHORITY_MISSING: frozenset({"representative_name"}),
    NoticeKind.PREFERENCES_NOTED: frozenset(
        {
            "preferred_channel",
            "preferred_language",
            "update_interval",
            "no_updates",
            "details_changed",
        }
    ),
    NoticeKind.PREFERENCES_CHANGED: frozenset(),
    NoticeKind.INFORMATION_ASKED: INFORMATION | {"stops_clock"},
    NoticeKind.INFORMATION_REMINDER: INFORMATION,
    NoticeKind.INFORMATION_OVERDUE: INFORMATION | {"closes_on"},
    NoticeKind.INFORMATION_RECEIVED: frozenset(),
    NoticeKind.INFORMATION_LAPSED: INFORMATION,
    NoticeKind.INFORMATION_HEARD: frozenset({"questions", "missing"}),
    NoticeKind.INFORMATION_POSTPONED: INFORMATION | {"reason"},
    NoticeKind.INFORMATION_WITHDRAWN: INFORMATION | {"reason"},
    NoticeKind.INFORMATION_BACK: frozenset({"questions", "missing", "contact_number"}),
    NoticeKind.INFORMATION_AWAITED: INFORMATION | {"closes_on"},
    NoticeKind.INFORMATION_IN: frozenset({"summary"}),
    NoticeKind.NO_ANSWER: frozenset({"reopen_by"}),
    NoticeKind.STILL_WAITING: frozenset({"reason", "next_review", "third_party"}),
    NoticeKind.CONTACT_LIMITED: frozenset({"limits", "reason", "review_on", "appeal"}),
    NoticeKind.LIMITS_KEPT: frozenset({"limits", "reason", "review_on", "appeal"}),
    NoticeKind.LIMITS_LIFTED: frozenset({"reason"}),
    NoticeKind.LIMITS_REVIEW_DUE: frozenset({"reason", "review_on", "next_ask"}),
    NoticeKind.HANDED_BACK: frozenset({"person_name"}),
    NoticeKind.CONFLICT_NOTED: frozenset({"person_name", "found"}),
    NoticeKind.UNDELIVERABLE: frozenset({"notice", "reason"}),
    NoticeKind.REMEDY_ACCEPTED: _REMEDY,
    NoticeKind.REMEDY_DONE: _REMEDY | {"how"},
    NoticeKind.REMEDY_REFUSED: _REMEDY | {"reason"},
    NoticeKind.REMEDY_POSTPONED: _REMEDY | {"old_due", "new_due", "reason"},
    NoticeKind.REMEDY_MISSED: _REMEDY | {"missed_due", "new_due"},
    NoticeKind.REMEDY_OWED: _REMEDY,
    NoticeKind.REMEDY_DUE: _REMEDY,
    NoticeKind.REMEDY_OVERDUE: _REMEDY | {"missed_due", "next_reminder"},
    NoticeKind.REMEDY_ANSWERED: _REMEDY | {"answer", "said"},
}
"""What a kind of notice is given beside the common facts."""

REQUIRED: Mapping[NoticeKind, frozenset[str]] = {
    kind: COMMON | facts for kind, facts in BY_KIND.items()
}
"""Every fact that a kind of notice must be given."""

STAFF_KINDS: frozenset[NoticeKind] = frozenset(
    {
        NoticeKind.NEW_COMPLAINT,
        NoticeKind.STAGE_ENTERED,
        NoticeKind.ALLOCATED,
        NoticeKind.REVIEW_DUE,
        NoticeKind.CONTACT_RECEIVED,
        NoticeKind.PROMISE_WARNING,
        NoticeKind.PROMISE_MISSED,
        NoticeKind.SIGNAL_REFUSED,
        NoticeKind.REMEDY_OWED,
        NoticeKind.REMEDY_DUE,
        NoticeKind.REMEDY_OVERDUE,
        NoticeKind.REMEDY_ANSWERED,
        NoticeKind.APPOINTMENT_TO_ARRANGE,
        NoticeKind.APPOINTMENT_OFF,
        NoticeKind.APPOINTMENT_OUTCOME_DUE,
        NoticeKind.INFORMATION_AWAITED,
        NoticeKind.INFORMATION_IN,
        NoticeKind.INFORMATION_BACK,
        NoticeKind.AUTHORITY_MISSING,
        NoticeKind.PREFERENCES_CHANGED,
        NoticeKind.LIMITS_REVIEW_DUE,
        NoticeKind.HANDED_BACK,
        NoticeKind.CONFLICT_NOTED,
        NoticeKind.UNDELIVERABLE,
    }
)
"""The kinds that are laid out as a note to staff; all others are letters."""

RENDERED: frozenset[str] = frozenset(
    {
        "recipient",
        "complaint",
        "adjustments_asked",
        "ask_preferences",
        "contact_kind",
        "ended",
        "limited",
        "mind",
        "offer",
        "own_time",
        "service",
        "text",
        "third_party",
    }
)
"""The names that rendering itself adds for templates: derived from the recipient or, where an older
notice does not have them yet, empty."""


class Unwritable(Exception):
    """A notice cannot be put into words: its facts do not fill its template."""


def check_facts(notice: Notice) -> None:
    """Raises `Unwritable` naming each fact that the notice's kind needs and was not given."""
    missing = REQUIRED[notice.kind] - notice.facts.keys()
    if missing:
        raise Unwritable(f"{notice.kind}: facts are missing: {', '.join(sorted(missing))}.")
