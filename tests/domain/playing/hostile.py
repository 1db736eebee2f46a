"""What makes things hard for a complaint: the worst instants, and people with several hats.

Owns the lists alone; the machine draws from them.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from domain.vocabulary import Role
from tests.domain.playing.stories import local, person

HOSTILE = tuple(
    local(when)
    for when in (
        "2026-03-29 00:59", "2026-03-29 02:00", "2026-05-31 23:59", "2026-10-03 10:00",
        "2026-10-25 01:30", "2026-12-24 17:00", "2026-12-25 00:00", "2026-12-31 23:59",
        "2027-01-31 16:59", "2027-03-26 12:00", "2028-02-29 09:00", "2028-10-29 01:30",
        "2028-11-30 17:00", "2028-12-29 17:00", "2028-12-31 23:59",
    )
)  # fmt: skip
"""Nights on which the clocks change, Christmas, leap day, month ends, the calendar's last days."""

PERSONS = (
    *(person(f"{who}.{role}", role) for who in ("one", "two") for role in Role),
    person("one.case-handler", "manager"),
    person("one.manager", "complaints-team"),
    person("One.Manager", "complaints-team"),
    person("one.manager", "administrator"),
    person("one.case-handler", "upstream-app"),
    person("h.jones", "case-handler"),
    person("H.Jones", "complaints-team"),
    person("h.jones", "manager"),
    person("h.jones", "customer"),
)
GAPS = st.one_of(
    st.timedeltas(timedelta(0), timedelta(hours=9)),
    st.timedeltas(timedelta(days=1), timedelta(days=40)),
    st.sampled_from([timedelta(days=n) for n in (1, 7, 31, 92, 400)]),
)
HANDLERS = st.sampled_from(
    [{"id": p.id, "name": p.name} for p in PERSONS[:6]] + [{"id": "h.jones", "name": "H Jones"}]
)
