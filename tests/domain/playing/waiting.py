"""Nothing waits without a clock: what must be due, and how soon, wherever an open complaint stands.

Owns the law; it is asked of every story after every move, by `watching`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.charter.rules import Rules
from domain.complaint.decider.timers import next_wake
from domain.complaint.state import Complaint
from domain.vocabulary import WORKING, Trigger

FURTHEST = timedelta(days=400)
"""No time of a charter that ships is longer, on whatever day it ends."""


def check_that_something_is_due(complaint: Complaint, now: datetime) -> None:
    """An open complaint wakes in a bounded time; one that is worked on has an answer due or expected."""
    rules = complaint.rules
    first, last = rules.calendar.first_day, rules.calendar.last_day
    if complaint.closed or now.date() < first or (now + FURTHEST).date() >= last:
        return  # it ended, or what comes cannot be counted until the calendar is refreshed
    wake, where = (
        next_wake(complaint),
        f"{rules.charter.id} at {complaint.stage}, {complaint.state}",
    )
    assert wake, f"{where}: it waits with nothing due"
    if complaint.pause is None:
        assert wake <= now + FURTHEST, f"{where}: nothing is due before {wake}"
    if complaint.state in WORKING:
        leading = _leading_to_an_answer(rules)
        answers = [
            clock
            for clock in complaint.clocks
            if clock.ticking and clock.contact is None and clock.promise in leading
        ]
        assert answers, f"{where}: no answer is due, and none is expected"


def _leading_to_an_answer(rules: Rules) -> set[str]:
    """The promises that a full answer meets, and those whose being met starts one that leads there."""
    leading = {
        key
        for key, rule in rules.promises.items()
        if Trigger.REPLIED in rule.meets and not rule.repeats
    }
    while (
        more := {
            start.removeprefix("met:")
            for key in leading
            for start in rules.promises[key].promise.starts
            if start.startswith("met:")
        }
        - leading
    ):
        leading |= more
    return leading
