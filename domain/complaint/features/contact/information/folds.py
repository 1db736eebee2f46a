"""How events change the requests for information that a complaint keeps, and its clocks.

Owns the folds. What leads to the events is in `information`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from domain.clocks import transitions as clk
from domain.clocks.clock import Clock, ClockState
from domain.complaint.feature import Fold
from domain.complaint.features.contact.information import events as info
from domain.complaint.features.contact.information.events import Request, RequestState
from domain.complaint.remembered import PausedFor

if TYPE_CHECKING:
    from domain.complaint.state import Complaint

_REASON = "We wait for the customer's answer to our questions."


def asked(complaint: Complaint, event: info.InformationAsked) -> dict[str, Any]:
    """One more request; with it the complaint may be paused."""
    request = Request(
        event.request, event.questions, event.missing, event.answer_by, event.remind_on,
        event.essential, event.stops_clock,
    )  # fmt: skip
    changes: dict[str, Any] = {"requests": (*complaint.requests, request)}
    if event.stops_clock:
        changes["pause"] = PausedFor(_REASON, event.at, event.answer_by, request=event.request)
    return changes


def with_changes(complaint: Complaint, *numbers: int, **changes: Any) -> dict[str, Any]:
    """The requests of those numbers with these changes."""
    return {
        "requests": tuple(
            replace(each, **changes) if each.number in numbers else each
            for each in complaint.requests
        )
    }


def heard(complaint: Complaint, event: info.InformationHeard) -> dict[str, Any]:
    """They no longer close the complaint, and wait for the reviewer."""
    return with_changes(complaint, *event.requests, heard=True, closes_on=None)


def postponed(complaint: Complaint, event: info.InformationPostponed) -> dict[str, Any]:
    """It has another day, and is reminded of anew; the pause that waits for it is looked at then."""
    changes = with_changes(
        complaint, event.request, answer_by=event.answer_by, remind_on=event.remind_on,
        reminded=False, closes_on=None, heard=False,
    )  # fmt: skip
    pause = complaint.pause
    if pause and pause.request == event.request:
        changes["pause"] = replace(pause, review_on=event.answer_by)
    return changes


def over(state: RequestState) -> Fold:
    """The requests of the event are over, and so is the pause that waited for one of them."""

    def fold(complaint: Complaint, event: Any) -> dict[str, Any]:
        numbers = _numbers(event)
        changed = with_changes(complaint, *numbers, state=state)
        paused = complaint.pause and complaint.pause.request in numbers
        return changed | ({"pause": None} if paused else {})

    return fold


def _numbers(event: Any) -> tuple[int, ...]:
    one = (info.InformationLapsed, info.InformationWithdrawn)
    return (event.request,) if isinstance(event, one) else event.requests


def turned(after: Complaint, event: Any) -> tuple[Clock, ...]:
    """The clocks that may be paused stand while the answer to a request is awaited that says so."""
    rules = after.rules
    if isinstance(event, info.InformationAsked):
        turn = clk.pause if event.stops_clock else None
    else:
        stopping = {each.number for each in after.requests if each.stops_clock}
        turn = clk.resume if not after.pause and stopping & set(_numbers(event)) else None
    state = ClockState.RUNNING if turn is clk.pause else ClockState.PAUSED
    return tuple(
        turn(clock, event.at, rules)
        if turn
        and clock.state is state
        and (turn is clk.resume or rules.promises[clock.promise].pauses)
        else clock
        for clock in after.clocks
    )
