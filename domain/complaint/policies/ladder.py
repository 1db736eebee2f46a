"""The ladder: where a complaint may be opened, and where it may go from its present stage.

Source of the steps: `003_0c0e7b8081a12964.txt`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.calendar.counting import in_words
from domain.charter.rules import Rules
from domain.charter.tables import Stage
from domain.complaint import commands as cmd
from domain.complaint import events as ev
from domain.complaint.decider.evolve import Step, evolve
from domain.complaint.decider.timers import fallen_due
from domain.complaint.features.registry import MATTERS
from domain.complaint.policies.applicability import exemptions
from domain.complaint.policies.service_times import check_service
from domain.complaint.policies.windows import late_since, reopens_until
from domain.complaint.state import Complaint
from domain.errors import (
    ComplaintClosed,
    InvalidCommand,
    WrongRole,
    WrongStage,
)
from domain.vocabulary import TOO_LATE, ClosedHow, Role, State


def open_complaint(
    complaint: Complaint, command: cmd.Open, now: datetime, *, latest: datetime
) -> tuple[Step, ...]:
    """The first events: received, signposted, closed at once where it does not belong here.

    Its clocks start at the receipt as it was given, also where the sender's clock runs ahead.
    Raises `InvalidCommand` for a receipt after `latest`, or so long ago that its calendar does not
    reach today, `WrongStage` for a stage that does not open complaints, `BeyondCalendar` for a
    receipt outside the calendar.
    """
    opening, rules = command.opening, complaint.rules
    if opening.received_at > latest:
        raise InvalidCommand(
            f"received_at: {opening.received_at.isoformat()} lies in the future.",
            f"It may be at most {latest.isoformat()}.",
        )
    if rules.calendar.last_day < now.date():
        raise InvalidCommand(
            f"received_at: {opening.received_at.isoformat()} lies too far back.",
            f"It may not be before {now.year - 2}.",
        )
    answered = opening.answered_at
    if answered and answered > latest:
        raise InvalidCommand(
            f"subject_case.answered_at: {answered.isoformat()} lies in the future.",
            f"It may be at most {latest.isoformat()}.",
        )
    check_service(rules, opening.service)
    stage = opening_stage(rules, opening.stage)
    opened = ev.Opened(
        number=1, at=now, opening=opening, stage=stage.id, digest=command.digest,
        exempted=exemptions(rules, opening.representative),
    )  # fmt: skip
    steps = [Step(opened, evolve(complaint, opened))]

    def follow(event: Any) -> None:
        steps.append(Step(event, evolve(steps[-1].complaint, event)))

    elsewhere = {term.topic for term in rules.charter.scope}
    pointed = tuple(topic for topic in opening.about if topic in elsewhere)
    if pointed:
        follow(ev.Signposted(number=2, at=now, topics=pointed))
    current = steps[-1].complaint
    late, number = late_since(current), current.events + 1
    if len(pointed) == len(opening.about):
        reason = "It is dealt with elsewhere."
        follow(ev.Closed(number=number, at=now, how=ClosedHow.OUT_OF_SCOPE, reason=reason))
    elif late:
        reason = f"The time to complain about it ended on {in_words(late)}."
        how = ClosedHow.OUT_OF_TIME
        follow(ev.Closed(number=number, at=now, how=how, reason=reason, window_closed=late))
    for matter in MATTERS:
        for event in matter.at_opening(steps[-1].complaint, now) if matter.at_opening else ():
            follow(event)
    return (*steps, *fallen_due(steps[-1].complaint, now))


def opening_stage(rules: Rules, asked: str | None) -> Stage:
    """The stage at which a complaint opens: the first, or the one asked for if it opens any."""
    openers = [stage for at, stage in enumerate(rules.ladder) if at == 0 or stage.opens]
    for stage in openers:
        if asked is None or stage.id == asked:
            return stage
    raise WrongStage(
        f"{rules.charter.id} does not open complaints at stage {asked!r}.",
        f"Stages that do: {', '.join(stage.id for stage in openers)}.",
    )


def check_reopening(complaint: Complaint, command: cmd.Reopen, now: datetime) -> None:
    """Raise `ComplaintClosed` or `WrongRole` if what is closed may not be reopened (by them).

    Source: `003_0c0e7b8081a12964.txt`: whether to look at what comes too late is for a manager.
    """
    if complaint.closed is None:
        return
    until = reopens_until(complaint)
    if until is None or now >= until:
        raise ComplaintClosed(
            f"Complaint {complaint.reference} is closed for good.",
            f"It could be reopened until {until.isoformat()}."
            if until
            else "Open a new complaint.",
        )
    if complaint.closed.how in TOO_LATE and command.actor.role is not Role.MANAGER:
        raise WrongRole(
            f"{complaint.reference} came too late; whether to look at it all the same is for a manager.",
            f"Roles that may: {Role.MANAGER}.",
        )


def check_step(complaint: Complaint, to: str) -> None:
    """Raise `WrongStage` or `WindowClosed` if the complaint may not go to that stage now."""
    rules = complaint.rules
    target, following = rules.stage(to), rules.next_stage(complaint.stage)
    if target.external:
        sign = target.signpost
        gate = f" {sign.gate}" if sign and sign.gate else ""
        raise WrongStage(
            f"{target.title} is outside this procedure.{gate}",
            "The customer turns there themselves once the procedure has ended.",
        )
    if following is None or target.id != following.id:
        allowed = f"The next stage is {following.id}." if following else "It is at the last stage."
        raise WrongStage(
            f"{complaint.reference} is at {complaint.stage}, not one before {to}.", allowed
        )
    if complaint.state is not State.REPLIED and not target.entry.before_reply:
        raise WrongStage(
            f"{target.title} looks at a complaint once {rules.stage(complaint.stage).title} has replied.",
            "The window opens with the reply.",
        )
