"""How far a pause may go: whether the charter has pauses at all, how many, and how long each.

Owns what is refused of a pause, whoever it waits for. How clocks stand and run on is in `policies.suspension`.
Source: `000_2dfa29253c41a6cc.txt`, the only page that speaks of checking facts with others.
"""

from __future__ import annotations

from datetime import date, datetime

from domain.calendar.pinned import in_words
from domain.complaint.policies.suspension import anything_pauses
from domain.complaint.state import Complaint
from domain.errors import PauseRefused
from domain.vocabulary import State


def check_pause(
    complaint: Complaint, name: str, until: date, now: datetime, *, for_customer: bool = False
) -> None:
    """Raise `PauseRefused` if time may not stand until that day; `name` is the field that says it.

    `for_customer` is a pause that waits for the customer's own answer.
    """
    terms, reference = complaint.rules.charter.pausing, complaint.reference
    if terms is None:
        what = (
            f"{complaint.rules.charter.id} has no pauses: its time runs on, whatever is waited for."
        )
        raise PauseRefused(what, _instead(complaint))
    if for_customer and not terms.for_customer:
        what = f"{complaint.rules.charter.id} has no pause that waits for the customer."
        raise PauseRefused(what, "Ask without stopping the clock.")
    if complaint.pauses >= terms.times:
        what = f"{reference} was paused, or its pause renewed, {complaint.pauses} time(s): no more."
        raise PauseRefused(what, _instead(complaint))
    if complaint.state is not State.PAUSED and not anything_pauses(complaint):
        raise PauseRefused(f"Nothing runs on {reference} that may be paused.", _instead(complaint))
    calendar = complaint.rules.calendar
    today = calendar.local_day(now)
    most = terms.review_within.budget.amount
    if until > today and calendar.working_days_between(today, until) > most:
        furthest = calendar.add_working_days(today, most)
        what = f"{name}: {in_words(until)} is further ahead than a pause may reach."
        raise PauseRefused(what, f"After {today} and not after {furthest}.")


def _instead(complaint: Complaint) -> str:
    if complaint.pause:
        return "Resume it, or let it end with its review."
    promises = complaint.rules.promises
    ask = "ask the customer for what is missing (ask_information)"
    more = [
        clock.promise
        for clock in complaint.clocks
        if clock.running
        and not clock.renewal
        and (extension := promises[clock.promise].promise.extension)
        and len(clock.superseded) < extension.times
    ]
    if not more:
        return f"Staff may {ask}."
    return f"Staff may give more time with a reason (extend: {', '.join(more)}), or {ask}."
