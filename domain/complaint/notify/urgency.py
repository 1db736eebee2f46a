"""Urgency: which notes to staff go out at once, and which wait for the day's digest of their mailbox.

Owns the rule. At once goes what is new, what was broken, whatever binds before a digest could tell it in
time, and all that concerns somebody who asked for help; reminders, repeats and routine wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Final

from domain.calendar.pinned import BeyondCalendar
from domain.complaint.notify.facts import day_of
from domain.complaint.state import Complaint
from domain.notices import NoticeKind

ROUTINE: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.PROMISE_WARNING: "due",
    NoticeKind.REVIEW_DUE: "ends",
    NoticeKind.CASE_OPEN: "",
    NoticeKind.ANSWER_AWAITED: "",
    NoticeKind.REMEDY_DUE: "remedy_due",
    NoticeKind.REMEDY_ANSWERED: "",
    NoticeKind.APPOINTMENT_OUTCOME_DUE: "",
    NoticeKind.INFORMATION_AWAITED: "closes_on",
    NoticeKind.AUTHORITY_MISSING: "",
    NoticeKind.LIMITS_REVIEW_DUE: "review_on",
}
"""What waits unless it binds soon: by kind, the fact that names the day on which it does, if one does."""
REPEATED: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.PROMISE_MISSED: "new_due",
    NoticeKind.REMEDY_OVERDUE: "remedy_due",
    NoticeKind.UNDELIVERABLE: "",
}
"""What is urgent the first time and waits when it is told again: by kind, the fact that names its day."""


def may_wait(complaint: Complaint, at: datetime, kind: NoticeKind, facts: dict[str, Any]) -> bool:
    """Whether a note to staff of these facts, owed at that instant (UTC), waits for the digest."""
    if complaint.customer.adjustments:  # whoever asked for help is nobody's routine
        return False
    if kind in REPEATED:  # that an estimate has passed breaks nothing
        return bool(facts.get("again") or facts.get("estimate"))
    if kind is NoticeKind.NEW_FEEDBACK:
        return not facts["answer_wanted"]
    return kind in ROUTINE and not _binds_soon(complaint, at, facts.get(ROUTINE[kind]))


def _binds_soon(complaint: Complaint, at: datetime, fact: str | None) -> bool:
    """Whether that day is today or the next working day: the next digest could come too late for it."""
    if not fact:
        return False
    day, today = date.fromisoformat(fact), day_of(complaint, at)
    with suppress(BeyondCalendar):
        return today <= day <= complaint.rules.calendar.next_working_day(today)
    return day >= today
