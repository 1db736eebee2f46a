"""Promises about language, channel and help: CS-10, CP-11, FO-17 and IS-10, on every notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.notices import Notice, RecipientKind
from domain.vocabulary import Channel
from letters.envelope import Sender, compose
from letters.rendering import render
from letters.required_facts import STAFF_KINDS
from letters.routing import route
from tests.domain.playing.stories import Story
from tests.letters.test_notices_of_stories import stories

SENDER = Sender("complaints@ombudsman.example")
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
FOUR = ("casework-standards", "customer-promise", "financial-ombudsman", "insolvency-service")


def letters(charter: str, language: str) -> Iterator[Notice]:
    """Every letter of the charter's stories to people who read that language."""
    for story in stories(charter, language):
        for each in story.notices:
            # A story may have its customer ask for another language on the way.
            if each.kind not in STAFF_KINDS and each.recipient.language == language:
                yield each


@pytest.mark.parametrize(("language", "greeting"), [("en", "Dear "), ("cy", "Annwyl ")])
def test_cs_10_every_letter_is_in_the_language_of_its_reader(language: str, greeting: str) -> None:
    written = [render(each) for each in letters("casework-standards", language)]
    assert len(written) > 20
    assert {letter.language for letter in written} == {language}
    assert all(letter.body.startswith(greeting) for letter in written)


def test_cs_10_welsh_is_as_full_as_english() -> None:
    for each in letters("casework-standards", "cy"):
        in_english = replace(each, recipient=replace(each.recipient, language="en"))
        welsh, english = render(each).body, render(in_english).body
        assert welsh.count("\n\n") == english.count("\n\n"), welsh
        assert welsh.count("\n- ") == english.count("\n- "), welsh


def test_cs_10_the_reference_and_every_date_of_the_english_stand_in_the_welsh() -> None:
    for each in letters("casework-standards", "cy"):
        body = " ".join(render(each).body.split())
        assert each.facts["reference"] in body
        for name in ("due", "new_due", "review_on", "window_closed"):
            day = each.facts.get(name)
            assert day is None or f" {int(day[8:10])} " in body


@pytest.mark.parametrize("charter", FOUR)
def test_cp_11_a_language_that_is_not_written_brings_english_with_the_offer(charter: str) -> None:
    for each in letters(charter, "pl"):
        letter = render(each)
        assert letter.language == "en"
        assert letter.body.startswith("This letter is in English. If you would like it in another")


@pytest.mark.parametrize("channel", [Channel.LETTER, Channel.PHONE, Channel.VISIT])
@pytest.mark.parametrize("charter", FOUR)
def test_fo_17_every_notice_goes_the_way_the_person_asked_for(
    charter: str, channel: Channel
) -> None:
    reach: dict[str, Any] = {"phone": "0300 000 0000", "address": "4 Stryd Fawr\nBangor"}
    for each in letters(charter, "cy"):
        if each.recipient.kind is RecipientKind.CUSTOMER:
            one = replace(each, recipient=replace(each.recipient, channel=channel, **reach))
            mail = compose(one, render(one), route(one), SENDER, AT)
            assert mail.recipient == each.facts["post_room"]
            assert b"Content-Language: cy\r\n" in mail.content


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("charter", FOUR)
def test_is_10_what_helps_a_person_stands_on_every_notice_to_them(
    charter: str, language: str
) -> None:
    helps: dict[str, Any] = {
        "complainant_adjustments": ["large print"],
        "complainant_language": language,
    }
    story = Story(charter, **helps).do("allocate").do("acknowledge").do("update").do("reply")
    own = [each for each in story.notices if each.recipient.kind is RecipientKind.CUSTOMER]
    assert len(own) > 2
    assert all("large print." in render(each).body for each in own)


@pytest.mark.parametrize("charter", FOUR)
def test_is_10_whoever_opens_or_is_given_the_case_is_told_what_helps(charter: str) -> None:
    story = Story(charter, complainant_adjustments=["large print"]).do("allocate")
    notes = [*story.sent("new-complaint"), *story.sent("allocated")]
    assert len(notes) > 1
    assert all("large print" in render(note).body for note in notes)
