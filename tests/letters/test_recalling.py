"""What letters recall was told: which of them say so, that the law for stories knows each, and that it bites."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.notices import NoticeKind
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.recalling import ALWAYS, SOMETIMES, check_recalled
from tests.domain.playing.stories import SHIPPED, Story

TEMPLATES = Path(__file__).parents[2] / "letters" / "templates" / "en"
SAYS_SO = re.compile(
    r"(?:[Tt]old you|[Ww]e (?:said|gave|asked you)|[Tt]he new date (?:was|that)|Our date for it was"
    r"|an appointment with you|appointment with us on|should have (?:been|done) \w*)[^.]*\| day",
)
"""Words of a letter by which it recalls a day that was told."""
OF_ITS_OWN = {
    NoticeKind.REPLY, NoticeKind.FINAL_REPLY,  # the day on which the answer was given, to who reads it now
}  # fmt: skip


def test_every_letter_that_recalls_a_day_is_known_to_the_law() -> None:
    found = {
        NoticeKind(path.stem)
        for path in TEMPLATES.glob("[!_]*.txt")
        if SAYS_SO.search(" ".join(path.read_text().split()))
    }
    assert found - OF_ITS_OWN <= ALWAYS.keys() | set(SOMETIMES)
    assert len(found) > len(ALWAYS) // 2, "the words have changed: look again"


@pytest.mark.parametrize("charter", SHIPPED)
def test_who_was_told_no_date_yet_does_not_read_that_it_was_told(charter: str) -> None:
    story = Story(charter).do("apply_closure", Role.ADMINISTRATOR, days=["2026-10-07"])
    for letter in story.sent("dates-corrected"):
        text = " ".join(render(letter).body.split())
        assert "We said" not in text
        assert "gave you" not in text
        assert "gave you" not in render(letter).subject


def test_the_law_bites() -> None:
    story = Story(stage="manager").at("2026-11-01 10:00")
    again = next(each for each in story.sent("apology") if each.facts["again"])
    before = story.notices[: story.notices.index(again)]
    check_recalled(again, before)
    with pytest.raises(AssertionError, match="never told"):
        check_recalled(again, ())
