"""What was settled when somebody first got in touch: answered at once, and not taken further.

Owns what "at once" means: answered in full by the end of the working day on which it came, or of the next
one where it came when nobody was there. Source of the promise: CP-12.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, not_, select

from charters.bank_holidays import known_until
from charters.calendars import resolve_terms
from domain.calendar.pinned import BeyondCalendar, Calendar
from domain.charter.tables import Charter
from domain.errors import UpholdError
from domain.quality.figures import percentage_of
from ledger.sql import tables
from reporting.period import Period
from reporting.queries.expressions import of_events, tally, within
from reporting.sections import FirstContact


def first_contact(
    connection: Connection, charter: Charter, period: Period
) -> tuple[FirstContact, ...]:
    """Of the complaints received in the period, by channel; the most frequent first."""
    channel = tables.complaints.c.channel
    received = tally(connection, channel, select().where(_of_the_period(charter.id, period)))
    calendar = _calendar(charter, period) if received else None
    at_once, settled = Counter[str](), Counter[str]()
    for by, came, answered, further in _answered(connection, charter.id, period):
        if calendar and _is_at_once(calendar, came, answered):
            at_once[by] += 1
            settled[by] += not further
    return tuple(
        FirstContact(
            channel=each.name,
            received=each.count,
            answered_at_once=at_once[each.name],
            settled=settled[each.name],
            percentage=percentage_of(settled[each.name], each.count),
        )
        for each in received
    )


def _of_the_period(charter: str, period: Period) -> Any:
    table = tables.complaints.c
    came = within(period, table.received_at)
    return and_(table.charter == charter, not_(table.feedback), came)


def _answered(
    connection: Connection, charter: str, period: Period
) -> Iterator[tuple[str, datetime, datetime, bool]]:
    """Channel, receipt and first reply of each, and whether it was taken further or up again by then."""
    complaints, events = tables.complaints.c, tables.events.c
    later = tables.events.alias("later")
    further = (
        select(later.c.number)
        .where(
            later.c.reference == complaints.reference,
            later.c.kind.in_(("escalated", "reopened")),
            later.c.at < period.ends,
        )
        .correlate(tables.complaints)
        .exists()
    )
    query = (
        of_events(complaints.channel, complaints.received_at, func.min(events.at), further)
        .where(_of_the_period(charter, period), events.kind == "replied", events.at < period.ends)
        .group_by(complaints.reference, complaints.channel, complaints.received_at)
    )
    for channel, came, answered, taken in connection.execute(query):
        yield channel, came, answered, bool(taken)


def _calendar(charter: Charter, period: Period) -> Calendar | None:
    """The charter's days, on which what comes out of hours has come on the next working day."""
    last: date = min(period.last + timedelta(days=31), known_until())
    try:
        calendar = resolve_terms(charter.calendar, period.first - timedelta(days=2), last)
    except UpholdError:
        return None
    return replace(calendar, receipt="next-working-day")


def _is_at_once(calendar: Calendar, came: datetime, answered: datetime) -> bool:
    try:
        return calendar.local_day(answered) <= calendar.day_of_receipt(came)
    except BeyondCalendar:
        return False
