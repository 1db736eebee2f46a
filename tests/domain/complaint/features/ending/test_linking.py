"""Complaints of several customers about one matter are linked, and each keeps an answer of its own."""

from __future__ import annotations

from contextlib import suppress

import pytest

from domain.complaint.features.ending.linking import links_of
from domain.complaint.state import FULL
from domain.complaint.views.read_model import standing_of
from domain.complaint.views.status import status_of
from domain.errors import ConflictOfInterest, InvalidCommand, RecordFull, Refused
from domain.notices import RecipientKind
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.said import SAID
from tests.domain.playing.stories import SHIPPED, Story, all_states, person

OTHER = "FO-2026-000125"
SECRET = "Bob Ash complains about the same branch."


@pytest.mark.parametrize("charter", SHIPPED)
def test_a_link_stands_on_record_in_every_state_and_changes_nothing_else(charter: str) -> None:
    for story in all_states(charter):
        before, clocks = standing_of(story.complaint), story.complaint.clocks
        story.do("link", Role.MANAGER)
        assert story.complaint.linked == (OTHER,)
        assert status_of(story.complaint, ())["linked"] == [OTHER]
        assert story.complaint.clocks == clocks
        after = standing_of(story.complaint)
        assert (after.state, after.linked) == (before.state, (OTHER,))
        story.do("unlink", Role.MANAGER)
        assert story.complaint.linked == links_of(story.events) == ()


@pytest.mark.parametrize("charter", SHIPPED)
def test_staff_are_told_and_no_letter_to_a_customer_ever_speaks_of_it(charter: str) -> None:
    story = Story(charter).do("link", Role.MANAGER, reason=SECRET)
    (note,) = story.sent("linked")
    assert note.recipient.kind is RecipientKind.STAFF
    assert OTHER in render(note).body
    assert SECRET in render(note).body
    for verb in SAID:
        with suppress(Refused):
            if verb != "unlink":
                story.do(verb)
    story.at("2027-06-01 10:00")
    letters = [n for n in story.notices if n.recipient.kind is not RecipientKind.STAFF]
    assert letters
    for each in letters:
        told = f"{each.facts} {render(each)}"
        assert OTHER not in told
        assert "Bob Ash" not in told


def test_every_note_to_staff_reminds_of_it_as_long_as_it_holds() -> None:
    story = Story().do("link").do("record_contact")
    assert OTHER in render(story.sent("contact-received")[-1]).body
    story.do("unlink").do("record_contact")
    assert "Mind: Linked" not in render(story.sent("contact-received")[-1]).body


def test_it_is_linked_once_and_not_with_itself() -> None:
    story = Story().do("link")
    assert isinstance(story.refused("link"), InvalidCommand)
    assert isinstance(story.refused("link", to="FO-2026-000123"), InvalidCommand)
    assert isinstance(story.refused("link", to="FO-2026-000126", reason=" "), InvalidCommand)
    refusal = story.refused("unlink", to="FO-2026-000126")
    assert OTHER in refusal.allowed
    command = story.command("link", to="FO-2026-000127")
    assert story.play(command)
    assert story.play(command) == []


def test_there_is_an_end_to_the_links_of_a_complaint() -> None:
    story = Story()
    for number in range(50):
        story.do("link", to=f"X-{number}")
    assert isinstance(story.refused("link", to="X-50"), RecordFull)
    assert story.complaint.events < FULL


def test_whoever_links_has_had_no_part_in_it_and_nobody_with_a_conflict_does() -> None:
    assessor = person("i.later", "independent-assessor")
    story = Story().do("link", assessor)
    assert story.complaint.touched == frozenset()
    barred = Story(complained_of=["i.later"])
    assert isinstance(barred.refused("link", assessor), ConflictOfInterest)
