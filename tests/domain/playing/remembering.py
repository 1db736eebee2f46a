"""What a complaint remembers of itself is what would be found by looking again.

Owns the law; it is asked of every story after every event, by `watching`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from domain.complaint.decider.timers import next_wake, timers
from domain.complaint.policies.after_end import heard_until
from domain.complaint.state import Complaint


def check_what_is_remembered(complaint: Complaint) -> None:
    """What goes on from one event to the next is true of this one, and it wakes for its first timer."""
    for derived in _shared():
        again = derived.__wrapped__(complaint)  # type: ignore[attr-defined]
        assert derived(complaint) == again, f"{derived.__qualname__} looks at more than it says"
    first = min((timer.at for timer in timers(complaint)), default=None)
    assert next_wake(complaint) == (first or (complaint.closed and heard_until(complaint)))


@cache
def _shared() -> tuple[Callable[[Complaint], Any], ...]:
    """Every function that looks again only where a field that it names has changed (`while_same`)."""
    rooms = [room for name, room in sorted(sys.modules.items()) if name.startswith("domain.")]
    functions = {each for room in rooms for each in vars(room).values() if callable(each)}
    return tuple(each for each in functions if hasattr(each, "looks_at"))
