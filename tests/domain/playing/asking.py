"""What notes ask of staff: no note proposes a verb that the rules refuse in that moment.

Owns which note proposes which verb. The asking is as for letters (`offering`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from domain.calendar.pinned import BeyondCalendar
from domain.clocks.due import due_of
from domain.complaint.decider.timers import fallen_due
from domain.complaint.state import FULL_FOR_CUSTOMERS, Complaint
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Role
from tests.domain.playing.offering import refusal_of

Proposal = tuple[str, dict[str, Any]]


def check_proposals(notice: Notice, complaint: Complaint, event: Any) -> None:
    """Raise `AssertionError` where the note proposes what would be refused, or leaves out what would not."""
    if complaint.events >= FULL_FOR_CUSTOMERS or fallen_due(complaint, event.at):
        return  # too large for anything but an answer; or, after an outage, more follows at once
    roles = (complaint.at_stage.role or Role.ADMINISTRATOR, Role.MANAGER, Role.ADMINISTRATOR)
    for verb, fields in _proposed(notice):
        refused = refusal_of(complaint, event.at, verb, roles, fields)
        assert refused is None, f"{notice.kind} on {event.at} proposes {verb}: {refused}"
    if notice.kind is NoticeKind.PROMISE_WARNING and not notice.facts["chance"]:
        _check_more_time(notice, complaint, event, roles)


def _proposed(notice: Notice) -> Iterator[Proposal]:
    facts, kind = notice.facts, notice.kind
    warned = kind is NoticeKind.PROMISE_WARNING and not (facts["chance"] or facts["estimate"])
    late = kind in {NoticeKind.PROMISE_MISSED, NoticeKind.REMEDY_OVERDUE}
    if warned or (late and facts["reason_by"]):
        yield "give_reason", {"reason": "Two of us were ill."}
    ended = facts.get("after_end") or facts
    if kind in {NoticeKind.CONTACT_RECEIVED, NoticeKind.ANSWER_AWAITED} and ended.get("reopen_by"):
        yield "reopen", {"reason": "There is ground for it."}


def _check_more_time(
    notice: Notice, complaint: Complaint, event: Any, roles: tuple[Role, ...]
) -> None:
    """More time is proposed exactly where it would be given."""
    rules = complaint.rules
    day = due_of(complaint.clock(event.clock), rules).day
    try:
        new_due = rules.calendar.next_working_day(day)
    except BeyondCalendar:
        new_due = day + timedelta(days=1)
    asked = {
        "promise": event.promise,
        "new_due": new_due.isoformat(),
        "reason": "The bank is slow.",
    }
    refused = refusal_of(complaint, event.at, "extend", roles, asked)
    assert (refused is None) == notice.facts["extendable"], (
        f"{event.promise} at {complaint.stage}, {event.at}: {refused or 'it would be given'}"
    )
