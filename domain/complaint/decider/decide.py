"""What follows from a command: the events that it makes, or a refusal.

Owns `decide`. The checks on the person are in `permissions`, on what a command says in `pleas`,
on the ladder in `ladder`; what time alone brings is in `timekeeping`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from domain.calendar.counting import BeyondCalendar
from domain.complaint import commands as cmd
from domain.complaint import events as ev
from domain.complaint.decider import pleas
from domain.complaint.decider.access import check
from domain.complaint.decider.evolve import Step, evolve
from domain.complaint.decider.timers import fallen_due
from domain.complaint.feature import Decide, Follows, stamp
from domain.complaint.features.registry import MATTERS
from domain.complaint.features.remedies.remedy_promise import commitments_of, texts_of
from domain.complaint.policies import ladder
from domain.complaint.policies.eligibility import check_handler, check_impartial
from domain.complaint.policies.rescheduling import limited_anew, moved
from domain.complaint.policies.windows import ends_at
from domain.complaint.state import Complaint
from domain.errors import CalendarTooShort, InvalidCommand, WindowClosed, WrongState
from domain.vocabulary import ClosedHow

TOLERANCE = timedelta(minutes=5)
"""How far a sender's clock may run ahead of ours."""


def decide(complaint: Complaint, command: cmd.AnyCommand, now: datetime) -> tuple[Any, ...]:
    """The events that follow from the command at that instant (UTC), numbered from the next.

    What had fallen due by then comes first, so that nothing is met after its time. A command
    that was done before gives no events; its id for another verb or by somebody else is refused.
    Raises the `Refused` that applies; then nothing changes.
    """
    return tuple(step.event for step in take(complaint, command, now))


def take(complaint: Complaint, command: cmd.AnyCommand, now: datetime) -> tuple[Step, ...]:
    """The same as `decide`, each event with the complaint after it."""
    if isinstance(command, cmd.Command) and complaint.done(command):
        return ()
    try:
        if isinstance(command, cmd.Open):
            return ladder.open_complaint(complaint, command, now, latest=now + TOLERANCE)
        steps = list(fallen_due(complaint, now))
        if isinstance(command, cmd.Tick):
            return tuple(steps)
        current = steps[-1].complaint if steps else complaint
        if isinstance(command, cmd.Command):
            _check(current, command, now)
        for event in _DECISIONS[type(command)](current, command, now):
            current = evolve(current, event)
            steps.append(Step(event, current))
        for follows in _FOLLOWS.get(type(command), ()):
            for event in follows.decide(current, command, now):
                current = evolve(current, event)
                steps.append(Step(event, current))
        if current.closed:  # what its end brings comes with it
            steps += fallen_due(current, now)
        ends_at(current)
    except BeyondCalendar as error:
        raise CalendarTooShort(str(error), error.reach) from None
    return tuple(steps)


def _check(complaint: Complaint, command: cmd.Command, now: datetime) -> None:
    closed = complaint.closed
    if closed and closed.how is ClosedHow.WINDOW_CLOSED and isinstance(command, cmd.Escalate):
        raise WindowClosed(
            f"The time to take {complaint.reference} further ended on {closed.window_closed}.",
            "A manager can reopen it, where the charter gives time for that.",
        )
    check(complaint, command)
    pleas.check_instants(complaint, command, now + TOLERANCE)


def _allocate(complaint: Complaint, command: cmd.Allocate, now: datetime) -> tuple[Any, ...]:
    check_impartial(complaint, command.handler)
    pleas.check_unallocated(complaint)
    return (ev.Allocated(**stamp(complaint, command, now), handler=command.handler),)


def _introduce(complaint: Complaint, command: cmd.Introduce, now: datetime) -> tuple[Any, ...]:
    check_handler(complaint, command.actor)
    return (ev.Introduced(**stamp(complaint, command, now)),)


def _acknowledge(complaint: Complaint, command: cmd.Acknowledge, now: datetime) -> tuple[Any, ...]:
    stamped = stamp(complaint, command, now)
    if command.contact is not None:
        pleas.waiting_contact(complaint, command.contact, answered=False)
        return (ev.ContactAcknowledged(**stamped, contact=command.contact),)
    if complaint.acknowledged:
        raise WrongState(
            f"Complaint {complaint.reference} was acknowledged at this stage already.",
            "To acknowledge a later contact, name its number as `contact`.",
        )
    return (ev.Acknowledged(**stamped),)


