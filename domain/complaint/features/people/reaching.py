"""Reaching people: a letter did not arrive, goes again by the next way there is, or waits for a right address.

Owns the verbs and events of it, and which address leads to nobody. No time of the customer's runs from a letter
that did not reach them (`ending.last_day`). Sources: `003_0c0e7b8081a12964.txt` (within a month of receiving
the response), `001_52f8d27437deebc1.txt` (communication needs are met).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import Field

from domain import value
from domain.complaint.commands import Command
from domain.complaint.events import Happened
from domain.complaint.feature import (
    Barred,
    CommandSpec,
    EventSpec,
    Feature,
    Policy,
    following,
    made,
    one_each,
)
from domain.complaint.features.contact.appointments import events as appointments
from domain.complaint.features.contact.information import events as information
from domain.complaint.features.ending import last_day
from domain.complaint.features.people.preferences import Prefer
from domain.complaint.notify.compose import ask, write_to
from domain.complaint.notify.offers import reopening
from domain.complaint.notify.recipients import customer_of, same_address
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand, WrongState
from domain.notices import Notice, NoticeKind, RecipientKind
from domain.vocabulary import ANY, STAFF, NoticesTo, Role
from domain.wire import Line, Wire, sentence

KEPT = 20
"""How many letters that never arrived are kept for when the customer can be reached again."""
_OF_THEIR_DAY = frozenset(
    {
        *(NoticeKind.APPOINTMENT_REMINDER, NoticeKind.INFORMATION_REMINDER),
        *(NoticeKind.AUTHORITY_REMINDER, NoticeKind.DELAY_WARNING, NoticeKind.SURVEY),
    }
)
"""Letters that come too late once they are late: what they remind of is told by others, or is over."""


class ReportUndeliverable(Wire):
    """A notice was refused for good: made by the workflow when a send says so."""

    verb: ClassVar[Literal["report_undeliverable"]] = "report_undeliverable"
    notice: str
    reason: str
    address: str | None = None
    """The address or number that it went to, where that leads to nobody."""


class ReportUndelivered(Command):
    """A letter that had left did not arrive: it bounced, or came back."""

    verb = "report_undelivered"
    notice: Line = Field(description="The letter's key, such as FO-2026-000123/7/reply/customer.")
    reason: Line = Field(description="What was said of it.")
    address: Line | None = Field(
        default=None,
        description="The address or number that it went to, where that is why. Left out: it is sent once more.",
    )
    lasting: bool = Field(
        default=True, description="Whether that leads to nobody for good, and not only for now."
    )


class ResendNotice(Command):
    """Send the customer a letter once more, as they are reached now."""

    verb = "resend_notice"
    notice: Line = Field(description="The letter's key, as `uphold show` lists it.")


@value(frozen=True, slots=True, kw_only=True)
class NoticeUndeliverable(Happened):
    """A notice did not reach anybody."""

    kind: Literal["notice-undeliverable"] = "notice-undeliverable"
    notice: str
    reason: str
    address: str | None = None
    """The address or number that leads to nobody, and is left out from now on."""
    goes_again: bool = False
    """Whether it is sent again by what is left; else somebody must reach the person in another way."""


@value(frozen=True, slots=True, kw_only=True)
class NoticeSentAgain(Happened):
    """A letter went to the customer once more."""

    kind: Literal["notice-sent-again"] = "notice-sent-again"
    notice: str


def _refused(complaint: Complaint, report: ReportUndeliverable, now: datetime) -> tuple[Any, ...]:
    """The channel refused it; where that is because of the address, there may be another way."""
    told = {"notice": report.notice, "reason": report.reason, "address": report.address}
    (lost,) = following(NoticeUndeliverable, complaint, now, **told)
    return _with_next_way(complaint, lost, again=report.address is not None)


def _undelivered(
    complaint: Complaint, command: ReportUndelivered, now: datetime
) -> tuple[Any, ...]:
    _parts(complaint, command.notice)
    address = command.address
    if address and not command.lasting and not _reached(_without(complaint, address)):
        address = None  # it is all that there is, and may lead to them again
    (lost,) = made(NoticeUndeliverable, complaint, command, now, address=address)
    return _with_next_way(complaint, lost, again=address is not None or command.address is None)


def _with_next_way(
    complaint: Complaint, lost: NoticeUndeliverable, *, again: bool
) -> tuple[Any, ...]:
    """The event, and the letter once more where the customer is reached by anything that is left."""
    number, kind, to = _split(lost.notice)
    after = replace(complaint, events=lost.number, **_gone_astray(complaint, lost))
    # What was sent again is sent a third time only where it goes another way than it did.
    twice = number in complaint.sent_again and customer_of(after) == customer_of(complaint)
    possible = again and not twice and to == RecipientKind.CUSTOMER and _reached(after)
    if not possible or kind in _OF_THEIR_DAY:
        return (lost,)
    reply = after.reply
    if reply and reply.astray == lost.notice and not after.closed:
        following_up = last_day.put_right(after, lost.at)
    else:
        following_up = following(NoticeSentAgain, after, lost.at, notice=lost.notice)
    return replace(lost, goes_again=True), *following_up


def _without(complaint: Complaint, address: str) -> Complaint:
    return replace(complaint, unreached=complaint.unreached | {same_address(address)})


def _reached(complaint: Complaint) -> bool:
    """Whether anything on record still leads to the customer."""
    who = customer_of(complaint)
    return bool(who.email or who.phone or who.address)


def _split(notice: str) -> tuple[str, str, str]:
    """Number of the event, kind and recipient of a notice, of its key; a reference may hold anything."""
    *_, number, kind, to = ["", "", "", *notice.split("/")]
    return number, kind, to


def _parts(complaint: Complaint, notice: str) -> tuple[str, str, str]:
    """The same. Raises `InvalidCommand` for a key that is no notice of this complaint."""
    number, kind, to = _split(notice)
    ours = notice == f"{complaint.reference}/{number}/{kind}/{to}" and kind in set(NoticeKind)
    if not (ours and number.isdecimal() and 0 < int(number) <= complaint.events):
        raise InvalidCommand(
            f"notice: {complaint.reference} has no letter {notice}.",
            f"Its key, such as {complaint.reference}/7/reply/customer; `uphold show` lists them.",
        )
    return number, kind, to


def _resend(complaint: Complaint, command: ResendNotice, now: datetime) -> tuple[Any, ...]:
    number, _, to = _parts(complaint, command.notice)
    if to != RecipientKind.CUSTOMER:
        raise InvalidCommand(
            "notice: it was not written to the customer.", "A letter whose key ends with /customer."
        )
    if not _reached(complaint):
        raise WrongState(
            f"Nothing on record leads to the customer of {complaint.reference}.",
            "Say first how they are reached (prefer).",
        )
    reply = complaint.reply
    if reply and reply.astray and number in (str(reply.letter), str(reply.told_by)):
        raise WrongState(
            "The answer has not reached the customer, and goes again by itself.",
            "Say how they are reached (prefer).",
        )
    return made(NoticeSentAgain, complaint, command, now)


def _put_right(complaint: Complaint, command: Prefer, now: datetime) -> tuple[Any, ...]:
    """Where the customer can be reached again, they get what had not arrived."""
    told = command.channel or command.email or command.phone or command.address
    if not (told and complaint.astray and _reached(complaint)):
        return ()
    return one_each(NoticeSentAgain, complaint, now, ({"notice": n} for n in complaint.astray))


def _gone_astray(complaint: Complaint, event: NoticeUndeliverable) -> dict[str, Any]:
    """The address is left out, and no time of the customer's runs from a letter that did not reach them.

    Where only a representative hears, theirs is the letter that counts.
    """
    lost: dict[str, Any] = {}
    if event.address:
        lost["unreached"] = complaint.unreached | {same_address(event.address)}
    alone = any(e.hears and e.notices_to is NoticesTo.REPRESENTATIVE for e in complaint.helpers)
    number, kind, to = _split(event.notice)
    if to == RecipientKind.CUSTOMER and kind not in _OF_THEIR_DAY and not event.goes_again:
        lost["astray"] = (*complaint.astray, event.notice)[-KEPT:]
    if to != (RecipientKind.REPRESENTATIVE if alone else RecipientKind.CUSTOMER):
        return lost
    told_anew = last_day.gone_astray(complaint, event.notice, number, event.at)
    told_anew |= information.gone_astray(complaint, number)
    if told_anew:
        lost.pop(
            "astray", None
        )  # the reply goes again with its last day, a question is asked again
    return lost | told_anew | appointments.gone_astray(complaint, number)


def _went_again(complaint: Complaint, event: NoticeSentAgain) -> dict[str, Any]:
    left = tuple(each for each in complaint.astray if each != event.notice)
    again = (*complaint.sent_again, str(event.number))[-KEPT:]
    return {"astray": left, "sent_again": again}


def _send_again(complaint: Complaint, event: NoticeSentAgain) -> Iterator[Notice]:
    """The letter to the customer as they are reached now: its own words are in the ledger, the dates are today's."""
    _, kind, _ = _split(event.notice)
    # A letter about the end may offer to open it again: once more only while that is so.
    now = {"reopen_by": reopening(complaint, event.at)["reopen_by"]}
    for each in write_to((customer_of(complaint),), complaint, event, NoticeKind(kind), **now):
        yield replace(each, again=event.notice)


