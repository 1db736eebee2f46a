"""What the tables of a charter's matters must add up to, and what promises say of them.

Owns the checks of appointments. Those of all promises are in `promise_check`, of everything else in
`charter_check`.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.charter import Charter, Promise
from domain.errors import CharterError
from domain.promise_check import promise_table
from domain.vocabulary import Trigger

OF_APPOINTMENTS = frozenset(
    {
        Trigger.APPOINTMENT_REQUESTED,
        Trigger.APPOINTMENT_ARRANGED,
        Trigger.APPOINTMENT_HELD,
        Trigger.APPOINTMENT_CANCELLED,
    }
)
"""What meets a clock that an appointment started: what happens to that appointment."""


def matter_faults(charter: Charter) -> Iterator[CharterError]:
    """Every fault of the matters' tables, each with table, key, what is wrong and allowed."""
    for promise in charter.promises:
        table = promise_table(charter, promise)
        yield from _appointments(table, promise)
        yield from _once(table, promise)
        if promise.contact_kinds and Trigger.CONTACT_RECEIVED not in promise.starts:
            what = "is for kinds of contact, and no contact starts it"
            allowed = 'starts = ["contact-received"]'
            yield CharterError(table, "contact-kinds", what, allowed)


def _appointments(table: str, promise: Promise) -> Iterator[CharterError]:
    started = OF_APPOINTMENTS.intersection(promise.starts)
    if started and not OF_APPOINTMENTS.intersection(promise.meets):
        what = (
            f"nothing can meet it: it starts with {', '.join(sorted(started))}, and nothing here"
            " happens to an appointment"
        )
        yield CharterError(table, "meets", what, ", ".join(sorted(OF_APPOINTMENTS)))


def _once(table: str, promise: Promise) -> Iterator[CharterError]:
    if promise.once and (promise.repeats or promise.after_missed or promise.gives_way_to):
        what = "is over once it was missed, and yet something follows"
        yield CharterError(
            table, "once", what, "no repeats, after-missed or gives-way-to beside it"
        )