def _update(complaint: Complaint, command: cmd.Update, now: datetime) -> tuple[Any, ...]:
    if not command.message:
        raise InvalidCommand("message: it is empty.", "Say where things stand.")
    return (ev.Updated(**stamp(complaint, command, now), message=command.message),)


def _extend(complaint: Complaint, command: cmd.Extend, now: datetime) -> tuple[Any, ...]:
    clock, old_due = pleas.extendable(complaint, command)
    return (
        ev.Extended(
            **stamp(complaint, command, now), clock=clock.id, old_due=old_due,
            new_due=command.new_due, reason=command.reason,
        ),
    )  # fmt: skip


def _pause(complaint: Complaint, command: cmd.Pause, now: datetime) -> tuple[Any, ...]:
    pleas.check_pause(complaint, command, now)
    stamped = stamp(complaint, command, now)
    return (
        ev.Paused(
            **stamped, reason=command.reason, review_on=command.review_on,
            third_party=command.third_party,
        ),
    )  # fmt: skip


def _resume(complaint: Complaint, command: cmd.Resume, now: datetime) -> tuple[Any, ...]:
    return (ev.Resumed(**stamp(complaint, command, now)),)


def _record_contact(
    complaint: Complaint, command: cmd.RecordContact, now: datetime
) -> tuple[Any, ...]:
    return (
        ev.ContactReceived(
            **stamp(complaint, command, now), contact=len(complaint.contacts) + 1,
            channel=command.channel, from_whom=command.from_whom, summary=command.summary,
            received_at=command.received_at, contact_kind=command.contact_kind,
            limited=pleas.is_limited(complaint, command),
        ),
    )  # fmt: skip


def _answer_contact(
    complaint: Complaint, command: cmd.AnswerContact, now: datetime
) -> tuple[Any, ...]:
    pleas.waiting_contact(complaint, command.contact, answered=True)
    stamped = stamp(complaint, command, now)
    return (ev.ContactAnswered(**stamped, contact=command.contact, summary=command.summary),)


def _escalate(complaint: Complaint, command: cmd.Escalate, now: datetime) -> tuple[Any, ...]:
    ladder.check_step(complaint, command.to)
    return (
        ev.Escalated(
            **stamp(complaint, command, now), from_stage=complaint.stage, to=command.to,
            grounds=command.grounds,
        ),
    )  # fmt: skip


def _reassign(complaint: Complaint, command: cmd.Reassign, now: datetime) -> tuple[Any, ...]:
    check_impartial(complaint, command.handler)
    if complaint.handler and complaint.handler.identity == command.handler.identity:
        raise InvalidCommand(
            f"handler.id: {command.handler.id} has the complaint already.", "Name somebody else."
        )
    return (
        ev.Reassigned(
            **stamp(complaint, command, now), handler=command.handler,
            from_handler=complaint.handler, reason=command.reason,
        ),
    )  # fmt: skip


def _reply(complaint: Complaint, command: cmd.Reply, now: datetime) -> tuple[Any, ...]:
    outcome, rules = pleas.outcome_of(complaint, command), complaint.rules
    commitments = commitments_of(
        command.remedies, rules, rules.stage(complaint.stage), complaint.kept_away, now,
        after=complaint.remedies,
    )  # fmt: skip
    replied = ev.Replied(
        **stamp(complaint, command, now), stage=complaint.stage, findings=command.findings,
        outcome=outcome, remedies=texts_of(command.remedies), commitments=commitments,
    )  # fmt: skip
    if rules.next_stage(complaint.stage) or rules.after_last_reply:
        return (replied,)
    ended = ev.Closed(
        number=replied.number + 1, at=now, how=ClosedHow.PROCEDURE_ENDED,
        reason="The last stage of the procedure has replied.",
    )  # fmt: skip
    return (replied, ended)


