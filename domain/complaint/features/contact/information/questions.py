"""Which questions to the customer wait for an answer, and which of them an answer is about.

Owns the look-ups alone.
"""

from __future__ import annotations

from domain.complaint.notify.recipients import readers
from domain.complaint.state import Complaint
from domain.complaint.values import Contact, Request, RequestState
from domain.errors import InvalidCommand, WrongState
from domain.vocabulary import ContactKind


def still_open(complaint: Complaint) -> tuple[Request, ...]:
    """The requests whose answer is waited for."""
    return tuple(each for each in complaint.requests if each.state is RequestState.OPEN)


def still_asked(complaint: Complaint) -> tuple[int, ...]:
    """Their numbers."""
    return tuple(each.number for each in still_open(complaint))


def unread(complaint: Complaint, request: Request) -> Contact | None:
    """The last that came from the customer's side since it was asked, if nobody has answered it.

    It may be the answer: until somebody has read it, no question ends for want of one. Of a call somebody knows who
    took it there and then.
    """
    came = (
        each
        for each in reversed(complaint.contacts[request.contacts :])
        if each.theirs and not each.answered and each.kind is not ContactKind.CALL
        and each.received_at >= request.asked_at
    )  # fmt: skip
    return next(came, None)


def new_readers(complaint: Complaint, request: Request) -> tuple[str, ...]:
    """Who hears of the case by now and was not sent the question."""
    if not request.readers or request.heard:  # kept without them; or it is the reviewer's to go on
        return ()
    return tuple(each for each in readers(complaint) if each not in request.readers)


def waiting(complaint: Complaint, asked: int | None) -> tuple[int, ...]:
    """The numbers that wait. Raises `WrongState` if none does, `InvalidCommand` if not that one."""
    return _among(complaint, still_asked(complaint), asked)


def answered_by(complaint: Complaint, asked: int | None) -> tuple[int, ...]:
    """The numbers of what is answered: that one, or all that wait. Raises as `waiting`.

    Once the complaint has been answered or closed nothing waits any more: then it is the last of what was asked.
    """
    if complaint.reply is None and complaint.closed is None:
        found = waiting(complaint, asked)
    else:
        found = _among(complaint, tuple(each.number for each in complaint.requests), asked)[-1:]
    return (asked,) if asked else found


def _among(complaint: Complaint, numbers: tuple[int, ...], asked: int | None) -> tuple[int, ...]:
    if not numbers:
        raise WrongState(
            f"Nothing that was asked on {complaint.reference} waits for an answer.",
            "What comes in unasked is a contact (record_contact).",
        )
    if asked and asked not in numbers:
        listed = ", ".join(str(number) for number in numbers)
        raise InvalidCommand(f"request: {asked} is not waiting.", f"Waiting: {listed}.")
    return numbers
