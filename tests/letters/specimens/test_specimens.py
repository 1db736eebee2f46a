"""Specimens: every letter can be read before anybody gets one."""

from __future__ import annotations

from functools import partial

import pytest

from domain.notices import NoticeKind
from letters.languages import languages
from letters.rendering import Letter, render
from letters.specimens.page import Chapter, distinct, page
from letters.specimens.player import Played
from letters.specimens.stories import STORIES, by_kind, specimens
from tests.domain.playing.stories import SHIPPED, rules_of


def test_every_kind_of_notice_is_shown_under_some_charter() -> None:
    """A kind that is missing: play it in `letters/specimens/`, or give a verb there what it needs."""
    shown = {kind for charter in SHIPPED for kind in by_kind(specimens(rules_of(charter), "en"))}
    assert not [str(kind) for kind in NoticeKind if kind not in shown], refusals()


def refusals() -> str:
    """What the stories could not do, each refusal once."""
    customer = {"name": "Ann Price", "email": "ann@post.example", "address": "2 Hill Street"}
    met = {
        refusal
        for charter in SHIPPED
        for story in STORIES
        for refusal in story(partial(Played, rules_of(charter), complainant=customer)).refusals
    }
    return "\n".join(sorted(met))


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
