"""What a charter demands of extensions, pauses, replies, answers and refreshed charters.

Owns the checks on what a command says; who may say it is in `permissions`.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import NoReturn

from domain.calendar.counting import due_day
from domain.charter.rules import Rules, still_closed
from domain.charter.tables import ReplyPart
from domain.clocks import due as dues
from domain.clocks.clock import Clock
from domain.complaint import commands as cmd
from domain.complaint.notify.contact_limits import closed_channels
from domain.complaint.policies.charter_versions import check_successor, read_pinned
from domain.complaint.remembered import Contact
from domain.complaint.state import Complaint
from domain.errors import (
    ExtensionRefused,
    InvalidCommand,
    ReplyIncomplete,
    UnknownContact,
    WrongState,
)
from domain.vocabulary import FromWhom, Outcome, Trigger


def check_unallocated(complaint: Complaint) -> None:
    """Raise `WrongState` if somebody has the complaint, or it waits for nobody after its reply."""
    if complaint.handler:
        raise WrongState(
            f"{complaint.handler.name} has complaint {complaint.reference} already.",
            "To give it to somebody else, use reassign, with a reason.",
        )
    if complaint.reply and not complaint.handed_back:
        raise WrongState(
            f"Complaint {complaint.reference} is replied, and nobody has to take it up.",
            "If somebody is to have it all the same, use reassign, with a reason.",
        )


def extendable(complaint: Complaint, command: cmd.Extend) -> tuple[Clock, date]:
    """The clock that the command would extend, and its present due date.

    Raises `ExtensionRefused` without a reason, for a date that is not later, on a closed day,
    beyond the charter's limit, or when no clock may be extended (again).
    """
    if not command.reason:
        _refuse("An extension needs a reason: the customer is told why.", "Give a reason.")
    clock = _candidate(complaint, command)
    rules = complaint.rules
    rule = rules.promises[clock.promise]
    old_due = dues.due_day(clock, rules)
    if rule.promise.extension is None or rule.extension is None:
        _refuse(f"{rule.key} may not be extended.", _extendable_keys(complaint))
    if len(clock.superseded) >= rule.promise.extension.times:
        _refuse(
            f"{rule.key} was extended {len(clock.superseded)} time(s) already, which is the limit.",
            f"It stays due on {old_due}.",
        )
    furthest = due_day(rules.calendar, old_due, rule.extension)
    if clock.limit_day:
        furthest = min(furthest, clock.limit_day)
    allowed = f"A working day after {old_due} and not after {furthest}."
    if not old_due < command.new_due <= furthest:
        _refuse(f"new_due: {command.new_due} is not between the due date and the limit.", allowed)
    closed = rules.calendar.why_closed(command.new_due)
    if closed:
        _refuse(f"new_due: {command.new_due} is a closed day ({closed}).", allowed)
    return clock, old_due


def _candidate(complaint: Complaint, command: cmd.Extend) -> Clock:
    promises = complaint.rules.promises
    running = [clock for clock in complaint.clocks if clock.running and not clock.renewal]
    if command.promise:
        named = [c for c in running if command.promise in (c.promise, c.promise.split("/")[0])]
        named = [c for c in named if promises[c.promise].promise.extension] or named
    else:
        named = [
            clock
            for clock in running
            if promises[clock.promise].promise.extension
            and Trigger.REPLIED in promises[clock.promise].meets
        ]
    if not named:
        gone = "It ran out, was met, or never started: an extension has to come before expiry."
        what = command.promise or "the reply"
        _refuse(f"No clock of {what} is running. {gone}", _extendable_keys(complaint))
    return named[0]


def _extendable_keys(complaint: Complaint) -> str:
    promises = complaint.rules.promises
    running = [c.promise for c in complaint.clocks if c.running and not c.renewal]
    keys = [key for key in running if promises[key].extension]
    return f"Running and extendable: {', '.join(keys)}." if keys else "Nothing can be extended now."


def check_instants(complaint: Complaint, command: cmd.Command, latest: datetime) -> None:
    """Raise if something that is told is said to come later, or lies before the calendar.

    `InvalidCommand` for the future, `BeyondCalendar` for a day on which nothing can be counted.
    """
    for field in _instants_of(type(command)):
        at: datetime = getattr(command, field)
        if at > latest:
            raise InvalidCommand(
                f"{field}: {at.isoformat()} lies in the future.",
                f"It may be at most {latest.isoformat()}.",
            )
        complaint.rules.calendar.local_day(at)


@cache
def _instants_of(kind: type[cmd.Command]) -> tuple[str, ...]:
    told = ("received_at", "answered_at", "requested_at")
    return tuple(name for name in told if name in kind.model_fields)


def check_pause(complaint: Complaint, command: cmd.Pause, now: datetime) -> None:
    """Raise `InvalidCommand` without a reason or with a review date that is not ahead."""
    if not command.reason:
        raise InvalidCommand("reason: it is empty.", "Say what has to be checked, and with whom.")
    calendar = complaint.rules.calendar
    today = calendar.local_day(now)
    if command.review_on <= today:
        raise InvalidCommand(f"review_on: {command.review_on} is not ahead.", f"After {today}.")
    calendar.opening_time(command.review_on)


def outcome_of(complaint: Complaint, command: cmd.Reply) -> Outcome:
    """The outcome of a complete reply; raises `ReplyIncomplete` naming what the charter demands and the reply lacks.

    Source: `003_0c0e7b8081a12964.txt`: a reply sets out the findings and how to go further.
    """
    stage = complaint.rules.stage(complaint.stage)
    lacking = []
    if ReplyPart.FINDINGS in stage.reply and not command.findings:
        lacking.append("findings")
    if command.outcome is None:
        lacking.append("outcome")
    upheld = command.outcome in (Outcome.UPHELD, Outcome.PARTLY_UPHELD)
    if ReplyPart.REMEDIES in stage.reply and upheld and not command.remedies:
        lacking.append("remedies")
    if lacking or command.outcome is None:
        raise ReplyIncomplete(
            f"The reply of {stage.title} lacks: {', '.join(lacking)}.",
            f"Outcomes: {', '.join(Outcome)}.",
        )
    return command.outcome


def is_limited(complaint: Complaint, command: cmd.RecordContact) -> bool:
    """Whether the contact came by a channel that is closed to the customer at present."""
    limited = complaint.restriction
    if limited is None or command.from_whom is not FromWhom.CUSTOMER:
        return False
    return command.channel in closed_channels(limited.limits)


def waiting_contact(complaint: Complaint, number: int, *, answered: bool) -> Contact:
    """The contact of that number if it still waits to be acknowledged (or answered)."""
    for contact in complaint.contacts:
        if contact.number == number:
            if contact.answered if answered else contact.acknowledged:
                raise UnknownContact(
                    f"Contact {number} was dealt with already.", _waiting(complaint)
                )
            return contact
    raise UnknownContact(f"There is no contact {number}.", _waiting(complaint))


def _waiting(complaint: Complaint) -> str:
    numbers = [str(contact.number) for contact in complaint.contacts if not contact.answered]
    return f"Waiting: {', '.join(numbers)}." if numbers else "No contact is waiting."


def refreshed(complaint: Complaint, command: cmd.Refresh) -> Rules:
    """The newly pinned rules, if they are of the version that holds and the complaint can go on.

    Raises `InvalidCommand`. Days that were closed in an emergency stay closed.
    """
    rules = still_closed(read_pinned(command.pinned), complaint.closures)
    known, held = rules.charter.version, complaint.rules.charter.version
    if rules.charter.id == complaint.rules.charter.id and known != held:
        raise InvalidCommand(
            f"The workers know {rules.charter.id} {known}; the complaint runs under {held}.",
            "Use migrate to take it over to the new version.",
        )
    check_successor(complaint, rules)
    return rules


def _refuse(message: str, allowed: str) -> NoReturn:
    raise ExtensionRefused(message, allowed)
