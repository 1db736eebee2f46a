"""Specimens: every letter can be read before anybody gets one."""

from __future__ import annotations

import pytest

from domain.notices import NoticeKind
from letters.languages import languages
from letters.rendering import Letter, render
from letters.specimens.page import Chapter, distinct, page
from letters.specimens.stories import by_kind, specimens
from tests.domain.playing.stories import SHIPPED, rules_of


def test_every_kind_of_notice_is_shown_under_some_charter() -> None:
    shown = {kind for charter in SHIPPED for kind in by_kind(specimens(rules_of(charter), "en"))}
    missing = [str(kind) for kind in NoticeKind if kind not in shown]
    assert not missing, f"play them in letters/specimens/stories.py: {missing}"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("charter", SHIPPED)
def test_every_specimen_can_be_written(charter: str, language: str) -> None:
    for notice in specimens(rules_of(charter), language):
        assert render(notice).body


def test_letters_that_differ_in_figures_alone_are_shown_once() -> None:
    letters = [Letter("A", "by Friday 16 October"), Letter("A", "by Friday 23 October")]
    assert distinct([*letters, Letter("A", "soon")]) == [letters[0], Letter("A", "soon")]


def test_the_page_escapes_what_it_shows_and_says_what_it_leaves_out() -> None:
    letters = [Letter(f"<{name}>", "a & b") for name in "xyz"]
    chapter = Chapter("nhs-complaints", "cy", {NoticeKind.REPLY: letters})
    written = "".join(page([chapter], 2))
    assert "&lt;x&gt;" in written
    assert "<x>" not in written
    assert "a &amp; b" in written
    assert "&lt;z&gt;" not in written
    assert "And 1 more" in written
