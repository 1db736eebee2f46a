"""Somebody has a conflict of interest: declared or found, and barred from then on (FO-6, CS-9)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.charter.rules import Rules, pack, unpack
from domain.complaint.decider.access import TABLE, roles_of
from domain.complaint.decider.registry import EVENTS_JSON, VERBS
from domain.complaint.views.status import status_of
from domain.errors import (
    ConflictOfInterest,
    InvalidCommand,
    NotIndependent,
    Refused,
    WrongRole,
    WrongState,
)
from domain.vocabulary import REVIEWERS, Role
from letters.rendering import render
from tests.domain.playing.laws import check_record
from tests.domain.playing.stories import Story, person, rules_of

JONES = {"id": "h.jones", "name": "H Jones", "phone": "0300 1"}
NEW = {"id": "a.new", "name": "A New", "phone": "0300 1"}
JONES_TOO, PERSON = {"id": "h.jones", "name": "H Jones"}, {"id": "a.new", "name": "A New"}
CASE = {"reference": "C-9", "open": True, "handler": JONES}
TEAM = person("t.one", "complaints-team")


def body(story: Story, kind: str, to: str | None = None) -> str:
    return " ".join(render(story.sent(kind, to)[-1]).body.split())


def without_finding(charter: str = "financial-ombudsman") -> Rules:
    rules = rules_of(charter)
    terms = rules.charter.conflict.model_copy(update={"conduct": False, "earlier_reviewer": False})
    return unpack(pack(rules.charter.model_copy(update={"conflict": terms}), rules.calendar))


def handled() -> Story:
    return Story().do("allocate").do("introduce")


# --- declared -------------------------------------------------------------------------------------


def test_fo_6_whoever_declares_it_hands_the_complaint_to_somebody_at_once() -> None:
    story = handled().do("declare_conflict", person("h.jones", "case-handler"), handler=NEW)
    assert story.complaint.handler
    assert story.complaint.handler.id == "a.new"
    assert story.told(after=story.events[-1].number - 1) == [
        "new-handler to customer",
        "allocated to case-handler",
    ]
    assert "A New is now dealing with your complaint" in body(story, "new-handler")
    assert story.states("FO-1") == ["met", "running"], "the new handler introduces themselves"
    assert story.states("FO-2") == ["running"]
    story.do("introduce")
    check_record(story)


def test_fo_6_without_somebody_named_it_goes_back_to_the_stage_as_a_task() -> None:
    story = handled().do("declare_conflict", person("h.jones", "case-handler"))
    assert story.complaint.handler is None
    assert "Somebody new will be dealing with your complaint" in body(story, "new-handler")
    assert "Please allocate the complaint to somebody else today." in body(
        story, "handed-back", "case-handler"
    )
    assert story.states("FO-1") == ["met"], "nobody was given it"


def test_cs_9_the_customer_is_told_who_has_it_as_soon_as_somebody_does() -> None:
    story = handled().do("declare_conflict", person("h.jones", "case-handler"))
    story.do("allocate", handler=NEW)
    assert story.kinds[-2:] == ["allocated", "successor-told"]
    assert "A New is now dealing with your complaint" in body(story, "new-handler")
    assert story.states("FO-1") == ["met", "running"]
    check_record(story)


def test_cs_9_an_ordinary_allocation_tells_nobody_anew() -> None:
    assert "successor-told" not in Story().do("allocate").kinds
    taken = handled().do("declare_conflict", person("h.jones", "case-handler"))
    taken.do("reassign").do("escalate", Role.CUSTOMER).do("allocate", handler=NEW)
    assert "successor-told" not in taken.kinds, "reassigning has told them already"
    further = handled().do("declare_conflict", person("h.jones", "case-handler"))
    further.do("escalate", Role.CUSTOMER).do("allocate", handler=NEW)
    assert "successor-told" not in further.kinds, "another stage is somebody else's anyway"


def test_fo_6_a_manager_declares_it_of_somebody_who_does_not_have_the_complaint() -> None:
    story = handled().do("declare_conflict", Role.MANAGER, person=PERSON)
    assert story.complaint.handler
    assert story.complaint.handler.id == "h.jones"
    assert story.told(after=story.events[-1].number - 1) == ["conflict-noted to case-handler"]
    assert isinstance(story.refused("reassign", handler=NEW), ConflictOfInterest)


@pytest.mark.parametrize("role", [*sorted(REVIEWERS), Role.ADMINISTRATOR])
def test_fo_6_anybody_on_the_staff_declares_their_own(role: Role) -> None:
    story = Story().do("declare_conflict", role)
    assert status_of(story.complaint, ())["barred"] == [f"the.{role}"]


@pytest.mark.parametrize("role", ["complaints-team", "independent-assessor"])
def test_fo_6_of_others_it_is_for_the_reviewer_and_their_managers_to_say(role: str) -> None:
    refusal = handled().refused("declare_conflict", role, person=JONES_TOO)
    assert isinstance(refusal, WrongRole)
    assert refusal.allowed == (
        "Roles that may of somebody else: manager, administrator, case-handler."
    )


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"reason": ""}, InvalidCommand),
        ({"handler": NEW}, InvalidCommand),  # the reviewer does not have the complaint
        (
            {
                "person": JONES_TOO,
                "handler": {"id": "H.Jones", "name": "H Jones", "phone": "0300 1"},
            },
            InvalidCommand,
        ),
    ],
)
def test_fo_6_a_declaration_that_makes_no_sense_is_refused(
    fields: dict[str, Any], kind: type[Refused]
) -> None:
    refusal = handled().refused("declare_conflict", **fields)
    assert isinstance(refusal, kind)
    assert refusal.allowed


def test_fo_6_it_is_declared_once_and_nobody_barred_takes_over() -> None:
    story = handled().do("declare_conflict", Role.MANAGER, person=PERSON)
    assert isinstance(story.refused("declare_conflict", Role.MANAGER, person=PERSON), WrongState)
    barred = story.refused("declare_conflict", person=JONES_TOO, handler=NEW)
    assert isinstance(barred, ConflictOfInterest)


def test_fo_11_nobody_who_touched_an_earlier_stage_takes_over_or_appoints_at_an_independent_one() -> (
    None
):
    story = Story(rules=without_finding()).do("allocate").do("escalate", Role.CUSTOMER)
    story.do("reply").do("escalate", Role.CUSTOMER, to="complaints-team")
    story.do("allocate", handler={"id": "t.one", "name": "T One", "phone": "0300 1"})
    touched = story.refused("declare_conflict", TEAM, handler=JONES)
    assert isinstance(touched, NotIndependent)
    manager = person("the.manager", "manager")
    appointing = {"person": {"id": "t.one", "name": "T One"}, "handler": NEW}
    assert isinstance(story.refused("declare_conflict", manager, **appointing), NotIndependent)
    story.do("declare_conflict", TEAM, handler=NEW)


# --- refused from then on -------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_fo_6_whoever_is_barred_is_refused_in_every_role_whatever_they_send(role: Role) -> None:
    barred = person("H.Jones", role)
    for story in (
        handled().do("declare_conflict", person("h.jones", "case-handler"), handler=NEW),
        Story(about=["conduct"], subject_case=CASE),
    ):
        state = story.complaint.state
        for verb in VERBS:
            permission = TABLE[verb]
            if verb == "record_contact" or state not in permission.states:
                continue
            if role in roles_of(story.complaint, permission) and role is not Role.REPRESENTATIVE:
                assert isinstance(story.refused(verb, barred), ConflictOfInterest), verb
        for verb, by in (("allocate", Role.MANAGER), ("reassign", Role.MANAGER)):
            assert isinstance(story.refused(verb, by, handler=JONES), ConflictOfInterest)


def test_fo_6_whoever_is_barred_can_still_pass_on_what_comes_in() -> None:
    story = handled().do("declare_conflict", person("h.jones", "case-handler"))
    story.do("record_contact", person("h.jones", "case-handler"))


# --- found ----------------------------------------------------------------------------------------


def test_fo_6_a_complaint_about_conduct_bars_the_handler_of_the_case() -> None:
    story = Story(about=["delay", "conduct"], subject_case=CASE)
    assert story.kinds == ["opened", "conflict-found"]
    assert "H Jones handled the case that it is about" in body(story, "conflict-noted")
    assert isinstance(story.refused("allocate", handler=JONES), ConflictOfInterest)
    text = status_of(story.complaint, tuple(story.events))["timeline"][-1]["text"]
    assert text == "H Jones has a conflict of interest: the complaint is about them."
    check_record(story)


@pytest.mark.parametrize(
    "fields",
    [
        {"about": ["delay"], "subject_case": CASE},
        {"about": ["conduct"]},
        {"about": ["conduct"], "subject_case": {"reference": "C-9"}},
        {"about": ["conduct"], "subject_case": CASE, "rules": without_finding()},
        {"about": ["conduct"], "subject_case": CASE, "charter": "casework-standards"},
    ],
)
def test_fo_6_nobody_is_found_without_conduct_or_a_handler_or_the_charters_word(
    fields: dict[str, Any],
) -> None:
    assert "conflict-found" not in Story(**fields).kinds


def test_fo_6_whoever_answered_before_is_barred_where_an_independent_stage_begins() -> None:
    story = Story().do("allocate").do("reply").do("escalate", Role.CUSTOMER)
    assert "conflict-found" not in story.kinds, "a manager's stage is not independent"
    story.do("reply").do("escalate", Role.CUSTOMER, to="complaints-team")
    found = [event.person.id for event in story.events if event.kind == "conflict-found"]
    assert found == ["the.case-handler", "the.manager"]
    assert len(story.sent("conflict-noted", "complaints-team")) == 2
    for role in (Role.COMPLAINTS_TEAM, Role.ADMINISTRATOR):
        assert isinstance(story.refused("close", person("the.manager", role)), NotIndependent)
    for verb in ("pass_to_decision", "conclude_case"):
        refusal = story.refused(verb, person("the.manager", "case-handler"))
        assert isinstance(refusal, ConflictOfInterest), "not even what only passes something on"
    story.do("reply").do("escalate", Role.CUSTOMER, to="independent-assessor")
    found = [event.person.id for event in story.events if event.kind == "conflict-found"]
    assert found[2:] == ["the.complaints-team"], "nobody is found twice"
    check_record(story)


def test_fo_6_without_the_charters_word_they_are_refused_for_want_of_independence() -> None:
    story = Story(rules=without_finding()).do("reply").do("escalate", Role.CUSTOMER)
    story.do("reply").do("escalate", Role.CUSTOMER, to="complaints-team")
    assert "conflict-found" not in story.kinds
    refusal = story.refused("reply", person("the.manager", "complaints-team"))
    assert isinstance(refusal, NotIndependent)


def test_whose_conduct_it_is_about_is_on_record_as_a_person_and_is_read_back_the_same() -> None:
    handler = {"id": "h.jones", "name": "H Jones", "phone": "01632 960100"}
    story = Story(about=["conduct"], subject_case={"reference": "C-9", "handler": handler})
    assert story.kinds == ["opened", "conflict-found"]
    assert EVENTS_JSON.validate_json(story.record()) == tuple(story.events)
