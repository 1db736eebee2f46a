"""Odd dates: whatever is sent as a date is understood or refused, and never breaks anything."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from domain.complaint.decider.decide import decide
from domain.complaint.decider.parsing import parse_command
from domain.complaint.features.contact.contacts import RecordContact
from domain.errors import InvalidCommand, Refused
from domain.vocabulary import Role
from tests.domain.playing.stories import PEOPLE, Story

ODD = (
    "0001-01-01T00:00:00+05:00",
    "9999-12-31T23:59:59-05:00",
    "1066-10-14T09:00:00Z",
    "2200-01-01T00:00:00Z",
)


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


@pytest.mark.parametrize(
    "number", [1795168800, 46298.395833, "1795168800", "46298,5", " 20261120 "]
)
def test_a_number_is_no_instant_although_one_could_be_made_of_it(number: object) -> None:
    with pytest.raises(InvalidCommand, match=r"received_at: .* is a number and no date"):
        parse_command("record_contact", contact("x") | {"received_at": number})


def test_an_instant_is_kept_in_utc() -> None:
    command = parse_command("record_contact", contact("2026-10-05T10:00:00+01:00"))
    assert isinstance(command, RecordContact)
    assert command.received_at.isoformat() == "2026-10-05T09:00:00+00:00"
    assert command.received_at.tzinfo is UTC


def test_a_day_before_the_calendar_is_not_answered_with_the_advice_to_refresh() -> None:
    story = Story()
    before = story.rules.calendar.first_day - timedelta(days=30)
    command = parse_command("record_contact", contact(f"{before}T10:00:00Z"))
    with pytest.raises(Refused) as refused:
        decide(story.complaint, command, story.now)
    assert "can be counted" in refused.value.allowed
    assert "refresh" not in refused.value.allowed
