"""A calendar of Scotland, typed by hand from the government's published list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.domain.playing.england import ENGLAND

CLOSURES = (
    (date(2026, 1, 1), "New Year's Day"),
    (date(2026, 1, 2), "2nd January"),
    (date(2026, 4, 3), "Good Friday"),
    (date(2026, 5, 4), "Early May bank holiday"),
    (date(2026, 5, 25), "Spring bank holiday"),
    (date(2026, 6, 15), "World Cup bank holiday"),
    (date(2026, 8, 3), "Summer bank holiday"),
    (date(2026, 11, 30), "St Andrew's Day"),
    (date(2026, 12, 25), "Christmas Day"),
    (date(2026, 12, 28), "Boxing Day (substitute day)"),
    (date(2027, 1, 1), "New Year's Day"),
    (date(2027, 1, 4), "2nd January (substitute day)"),
    (date(2027, 3, 26), "Good Friday"),
    (date(2027, 5, 3), "Early May bank holiday"),
    (date(2027, 5, 31), "Spring bank holiday"),
    (date(2027, 8, 2), "Summer bank holiday"),
    (date(2027, 11, 30), "St Andrew's Day"),
    (date(2027, 12, 27), "Christmas Day (substitute day)"),
    (date(2027, 12, 28), "Boxing Day (substitute day)"),
    (date(2028, 1, 3), "New Year's Day (substitute day)"),
    (date(2028, 1, 4), "2nd January (substitute day)"),
    (date(2028, 4, 14), "Good Friday"),
    (date(2028, 5, 1), "Early May bank holiday"),
    (date(2028, 5, 29), "Spring bank holiday"),
    (date(2028, 8, 7), "Summer bank holiday"),
    (date(2028, 11, 30), "St Andrew's Day"),
    (date(2028, 12, 25), "Christmas Day"),
    (date(2028, 12, 26), "Boxing Day"),
)

SCOTLAND = replace(ENGLAND, region="scotland", version="scotland-by-hand", closures=CLOSURES)
