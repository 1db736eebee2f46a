"""A conflict that is declared late still ends everything that somebody does on a complaint (FO-6)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import ConflictOfInterest, WrongState
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.laws import check_record
from tests.domain.playing.stories import Story, person

JONES = {"id": "h.jones", "name": "H Jones", "phone": "0300 1"}
NEW = {"id": "a.new", "name": "A New", "phone": "0300 1"}
OFFICER = {"id": "p.officer", "name": "P Officer"}
TEAM = Role.COMPLAINTS_TEAM


def set_aside() -> Story:
    """At an independent stage: whoever replied before is set aside."""
    story = Story().do("reply").do("escalate", Role.CUSTOMER)
    return story.do("reply").do("escalate", Role.CUSTOMER, to="complaints-team")


# --- who was set aside ----------------------------------------------------------------------------


@pytest.mark.parametrize("by", [TEAM, Role.CASE_HANDLER])
def test_fo_6_whoever_was_set_aside_can_still_be_declared_or_declare_themselves(by: Role) -> None:
    story, who = set_aside(), {"id": "the.case-handler", "name": "The case-handler"}
    assert story.complaint.kept_away == set()
    story.do("declare_conflict", by, person=who)
    assert story.complaint.kept_away == {"the.case-handler"}
    owning = [{"text": "Pay", "kind": "payment", "owner": who}]
    assert isinstance(story.refused("reply", remedies=owning), ConflictOfInterest)
    again = story.refused("declare_conflict", TEAM, person=who)
    assert isinstance(again, WrongState)
    assert isinstance(story.refused("declare_conflict", Role.CASE_HANDLER), ConflictOfInterest)
    check_record(story)


def test_fo_6_whoever_was_set_aside_does_nothing_else_still() -> None:
    refusal = set_aside().refused("conclude_case", person("the.case-handler", "case-handler"))
    assert isinstance(refusal, ConflictOfInterest)
    of_another = set_aside().refused(
        "declare_conflict", Role.MANAGER, person={"id": "a.new", "name": "A New"}
    )
    assert isinstance(of_another, ConflictOfInterest)


# --- handed back after the reply ------------------------------------------------------------------


def test_fo_6_handed_back_after_the_reply_it_is_allocated_as_the_task_says() -> None:
    story = Story().do("allocate").do("reply")
    story.do("declare_conflict", person("h.jones", "case-handler"))
    assert "Please allocate the complaint" in render(story.sent("handed-back")[0]).body
    story.do("allocate", handler=NEW)
    assert story.complaint.handler
    assert story.complaint.handler.id == "a.new"
    assert story.kinds[-1] == "successor-told"
    assert not story.complaint.handed_back
    assert not any(clock.live for clock in story.complaint.clocks), "the stage has answered"
    check_record(story)


def test_after_the_reply_nothing_else_is_allocated() -> None:
    refusal = Story().do("reply").refused("allocate")
    assert isinstance(refusal, WrongState)
    assert "reassign" in refusal.allowed
    assert isinstance(Story().do("allocate").do("reply").refused("allocate"), WrongState)


# --- the officer of an appointment ----------------------------------------------------------------


def booked() -> Story:
    """An appointment with P Officer on 15 October, who has the complaint."""
    story = Story("customer-promise").do("allocate", handler=OFFICER)
    return story.do("request_appointment").do("arrange_appointment", Role.CASE_HANDLER)


@pytest.mark.parametrize("verb", ["declare_conflict", "reassign"])
def test_fo_6_an_appointment_with_whoever_has_a_conflict_is_arranged_anew(verb: str) -> None:
    story = booked()
    said: dict[str, Any] = {"person": OFFICER}
    if verb == "reassign":
        said = {"reason": "conflict"}
    story.do(verb, Role.MANAGER, **said)
    (one,) = story.complaint.appointments
    assert one.state == "requested"
    assert one.officer is None
    (letter,) = story.sent("appointment-cancelled", "customer")
    assert "We will arrange another" in render(letter).body
    assert "This is why" not in render(letter).body
    assert story.sent("appointment-to-arrange", "case-handler")
    story.at("2026-10-15 10:00")
    assert story.sent("appointment-reminder") == []
    check_record(story)


def test_fo_6_what_has_begun_or_is_with_somebody_else_stays_as_it_is() -> None:
    other = booked().do(
        "declare_conflict", Role.MANAGER, person={"id": "h.jones", "name": "H Jones"}
    )
    assert other.complaint.appointments[0].state == "arranged"
    begun = booked().at("2026-10-15 15:00").do("declare_conflict", Role.MANAGER, person=OFFICER)
    assert begun.complaint.appointments[0].state == "arranged"
    begun.do("record_appointment", Role.MANAGER)


def test_an_appointment_with_whoever_is_set_aside_is_arranged_anew_with_somebody_else() -> None:
    """Nobody could be given one with them by now: they have no part in the independent stage."""
    story = Story(stage="manager").do("acknowledge").do("request_appointment")
    officer = {"id": "the.manager", "name": "The manager"}
    story.do("arrange_appointment", officer=officer).do("reply")
    story.do("escalate", Role.CUSTOMER, to="complaints-team")
    (one,) = story.complaint.appointments
    assert (str(one.state), one.officer) == ("requested", None)
    assert story.sent("appointment-cancelled", "customer")
    assert story.sent("appointment-to-arrange", "complaints-team")
    assert isinstance(story.refused("arrange_appointment", officer=officer), ConflictOfInterest)
    check_record(story)
