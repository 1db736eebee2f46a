"""What the tests of rules have in common: rows by promise id, and letters as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from domain.notices import Notice
from letters.rendering import render
from letters.required_facts import STAFF_KINDS
from tests.domain.playing.stories import Story
from tests.promises.lives import LIVES, Life

BY_KEY: dict[str, Life] = {life.key: life for life in LIVES}


def for_each(names: str | tuple[str, ...], rows: Mapping[str, Any]) -> pytest.MarkDecorator:
    """A test of these promises, each by its id, with what they are called with."""
    return pytest.mark.parametrize(names, list(rows.values()), ids=list(rows))


def read(notice: Notice) -> str:
    """The letter as one line of words."""
    return " ".join(render(notice).body.split())


def letters(story: Story) -> Iterator[Notice]:
    """Every letter to the customer's side."""
    return (notice for notice in story.notices if notice.kind not in STAFF_KINDS)


def letter(story: Story, kind: str) -> str:
    """The last letter of that kind to the customer, as it is read."""
    return read(story.sent(kind, "customer")[-1])
