"""What the shell reports by itself: a signal that was refused.

Owns the report, its event, and whom on the staff it makes a task for. What it reports of letters is in
`features.people.reaching`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from domain import value
from domain.complaint.events import Happened
from domain.complaint.feature import EventSpec, Feature, following
from domain.complaint.notify.compose import ask_reviewer
from domain.complaint.state import FULL_FOR_CUSTOMERS, Complaint
from domain.faults import TOLD, cut
from domain.notices import Notice, NoticeKind
from domain.wire import Wire


class ReportRefusal(Wire):
    """A signal was refused: made by the workflow, since its sender does not wait to be told."""

    verb: ClassVar[Literal["report_refusal"]] = "report_refusal"
    command_id: str
    refused_verb: str
    refusal: str
    message: Annotated[str, AfterValidator(lambda text: cut(text, TOLD))]


@value(frozen=True, slots=True, kw_only=True)
class CommandRefused(Happened):
    """A signal was refused; nothing else changed."""

    kind: Literal["command-refused"] = "command-refused"
    verb: str
    refusal: str
    message: str


def _refused(complaint: Complaint, report: ReportRefusal, now: datetime) -> tuple[Any, ...]:
    known = (report.command_id, report.refused_verb, report.refusal) in complaint.refused
    if known or complaint.events >= FULL_FOR_CUSTOMERS:
        return ()
    return following(
        CommandRefused, complaint, now, command_id=report.command_id or None,
        verb=report.refused_verb, refusal=report.refusal, message=report.message,
    )  # fmt: skip


def _fold(complaint: Complaint, event: CommandRefused) -> dict[str, Any]:
    refused = (event.command_id, event.verb, event.refusal)
    return {"refused": complaint.refused | {refused}} if event.command_id else {}


def _tell_refusal(complaint: Complaint, event: CommandRefused) -> Iterator[Notice]:
    yield from ask_reviewer(
        complaint, event, NoticeKind.SIGNAL_REFUSED, verb=event.verb, refusal=event.refusal,
        message=event.message,
    )  # fmt: skip


FEATURE = Feature(
    events={
        CommandRefused: EventSpec(
            lambda e: f"{e.verb} was refused ({e.refusal}): {e.message}", _fold, _tell_refusal,
            owed=(NoticeKind.SIGNAL_REFUSED,),
        ),
    },
    reports={
        ReportRefusal: ((CommandRefused,), _refused),
    },
)  # fmt: skip
