"""Which notices an event owes, to whom, with which facts.

Owns `react`; what each kind of event owes is with its feature. How a notice is worded is the templates'
business, how it travels the channels'.
"""

from __future__ import annotations

from typing import Any

from domain.complaint.decider.registry import EVENTS
from domain.complaint.events import Happened
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind

OWED: dict[type[Happened], tuple[NoticeKind, ...]] = {
    kind: spec.owed for kind, spec in EVENTS.items()
}
"""Every kind of notice that an event can owe; what `react` gives is always among these."""


def react(complaint: Complaint, event: Any) -> tuple[Notice, ...]:
    """The notices owed because of the event, which has been folded into the complaint already.

    Keys are `<reference>/<event number>/<kind>/<recipient>`: made again, they are the same.
    """
    reaction = EVENTS[type(event)].react
    return tuple(reaction(complaint, event)) if reaction else ()
