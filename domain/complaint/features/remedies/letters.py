"""What people are told of remedies.

Owns the notices of each event. The customer hears what became of each thing that was undertaken; staff
hear of it before its date, and again and again once that has passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from domain.clocks.proof import count_facts
from domain.complaint.feature import React
from domain.complaint.features.remedies import events as ev
from domain.complaint.features.remedies.promise import count_of
from domain.complaint.notify.compose import as_fact, ask, tell, with_fields
from domain.complaint.notify.reasons import in_welsh, reason_due, why_not_done
from domain.complaint.state import Complaint
from domain.complaint.values import Remedy
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Role


def owed(complaint: Complaint, event: Any, remedies: Iterable[Remedy]) -> Iterator[Notice]:
    """Word to the mailbox of each role that has something to put right: all of it in one note."""
    by_role: dict[Role, list[dict[str, Any]]] = {}
    for each in remedies:
        by_role.setdefault(each.owner_role, []).append(
            {
                "number": each.number,
                "text": each.text,
                "kind": str(each.kind),
                "owner": each.owner.name if each.owner else None,
                "due": as_fact(each.waits_for),
            }
        )
    for role, listed in by_role.items():
        yield from ask(complaint, event, NoticeKind.REMEDY_OWED, (role,), remedies=listed)


def reassigned(complaint: Complaint, event: ev.RemedyReassigned) -> Iterator[Notice]:
    """Word to whoever sees to it now."""
    yield from owed(complaint, event, (_the(complaint, event),))


def warned(complaint: Complaint, event: ev.RemedyWarned) -> Iterator[Notice]:
    """Staff hear that its date comes near."""
    yield from _ask(complaint, event, NoticeKind.REMEDY_DUE, _the(complaint, event).owner_role)


def missed(complaint: Complaint, event: ev.RemedyMissed) -> Iterator[Notice]:
    """An apology to the customer, and word to whoever has to see to it and to the manager."""
    why = why_not_done(complaint, _the(complaint, event))
    yield from tell(
        complaint, event, NoticeKind.REMEDY_MISSED, **_facts(complaint, event),
        missed_due=event.due.isoformat(), new_due=as_fact(event.new_due),
        again=_the(complaint, event).missed > 1, why=why, **in_welsh(complaint, why),
        reason_by=as_fact(reason_due(complaint)),
    )  # fmt: skip
    yield from overdue(complaint, event)


def overdue(complaint: Complaint, event: ev.RemedyMissed | ev.RemedyReminded) -> Iterator[Notice]:
    """Staff are asked again; what they were asked once already is not news."""
    remedy = _the(complaint, event)
    again = remedy.missed > 1 or isinstance(event, ev.RemedyReminded)
    why, until = why_not_done(complaint, remedy), reason_due(complaint)
    yield from _ask(
        complaint, event, NoticeKind.REMEDY_OVERDUE, remedy.owner_role, Role.MANAGER,
        missed_due=event.due.isoformat(), next_reminder=event.remind_on.isoformat(),
        again=again, reason_by=None if why else as_fact(until),
    )  # fmt: skip


def _the(complaint: Complaint, event: Any) -> Remedy:
    remedy: Remedy = complaint.remedies[event.remedy - 1]
    return remedy


def _ask(
    complaint: Complaint, event: Any, kind: NoticeKind, *roles: Role | None, **facts: Any
) -> Iterator[Notice]:
    """The same for staff, with the day by which something has to be done and how it was counted."""
    remedy = _the(complaint, event)
    count, day = count_of(remedy, complaint.rules), remedy.waits_for
    owner = remedy.owner.name if remedy.owner else None
    given = _facts(complaint, event) | {"due": as_fact(day), "handler": owner, "direct": None}
    given["proof"] = count_facts(count) if count and day == count.due_day else None
    yield from ask(complaint, event, kind, roles, **given, **facts)


def _facts(complaint: Complaint, event: Any) -> dict[str, Any]:
    """What a notice about a remedy is given, in place of what happens next on the complaint."""
    remedy = _the(complaint, event)
    # Whoever has the complaint goes on being there for the customer, with their direct line.
    with_them = {} if complaint.handler else {"handler": remedy.owner and remedy.owner.name}
    return {
        **with_them,
        "stage_title": complaint.rules.stage(remedy.stage).title,
        "next_step": _next_step(remedy),
        # The layout of letters names this as the day of the full answer, which is given already.
        "due": None,
        "proof": None,
        "window": None,
        "remedy": remedy.text,
        **({"remedy_cy": remedy.text_cy} if remedy.text_cy else {}),
        "remedy_kind": str(remedy.kind),
        "remedy_number": remedy.number,
        "remedy_due": as_fact(remedy.waits_for),
    }


def _next_step(remedy: Remedy) -> dict[str, str]:
    if not remedy.open:
        return {"kind": "remedy-settled"}
    on = {"on": remedy.waits_for.isoformat()} if remedy.waits_for else {}
    return {"kind": "remedy-answer" if remedy.awaits_answer else "remedy-owed"} | on


postponed = with_fields(NoticeKind.REMEDY_POSTPONED, "old_due", "new_due", "reason", facts=_facts)
"""The customer hears why and until when."""


def _answer(kind: NoticeKind, *said: str) -> React:
    """A reaction: the customer hears what becomes of it, and whoever recommended it."""
    told = with_fields(kind, *said, facts=_facts)

    def reaction(complaint: Complaint, event: Any) -> Iterator[Notice]:
        yield from told(complaint, event)
        remedy = _the(complaint, event)
        role = complaint.rules.stage(remedy.stage).role if remedy.recommended else None
        yield from _ask(
            complaint, event, NoticeKind.REMEDY_ANSWERED, role, answer=str(remedy.state),
            said=remedy.reason or "",
        )  # fmt: skip

    return reaction


accepted = _answer(NoticeKind.REMEDY_ACCEPTED)
done = _answer(NoticeKind.REMEDY_DONE, "how")
refused = _answer(NoticeKind.REMEDY_REFUSED, "reason")
