"""Every promise of the sector codes by its id: its clock starts, is met in time, warned of, missed.

Dates are counted by hand from the lists of bank holidays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.domain.stories import SECTORS, Story, rules_of

Steps = tuple[tuple[str, str, dict[str, Any]], ...]
MONDAY = "2026-10-05 10:00"
TO_STAGE_2: Steps = (
    ("2026-10-06 10:00", "acknowledge", {}),
    ("2026-10-07 10:00", "reply", {}),
    ("2026-10-12 10:00", "escalate", {"by": "customer", "to": "manager"}),
)


@dataclass(frozen=True)
class Row:
    """A promise, the way to the start of its clock, and what is to become of that."""

    key: str
    due: date
    warned: date
    met_by: str = "reply"
    steps: Steps = ()
    received: str = MONDAY
    stage: str | None = None

    @property
    def charter(self) -> str:
        prefix = self.key.split("-")[0]
        return next(name for name in SECTORS if _prefix(name) == prefix)

    def begun(self) -> Story:
        """The complaint when the clock has just started."""
        story = Story(self.charter, self.received, stage=self.stage)
        for when, verb, said in self.steps:
            by = said.get("by")
            story.at(when).do(verb, by, **{key: said[key] for key in said if key != "by"})
        return story


def _prefix(charter_id: str) -> str:
    return rules_of(charter_id).charter.promises[0].id.split("-")[0]


def _acknowledged(when: str) -> tuple[tuple[str, str, dict[str, Any]]]:
    return ((when, "acknowledge", {}),)


TWO_STAGES = [
    row
    for code in ("HC", "LG")
    for row in (
        Row(f"{code}-1/acknowledge", date(2026, 10, 12), date(2026, 10, 9), "acknowledge"),
        Row(f"{code}-1/reply", date(2026, 10, 22), date(2026, 10, 20),
            steps=_acknowledged("2026-10-08 15:00")),
        Row(f"{code}-2/acknowledge", date(2026, 10, 19), date(2026, 10, 16), "acknowledge",
            steps=TO_STAGE_2),
        Row(f"{code}-2/reply", date(2026, 11, 11), date(2026, 11, 5),
            steps=(*TO_STAGE_2, *_acknowledged("2026-10-14 10:00"))),
    )
]  # fmt: skip
BEFORE_ST_ANDREWS = "2026-11-26 10:00"  # Monday 30 November is a holiday in Scotland
ROWS = [
    *TWO_STAGES,
    # Twelve weeks end on Monday 28 December, which is closed, as the Friday before it is.
    Row("LG-3", date(2026, 12, 24), date(2026, 12, 10)),
    Row("SM-1", date(2026, 12, 4), date(2026, 12, 3), received=BEFORE_ST_ANDREWS),
    Row("SM-2/acknowledge", date(2026, 12, 2), date(2026, 12, 1), "acknowledge", stage="manager",
        received=BEFORE_ST_ANDREWS),
    Row("SM-2/reply", date(2026, 12, 29), date(2026, 12, 21), stage="manager",
        received=BEFORE_ST_ANDREWS),
    Row("FC-1", date(2026, 10, 8), date(2026, 10, 7)),
    Row("FC-2/acknowledge", date(2026, 10, 12), date(2026, 10, 9), "acknowledge"),
    Row("FC-2/reply", date(2026, 11, 30), date(2026, 11, 16)),
    Row("NH-1", date(2026, 10, 8), date(2026, 10, 7), "acknowledge"),
    Row("NH-2", date(2026, 11, 9), date(2026, 11, 2)),
]  # fmt: skip
each_promise = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)


def test_every_promise_of_every_sector_code_has_a_row() -> None:
    promised = {p.key for name in SECTORS for p in rules_of(name).charter.promises}

    assert {row.key for row in ROWS} == promised


@each_promise
def test_its_clock_starts_and_is_due_on_the_day_counted_by_hand(row: Row) -> None:
    story = row.begun()

    assert story.states(row.key) == ["running"]
    assert story.due(row.key) == row.due


@each_promise
def test_it_is_met_in_the_last_minute(row: Row) -> None:
    story = row.begun().at(f"{row.due} 16:59").do(row.met_by)

    assert story.states(row.key) == ["met"]


@each_promise
def test_staff_are_warned_of_it_once_on_the_morning_of_the_day(row: Row) -> None:
    story = row.begun().at(f"{row.warned} 08:59")
    assert row.key not in _warned(story)

    story.at(f"{row.warned} 09:00").at(f"{row.due} 16:59")
    assert _warned(story).count(row.key) == 1


def _warned(story: Story) -> list[str]:
    return [event.promise for event in story.events if event.kind == "promise-warned"]


@each_promise
def test_it_is_missed_at_the_close_of_business_and_apologised_for(row: Row) -> None:
    story = row.begun().at(f"{row.due} 17:00")

    assert story.clocks(row.key)[0].state == "missed"
    apologies = [notice.facts["promise_text"] for notice in story.sent("apology", "customer")]
    assert rules_of(row.charter).promises[row.key].promise.text in apologies


@each_promise
def test_what_comes_after_the_miss_is_on_record_as_late(row: Row) -> None:
    story = row.begun().at(f"{row.due} 17:01").do(row.met_by)

    assert story.clocks(row.key)[0].fulfilled_late_at == story.now
    assert story.complaint.missed >= 1
