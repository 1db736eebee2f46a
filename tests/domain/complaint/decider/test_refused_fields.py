"""What is refused for what it says: empty or impossible fields, unreadable commands, a calendar's end."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from domain.charter.rules import pack, unpack
from domain.complaint.decider.parsing import parse_command, read_signal
from domain.complaint.opening import Complainant
from domain.errors import InvalidCommand
from domain.vocabulary import Role
from tests.domain.playing.refusing import is_refused
from tests.domain.playing.stories import Story, patient, rules_of

JONES = {"id": "h.jones", "name": "H Jones", "phone": "0300 1"}


@pytest.mark.parametrize(
    ("verb", "fields", "message"),
    [
        ("update", {"message": " "}, "message: it is empty"),
        ("withdraw", {"reason": ""}, "reason: it is empty"),
        ("close", {"reason": ""}, "reason: it is empty"),
        ("pause", {"reason": ""}, "reason: it is empty"),
        ("pause", {"third_party": None}, "third_party: it is empty"),
        ("pause", {"review_on": "2026-10-05"}, "review_on: 2026-10-05 is not ahead"),
        ("refresh", {"pinned": "nonsense"}, "pinned: it holds no charter"),
        ("reassign", {"handler": JONES}, "has the complaint already"),
    ],
)
def test_an_empty_or_impossible_field_is_named(
    verb: str, fields: dict[str, object], message: str
) -> None:
    story = Story(rules=patient(all_of_it=True)).do("allocate")
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
        ("accept", b"{}", "command_id: it is missing; actor: it is missing"),
        ("accept", b'{"command_id": "1", "actor": 7}', "actor: "),
        ("conclude_case", b'{"answered_at": "soon"}', "(given: 'soon')"),
        ("accept", b"no json", "the argument: Invalid JSON"),
        ("reply", b'{"command_id": "1", "loud": true}', "loud: it is not one of the fields"),
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
    story.do("record_contact", channel="letter", from_whom="mp")
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
    kept = tuple(each for each in charter.promises if each.id not in ("FO-8", "FO-11"))
    fewer = charter.model_copy(update={"promises": kept})
    poorer = base64.b64encode(pack(fewer, story.rules.calendar)).decode()
    refusal = story.refused("refresh", Role.ADMINISTRATOR, pinned=poorer)
    is_refused(refusal, "InvalidCommand", "now lacks FO-8/acknowledge", "Finish the complaint")


BLANK = ("\u200b", "\u3164", "\u2800", "\u00ad \u2060", "\u0301", "\ufe0f", "\U000e0020")


@pytest.mark.parametrize("nothing", BLANK)
@pytest.mark.parametrize("field", ["name", "email", "phone", "address"])
def test_nothing_that_can_be_seen_is_no_name_and_no_address(field: str, nothing: str) -> None:
    told = {"name": "Ann Example"} | {field: nothing}
    with pytest.raises(ValidationError, match="it is empty"):
        Complainant.model_validate(told)


@pytest.mark.parametrize("nothing", BLANK)
@pytest.mark.parametrize(
    ("verb", "field"),
    [("update", "message"), ("withdraw", "reason"), ("close", "reason"), ("reply", "findings")],
)
def test_nothing_that_can_be_seen_says_nothing(verb: str, field: str, nothing: str) -> None:
    story = Story().do("allocate")
    by = Role.CUSTOMER if verb == "withdraw" else None
    refusal = story.refused(verb, by, **{field: nothing})
    assert field in str(refusal)


def test_an_id_in_the_directory_is_short() -> None:
    command = {"command_id": "1", "actor": JONES | {"role": "manager"}}
    with pytest.raises(InvalidCommand, match=r"handler\.id: .* at most 100 characters"):
        parse_command("allocate", command | {"handler": {"id": "é" * 500, "name": "H Jones"}})


@pytest.mark.parametrize(
    "argument",
    [
        b'{"reason": ' * 1500 + b"1" + b"}" * 1500,
        b"[" * 100_000,
        b'{"reason": "\\ud800"}',
        b'{"reason": NaN',
        b"\xff",
    ],
)
def test_a_signal_that_cannot_be_read_is_refused(argument: bytes) -> None:
    with pytest.raises(InvalidCommand, match="it takes one JSON object"):
        read_signal("withdraw", [argument])
