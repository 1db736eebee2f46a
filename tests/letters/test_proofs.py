"""What a letter says of how a date was counted is so: a reader who counts again comes to the same day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from domain.calendar.counting import WEEKEND
from domain.calendar.pinned import DAYS, Calendar
from letters.required_facts import STAFF_KINDS
from tests.domain.playing.stories import SHIPPED
from tests.letters.test_notices_of_stories import stories
from tests.letters.test_offers import played

ONE = timedelta(days=1)


@cache
def proofs(charter: str) -> tuple[tuple[str, dict[str, Any], Calendar], ...]:
    """Every proof in a letter or note of the specimens and of stories of every verb."""
    steps = [each for story in played(charter) for each in story.sent]
    steps += [
        (notice, complaint, None)
        for story in stories(charter, "en")
        for _, _, complaint, notices in story.steps
        for notice in notices
    ]
    return tuple(
        (str(notice.kind), proof, complaint.rules.calendar)
        for notice, complaint, _ in steps
        for proof in (notice.facts.get("proof"), (notice.facts.get("window") or {}).get("proof"))
        if isinstance(proof, dict)
    )


def ends(proof: dict[str, Any], calendar: Calendar) -> date:
    """The day to which the letter's own words lead: its start, its amount, and what it leaves out."""
    amount: int = proof["amount"]
    start, unit = date.fromisoformat(proof["start"]), proof["unit"]
    start -= ONE * bool(proof.get("included"))
    held = [day for first, last in proof.get("pauses", ()) for day in _span(first, last)]
    if unit in {"working-days", "end-of-next-working-day"}:
        return _working(start, amount, calendar, {day for day in held if day > start})
    off = len([day for day in held if day > start])
    if unit == "months":
        return calendar.add_months(start, amount) + off * ONE
    return start + (amount * (7 if unit == "weeks" else 1) + off) * ONE


def _working(day: date, amount: int, calendar: Calendar, held: set[date]) -> date:
    while amount:
        day += ONE
        amount -= calendar.is_working(day) and day not in held
    return day


def _span(first: str, last: str) -> Iterator[date]:
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        yield day
        day += ONE


@pytest.mark.parametrize("charter", SHIPPED)
def test_whoever_counts_again_comes_to_the_same_day(charter: str) -> None:
    assert proofs(charter)
    for kind, proof, calendar in proofs(charter):
        moved = proof.get("moved_from")
        counted = date.fromisoformat(moved[0] if moved else proof["due"])
        assert ends(proof, calendar) == counted, (kind, proof)


@pytest.mark.parametrize("charter", SHIPPED)
def test_every_day_that_is_left_out_is_named(charter: str) -> None:
    for kind, proof, calendar in proofs(charter):
        if proof["unit"] != "working-days":
            continue
        named = {group[0]: group for group in proof.get("skipped", ())}
        held = {day for span in proof.get("pauses", ()) for day in _span(*span)}
        first = (date.fromisoformat(proof["start"]) + ONE).isoformat()
        for day in _span(first, proof["due"]):
            why = calendar.why_closed(day)
            weekly = WEEKEND if why in {"Saturday", "Sunday"} and WEEKEND in named else why
            assert not why or day in held or weekly in named, (kind, day, proof)
            if why and weekly in named and weekly not in {*DAYS, WEEKEND}:
                _, _, begins, closes = named[weekly]
                assert date.fromisoformat(begins) <= day <= date.fromisoformat(closes)


def test_notes_to_staff_are_among_them() -> None:
    assert any(kind in {str(each) for each in STAFF_KINDS} for kind, _, _ in proofs(SHIPPED[0]))
