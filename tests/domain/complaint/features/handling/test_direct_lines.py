"""CS-9: where it is promised, nobody without a direct line has a complaint, and every letter carries it."""

from __future__ import annotations

from typing import Any

import pytest

from charters.files import find_charter, load_charter
from domain.charter.checks.charter import faults
from domain.charter.tables import Charter
from domain.errors import InvalidCommand
from domain.notices import Notice, RecipientKind
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story, person, rules_of

PROMISING = {"casework-standards", "financial-ombudsman"}
FIRST, SECOND = "0300 111 1111", "second@office.example"
JONES: dict[str, Any] = {"id": "h.jones", "name": "H Jones"}
NEW: dict[str, Any] = {"id": "a.new", "name": "A New"}
every = pytest.mark.parametrize("charter", SHIPPED)
both = pytest.mark.parametrize("language", ["en", "cy"])


def to_customer(notices: list[Notice]) -> list[str]:
    """These letters to the customer, as they read them."""
    return [render(n).body for n in notices if n.recipient.kind is RecipientKind.CUSTOMER]


@every
def test_cs_9_nobody_without_a_direct_line_is_given_it_where_one_is_promised(charter: str) -> None:
    promising = charter in PROMISING
    assert rules_of(charter).charter.handler.direct_contact is promising
    story = Story(charter)
    if not promising:
        story.do("allocate", handler=JONES).do("reassign", handler=NEW)
        return
    assert isinstance(story.refused("allocate", handler=JONES), InvalidCommand)
    story.do("allocate", handler=JONES | {"phone": FIRST})
    assert isinstance(story.refused("reassign", handler=NEW), InvalidCommand)
    handing = person("h.jones", "case-handler")
    assert isinstance(story.refused("declare_conflict", handing, handler=NEW), InvalidCommand)


@both
@every
def test_cs_9_every_letter_carries_the_line_and_from_a_reassignment_on_the_new_one(
    charter: str, language: str
) -> None:
    story = Story(charter, complainant_language=language)
    story.do("allocate", handler=JONES | {"phone": FIRST})
    before = len(story.notices)
    story.do("introduce", person("h.jones", str(story.complaint.reviewer))).do("acknowledge").do(
        "update"
    )
    story.do("record_contact").do("acknowledge", contact=1).do("answer_contact")
    letters = to_customer(story.notices[before:])
    assert len(letters) == 5
    assert [FIRST in text for text in letters] == [True] * 5
    before = len(story.notices)
    story.do("reassign", handler=NEW | {"email": SECOND}).do("update").do("reply")
    story.at("2027-06-01 10:00")
    letters = to_customer(story.notices[before:])
    assert len(letters) > 2
    assert [(SECOND in text, FIRST in text) for text in letters] == [(True, False)] * len(letters)


@every
def test_staff_are_asked_for_somebody_as_long_as_nobody_has_it(charter: str) -> None:
    asked = "direct line"
    story = Story(charter)
    (note,) = story.sent("new-complaint")
    assert (asked in " ".join(render(note).body.split())) is (charter in PROMISING)
    story.do("allocate", handler=JONES | {"phone": FIRST}).do("record_contact")
    assert asked not in render(story.sent("contact-received")[0]).body


def test_a_charter_that_says_so_and_asks_for_no_line_is_at_fault() -> None:
    terms: Charter = load_charter(
        find_charter("casework-standards")
    )  # a pinned one has no commitments
    silent = terms.model_copy(update={"handler": type(terms.handler)()})
    assert any("CS-9 promises one" in str(fault) for fault in faults(silent))
