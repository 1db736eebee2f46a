"""What the shell reports by itself: a notice that cannot be delivered, a signal that was refused.

Owns both reports, their events, and whom on the staff they make a task for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from domain.complaint.events import Happened
from domain.complaint.feature import EventSpec, Feature, following
from domain.complaint.features.contact.appointments import events as appointments
from domain.complaint.features.contact.information import events as information
from domain.complaint.features.ending import last_day
from domain.complaint.notify.compose import ask, ask_reviewer
from domain.complaint.state import FULL_FOR_CUSTOMERS, Complaint
from domain.faults import TOLD, cut
from domain.notices import Notice, NoticeKind, RecipientKind
from domain.vocabulary import NoticesTo, Role
from domain.wire import Wire


class ReportUndeliverable(Wire):
    """A notice was refused for good: made by the workflow when a send says so."""

    verb: ClassVar[Literal["report_undeliverable"]] = "report_undeliverable"
    notice: str
    reason: str


class ReportRefusal(Wire):
    """A signal was refused: made by the workflow, since its sender does not wait to be told."""

    verb: ClassVar[Literal["report_refusal"]] = "report_refusal"
    command_id: str
    refused_verb: str
    refusal: str
    message: Annotated[str, AfterValidator(lambda text: cut(text, TOLD))]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeUndeliverable(Happened):
    """A notice was refused for good: somebody must reach the person in another way."""

    kind: Literal["notice-undeliverable"] = "notice-undeliverable"
    notice: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRefused(Happened):
    """A signal was refused; nothing else changed."""

    kind: Literal["command-refused"] = "command-refused"
    verb: str
    refusal: str
    message: str


def _undeliverable(
    complaint: Complaint, report: ReportUndeliverable, now: datetime
) -> tuple[Any, ...]:
    told = {"notice": report.notice, "reason": report.reason}
    return following(NoticeUndeliverable, complaint, now, **told)


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


def _gone_astray(complaint: Complaint, event: NoticeUndeliverable) -> dict[str, Any]:
    """No time of the customer's runs from a letter that did not reach them.

    Where only a representative hears, theirs is the letter that counts.
    """
    alone = any(e.hears and e.notices_to is NoticesTo.REPRESENTATIVE for e in complaint.helpers)
    *_, number, _, to = ["", "", "", *event.notice.split("/")]
    if to != (RecipientKind.REPRESENTATIVE if alone else RecipientKind.CUSTOMER):
        return {}
    lost = last_day.gone_astray(complaint, event.notice, number, event.at)
    lost |= information.gone_astray(complaint, number)
    return lost | appointments.gone_astray(complaint, number)


def _tell_refusal(complaint: Complaint, event: CommandRefused) -> Iterator[Notice]:
    yield from ask_reviewer(
        complaint, event, NoticeKind.SIGNAL_REFUSED, verb=event.verb, refusal=event.refusal,
        message=event.message,
    )  # fmt: skip


def _ask_staff(complaint: Complaint, event: NoticeUndeliverable) -> Iterator[Notice]:
    """A task for staff; none if it was such a task itself that bounced, to end the circle."""
    if f"/{NoticeKind.UNDELIVERABLE}/" in event.notice:
        return
    to_staff = not event.notice.rsplit("/", 1)[-1].startswith(tuple(RecipientKind))
    role = Role.ADMINISTRATOR if to_staff else complaint.reviewer
    yield from ask(
        complaint, event, NoticeKind.UNDELIVERABLE, (role,), notice=event.notice,
        reason=event.reason,
    )  # fmt: skip


FEATURE = Feature(
    events={
        CommandRefused: EventSpec(
            lambda e: f"{e.verb} was refused ({e.refusal}): {e.message}", _fold, _tell_refusal,
            owed=(NoticeKind.SIGNAL_REFUSED,),
        ),
        NoticeUndeliverable: EventSpec(
            lambda e: f"Notice {e.notice} could not be delivered: {e.reason}",
            _gone_astray, _ask_staff,
            owed=(NoticeKind.UNDELIVERABLE,),
        ),
    },
    reports={
        ReportUndeliverable: ((NoticeUndeliverable,), _undeliverable),
        ReportRefusal: ((CommandRefused,), _refused),
    },
)  # fmt: skip
