"""The facts that every notice gives: what happens next, by when and why, whom to ask, where to turn.

Owns their derivation from a complaint. Sources: `000_2dfa29253c41a6cc.txt` (next step and date),
`004_223f6b270ec16c9f.txt` (direct contact, other organisations that can help).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from domain.calendar.counting import BeyondCalendar
from domain.charter.rules import PromiseRule, Rules
from domain.charter.tables import Signpost
from domain.clocks.clock import Clock
from domain.clocks.due import due_at, due_day
from domain.clocks.proof import proof_facts, proof_of
from domain.complaint.policies.windows import Window, window_after_reply
from domain.complaint.views.staff_briefing import to_mind
from domain.vocabulary import State, Trigger
from domain.wire import Handler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from domain.complaint.state import Complaint


def common_facts(complaint: Complaint) -> dict[str, Any]:
    """What every notice to the customer's side is given; dates are local ISO texts."""
    rules, clock = complaint.rules, reply_clock(complaint)
    window = _window(complaint)
    return {
        **organisation_facts(rules),
        "reference": complaint.reference,
        "handler": complaint.handler.name if complaint.handler else None,
        "direct": _direct(complaint.handler),
        "stage_title": rules.stage(complaint.stage).title,
        "next_step": _next_step(complaint, window),
        "due": due_day(clock, rules).isoformat() if clock else None,
        "proof": proof_facts(proof_of(clock, rules)) if clock else None,
        "further": signposts(_further(complaint)),
        "window": _window_facts(window),
        "customer_name": complaint.customer.name,
    }


def _direct(handler: Handler | None) -> dict[str, str] | None:
    """How the handler is reached directly, where that is known; the organisation's lines serve else."""
    if handler is None or not (handler.email or handler.phone):
        return None
    lines = {"email": handler.email, "phone": handler.phone}
    return {name: line for name, line in lines.items() if line}


def staff_facts(complaint: Complaint) -> dict[str, Any]:
    """The same for a note to staff: what is due next is whatever clock runs out first."""
    rules, mind = complaint.rules, to_mind(complaint)
    first = min(_countable(complaint), key=lambda clock: due_at(clock, rules), default=None)
    if first is None:
        return {**common_facts(complaint), "due": None, "proof": None, "mind": mind}
    counted = proof_facts(proof_of(first, rules))
    proof = counted and {"promise": first.promise, **counted}
    due = due_day(first, rules).isoformat()
    return {**common_facts(complaint), "due": due, "proof": proof, "mind": mind}


def reply_clock(complaint: Complaint) -> Clock | None:
    """The running clock of the full reply, the one the customer waits for: the first to run out.

    What an acknowledgement meets as well says nothing of the reply, and what gives way to another
    promise is not the last word.
    """
    promises = complaint.rules.promises
    waiting = [c for c in _countable(complaint) if _of_the_reply(promises[c.promise])]
    return min(waiting, key=lambda clock: due_at(clock, complaint.rules), default=None)


def _of_the_reply(rule: PromiseRule) -> bool:
    return (
        Trigger.REPLIED in rule.meets
        and Trigger.ACKNOWLEDGED not in rule.meets
        and rule.promise.gives_way_to is None
    )


def signposts(posts: Iterable[Signpost]) -> list[dict[str, str | None]]:
    """Where else to turn, as facts."""
    return [
        {"name": post.name, "text": post.text, "gate": post.gate, "contact": post.contact}
        for post in posts
    ]


def scope_signposts(complaint: Complaint) -> list[dict[str, str | None]]:
    """Where the topics are dealt with that this complaint raises and the charter leaves out."""
    terms = complaint.rules.charter.scope
    return signposts(term.signpost for term in terms if term.topic in complaint.opened.about)


def day_of(complaint: Complaint, instant: datetime) -> date:
    """The local day of an instant; the day in UTC where the pinned calendar does not reach it."""
    try:
        return complaint.rules.calendar.local_day(instant)
    except BeyondCalendar:
        return instant.date()


def _window(complaint: Complaint) -> Window | None:
    """The window to the next stage, or none where it has none or its end cannot be counted."""
    if complaint.closed is None:
        with suppress(BeyondCalendar):
            return window_after_reply(complaint)
    return None


def _countable(complaint: Complaint) -> list[Clock]:
    """The running clocks whose due date lies within the pinned calendar."""
    rules, running = complaint.rules, []
    for clock in complaint.clocks:
        if clock.running:
            with suppress(BeyondCalendar):
                due_at(clock, rules)
                running.append(clock)
    return running


def _further(complaint: Complaint) -> Iterable[Signpost]:
    """The charter's signposts, after those of the outside stages once the ladder is climbed."""
    charter = complaint.rules.charter
    ended = complaint.reply is not None and complaint.rules.next_stage(complaint.stage) is None
    outside = [stage.signpost for stage in charter.stages if stage.external and stage.signpost]
    shown = outside if ended else []
    yield from shown
    named = {post.name for post in shown}
    yield from (post for post in charter.signposts if post.name not in named)


def _next_step(complaint: Complaint, window: Window | None) -> dict[str, Any]:
    """What happens next, as a kind that the templates put into words."""
    state = complaint.state
    if state is State.CLOSED:
        return {"kind": "closed"}
    if state is State.PAUSED and complaint.pause:
        kind = "answer" if complaint.pause.request else "review"
        return {"kind": kind, "on": complaint.pause.review_on.isoformat()}
    if state is State.RECEIVED:
        return {"kind": "acknowledge"}
    if state is State.ACKNOWLEDGED:
        return {"kind": "look-into"}
    return {"kind": "go-on" if window else "ended"}


def _window_facts(window: Window | None) -> dict[str, Any] | None:
    if window is None:
        return None
    return {
        "stage_title": window.stage.title,
        "closes": window.closes.isoformat() if window.closes else None,
        "while_case_open": window.closes is None,
    }


@lru_cache(maxsize=256)
def organisation_facts(rules: Rules) -> dict[str, Any]:
    """Who the organisation is and how it is reached."""
    charter = rules.charter
    contact = charter.contact
    return {
        "organisation": charter.charter.organisation,
        "charter_title": charter.charter.title,
        "contact": {
            "email": contact.email,
            "phone": contact.phone,
            "address": contact.address,
            "hours": contact.hours,
        },
        "post_room": charter.mailboxes.get("post-room", contact.email),
    }
