"""What the core gives to notices fills their templates: stories played, every notice written."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from domain.errors import Refused
from domain.notices import NoticeKind, RecipientKind
from domain.vocabulary import Role
from letters.languages import languages
from letters.rendering import render
from letters.required_facts import STAFF_KINDS, required_facts
from tests.domain.playing.said import SAID
from tests.domain.playing.stories import SHIPPED, Story

LADDER: list[tuple[str, dict[str, Any]]] = [
    ("allocate", {}), ("introduce", {}), ("acknowledge", {}), ("update", {}), ("pause", {}),
    ("resume", {}), ("extend", {}), ("record_contact", {}), ("acknowledge", {"contact": 1}),
    ("answer_contact", {}), ("reassign", {}), ("reply", {}), ("escalate", {}), ("reopen", {}),
    ("withdraw", {}), ("close", {}), ("accept", {}),
]  # fmt: skip
LAST = ("declare_conflict", "merge")
"""After these somebody is barred, or the complaint is closed."""
FURTHER = [*(verb for verb in SAID if verb not in {*dict(LADDER), *LAST}), *LAST]
"""Every other verb, in the order in which they are listed."""
LEFT_OPEN = ("arrange_appointment", "ask_information", "name_representative", "restrict_contact")
"""What time goes on with when nobody does: reminders, reviews, a close."""


def by_anybody(story: Story, verb: str) -> None:
    """The verb by the first who may; by nobody, if the charter's rules let nobody."""
    for role in (None, Role.MANAGER, Role.ADMINISTRATOR, Role.CUSTOMER):
        with suppress(Refused):
            story.do(verb, role)
            return


def stories(charter: str, language: str = "cy") -> list[Story]:
    """Every verb that the charter's rules let through, and a complaint left alone to its end."""
    reader: dict[str, Any] = {"complainant_language": language}
    busy = Story(
        charter,
        about=["delay", "data-protection"],
        complainant_language=language,
        complainant_adjustments=["large print"],
        representative={"kind": "friend", "name": "Ann Ash", "authorised": True},
    )
    for verb, fields in LADDER:
        with suppress(Refused):  # what a charter does not allow owes no notice
            busy.do(verb, **fields)
    varied = Story(charter, channel="visit", **reader).do("allocate")
    waiting = Story(charter, **reader).do("allocate")
    for story, verbs in ((varied, FURTHER), (waiting, ("request_appointment", *LEFT_OPEN))):
        for verb in verbs:
            by_anybody(story, verb)
    waiting.at("2027-03-01 10:00")
    neglected = Story(charter, **reader).at("2026-12-15 10:00")
    elsewhere = Story(charter, about=["outcome"], **reader)
    replied = Story(charter, **reader).do("acknowledge").do("reply").at("2027-09-01 10:00")
    return [busy, varied, waiting, neglected, elsewhere, replied]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("charter", SHIPPED)
def test_every_notice_of_a_story_can_be_written(charter: str, language: str) -> None:
    owed = [notice for each in stories(charter, language) for notice in each.notices]
    written = [(notice, render(notice)) for notice in owed]
    assert len({notice.kind for notice, _ in written}) > 10
    for notice, letter in written:
        assert notice.facts.keys() >= required_facts(notice.kind)
        assert letter.subject
        assert letter.language == (
            "en" if notice.kind in STAFF_KINDS else notice.recipient.language
        )
        assert (notice.recipient.kind is RecipientKind.STAFF) == (notice.kind in STAFF_KINDS)


def test_the_stories_owe_most_kinds_of_notice() -> None:
    owed = {notice.kind for charter in SHIPPED for s in stories(charter) for notice in s.notices}
    assert len(owed) > len(NoticeKind) // 2, owed
