"""Dates of any year, zone and spelling: a refusal at most, and never a complaint that hangs."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.complaint.decider.parsing import parse_command
from domain.complaint.decider.registry import VERBS
from domain.complaint.opening import Opening
from domain.complaint.views.status import status_of
from domain.errors import InvalidCommand, Refused
from domain.vocabulary import Role
from tests.domain.playing.said import SAID
from tests.domain.playing.stories import Story, local, opening, rules_of

EARLY, LATE = "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"
ZONES = st.sampled_from(["Z", "+05:00", "-05:00", "+14:00", "-23:59", "+23:59", ""])
INSTANTS = st.builds(lambda at, zone: f"{at.isoformat()}{zone}", st.datetimes(), ZONES)
DAYS = st.dates().map(str)
VALUES: st.SearchStrategy[Any] = (
    INSTANTS | DAYS | st.text(max_size=20) | st.integers() | st.floats() | st.none()
)
DATED = {
    verb: [
        name
        for name in ("received_at", "answered_at", "new_due", "review_on")
        if name in model.model_fields
    ]
    for verb, model in VERBS.items()
}


@given(st.sampled_from([verb for verb, names in DATED.items() if names]), VALUES)
@example("record_contact", EARLY)
@example("conclude_case", LATE)
@example("pause", "9999-12-31")
@example("extend", "0001-01-01")
def test_a_command_with_any_date_is_taken_or_refused(verb: str, value: Any) -> None:
    story = Story(stage="manager")
    said = SAID[verb] | dict.fromkeys(DATED[verb], value)
    actor = {"id": "m", "name": "M", "role": str(Role.MANAGER)}
    with suppress(Refused):
        story.play(parse_command(verb, {"command_id": "1", "actor": actor} | said))
    status_of(story.complaint, tuple(story.events))


@given(st.sampled_from(["financial-ombudsman", "customer-promise"]), VALUES, VALUES, st.booleans())
@example("financial-ombudsman", "2026-10-05T10:00:00Z", LATE, False)
@example("financial-ombudsman", "2026-10-05T10:00:00Z", EARLY, True)
@example("financial-ombudsman", EARLY, None, True)
def test_an_opening_with_any_date_is_taken_or_refused(
    charter: str, received: Any, answered: Any, is_open: bool
) -> None:
    case = {"reference": "C", "open": is_open, "answered_at": answered}
    fields = opening(rules_of(charter), local("2026-10-05 10:00")).model_dump()
    for at in (received, datetime(2026, 10, 5, 9, tzinfo=UTC)):
        with suppress(ValidationError, Refused):
            read = Opening.model_validate(fields | {"received_at": at, "subject_case": case})
            open_it(charter, read)


def open_it(charter: str, read: Opening) -> None:
    """Opens it when it was received, and replies."""
    case = read.subject_case.model_dump(mode="json") if read.subject_case else None
    naive = read.received_at.replace(tzinfo=None)
    story = Story(charter, str(naive), subject_case=case)
    story.do("reply")
    status_of(story.complaint, tuple(story.events))


def test_a_case_answered_in_time_to_come_is_refused() -> None:
    with pytest.raises(InvalidCommand, match=r"answered_at: 2026-10-06.*lies in the future"):
        Story(subject_case={"reference": "C", "answered_at": "2026-10-06T10:00:00Z"})


def test_a_complaint_is_not_too_late_for_an_end_that_lies_past_the_calendar() -> None:
    case = {"reference": "C-9", "open": False, "answered_at": "2028-02-09T09:00:00+00:00"}
    story = Story("local-government-code", "2028-02-29 09:00", subject_case=case)
    assert story.complaint.closed is None
