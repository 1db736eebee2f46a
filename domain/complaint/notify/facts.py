"""The facts that every notice gives: what happens next, by when and why, whom to ask, where to turn.

Owns their derivation from a complaint. Sources: `000_2dfa29253c41a6cc.txt` (next step and date),
`004_223f6b270ec16c9f.txt` (direct contact, other organisations that can help).
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from domain.calendar.pinned import BeyondCalendar
from domain.charter.rules import PromiseRule, Rules
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import due_of
from domain.clocks.proof import proof_facts
from domain.complaint.notify.offers import offers, organisation_facts
from domain.complaint.notify.reasons import reason_due
from domain.complaint.notify.staff_briefing import to_mind
from domain.complaint.policies.applicability import applies
from domain.complaint.policies.windows import (
    Window,
    ends_at,
    proof_of_window,
    unanswered,
    window_after_reply,
)
from domain.complaint.state import Complaint, once, while_same
from domain.complaint.values import RequestState
from domain.vocabulary import State, Trigger
from domain.wire import Handler


@once
def common_facts(complaint: Complaint) -> dict[str, Any]:
    """What every notice to the customer's side is given; dates are local ISO texts. Nobody may change it."""
    rules, clock = complaint.rules, reply_clock(complaint)
    estimate = clock is not None and rules.promises[clock.promise].estimate
    if estimate and cannot_go_on(complaint):
        clock = None  # nothing is to be expected before the customer has answered
    window = _window(complaint) if complaint.reply else None
    return {
        **_standing_facts(complaint),
        "next_step": _next_step(complaint, window),
        "due": due_of(clock, rules).day.isoformat() if clock else None,
        "expected": estimate and clock is not None,
        "proof": proof_facts(clock, rules) if clock else None,
        "window": _window_facts(complaint, window) if window else None,
    }


@while_same(
    "rules", "opening", "complainant", "feedback", "stage", "handler", "restriction", "reply"
)
def _standing_facts(complaint: Complaint) -> dict[str, Any]:
    """Those of the common facts that no date moves."""
    rules = complaint.rules
    ended = complaint.reply is not None and rules.following[complaint.stage] is None
    return {
        **organisation_facts(rules, ended=ended),
        **offers(complaint),
        "reference": complaint.reference,
        "handler": complaint.handler.name if complaint.handler else None,
        "direct": _direct(complaint.handler),
        "stage_title": complaint.at_stage.title,
        "customer_name": complaint.customer.name,
        "feedback": complaint.feedback,
    }


def _direct(handler: Handler | None) -> dict[str, str] | None:
    """How the handler is reached directly; none where only the organisation's lines are known."""
    if handler is None or not (handler.email or handler.phone):
        return None
    lines = {"email": handler.email, "phone": handler.phone}
    return {name: line for name, line in lines.items() if line}


@once
def staff_facts(complaint: Complaint) -> dict[str, Any]:
    """The same for a note to staff; `due` is the day of the clock that runs out first."""
    rules, mind = complaint.rules, to_mind(complaint)
    first = _first(complaint, _countable(complaint))
    if first is None:
        return {**common_facts(complaint), "due": None, "proof": None, "mind": mind}
    counted = proof_facts(first, rules)
    proof = counted and {"promise": first.promise, **counted}
    due = due_of(first, rules).day.isoformat()
    return {**common_facts(complaint), "due": due, "proof": proof, "mind": mind}


def reply_clock(complaint: Complaint) -> Clock | None:
    """The running clock of the full reply, the one the customer waits for: the first to run out.

    None while that date waits for the acknowledgement: an outer limit is not when the answer comes; nor while one
    that was told has passed, and the letter that follows says so. A promise goes before an estimate.
    """
    promises, running = complaint.rules.promises, ClockState.RUNNING
    answers = [
        clock
        for clock in complaint.clocks
        if clock.state is running and promises[clock.promise].of_the_reply
    ]
    if not answers or dated_later(complaint):
        return None
    waiting = [clock for clock in answers if _ahead(complaint, clock)]
    if len(waiting) < len(answers) and any(_passed(complaint, clock) for clock in answers):
        return None
    promised = [clock for clock in waiting if not promises[clock.promise].estimate]
    return _first(complaint, promised or waiting)


@once
def dated_later(complaint: Complaint) -> bool:
    """Whether the date of the full reply is counted from an acknowledgement that is still owed."""
    if complaint.state is not State.RECEIVED:
        return False
    begun = {c.promise for c in complaint.clocks if c.stage == complaint.stage}
    return any(
        rule.key not in begun and applies(complaint, rule)
        for rule in _dated_by_acknowledging(complaint.rules)
    )


@lru_cache(maxsize=512)
def _dated_by_acknowledging(rules: Rules) -> tuple[PromiseRule, ...]:
    """The promises of the full reply that an acknowledgement starts, and nothing else."""
    return tuple(
        rule
        for rule in rules.promises.values()
        if rule.of_the_reply and not rule.estimate
        and all(_acknowledges(rules, anchor) for anchor in rule.promise.starts)
    )  # fmt: skip


def _acknowledges(rules: Rules, anchor: str) -> bool:
    if anchor.startswith("met:"):
        return Trigger.ACKNOWLEDGED in rules.promises[anchor.removeprefix("met:")].meets
    return anchor == Trigger.ACKNOWLEDGED


def _first(complaint: Complaint, clocks: list[Clock]) -> Clock | None:
    if len(clocks) < 2:  # noqa: PLR2004 - nothing to compare
        return clocks[0] if clocks else None
    return min(clocks, key=lambda clock: due_of(clock, complaint.rules).at)


