"""The record of a remedy: done once, in order, whoever was down, and what is no command."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from activities.facts import REQUIRED
from activities.rendering import render
from domain.calendar.counting import in_words
from domain.complaint.commands import ReportUndeliverable
from domain.complaint.features.remedies.remedy import fold
from domain.complaint.features.remedies.remedy_commands import parse_remedy_command
from domain.complaint.features.remedies.remedy_events import REMEDY_EVENT_KINDS, REMEDY_EVENTS
from domain.complaint.features.remedies.remedy_reactions import OWED, react
from domain.complaint.features.remedies.remedy_standing import carry, restore, status_of
from domain.errors import InvalidCommand
from tests.domain.remedy_stories import RemedyStory

PAYMENT = {"text": "We will pay you £50", "kind": "payment"}
OWNED = {**PAYMENT, "owner": {"id": "K.Lee", "name": "K Lee"}}
ADVICE = {"text": "Log every letter", "kind": "recommendation"}


def test_the_same_command_is_done_once_and_its_id_is_nobody_elses() -> None:
    story = RemedyStory(OWNED)
    command = story.command("postpone_remedy", new_due="2026-10-30", command_id="once")
    assert len(story.play(command)) == 1
    assert story.play(command) == []
    refused = story.refused("do_remedy", command_id="once")
    assert "was used for postpone_remedy" in str(refused)
    with pytest.raises(InvalidCommand, match="once was used"):
        story.play(
            story.command(
                "postpone_remedy", "administrator", new_due="2026-10-30", command_id="once"
            )
        )


def test_what_fell_due_comes_before_what_is_asked() -> None:
    story = RemedyStory(PAYMENT)
    story.now = story.at("2026-10-20 16:59").now.replace(hour=16, minute=0)
    story.do("do_remedy")
    assert story.kinds == ["promised", "warned", "missed", "done"]


def test_a_worker_that_was_down_for_months_apologises_once() -> None:
    story = RemedyStory(PAYMENT).late("2027-02-01 10:00")
    assert story.kinds == ["promised", "missed"]
    assert story.events[-1].new_due == date(2027, 2, 8)
    assert story.at("2027-02-05 10:00").kinds == ["promised", "missed"]


def test_a_remedy_goes_on_past_the_end_of_its_calendar() -> None:
    story = RemedyStory(PAYMENT).at("2028-12-29 17:00")
    before = story.remedy.reminders
    story.at("2029-03-01 10:00")
    assert story.remedy.reminders > before
    assert story.do("do_remedy").remedy.state == "done"


def test_a_date_named_in_the_reply_is_warned_of_unless_it_is_too_near() -> None:
    story = RemedyStory({**PAYMENT, "due": "2026-10-07"}).at("2026-10-08 10:00")
    assert story.kinds == ["promised", "missed"]
    assert story.remedy.commitment.counted_from is None
    assert status_of(story.remedy, tuple(story.events))["proof"] == "The reply named the date."


def test_a_notice_that_cannot_be_delivered_is_a_task_for_staff() -> None:
    story = RemedyStory(PAYMENT).do("do_remedy")
    bounced, to_staff = story.notices[-1].key, story.notices[0].key
    story.play(ReportUndeliverable(notice=bounced, reason="no such person"))
    story.play(ReportUndeliverable(notice=to_staff, reason="full"))
    assert story.told()[-2:] == [
        "undeliverable to complaints-team",
        "undeliverable to administrator",
    ]
    told = len(story.notices)
    story.play(ReportUndeliverable(notice=story.notices[-1].key, reason="full"))
    assert len(story.notices) == told, "what cannot be told about what cannot be told ends there"


@pytest.mark.parametrize(
    ("verb", "fields", "said"),
    [
        ("do_remedy", {}, "how"),
        ("do_remedy", {"how": 7}, "how"),
        ("refuse_remedy", {"reason": None}, "reason"),
        ("reassign_remedy", {"owner": "k.lee"}, "owner"),
        ("postpone_remedy", {"new_due": "soon", "reason": "x"}, "new_due"),
        ("accept_remedy", {"bogus": 1}, "bogus"),
        ("mend_remedy", {}, "accept_remedy, do_remedy"),
    ],
)
def test_what_is_no_command_is_refused_by_its_field(
    verb: str, fields: dict[str, Any], said: str
) -> None:
    common = {"command_id": "c", "actor": {"id": "m", "name": "M", "role": "manager"}}
    with pytest.raises(InvalidCommand, match=said):
        parse_remedy_command(verb, common | fields)


def test_a_command_that_is_no_object_is_refused() -> None:
    wrongs: tuple[Any, ...] = (None, 7, "x", [])
    for wrong in wrongs:
        with pytest.raises(InvalidCommand):
            parse_remedy_command("do_remedy", wrong)


def test_the_record_adds_up_and_survives_its_json_and_being_carried() -> None:
    story = (
        RemedyStory(OWNED)
        .at("2026-11-10 10:00")
        .do("reassign_remedy", owner={"id": "x", "name": "X"})
    )
    story.do("refuse_remedy")
    events = tuple(story.events)
    assert REMEDY_EVENTS.validate_json(REMEDY_EVENTS.dump_json(events)) == events
    assert fold(story.remedy.rules, events) == story.remedy
    assert restore(story.remedy.rules.packed, carry(events, "f")) == (events, story.remedy, "f")
    again: list[Any] = []
    for count in range(1, len(events) + 1):
        again += react(fold(story.remedy.rules, events[:count]), events[count - 1])
    assert again == story.notices
    assert len({notice.key for notice in story.notices}) == len(story.notices)


def test_every_kind_of_event_has_its_notices_its_line_and_facts_enough() -> None:
    assert set(OWED) == set(REMEDY_EVENT_KINDS)
    story = RemedyStory(ADVICE, stage="independent-assessor").at("2026-12-01 10:00")
    story.do("accept_remedy").do("do_remedy")
    for notice in story.notices:
        assert REQUIRED[notice.kind] <= notice.facts.keys(), notice.kind
        assert render(notice).body
    text = "\n".join(
        row["text"] for row in status_of(story.remedy, tuple(story.events))["timeline"]
    )
    for said in (in_words(date(2026, 11, 3)), "It is overdue since", "Done: We paid"):
        assert said in text
