"""What a complaint keeps has an end, whatever anybody sends; and it is the same complaint all the same."""

from __future__ import annotations

import random
import string
from typing import Any

import pytest

from domain.complaint.decider.evolve import Step, fold
from domain.complaint.decider.registry import EVENTS_JSON
from domain.complaint.state import FULL, FULL_FOR_CUSTOMERS, HOURLY, Complaint
from domain.complaint.views.packing import carry, handed_out, restore
from domain.complaint.views.record import ROOM, Record, is_abridged
from domain.complaint.views.status import status_of
from domain.errors import RecordFull
from domain.packing import canonical
from domain.vocabulary import Role
from tests.domain.playing.refusing import is_refused
from tests.domain.playing.stories import Story

MOST_BYTES = 1_500_000
"""The server takes two million bytes as an argument, and as an answer."""
NOISE = random.Random(7)  # noqa: S311 - no secret


def noise(length: int) -> str:
    return "".join(NOISE.choices(string.ascii_letters + string.digits, k=length))


def record_of(story: Story) -> Record:
    record, before = Record(), Complaint(story.rules)
    for _, event, after, _ in story.steps:
        record = record.with_steps(before, (Step(event, after),))
        before = after
    return record


def test_a_record_that_has_room_keeps_every_word() -> None:
    story = Story().do("allocate").do("record_contact", summary=noise(19_900))
    assert record_of(story).events == tuple(story.events)


def test_a_flood_of_long_letters_is_carried_over_and_told() -> None:
    story = Story(stage="manager")
    for _ in range(175):
        story.do("record_contact", summary=noise(19_900))
    record = record_of(story)
    carried = carry(story.rules.packed, record)
    assert len(carried) < MOST_BYTES
    assert len(canonical(status_of(story.complaint, record.events))) < MOST_BYTES
    assert record.size < 2 * ROOM
    _, kept, complaint, _ = restore(carried)
    assert (kept, complaint) == (record, story.complaint)


def test_a_flood_is_handed_out_in_answers_that_a_server_lets_through() -> None:
    story = Story(stage="manager")
    for _ in range(60):
        story.do("record_contact", summary=noise(19_900))
    record = record_of(story)
    told: list[Any] = []
    answers = 0
    while len(told) < len(record.events):
        answer = handed_out(story.rules.packed, record, len(told) + 1)
        assert len(canonical(answer)) < MOST_BYTES
        assert answer["of"] == len(record.events)
        told += answer["events"]
        answers += 1
    assert answers > 1
    events = EVENTS_JSON.validate_python(told, strict=False)
    assert events == record.events
    cut = [kept != event for kept, event in zip(events, story.events, strict=True)]
    assert [is_abridged(event) for event in events] == cut
    assert any(cut)


@pytest.mark.parametrize("charter", ["financial-ombudsman", "casework-standards"])
def test_a_text_that_the_complaint_needs_is_never_cut(charter: str) -> None:
    story = Story(charter).do("allocate")
    for _ in range(20):
        story.do("record_contact", summary=noise(19_900))
    story.do("ask_information", questions=[noise(500)] * 20)
    story.do("request_appointment", about=noise(19_900))
    record = record_of(story)
    assert fold(story.rules, record.events) == story.complaint
    assert len(EVENTS_JSON.dump_json(record.events)) < 2 * ROOM


def test_after_so_many_events_only_what_answers_and_ends_it_is_taken() -> None:
    story = Story(stage="manager").do("allocate")
    object.__setattr__(story.complaint, "events", FULL_FOR_CUSTOMERS)
    refusal = story.refused("record_contact", Role.CUSTOMER)
    is_refused(refusal, "RecordFull", "no more is taken in", "reply, close")
    object.__setattr__(story.complaint, "events", FULL)
    with pytest.raises(RecordFull):
        raise story.refused("update")
    story.do("reply")


def test_one_sender_from_outside_is_heard_so_often_within_an_hour_and_nobody_else_waits_for_it() -> (
    None
):
    story = Story(stage="manager").at("2026-10-06 10:15")
    for _ in range(HOURLY):
        story.do("record_contact", Role.UPSTREAM_APP)
    refusal = story.refused("record_contact", Role.UPSTREAM_APP)
    is_refused(refusal, "RateLimited", f"{HOURLY} messages", "from 11:15 on")
    at_the_limit = story.complaint
    story.do("withdraw", Role.UPSTREAM_APP)
    story.complaint = at_the_limit
    story.do("record_contact", Role.CUSTOMER).do("update")
    story.at("2026-10-06 11:15").do("record_contact", Role.UPSTREAM_APP)


def test_there_are_so_many_appointments_and_no_more() -> None:
    story = Story().do("allocate")
    for _ in range(50):
        story.do("request_appointment")
    is_refused(story.refused("request_appointment"), "RecordFull", "50 appointments", "50 at most")