def day_of(complaint: Complaint, instant: datetime) -> date:
    """The local day of an instant; the day in UTC where the pinned calendar does not reach it."""
    try:
        return complaint.rules.calendar.local_day(instant)
    except BeyondCalendar:
        return instant.date()


def cannot_go_on(complaint: Complaint) -> bool:
    """Whether the customer was asked for something without which nothing goes on."""
    return any(each.essential and each.state is RequestState.OPEN for each in complaint.requests)


def awaited(complaint: Complaint, now: datetime) -> dict[str, Any]:
    """Whether the customer was asked for something, and by which day that is still awaited."""
    waits = [each for each in complaint.requests if each.state is RequestState.OPEN]
    today = day_of(complaint, now)
    told = [each for each in waits if not (each.heard or each.astray)]
    closes = [each.closes_on for each in told if each.closes_on]
    ahead = [each.answer_by for each in told if each.answer_by >= today]
    return {
        "questions_open": bool(waits),
        "closes_on": max(closes).isoformat() if closes and len(closes) == len(waits) else None,
        "answer_by": min(ahead).isoformat() if ahead and not closes else None,
    }


def _window(complaint: Complaint) -> Window | None:
    """The window to the next stage; none where there is none, or its end cannot be counted."""
    if complaint.closed is None:
        try:
            return window_after_reply(complaint)
        except BeyondCalendar:
            return None
    return None


def _countable(complaint: Complaint) -> list[Clock]:
    """The running clocks whose due date lies ahead, and within the pinned calendar.

    Something that is entered late has dates that have passed: no letter names one as if it came.
    """
    running = ClockState.RUNNING
    return [c for c in complaint.clocks if c.state is running and _ahead(complaint, c)]


def _passed(complaint: Complaint, clock: Clock) -> bool:
    due = due_of(clock, complaint.rules)
    return not due.beyond and not due.lies_ahead(complaint.at)


def _ahead(complaint: Complaint, clock: Clock) -> bool:
    return due_of(clock, complaint.rules).lies_ahead(complaint.at)


def _next_step(complaint: Complaint, window: Window | None) -> dict[str, Any]:
    """What happens next, as a kind that the templates put into words."""
    state = complaint.state
    if complaint.feedback:
        waits = complaint.opened.answer_wanted and not complaint.closed
        return {"kind": "feedback" if waits else "remedy-settled"}
    if state is State.CLOSED:
        why_by = reason_due(complaint)
        still = {"owed": True} if complaint.remedies_owed else {}
        return {"kind": "closed", **still, **({"why_by": why_by.isoformat()} if why_by else {})}
    if state is State.PAUSED and complaint.pause:
        kind, day = "answer" if complaint.pause.request else "review", complaint.pause.review_on
        passed = complaint.at and day_of(complaint, complaint.at) > day
        return {"kind": kind} | ({} if passed else {"on": day.isoformat()})
    if state is State.RECEIVED and (owed := _acknowledgements(complaint)):
        return {"kind": "acknowledge", **_dates_of_the_acknowledgement(complaint, owed)}
    if state in (State.RECEIVED, State.ACKNOWLEDGED):
        return {"kind": "answer" if cannot_go_on(complaint) else "look-into"}
    return _next_of_the_customer(complaint, window)


def _next_of_the_customer(complaint: Complaint, window: Window | None) -> dict[str, Any]:
    """After a reply: the next step is theirs. While something that was heard waits, nothing ends by silence."""
    until, waiting = complaint.reply.until if complaint.reply else None, unanswered(complaint)
    if window and any(each.asks_next_stage for each in waiting):
        return {"kind": "asked"}
    on = {"on": until.isoformat()} if until else {}
    return {"kind": "go-on" if window else "ended"} | on | ({"heard": True} if waiting else {})


def _acknowledgements(complaint: Complaint) -> list[Clock]:
    """The running clocks that an acknowledgement meets: without one, none is promised."""
    promises = complaint.rules.promises
    return [
        clock
        for clock in complaint.clocks
        if clock.contact is None and clock.running
        and Trigger.ACKNOWLEDGED in promises[clock.promise].meets
    ]  # fmt: skip


def _dates_of_the_acknowledgement(complaint: Complaint, owed: list[Clock]) -> dict[str, Any]:
    """By when it comes, where it names the date of the full reply; nothing where that is known."""
    if not dated_later(complaint):
        return {}
    first = _first(complaint, [clock for clock in owed if _ahead(complaint, clock)])
    on = due_of(first, complaint.rules).day.isoformat() if first else None
    return {"dated": True, **({"on": on} if on else {})}


def _window_facts(complaint: Complaint, window: Window) -> dict[str, Any]:
    """Until when the next stage can be asked for, or for how long once the case is answered."""
    by_post = complaint.rules.charter.delivery.letter
    posted = complaint.reply is not None and complaint.reply.posted
    return {
        "stage_title": window.stage.title,
        "closes": window.closes.isoformat() if window.closes else None,
        "while_case_open": window.while_case_open,
        "unit": str(window.budget.unit),
        "amount": window.budget.amount,
        "proof": proof_of_window(complaint),
        "by_post": by_post if posted else 0,
    }


def without_passed(complaint: Complaint, given: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The facts of a letter sent then (UTC), without a last day to go on that has passed by then.

    What was heard in time keeps a complaint open after that day.
    """
    reply, window = complaint.reply, given.get("window")
    if reply is None:
        return given
    ends = ends_at(complaint)
    if ends and ends <= at:  # it is closed next, after an outage
        return given | {"next_step": {"kind": "closed"}} | ({"window": None} if window else {})
    if complaint.closed or reply.until is None or day_of(complaint, at) <= reply.until:
        return given
    kept = {"next_step": {"kind": given["next_step"]["kind"]}}
    return given | kept | ({"window": window | {"closes": None, "proof": None}} if window else {})
