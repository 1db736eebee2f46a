"""What is refused for what it says: empty or impossible fields, unreadable commands, a calendar's end."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date

import pytest

from domain.charter.rules import pack, unpack
from domain.complaint.decider.parsing import parse_command
from domain.errors import InvalidCommand
from domain.vocabulary import Role
from tests.domain.playing.refusing import is_refused
from tests.domain.playing.stories import Story, rules_of

JONES = {"id": "h.jones", "name": "H Jones"}


@pytest.mark.parametrize(
    ("verb", "fields", "message"),
    [
        ("update", {"message": " "}, "message: it is empty"),
        ("withdraw", {"reason": ""}, "reason: it is empty"),
        ("close", {"reason": ""}, "reason: it is empty"),
        ("pause", {"reason": ""}, "reason: it is empty"),
        ("pause", {"review_on": "2026-10-05"}, "review_on: 2026-10-05 is not ahead"),
        ("refresh", {"pinned": "nonsense"}, "pinned: it holds no charter"),
        ("reassign", {"handler": JONES}, "has the complaint already"),
    ],
)
def test_an_empty_or_impossible_field_is_named(
    verb: str, fields: dict[str, object], message: str
) -> None:
    story = Story().do("allocate")
    by = {"withdraw": Role.CUSTOMER, "refresh": Role.ADMINISTRATOR}.get(verb)
    refusal = story.refused(verb, by, **fields)
    assert refusal.allowed
    is_refused(refusal, "InvalidCommand", message, refusal.allowed)


def test_reopening_needs_a_reason() -> None:
    story = Story("casework-standards").do("close")
    is_refused(story.refused("reopen", reason=" "), "InvalidCommand", "reason", "Say why")


@pytest.mark.parametrize(
    ("verb", "fields", "message"),
    [
        ("shout", b"{}", "There is no verb 'shout'"),
        ("accept", b"{}", "command_id: Field required; actor: Field required"),
        ("accept", b'{"command_id": "1", "actor": 7}', "actor: "),
        ("conclude_case", b'{"answered_at": "soon"}', "(given: 'soon')"),
        ("accept", b"no json", "the argument: Invalid JSON"),
        ("reply", b'{"command_id": "1", "loud": true}', "loud: Extra inputs"),
    ],
)
def test_a_command_that_cannot_be_read_names_each_field(
    verb: str, fields: bytes, message: str
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        parse_command(verb, fields)
    assert message in refused.value.message
    assert refused.value.allowed


def test_introducing_nobody_and_acknowledging_twice_do_not_fit_the_state() -> None:
    story = Story()
    is_refused(story.refused("introduce"), "WrongState", "no handler yet", "Allocate")
    story.do("acknowledge")
    is_refused(story.refused("acknowledge"), "WrongState", "acknowledged at this stage", "contact")
    is_refused(story.refused("resume"), "WrongState", "is acknowledged", "when it is paused")


def test_counting_past_the_calendar_asks_for_a_refresh_and_a_refresh_helps() -> None:
    rules = rules_of("harbour-homes")
    short = replace(rules.calendar, last_day=date(2026, 11, 4), version="short")
    story = Story(rules=unpack(pack(rules.charter, short)))
    refusal = story.refused("reply")  # its window would end on 5 November
    is_refused(refusal, "CalendarTooShort", "known only from", "administrator can refresh")
    refusal = story.refused("pause", review_on="2026-11-05")
    is_refused(refusal, "CalendarTooShort", "known only from", "administrator can refresh")
    longer = base64.b64encode(rules.packed).decode()
    story.do("refresh", Role.ADMINISTRATOR, pinned=longer).do("reply")
    assert story.complaint.rules == rules


def test_a_refresh_keeps_the_charter_its_stage_and_every_promise_that_runs() -> None:
    story = Story().do("escalate", Role.CUSTOMER)
    other = base64.b64encode(rules_of("harbour-homes").packed).decode()
    refusal = story.refused("refresh", Role.ADMINISTRATOR, pinned=other)
    is_refused(refusal, "InvalidCommand", "another charter", "financial-ombudsman")
    charter = story.rules.charter
    fewer = charter.model_copy(update={"promises": charter.promises[:-4]})
    poorer = base64.b64encode(pack(fewer, story.rules.calendar)).decode()
    refusal = story.refused("refresh", Role.ADMINISTRATOR, pinned=poorer)
    is_refused(refusal, "InvalidCommand", "now lacks FO-8/acknowledge", "Finish the complaint")
