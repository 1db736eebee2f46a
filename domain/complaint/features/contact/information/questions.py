"""Which questions to the customer wait for an answer, and which of them an answer is about.

Owns the look-ups alone.
"""

from __future__ import annotations

from domain.complaint.state import Complaint
from domain.complaint.values import Request, RequestState
from domain.errors import InvalidCommand, WrongState


def still_open(complaint: Complaint) -> tuple[Request, ...]:
    """The requests whose answer is waited for."""
    return tuple(each for each in complaint.requests if each.state is RequestState.OPEN)


def still_asked(complaint: Complaint) -> tuple[int, ...]:
    """Their numbers."""
    return tuple(each.number for each in still_open(complaint))


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
