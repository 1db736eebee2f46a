"""Whoever approves is named by who acts, and shows no token: the record says so, whoever reads it."""

from __future__ import annotations

import pytest

from domain.complaint.views.timeline import row
from tests.domain.playing.stories import Story, rules_of

CHARTER = "insolvency-service"
NOBODY = {"id": "nobody.at.all", "name": "Nobody At All", "role": "manager"}


def closed() -> Story:
    ground = rules_of(CHARTER).charter.closing.grounds[0].id
    found = {"ground": ground, "findings": "Nothing is left to answer."}
    return Story(CHARTER).do("close", approved_by=NOBODY, reason="It was settled.", **found)


@pytest.mark.parametrize("what", ["closed", "contact-restricted"])
def test_an_approval_is_told_as_the_word_of_whoever_named_the_approver(what: str) -> None:
    story = (
        closed() if what == "closed" else Story(CHARTER).do("restrict_contact", approved_by=NOBODY)
    )
    event = next(each for each in story.events if each.kind == what)
    assert event.actor
    said = (
        f"Approved by Nobody At All (manager), named by {event.actor.name},"
        " not proven by a token of their own."
    )
    assert said in row(event)["text"]
