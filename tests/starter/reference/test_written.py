"""Whatever letter any verb owes, somebody can write it: no fact that its words name is missing."""

from __future__ import annotations

from letters.rendering import render
from letters.required_facts import Unwritable
from tests.starter.reference.test_verb_table import stories


def test_every_letter_that_the_page_of_verbs_names_can_be_written() -> None:
    faults: dict[str, str] = {}
    for story in stories():
        for notice in story.notices:
            try:
                render(notice)
            except Unwritable as error:
                faults[f"{notice.kind} to {notice.recipient.kind}"] = f"{notice.key}: {error}"
    assert faults == {}
