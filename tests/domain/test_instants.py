"""Odd dates: whatever is sent as a date is understood or refused, and never breaks anything."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.commands import Open, RecordContact, parse_command
from domain.complaint import Complaint
from domain.decisions import decide
from domain.errors import InvalidCommand, Refused
from domain.opening import Opening
from domain.vocabulary import Role
from tests.domain.stories import PEOPLE, Story

ODD = (
    "0001-01-01T00:00:00+05:00",
    "9999-12-31T23:59:59-05:00",
    "1066-10-14T09:00:00Z",
    "2200-01-01T00:00:00Z",
)
OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
ANY_INSTANT = st.datetimes(timezones=OFFSETS).map(datetime.isoformat)
ANY_DAY = st.dates().map(date.isoformat)


def contact(received_at: str) -> dict[str, object]:
    """What a recorded contact says."""
    return {
        "command_id": "c",
        "actor": PEOPLE[Role.CUSTOMER].model_dump(mode="json"),
        "channel": "email",
        "from_whom": "customer",
        "summary": "Any news?",
        "received_at": received_at,
    }


@pytest.mark.parametrize("odd", ODD)
def test_an_instant_that_nobody_can_mean_is_refused_with_its_field(odd: str) -> None:
    with pytest.raises(InvalidCommand, match=r"received_at: .* between 1972 and 2200"):
        parse_command("record_contact", contact(odd))


def test_an_instant_is_kept_in_utc() -> None:
    command = parse_command("record_contact", contact("2026-10-05T10:00:00+01:00"))
    assert isinstance(command, RecordContact)
    assert command.received_at.isoformat() == "2026-10-05T09:00:00+00:00"
    assert command.received_at.tzinfo is UTC


@given(ANY_INSTANT)
def test_no_instant_of_a_contact_breaks_a_complaint(instant: str) -> None:
    story = Story()
    with suppress(Refused):
        decide(story.complaint, parse_command("record_contact", contact(instant)), story.now)


@given(ANY_DAY)
def test_no_day_breaks_a_pause_or_an_extension(day: str) -> None:
    story = Story("financial-ombudsman", stage="manager")
    manager = {"command_id": "c", "actor": PEOPLE[Role.MANAGER].model_dump(mode="json")}
    for verb, field in (("pause", "review_on"), ("extend", "new_due")):
        with suppress(Refused):
            command = parse_command(verb, manager | {"reason": "The bank is slow.", field: day})
            decide(story.complaint, command, story.now)


@given(ANY_INSTANT, ANY_INSTANT)
def test_no_instant_of_an_opening_breaks_anything(received: str, answered: str) -> None:
    story = Story()
    opening = story.complaint.opened.model_dump(mode="json")
    case = {"reference": "C-9", "open": False, "answered_at": answered}
    with suppress(Refused, ValidationError):
        argument = opening | {"received_at": received, "subject_case": case}
        command = Open(opening=Opening.model_validate(argument), digest="d")
        decide(Complaint(story.rules), command, story.now)


def test_a_receipt_that_lies_years_back_is_refused_and_floods_nobody() -> None:
    story = Story()
    opening = story.complaint.opened
    much_later = datetime(story.rules.calendar.last_day.year + 1, 3, 1, tzinfo=UTC)
    with pytest.raises(InvalidCommand, match=r"received_at: .* lies too far back"):
        decide(Complaint(story.rules), Open(opening=opening, digest="d"), much_later)


def test_a_day_before_the_calendar_is_not_answered_with_the_advice_to_refresh() -> None:
    story = Story()
    before = story.rules.calendar.first_day - timedelta(days=30)
    command = parse_command("record_contact", contact(f"{before}T10:00:00Z"))
    with pytest.raises(Refused) as refused:
        decide(story.complaint, command, story.now)
    assert "can be counted" in refused.value.allowed
    assert "refresh" not in refused.value.allowed