def _accept(complaint: Complaint, command: cmd.Accept, now: datetime) -> tuple[Any, ...]:
    return _closed(complaint, command, now, ClosedHow.ACCEPTED, "The reply was accepted.")


def _withdraw(complaint: Complaint, command: cmd.Withdraw, now: datetime) -> tuple[Any, ...]:
    return _closed(complaint, command, now, ClosedHow.WITHDRAWN, command.reason)


def _close(complaint: Complaint, command: cmd.Close, now: datetime) -> tuple[Any, ...]:
    return _closed(complaint, command, now, ClosedHow.BY_STAFF, command.reason)


def _closed(
    complaint: Complaint, command: cmd.Command, now: datetime, how: ClosedHow, reason: str
) -> tuple[Any, ...]:
    if not reason:
        raise InvalidCommand("reason: it is empty.", "Say why; it goes on record.")
    return (ev.Closed(**stamp(complaint, command, now), how=how, reason=reason),)


def _reopen(complaint: Complaint, command: cmd.Reopen, now: datetime) -> tuple[Any, ...]:
    ladder.check_reopening(complaint, command, now)
    if not command.reason:
        raise InvalidCommand("reason: it is empty.", "Say why; it goes on record.")
    return (ev.Reopened(**stamp(complaint, command, now), reason=command.reason),)


def _pass_to_decision(
    complaint: Complaint, command: cmd.PassToDecision, now: datetime
) -> tuple[Any, ...]:
    return (ev.PassedToDecision(**stamp(complaint, command, now)),)


def _conclude_case(
    complaint: Complaint, command: cmd.ConcludeCase, now: datetime
) -> tuple[Any, ...]:
    return (ev.CaseConcluded(**stamp(complaint, command, now), answered_at=command.answered_at),)


def _refresh(complaint: Complaint, command: cmd.Refresh, now: datetime) -> tuple[Any, ...]:
    rules, changed = complaint.rules, pleas.refreshed(complaint, command)
    dates = moved(complaint.clocks, rules, limited_anew(complaint, changed), changed, now)
    stamped, digest = stamp(complaint, command, now), changed.digest
    return (ev.CharterRefreshed(**stamped, digest=digest, pinned=command.pinned, moved=dates),)


def _report_undeliverable(
    complaint: Complaint, command: cmd.ReportUndeliverable, now: datetime
) -> tuple[Any, ...]:
    number = complaint.events + 1
    return (
        ev.NoticeUndeliverable(number=number, at=now, notice=command.notice, reason=command.reason),
    )


def _report_refusal(
    complaint: Complaint, command: cmd.ReportRefusal, now: datetime
) -> tuple[Any, ...]:
    if (command.command_id, command.refused_verb, command.refusal) in complaint.refused:
        return ()
    return (
        ev.CommandRefused(
            number=complaint.events + 1, at=now, command_id=command.command_id or None,
            verb=command.refused_verb, refusal=command.refusal, message=command.message,
        ),
    )  # fmt: skip


_DECISIONS: dict[type, Decide] = {
    cmd.Allocate: _allocate,
    cmd.Introduce: _introduce,
    cmd.Acknowledge: _acknowledge,
    cmd.Update: _update,
    cmd.Extend: _extend,
    cmd.Pause: _pause,
    cmd.Resume: _resume,
    cmd.RecordContact: _record_contact,
    cmd.AnswerContact: _answer_contact,
    cmd.Escalate: _escalate,
    cmd.Reassign: _reassign,
    cmd.Reply: _reply,
    cmd.Accept: _accept,
    cmd.Withdraw: _withdraw,
    cmd.Reopen: _reopen,
    cmd.Close: _close,
    cmd.PassToDecision: _pass_to_decision,
    cmd.ConcludeCase: _conclude_case,
    cmd.Refresh: _refresh,
    cmd.ReportUndeliverable: _report_undeliverable,
    cmd.ReportRefusal: _report_refusal,
    **{verb: asked.decide for matter in MATTERS for verb, asked in matter.verbs.items()},
}

_FOLLOWS: dict[type, tuple[Follows, ...]] = {
    verb: tuple(matter.follows[verb] for matter in MATTERS if verb in matter.follows)
    for verb in _DECISIONS
}
