"""CS-3: a message left by telephone is returned by a call, or a try that is on record, and by nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import InvalidCommand, UnknownContact, WrongState
from domain.vocabulary import Trigger
from tests.domain.playing.laws import check_record
from tests.domain.playing.stories import SHIPPED, Story, local, rules_of
from tests.promises.telling import letter

CS = "casework-standards"
MESSAGE: dict[str, Any] = {"channel": "phone", "contact_kind": "voicemail"}
BY_LETTER = [("acknowledge", {"contact": 1}), ("answer_contact", {}), ("update", {}), ("reply", {})]


def left(**opening: Any) -> Story:
    """A complaint by letter, and then a message by telephone about it."""
    return Story(CS, **({"channel": "letter"} | opening)).do("record_contact", **MESSAGE)


@pytest.mark.parametrize(("verb", "said"), BY_LETTER)
def test_cs_3_no_letter_returns_a_call(verb: str, said: dict[str, Any]) -> None:
    story = left().do(verb, **said)
    assert story.states("CS-3/contact") == ["running"]
    opened = Story(CS, channel="phone").do("record_contact")
    opened.do(verb, **said)
    assert opened.states("CS-3") == ["running"]
    opened.at("2026-10-07 09:00")
    assert opened.states("CS-3")[0] == "missed"


@pytest.mark.parametrize("reached", [True, False])
def test_cs_3_a_call_or_a_try_returns_it(reached: bool) -> None:
    story = left().do("return_call", reached=reached)
    assert story.states("CS-3/contact") == ["met"]
    assert story.complaint.contacts[0].answered is reached
    opened = Story(CS, channel="phone").do("return_call", contact=None, reached=reached)
    assert opened.states("CS-3") == ["met"]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "could not reach"), ("cy", "ni chawsom ateb")]
)
def test_cs_3_only_who_was_not_reached_is_told_and_how_to_ring(language: str, said: str) -> None:
    story = left(complainant_language=language).do("allocate")
    told = letter(story.do("return_call", reached=False), "call-attempted")
    assert said in told
    assert "0300 000 0001" in told
    assert left().do("return_call").sent("call-attempted") == []


def test_cs_3_who_answered_by_letter_still_owes_the_call() -> None:
    story = left().do("answer_contact").do("return_call", reached=False).do("return_call")
    assert isinstance(story.refused("return_call"), UnknownContact)
    assert isinstance(story.refused("return_call", contact=7), UnknownContact)


def test_a_call_says_what_was_said_and_about_which_message() -> None:
    assert isinstance(left().refused("return_call", summary=" "), InvalidCommand)
    assert isinstance(left().refused("return_call", contact=None), WrongState)


def test_fo_3_who_was_reached_is_acknowledged_and_who_was_not_still_waits() -> None:
    story = Story().do("record_contact", **MESSAGE).do("return_call", reached=False)
    assert story.states("FO-3") == ["running"]
    assert story.do("return_call").states("FO-3") == ["met"]


def test_cs_3_a_call_that_was_taken_left_no_message_to_return() -> None:
    assert Story(CS, channel="phone", contact_kind="call").states("CS-3") == []
    assert Story(CS, channel="phone", contact_kind="voicemail").states("CS-3") == ["running"]


@pytest.mark.parametrize("charter", SHIPPED)
def test_whatever_is_to_be_returned_by_telephone_is_met_by_a_call_alone(charter: str) -> None:
    for rule in rules_of(charter).promises.values():
        returned = "return" in rule.promise.text and "phone" in rule.promise.text
        assert (Trigger.CALLED in rule.meets) >= returned, rule.key
        assert Trigger.CALLED not in rule.meets or rule.meets == {Trigger.CALLED}, rule.key


@pytest.mark.parametrize("reached", [True, False])
@pytest.mark.parametrize("entered", ["2026-10-06 16:00", "2026-10-09 10:00"])
def test_cs_3_a_call_that_is_entered_later_returned_the_message_when_it_was_made(
    entered: str, reached: bool
) -> None:
    story = left().at(entered)
    made = local("2026-10-06 09:30")
    missed = story.complaint.missed
    story.do("return_call", reached=reached, received_at=made)
    clock = story.clocks("CS-3/contact")[0]
    assert (str(clock.state), clock.ended_at) == ("met", made)
    assert story.complaint.missed == 0
    assert missed == (1 if entered > "2026-10-07" else 0)
    assert not [each for each in story.clocks("CS-3/contact") if each.live]
    check_record(story)


def test_cs_3_a_call_that_was_made_too_late_stays_late_and_none_is_made_before_the_message() -> (
    None
):
    story = left().at("2026-10-09 10:00")
    before = story.refused("return_call", received_at=local("2026-10-05 09:00"))
    assert "the message was left" in before.message
    story.do("return_call", received_at=local("2026-10-08 10:00"))
    clock = story.clocks("CS-3/contact")[0]
    assert (str(clock.state), clock.fulfilled_late_at) == ("missed", local("2026-10-08 10:00"))
    assert story.complaint.missed == 1


@pytest.mark.parametrize(
    ("language", "by_phone", "otherwise"),
    [
        ("en", "left for us by telephone", "A message reached us about"),
        ("cy", "Gadawyd neges ffôn", "Cawsom neges ynghylch"),
    ],
)
def test_only_a_message_by_telephone_is_said_to_have_been_left_by_telephone(
    language: str, by_phone: str, otherwise: str
) -> None:
    for channel in ("phone", "email", "letter"):
        story = Story(CS, complainant_language=language).do("record_contact", channel=channel)
        told = letter(story.do("return_call", reached=False), "call-attempted")
        assert (by_phone in told, otherwise in told) == (channel == "phone", channel != "phone")
    opened = Story(CS, channel="phone", complainant_language=language)
    opened.do("return_call", contact=None, reached=False)
    assert by_phone in letter(opened, "call-attempted")