def _ask_staff(complaint: Complaint, event: NoticeUndeliverable) -> Iterator[Notice]:
    """A task for staff; none where another way is left, or if it was such a task itself, to end the circle."""
    if event.goes_again or f"/{NoticeKind.UNDELIVERABLE}/" in event.notice:
        return
    to_staff = not event.notice.rsplit("/", 1)[-1].startswith(tuple(RecipientKind))
    role = Role.ADMINISTRATOR if to_staff else complaint.reviewer
    yield from ask(
        complaint, event, NoticeKind.UNDELIVERABLE, (role,), notice=event.notice,
        reason=event.reason,
    )  # fmt: skip


def _line(event: NoticeUndeliverable) -> str:
    again = " It goes again by another way." if event.goes_again and event.address else ""
    return f"Notice {event.notice} could not be delivered: {sentence(event.reason)}{again}"


_WHO = (*STAFF, Role.CASE_HANDLER, Role.UPSTREAM_APP)
_KINDS_SENT_AGAIN = tuple(NoticeKind)
_LOST = (
    NoticeUndeliverable, NoticeSentAgain, last_day.ReplySentAgain, last_day.LastDayTold,
)  # fmt: skip
"""That a letter did not arrive, and the ways in which it goes again at once."""

FEATURE = Feature(
    commands={
        ReportUndelivered: CommandSpec(
            _WHO, ANY, _LOST, _undelivered, passes_on=True, barred=Barred.KEPT_AWAY,
        ),
        ResendNotice: CommandSpec(
            (*STAFF, Role.CASE_HANDLER), ANY, (NoticeSentAgain,), _resend, passes_on=True,
        ),
    },
    events={
        NoticeUndeliverable: EventSpec(
            _line, _gone_astray, _ask_staff, owed=(NoticeKind.UNDELIVERABLE,), touches=False,
        ),
        NoticeSentAgain: EventSpec(
            lambda e: f"Notice {e.notice} was sent again.", _went_again, _send_again,
            owed=_KINDS_SENT_AGAIN, touches=False, verb=lambda _: ResendNotice.verb,
        ),
    },
    policies={Prefer.verb: Policy((NoticeSentAgain,), _put_right)},
    reports={ReportUndeliverable: (_LOST, _refused)},
)  # fmt: skip
