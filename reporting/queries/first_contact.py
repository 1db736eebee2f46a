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
from reporting.heard import FirstContact
from reporting.period import Period


def first_contact(
    connection: Connection, charter: Charter, period: Period
) -> tuple[FirstContact, ...]:
    """Of the complaints received in the period, by channel; the most frequent first."""
    received = Counter[str]()
    for channel, count in connection.execute(_received(charter.id, period)):
        received[channel] = count
    calendar = _calendar(charter, period) if received else None
    at_once, settled = Counter[str](), Counter[str]()
    for channel, came, answered, further in _answered(connection, charter.id, period):
        if calendar and _is_at_once(calendar, came, answered):
            at_once[channel] += 1
            settled[channel] += not further
    return tuple(
        FirstContact(
            channel=channel,
            received=count,
            answered_at_once=at_once[channel],
            settled=settled[channel],
            percentage=percentage_of(settled[channel], count),
        )
        for channel, count in sorted(received.items(), key=lambda each: (-each[1], each[0]))
    )


def _of_the_period(charter: str, period: Period) -> Any:
    complaints = tables.complaints.c
    return and_(
        complaints.charter == charter,
        not_(complaints.feedback),
        complaints.received_at >= period.begins,
        complaints.received_at < period.ends,
    )


def _received(charter: str, period: Period) -> Any:
    channel = tables.complaints.c.channel
    return select(channel, func.count()).where(_of_the_period(charter, period)).group_by(channel)


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
        select(complaints.channel, complaints.received_at, func.min(events.at), further)
        .join_from(tables.complaints, tables.events, events.reference == complaints.reference)
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
