"""Notices: messages that are owed to somebody because of an event.

Owns what a notice is and the list of kinds. Which event owes which notice is with the features of a
complaint; the words are in the templates of `letters`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from pydantic import TypeAdapter

from domain import value
from domain.vocabulary import Channel


class NoticeKind(StrEnum):
    """Every kind of notice; each has a template of the same name."""

    # to the customer, or whoever the customer has authorised
    SIGNPOSTED = "signposted"
    INTRODUCTION = "introduction"
    ACKNOWLEDGEMENT = "acknowledgement"
    TIMESCALE = "timescale"
    PROGRESS = "progress"
    MORE_TIME = "more-time"
    PAUSED = "paused"
    RESUMED = "resumed"
    CONTACT_ACKNOWLEDGED = "contact-acknowledged"
    CONTACT_ANSWER = "contact-answer"
    ANSWERED_DIRECTLY = "answered-directly"
    CALL_ATTEMPTED = "call-attempted"
    ESCALATED = "escalated"
    NEW_HANDLER = "new-handler"
    REPLY = "reply"
    FINAL_REPLY = "final-reply"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    WINDOW_CLOSED = "window-closed"
    PROCEDURE_ENDED = "procedure-ended"
    CLOSED = "closed"
    OUT_OF_SCOPE = "out-of-scope"
    OUT_OF_TIME = "out-of-time"
    FEEDBACK_THANKS = "feedback-thanks"
    FEEDBACK_ANSWER = "feedback-answer"
    REOPENED = "reopened"
    HEARD_IN_TIME = "heard-in-time"
    LAST_DAY = "last-day"
    APOLOGY = "apology"
    REASON_GIVEN = "reason-given"
    DELAY_WARNING = "delay-warning"
    ESTIMATE_PASSED = "estimate-passed"
    RECEIPT_CORRECTED = "receipt-corrected"
    DATES_CORRECTED = "dates-corrected"
    MERGED = "merged"
    TAKEN_IN = "taken-in"
    SURVEY = "survey"
    REMEDY_ACCEPTED = "remedy-accepted"
    REMEDY_DONE = "remedy-done"
    REMEDY_REFUSED = "remedy-refused"
    REMEDY_POSTPONED = "remedy-postponed"
    REMEDY_MISSED = "remedy-missed"
    APPOINTMENT_OFFER = "appointment-offer"
    APPOINTMENT_REQUESTED = "appointment-requested"
    APPOINTMENT_ARRANGED = "appointment-arranged"
    APPOINTMENT_REMINDER = "appointment-reminder"
    APPOINTMENT_CANCELLED = "appointment-cancelled"
    APPOINTMENT_LAPSED = "appointment-lapsed"
    APPOINTMENT_FAILED = "appointment-failed"
    APPOINTMENT_NOT_ATTENDED = "appointment-not-attended"
    INFORMATION_ASKED = "information-asked"
    INFORMATION_REMINDER = "information-reminder"
    INFORMATION_OVERDUE = "information-overdue"
    INFORMATION_RECEIVED = "information-received"
    INFORMATION_LAPSED = "information-lapsed"
    INFORMATION_HEARD = "information-heard"
    INFORMATION_POSTPONED = "information-postponed"
    INFORMATION_WITHDRAWN = "information-withdrawn"
    NO_ANSWER = "no-answer"
    STILL_WAITING = "still-waiting"
    AUTHORITY_REQUEST = "authority-request"
    AUTHORITY_REMINDER = "authority-reminder"
    AUTHORITY_GIVEN = "authority-given"
    AUTHORITY_WITHDRAWN = "authority-withdrawn"
    INFORMER_NOTED = "informer-noted"
    HEARD_DIRECTLY = "heard-directly"
    PREFERENCES_NOTED = "preferences-noted"
    CONTACT_LIMITED = "contact-limited"
    LIMITS_KEPT = "limits-kept"
    LIMITS_LIFTED = "limits-lifted"
    # to staff
    NEW_COMPLAINT = "new-complaint"
    NEW_FEEDBACK = "new-feedback"
    STAGE_ENTERED = "stage-entered"
    ALLOCATED = "allocated"
    REVIEW_DUE = "review-due"
    CASE_OPEN = "case-open"
    CONTACT_RECEIVED = "contact-received"
    OPEN_AGAIN = "open-again"
    LINKED = "linked"
    ANSWER_AWAITED = "answer-awaited"
    PROMISE_WARNING = "promise-warning"
    PROMISE_MISSED = "promise-missed"
    CHANCE_PASSED = "chance-passed"
    SIGNAL_REFUSED = "signal-refused"
    REMEDY_OWED = "remedy-owed"
    REMEDY_DUE = "remedy-due"
    REMEDY_OVERDUE = "remedy-overdue"
    REMEDY_ANSWERED = "remedy-answered"
    APPOINTMENT_TO_ARRANGE = "appointment-to-arrange"
    APPOINTMENT_OFF = "appointment-off"
    APPOINTMENT_OUTCOME_DUE = "appointment-outcome-due"
    INFORMATION_AWAITED = "information-awaited"
    INFORMATION_IN = "information-in"
    INFORMATION_BACK = "information-back"
    AUTHORITY_MISSING = "authority-missing"
    PREFERENCES_CHANGED = "preferences-changed"
    LIMITS_REVIEW_DUE = "limits-review-due"
    HANDED_BACK = "handed-back"
    CONFLICT_NOTED = "conflict-noted"
    UNDELIVERABLE = "undeliverable"
    DIGEST = "digest"


LETTERS = tuple(NoticeKind)[: tuple(NoticeKind).index(NoticeKind.NEW_COMPLAINT)]
"""The kinds that go to the customer's side; all others go to staff."""


class RecipientKind(StrEnum):
    """Whom a notice is for."""

    CUSTOMER = "customer"
    REPRESENTATIVE = "representative"
    STAFF = "staff"


@value(frozen=True, slots=True)
class Recipient:
    """Whom a notice is for and how they are reached."""

    kind: RecipientKind
    name: str
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    channel: Channel = Channel.EMAIL
    language: str = "en"
    adjustments: tuple[str, ...] = ()


@value(frozen=True, slots=True)
class Notice:
    """One message: `key` is the same whenever it is made again, `facts` fill the template."""

    key: str
    kind: NoticeKind
    reference: str
    event: int
    recipient: Recipient
    facts: dict[str, Any]
    waits: bool = False
    """Whether it waits for the day's digest of its mailbox."""
    again: str = ""
    """The key of the notice whose words it repeats: of its own it has only the facts of every letter."""

    def whole(self, known: Mapping[str, Notice]) -> Notice:
        """The notice with its words, those of one that it repeats among the known ones; as it is without that."""
        first = self
        while first.again in known:
            first = known[first.again]
        return self if first.again or first is self else self.repeating(first)

    def repeating(self, first: Notice) -> Notice:
        """The notice with the words of the one that it repeats, and what every letter has as it stands now."""
        now = {name: fact for name, fact in self.facts.items() if name != "acted_on"}
        return replace(self, facts=first.facts | now | {"sent_before": True})


NOTICE_JSON: Final[TypeAdapter[Notice]] = TypeAdapter(Notice)
"""A notice as JSON text, as ledgers keep it."""
