"""The read model: how a complaint, its clocks and its remedies stand, as flat rows.

Owns how the rows (`standings`) are derived from a complaint.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from domain.calendar.pinned import BeyondCalendar
from domain.charter.rules import Rules
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import budget_of, due_of
from domain.clocks.proof import proof_of
from domain.complaint.state import Complaint, once
from domain.complaint.values import Remedy
from domain.complaint.views.standings import ClockStanding, RemedyStanding, Standing


@once
def standing_of(complaint: Complaint) -> Standing:
    """How the complaint stands after its last event."""
    opening, rules, closed = complaint.opened, complaint.rules, complaint.closed
    return Standing(
        reference=complaint.reference,
        charter=rules.charter.id,
        charter_version=rules.charter.version,
        digest=rules.digest,
        channel=str(opening.channel),
        correspondent=str(complaint.correspondent),
        stage=complaint.stage,
        state=str(complaint.state),
        handler_id=complaint.handler.id if complaint.handler else None,
        handler_name=complaint.handler.name if complaint.handler else None,
        received_at=opening.received_at,
        next_due=next_due(complaint),
        missed=complaint.missed,
        outcome=str(complaint.reply.outcome) if complaint.reply else None,
        closed_at=closed.at if closed else None,
        closed_how=str(closed.how) if closed else None,
        events=complaint.events,
        remedies_owed=len(complaint.remedies_owed),
        feedback=complaint.feedback,
        linked=complaint.linked,
    )


@once
def next_due(complaint: Complaint) -> datetime | None:
    """The earliest instant (UTC) at which a running clock runs out or a remedy is owed, or none."""
    dues = [dated(clock, complaint.rules)[1] for clock in complaint.clocks if clock.ticking]
    dues += [_end_of(each.waits_for, complaint.rules) for each in complaint.remedies_owed]
    return min((due for due in dues if due), default=None)


def _end_of(day: date | None, rules: Rules) -> datetime | None:
    """When the day's business ends; none without a day, or beyond the calendar."""
    if day:
        with suppress(BeyondCalendar):
            return rules.calendar.close_of_business(day)
    return None


def remedy_standing(complaint: Complaint, remedy: Remedy) -> RemedyStanding:
    """How one remedy stands."""
    return RemedyStanding(
        reference=complaint.reference,
        number=remedy.number,
        charter=complaint.rules.charter.id,
        stage=remedy.stage,
        kind=str(remedy.kind),
        text=remedy.text,
        owner_id=remedy.owner.id if remedy.owner else None,
        owner_name=remedy.owner.name if remedy.owner else None,
        owner_role=str(remedy.owner_role),
        due_on=remedy.due,
        waits_for=remedy.waits_for,
        next_due=_end_of(remedy.waits_for, complaint.rules),
        state=str(remedy.state),
        promised_at=remedy.promised_at,
        ended_at=remedy.settled_at,
        reason=remedy.reason,
        missed=remedy.missed,
        reminders=remedy.reminders,
    )


def changed_remedies(before: Complaint, after: Complaint) -> tuple[RemedyStanding, ...]:
    """The remedies that were promised, moved or settled between two standings of a complaint."""
    if before.remedies is after.remedies and before.rules is after.rules:
        return ()
    known = set(before.remedies)
    return tuple(remedy_standing(after, remedy) for remedy in after.remedies if remedy not in known)


def clock_standing(clock: Clock, rules: Rules) -> ClockStanding:
    """How one clock stands, with the proof of its due date."""
    due_on, at = dated(clock, rules)
    budget = str(budget_of(clock, rules)) if clock.promise in rules.promises else ""
    return ClockStanding(
        id=clock.id,
        promise=clock.promise.split("/")[0],
        part=clock.promise.split("/")[1] if "/" in clock.promise else None,
        stage=clock.stage,
        contact=clock.contact,
        state=str(clock.state),
        budget=budget,
        started_at=clock.started_at,
        due_on=due_on,
        due_at=at,
        ended_at=clock.ended_at,
        fulfilled_late_at=clock.fulfilled_late_at,
        extensions=len(clock.superseded),
        renewal=clock.renewal,
        superseded=tuple(sorted(clock.superseded + clock.moved)),
        proof=proof_of(clock, rules).sentence,
        days_taken=days_taken(clock, rules),
    )


def changed_clocks(before: Complaint, after: Complaint) -> tuple[ClockStanding, ...]:
    """The clocks that were started, moved or ended between two standings of a complaint."""
    old = set(before.clocks)
    refreshed = before.rules is not after.rules
    return tuple(
        clock_standing(clock, after.rules_of(clock))
        for clock in after.clocks
        if clock not in old
        or (
            refreshed
            and clock.live
            and clock_standing(clock, before.rules) != clock_standing(clock, after.rules)
        )
    )


def dated(clock: Clock, rules: Rules) -> tuple[date | None, datetime | None]:
    """The local day and the instant (UTC) at which it runs out; none while paused or beyond the calendar."""
    if clock.live and not clock.ticking:
        return None, None
    due = due_of(clock, rules)
    return (None, None) if due.beyond else (due.day, due.at)


def days_taken(clock: Clock, rules: Rules) -> int | None:
    """Working days from day 0 until what was promised came; none if it has not, or is not known."""
    came = clock.ended_at if clock.state is ClockState.MET else clock.fulfilled_late_at
    if came is None:
        return None
    calendar = rules.calendar
    try:
        # The receipt rule may put day 0 after the day on which it came.
        return max(0, calendar.working_days_between(clock.day_zero, calendar.local_day(came)))
    except BeyondCalendar:
        return None
