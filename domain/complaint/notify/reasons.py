"""Why a date was missed: which misses nobody has explained yet, and by when the reason is owed.

Owns the look-ups. The promise to say why is the charter's, with a clock like any other; the verb is in
`features.handling.reasons`. Source: `000_2dfa29253c41a6cc.txt` (why, and when the full answer comes).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from domain.charter.rules import PromiseRule
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import due_of
from domain.clocks.transitions import renew
from domain.complaint.state import Complaint
from domain.complaint.values import Remedy
from domain.vocabulary import Trigger

_LATE = (ClockState.MISSED, ClockState.PASSED)


def is_a_reason(rule: PromiseRule) -> bool:
    """Whether it is the promise to say why a date was missed."""
    return Trigger.REASON_GIVEN in rule.meets


def outlives(complaint: Complaint, clock: Clock, ended_at: datetime | None = None) -> bool:
    """Whether the clock runs on after the end: a letter said by when the reason comes, and nobody takes that back.

    A miss after the end (UTC), which was put on record later, was none; and neither is the reason for it owed.
    """
    rule = complaint.rules.promises.get(clock.promise)
    if rule is None or not is_a_reason(rule):
        return False
    return ended_at is None or _first(complaint, clock).noted_at <= ended_at


def _first(complaint: Complaint, clock: Clock) -> Clock:
    """The clock whose date this one gives anew; itself, where it is no new date."""
    first = clock
    for each in complaint.clocks:
        if each.subject == clock.subject and not each.renewal:
            first = each
        if each.id == clock.id:
            break
    return first


def is_last_date(complaint: Complaint, clock: Clock) -> bool:
    """Whether the customer is given no date for the reason after this one: the complaint is closed, and they had one since.

    It would be missed again, for ever. Staff are asked until the reason is given.
    """
    closed = complaint.closed
    return clock.untold or bool(closed and clock.renewal and clock.noted_at >= closed.at)


def why_missed(complaint: Complaint, clock: Clock) -> str | None:
    """The reason that somebody gave before the clock ran out, for its apology to say; or none."""
    reason = complaint.reason
    return reason.text if reason and clock.id in reason.ahead else None


def why_not_done(complaint: Complaint, remedy: Remedy) -> str | None:
    """The reason that somebody gave before the last date of a remedy passed, for its apology; or none."""
    reason = complaint.reason
    return reason.text if reason and missed_remedy(remedy) in reason.ahead else None


def missed_remedy(remedy: Remedy, further: int = 0) -> str:
    """Names the last date of a remedy that passed or, with `further`, one that has not yet."""
    return f"remedy {remedy.number}#{remedy.missed + further}"


def in_welsh(complaint: Complaint, why: str | None) -> dict[str, str]:
    """A reason that was given before as a fact in Welsh, where that was given too."""
    said = complaint.reason.text_cy if complaint.reason and why else ""
    return {"why_cy": said} if said else {}


def reason_due(complaint: Complaint) -> date | None:
    """The local day ahead by which the customer hears the reason, where that is owed and a letter may say so."""
    for clock in _reasons(complaint):
        if clock.untold:
            continue
        due = due_of(clock, complaint.rules)
        if clock.running and due.lies_ahead(complaint.at):
            return due.day
    return None


def reason_again(complaint: Complaint, lost: Clock, number: int, at: datetime) -> Iterator[Clock]:
    """The new date of a reason that is late as well, for the apology for another date (`lost`, by event `number`)."""
    reasons = _reasons(complaint)
    if not reasons or why_missed(complaint, lost):
        return
    if lost.promise != reasons[-1].promise:
        yield from reason_after_outage(complaint, number, at)


def reason_after_outage(complaint: Complaint, number: int, at: datetime) -> Iterator[Clock]:
    """The new date of a reason that ran out in the same outage as what is apologised for: it is told next."""
    for last in _reasons(complaint)[-1:]:
        due = due_of(last, complaint.rules)
        if last.running and not last.untold and not due.beyond and due.at <= at:
            given = dates_given(complaint, last)
            yield renew(last, complaint.rules, number=number, noted_at=at, given=given)


def dated_already(complaint: Complaint, clock: Clock, now: datetime) -> Clock | None:
    """The clock of a reason that has a date ahead beside this one, which then needs no new date of its own.

    An apology of the same instant has named it (`reason_again`) or, where staff alone are asked, another does.
    """
    rules = complaint.rules
    if not is_a_reason(rules.promises[clock.promise]):
        return None
    for each in complaint.clocks:
        if each.promise != clock.promise or each is clock or not each.running:
            continue
        told = is_last_date(complaint, clock) or not each.untold
        if told and due_of(each, rules).lies_ahead(now):
            return each
    return None


def _reasons(complaint: Complaint) -> list[Clock]:
    promises = complaint.rules.promises
    return [
        clock
        for clock in complaint.clocks
        if clock.promise in promises and is_a_reason(promises[clock.promise])
    ]


def dates_given(complaint: Complaint, clock: Clock) -> int:
    """How many new dates were given for what this clock promises, one after the other."""
    given = 0
    for each in complaint.clocks:
        if each.subject == clock.subject:
            given = given + 1 if each.renewal else 0
    return given


def unexplained(complaint: Complaint) -> tuple[str, ...]:
    """The clocks, by id, and the remedies that were missed and of which the customer has not heard why."""
    missed = [
        (clock.id, clock.ended_at, int(clock.id.rpartition("#")[2]))
        for clock in complaint.clocks
        if clock.state in _LATE and _needs_a_reason(complaint, clock)
    ]
    missed += [(missed_remedy(each), each.missed_at, 0) for each in complaint.remedies]
    reason = complaint.reason
    if reason is None:
        return tuple(name for name, at, _ in missed if at)
    # What was entered after the reason may have been missed before it.
    return tuple(
        name
        for name, at, number in missed
        if at and (at > reason.at or number > reason.number) and name not in reason.ahead
    )


def in_danger(complaint: Complaint) -> tuple[str, ...]:
    """The same that staff were warned of, and that nobody has kept or done yet."""
    running = (clock for clock in complaint.clocks if clock.running and clock.warned)
    clocks = (clock.id for clock in running if _needs_a_reason(complaint, clock))
    owed = (each for each in complaint.remedies_owed if each.warned and each.waits_for)
    return (*clocks, *(missed_remedy(each, 1) for each in owed))


def _needs_a_reason(complaint: Complaint, clock: Clock) -> bool:
    rule = complaint.rules_of(clock).promises.get(clock.promise)
    return rule is not None and not is_a_reason(rule) and (rule.binding or rule.estimate)
