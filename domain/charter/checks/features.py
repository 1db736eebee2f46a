"""What the tables of a charter's matters must add up to, and what promises say of them.

Owns the checks of appointments, services and kinds of contact. Those of all promises are in `promise_check`, of everything else in
`charter_check`.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.charter.checks.promises import nominal_days, promise_table
from domain.charter.feature_tables import Service
from domain.charter.tables import Charter, Promise
from domain.errors import CharterError
from domain.faults import allowed_words
from domain.vocabulary import RemedyKind, Trigger

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
    yield from _services(charter)
    yield from _remedies(charter)


def _remedies(charter: Charter) -> Iterator[CharterError]:
    """Whoever has something to put right has to hear of it."""
    if charter.remedies is None:
        return
    for kind in RemedyKind:
        role = charter.remedies.owner_role_for(kind)
        if role not in charter.mailboxes:
            what = f"nobody hears of a remedy of kind {kind}: the role {role} has no mailbox"
            allowed = ", ".join(box for box in charter.mailboxes if box != "post-room")
            yield CharterError("remedies", "owner-role", what, allowed)


def _services(charter: Charter) -> Iterator[CharterError]:
    promises = {promise.key: promise for promise in charter.promises}
    for at, service in enumerate(charter.services, 1):
        table = f"service[{at}] ({service.id})"
        if any(service.id == other.id for other in charter.services[: at - 1]):
            yield CharterError(
                table, "id", f"{service.id!r} names two services", "an id of its own"
            )
        for key in service.replaces:
            promise = promises.get(key)
            if promise is None:
                allowed = allowed_words(key, promises)
                what = f"{key!r} names no promise of this charter"
                yield CharterError(table, "replaces", what, allowed)
            else:
                yield from _timescale(table, service, promise)


def _timescale(table: str, service: Service, promise: Promise) -> Iterator[CharterError]:
    days, limit = nominal_days(service.within), promise.limit
    if limit and nominal_days(limit.within) < days:
        what = f"is longer than the overall limit of {promise.key}, which would cut it short"
        yield CharterError(table, "within", what, "no more than that limit")
    if promise.warn_before and nominal_days(promise.warn_before) >= days:
        what = f"is over before {promise.key} is warned of"
        yield CharterError(table, "within", what, "more than its warn-before")


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
