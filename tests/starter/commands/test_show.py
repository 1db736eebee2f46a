"""`uphold show`: what the case file says is what the complaint's own record says."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.complaint.views.standings import RemedyStanding
from starter.commands.show import _remedy
from tests.ledger.samples import remedy

THEN = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (remedy(due_on=date(2020, 1, 1)), "owed"),
        (remedy(due_on=date(9999, 1, 1), missed=1), "owed, overdue"),
        (remedy(missed=1, state="done", ended_at=THEN), "done"),
    ],
    ids=["no date is on record as passed", "one is", "one was, before it was done"],
)
def test_a_remedy_is_overdue_where_the_list_of_overdue_ones_has_it(
    one: RemedyStanding, state: str
) -> None:
    assert _remedy(one)[5] == state
