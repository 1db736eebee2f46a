"""Whoever is complained of, named at opening, never has it in hand; and what is not for us to look into."""

from __future__ import annotations

from typing import Any

import pytest

from domain.complaint.decider.registry import COMMANDS
from domain.complaint.feature import Barred
from domain.complaint.views.timeline import line
from domain.errors import ConflictOfInterest, Refused
from domain.vocabulary import REVIEWERS, Role
from letters.rendering import render
from tests.domain.playing.said import SAID
from tests.domain.playing.stories import SHIPPED, Story, all_states, person, rules_of
from tests.promises.telling import letter, read

THEM = {"id": "j.smith", "name": "J Smith"}
NAMED: dict[str, Any] = {"complained_of": [THEM]}
every_charter = pytest.mark.parametrize("charter", SHIPPED)


@every_charter
def test_fo_19_whoever_is_complained_of_is_not_given_it(charter: str) -> None:
    story = Story(charter, **NAMED)
    giving: dict[str, dict[str, Any]] = {
        "allocate": {"handler": THEM},
        "reassign": {"handler": THEM},
        "arrange_appointment": {"officer": THEM},
    }
    for verb, said in giving.items():
        if verb == "arrange_appointment":
            story.do("request_appointment", "customer")
        assert isinstance(story.refused(verb, **said), ConflictOfInterest), verb
    assert any("the complaint is about them" in line(event) for event in story.events)


@every_charter
@pytest.mark.parametrize("role", sorted({*REVIEWERS, Role.QUALITY, Role.ADMINISTRATOR}))
def test_fo_19_whoever_is_complained_of_does_nothing_with_it_in_any_role_and_state(
    charter: str, role: Role
) -> None:
    spared = {kind.verb for kind, spec in COMMANDS.items() if spec.barred is Barred.NOBODY}
    for story in all_states(charter, **NAMED):
        for verb in SAID.keys() - spared:
            met = story.attempt(story.command(verb, person("J.Smith", role)))
            assert isinstance(met, Refused), (story.state, verb)


def test_fo_19_also_where_it_came_too_late_and_is_let_in_after_all() -> None:
    late: dict[str, Any] = {
        "subject_case": {"reference": "C-9", "open": False, "answered_at": "2026-01-05T10:00Z"}
    }
    story = Story(**NAMED, **late)
    assert story.state == "closed"
    story.do("reopen", "manager")
    assert isinstance(story.refused("allocate", handler=THEM), ConflictOfInterest)


def test_fo_19_an_id_alone_names_somebody_as_the_cell_of_a_table_does() -> None:
    story = Story(complained_of=["J.SMITH"])
    assert isinstance(story.refused("allocate", handler=THEM), ConflictOfInterest)


def test_fo_19_staff_read_whom_it_is_about_or_that_nobody_is_named() -> None:
    (note,) = Story(**NAMED).sent("new-complaint")
    assert "Mind: It is about J Smith: they are given nothing of it to do." in read(note)
    (note,) = Story(about=["conduct"]).sent("new-complaint")
    assert "nobody is named: find out by whom." in read(note)
    (note,) = Story().sent("new-complaint")
    assert "It is about" not in read(note)


def test_fo_19_the_customer_is_told_nothing_of_who_is_barred() -> None:
    story = Story(**NAMED).do("acknowledge")
    assert all("J Smith" not in read(n) for n in story.notices if n.recipient.kind == "customer")


# --- what we can and cannot do ----------------------------------------------------------------------


@every_charter
def test_cs_13_the_acknowledgement_says_what_we_can_and_cannot_do_and_why(charter: str) -> None:
    said = letter(Story(charter).do("acknowledge"), "acknowledgement")
    scope = rules_of(charter).charter.scope
    assert ("WHAT WE CAN AND CANNOT DO" in said) is bool(scope)
    for term in scope:
        assert " ".join(term.signpost.text.split()) in said


def test_cs_13_what_is_looked_into_is_everything_that_is_not_left_out() -> None:
    said = letter(Story("casework-standards").do("acknowledge"), "acknowledgement")
    assert (
        "We can look into the following, and put right what we got wrong: how long things took; "
        "how we kept in touch; how you were treated; another part of our service."
    ) in said
    assert (
        "- the outcome of your case: A decision is not reviewed as a complaint about service."
        in said
    )


def test_cs_13_it_is_told_in_welsh_too() -> None:
    story = Story("casework-standards", complainant_language="cy").do("acknowledge")
    said = " ".join(render(story.sent("acknowledgement")[-1]).body.split())
    assert "BETH Y GALLWN EI WNEUD A BETH NA ALLWN" in said
    assert "- canlyniad eich achos: Nid yw penderfyniad yn cael ei adolygu" in said
