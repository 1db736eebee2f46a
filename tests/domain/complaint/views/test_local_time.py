"""Whoever reads how a complaint stands reads the organisation's own day and clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.calendar.pinned import in_words
from domain.complaint.views.status import brief_of, status_of
from domain.complaint.views.timeline import row
from tests.domain.playing.stories import Story, local

NIGHTS = ("2026-10-01 00:30", "2026-06-30 23:59", "2026-03-29 03:30", "2026-10-25 00:10")


def instants(value: Any) -> Iterator[datetime]:
    """Every instant that stands anywhere in an answer."""
    if isinstance(value, dict):
        for each in value.values():
            yield from instants(each)
    elif isinstance(value, list):
        for each in value:
            yield from instants(each)
    elif isinstance(value, str) and "T" in value:
        try:
            yield datetime.fromisoformat(value)
        except ValueError:
            return


@pytest.mark.parametrize("received", NIGHTS)
@pytest.mark.parametrize("charter", ["financial-ombudsman", "casework-standards"])
def test_what_came_by_night_came_on_the_day_that_it_was_there(charter: str, received: str) -> None:
    story = Story(charter, received).do("allocate")
    status = status_of(story.complaint, tuple(story.events))
    assert status["timeline"][0]["at"].startswith(received.replace(" ", "T"))
    assert status["received_at"].startswith(received.replace(" ", "T"))
    assert (
        in_words(local(received).astimezone(ZoneInfo("Europe/London")).date())
        in status["timeline"][0]["text"]
    )


def test_every_day_in_a_line_is_by_the_organisation_s_clock() -> None:
    story = Story("financial-ombudsman", "2026-10-02 00:30", stage="manager")
    story.do("correct", received_at=local("2026-10-01 00:30"), reason="The stamp says so.")
    text = row(story.events[-1], story.rules.calendar)["text"]
    assert "received on Thursday 1 October 2026, not Friday 2 October 2026" in text


@pytest.mark.parametrize("received", NIGHTS)
def test_every_instant_of_an_answer_is_by_the_organisation_s_clock(received: str) -> None:
    story = Story("financial-ombudsman", received, stage="manager").do("acknowledge")
    story.do("restrict_contact").do("reply")
    calendar = story.rules.calendar
    for answer in (status_of(story.complaint, tuple(story.events)), brief_of(story.complaint)):
        found = list(instants(answer))
        assert found
        for instant in found:
            assert instant.replace(tzinfo=None) == calendar.local_time(instant)


def test_an_instant_beyond_the_calendar_is_given_as_it_is() -> None:
    calendar = Story().rules.calendar
    beyond = datetime.combine(calendar.last_day + timedelta(days=9), datetime.min.time(), UTC)
    assert calendar.in_local_time(beyond) is beyond
