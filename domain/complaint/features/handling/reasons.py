"""Reasons: the customer hears why a date was missed.

Owns `give_reason`. When the reason is owed is the charter's to say; what is owed is in `notify.reasons`.
Sources: `000_2dfa29253c41a6cc.txt` (why, and when the full answer comes), `003_0c0e7b8081a12964.txt` and
`004_223f6b270ec16c9f.txt` (told if it takes longer, and why).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.charter.rules import Rules
from domain.clocks.clock import Clock
from domain.clocks.due import due_of
from domain.complaint import values
from domain.complaint.commands import IN_WELSH, Command, Reason, check_reason
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.notify.compose import as_fact, tell
from domain.complaint.notify.reasons import in_danger, missed_remedy, unexplained
from domain.complaint.state import Complaint
from domain.errors import WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import ANY, CASEWORK, Role, Trigger


class GiveReason(Command):
    """Tell the customer why a date was missed, or have it ready for the apology if one will be."""

    verb = "give_reason"
    reason: Reason = Field(description="Why; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)


@value(frozen=True, slots=True, kw_only=True)
class ReasonGiven(Happened):
    """Why dates were missed; `missed` and `ahead` name the clocks and remedies that were and that may be."""

    kind: Literal["reason-given"] = "reason-given"
    reason: str
    missed: tuple[str, ...]
    ahead: tuple[str, ...] = ()


def _give(complaint: Complaint, command: GiveReason, now: datetime) -> tuple[Any, ...]:
    check_reason(command.reason)
    missed, ahead = unexplained(complaint), in_danger(complaint)
    if not missed and not ahead:
        raise WrongState(
            f"On {complaint.reference} no date was missed that nobody has explained, and none is near.",
            "To move a date that lies ahead, with the reason: extend. To say where things stand: update.",
        )
    return made(ReasonGiven, complaint, command, now, missed=missed, ahead=ahead)


def _fold(_: Complaint, event: ReasonGiven) -> dict[str, Any]:
    said = event.said_in_welsh("reason") or ""
    ahead = frozenset(event.ahead)
    return {"reason": values.Reason(event.at, event.reason, ahead, said, event.number)}


def _react(complaint: Complaint, event: ReasonGiven) -> Iterator[Notice]:
    """The first date that was missed of each promise and remedy, and why; nothing while none was."""
    first: dict[Any, Clock] = {}
    for clock in complaint.clocks:
        if clock.id in event.missed and not due_of(clock, complaint.rules_of(clock)).beyond:
            first.setdefault(clock.subject, clock)
    missed = [_missed(complaint.rules_of(clock), clock) for clock in first.values()]
    late = [each for each in complaint.remedies if missed_remedy(each) in event.missed]
    if missed or late:
        yield from tell(
            complaint, event, NoticeKind.REASON_GIVEN, missed=missed, reason=event.reason,
            not_done=[_not_done(each, each.text) for each in late],
            **({"not_done_cy": [_not_done(each, each.text_cy) for each in late]}
               if late and all(each.text_cy for each in late) else {}),
        )  # fmt: skip


def _missed(rules: Rules, clock: Clock) -> dict[str, Any]:
    rule = rules.promises[clock.promise]
    return {
        "promise_text": rule.promise.text,
        "estimate": rule.estimate,
        "again": clock.renewal,
        "due": due_of(clock, rules).day.isoformat(),
    }


def _not_done(remedy: values.Remedy, text: str) -> dict[str, Any]:
    return {"text": text, "due": as_fact(remedy.missed_on), "answer": remedy.awaits_answer}


def _triggered(_: Complaint, event: ReasonGiven) -> tuple[Trigger, ...]:
    return (Trigger.REASON_GIVEN,) if event.missed else ()


def _line(event: ReasonGiven) -> str:
    if event.missed:
        return f"The customer was told why a date was missed: {event.reason}"
    return f"Why a date may be missed, for the apology if it is: {event.reason}"


FEATURE = Feature(
    commands={
        GiveReason: CommandSpec((*CASEWORK, Role.MANAGER), ANY, (ReasonGiven,), _give),
    },
    events={
        ReasonGiven: EventSpec(
            _line, _fold, _react, owed=(NoticeKind.REASON_GIVEN,),
            triggers=(Trigger.REASON_GIVEN,), triggered=_triggered,
        ),
    },
)  # fmt: skip
