"""A calendar of England and Wales, typed by hand from the government's published list.

No package's data: what the core counts is checked here against nothing but this.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from domain.calendar.pinned import Calendar

CLOSURES = (
    (date(2026, 1, 1), "New Year's Day"),
    (date(2026, 4, 3), "Good Friday"),
    (date(2026, 4, 6), "Easter Monday"),
    (date(2026, 5, 4), "Early May bank holiday"),
    (date(2026, 5, 25), "Spring bank holiday"),
    (date(2026, 8, 31), "Summer bank holiday"),
    (date(2026, 12, 25), "Christmas Day"),
    (date(2026, 12, 28), "Boxing Day (substitute day)"),
    (date(2027, 1, 1), "New Year's Day"),
    (date(2027, 3, 26), "Good Friday"),
    (date(2027, 3, 29), "Easter Monday"),
    (date(2027, 5, 3), "Early May bank holiday"),
    (date(2027, 5, 31), "Spring bank holiday"),
    (date(2027, 8, 30), "Summer bank holiday"),
    (date(2027, 12, 27), "Christmas Day (substitute day)"),
    (date(2027, 12, 28), "Boxing Day (substitute day)"),
    (date(2028, 1, 3), "New Year's Day (substitute day)"),
    (date(2028, 4, 14), "Good Friday"),
    (date(2028, 4, 17), "Easter Monday"),
    (date(2028, 5, 1), "Early May bank holiday"),
    (date(2028, 5, 29), "Spring bank holiday"),
    (date(2028, 8, 28), "Summer bank holiday"),
    (date(2028, 12, 25), "Christmas Day"),
    (date(2028, 12, 26), "Boxing Day"),
)

ENGLAND = Calendar(
    region="england-and-wales",
    time_zone="Europe/London",
    version="england-by-hand",
    first_day=date(2026, 1, 1),
    last_day=date(2028, 12, 31),
    hours=((9 * 60, 17 * 60),) * 5 + (None, None),
    closures=CLOSURES,
    offsets=(
        (datetime(2025, 10, 26, 1, tzinfo=UTC), 0),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), 3600),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), 0),
        (datetime(2027, 3, 28, 1, tzinfo=UTC), 3600),
        (datetime(2027, 10, 31, 1, tzinfo=UTC), 0),
        (datetime(2028, 3, 26, 1, tzinfo=UTC), 3600),
        (datetime(2028, 10, 29, 1, tzinfo=UTC), 0),
    ),
    receipt="same-day",
    closed_day="earlier",
)
NEXT_DAY = replace(ENGLAND, receipt="next-working-day")
LATER = replace(ENGLAND, closed_day="later")
