"""No letter asks anybody to use a way that is closed to them, or speaks to one reader as if they were another."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from domain.notices import NoticeKind, RecipientKind
from domain.vocabulary import Channel, Role
from letters.languages import languages
from letters.rendering import render
from letters.required_facts import STAFF_KINDS
from tests.domain.playing.stories import Story
from tests.letters.notice_samples import facts_of, notice

LETTERS = sorted(set(NoticeKind) - STAFF_KINDS)
INVITES = {
    "en": r"ring us|write to us|(?<!for us )by telephone|by e-mail|by letter|by post|ring you then",
    "cy": r"[Ff]foniwch ni|[Yy]sgrifennwch atom|dros y ffôn|drwy e-bost|drwy lythyr|drwy'r post|eich ffonio bryd",
}
"""How a letter names a way to reach us."""
NEXT = {"en": "WHAT HAPPENS NEXT", "cy": "BETH SY'N DIGWYDD NESAF"}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", LETTERS)
def test_who_may_not_use_some_ways_is_asked_to_use_none_of_them(
    kind: NoticeKind, language: str
) -> None:
    sample = notice(kind, closed_ways=[str(each) for each in Channel])
    sample = replace(sample, recipient=replace(sample.recipient, language=language))
    # What somebody wrote may say what it likes; so may how contact is limited.
    said = {
        name: "…"
        for name, value in facts_of(kind).items()
        if isinstance(value, str) and " " in value
    }
    body = " ".join(render(replace(sample, facts=sample.facts | said)).body.split())
    own = body.partition(NEXT[language])[0]
    if kind in (NoticeKind.CONTACT_LIMITED, NoticeKind.LIMITS_KEPT):
        return
    assert not re.search(INVITES[language], own), own


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", LETTERS)
def test_the_subject_says_whose_complaint_it_is(kind: NoticeKind, language: str) -> None:
    sample = notice(kind)
    helper = replace(
        sample.recipient, kind=RecipientKind.REPRESENTATIVE, name="D Price", language=language
    )
    subject = render(replace(sample, recipient=helper)).subject
    assert "your complaint" not in subject, subject
    assert not re.search("eich cwyn(?! ar ran)", subject), subject


@pytest.mark.parametrize("language", languages())
def test_who_missed_an_appointment_on_what_is_closed_by_now_is_offered_no_other(
    language: str,
) -> None:
    story = Story("customer-promise", complainant_language=language).do("request_appointment")
    story.do("arrange_appointment").at("2026-10-15 15:00").do("withdraw", Role.CUSTOMER)
    story.do("record_appointment", held="not-attended")
    (letter,) = story.sent("appointment-not-attended", "customer")
    body = " ".join(render(letter).body.split())
    offered = {"en": "we will arrange another", "cy": "fe drefnwn un arall"}[language]
    closed = {"en": "has been closed", "cy": "wedi'i chau"}[language]
    assert offered not in body
    assert closed in body


def test_a_note_that_an_appointment_is_off_does_not_say_that_none_is_wanted() -> None:
    story = Story("customer-promise").do("request_appointment").do("arrange_appointment")
    story.do("withdraw", Role.CUSTOMER)
    (note,) = story.sent("appointment-off")
    body = " ".join(render(note).body.split())
    assert "none is wanted" not in body
    assert "the complaint was closed before it" in body


@pytest.mark.parametrize("charter", ["financial-ombudsman", "casework-standards"])
def test_staff_are_not_told_to_ask_what_was_asked_at_once(charter: str) -> None:
    story = Story(charter, details="", remedy_sought=None)
    (note,) = story.sent("new-complaint")
    body = " ".join(render(note).body.split())
    asked = story.rules.charter.information.asked_at_opening
    assert ("went wrong. They are asked." in body) == ("details" in asked)
    assert ("put it right. They are asked." in body) == ("remedy-sought" in asked)


def test_a_reason_goes_into_an_apology_only_where_there_is_one() -> None:
    for apology in (True, False):
        note = notice(NoticeKind.PROMISE_MISSED, apology=apology, estimate=False)
        assert ("goes into the letter" in render(note).body) is apology
