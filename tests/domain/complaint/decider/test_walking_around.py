"""Ways around a rule that are none: another role, another verb, other capitals, the same id, a later date."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.complaint.decider.decide import decide
from domain.complaint.decider.parsing import parse_command
from domain.complaint.features.contact.reports import ReportRefusal
from domain.complaint.features.handling.receiving import Open
from domain.complaint.opening import Opening
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand, Refused
from domain.faults import describe_faults
from domain.vocabulary import Role
from tests.domain.playing.refusing import is_refused, story_at
from tests.domain.playing.stories import Story, local, opening, patient, person, rules_of

NEW = {"id": "t.new", "name": "T New", "phone": "0300 1"}
CUSTOMERS = (Role.CUSTOMER, Role.REPRESENTATIVE, Role.UPSTREAM_APP)
AUTHORISED = {"kind": "friend", "name": "R Help", "email": "r@x.org", "authorised": True}


# --- one command id, one command --------------------------------------------------------------


def test_a_refused_signal_can_be_sent_again_once_it_fits() -> None:
    story = Story(stage="manager")
    asked: dict[str, Any] = {"to": "complaints-team", "command_id": "web-1"}
    refusal = story.refused("escalate", Role.CUSTOMER, **asked)
    report = ReportRefusal(
        command_id="web-1", refused_verb="escalate", refusal=refusal.kind, message=str(refusal)
    )
    assert len(story.play(report)) == 1
    assert story.play(report) == [], "the same refusal is recorded once"
    assert len(story.play(report.model_copy(update={"refusal": "WindowClosed"}))) == 1
    assert story.do("reply").do("escalate", Role.CUSTOMER, **asked).complaint.stage == asked["to"]


def test_a_command_id_serves_one_verb_by_one_person() -> None:
    story = Story(stage="manager").do("update", command_id="x")
    repeat = story.command("update", person("The.Manager", "manager"), command_id="x")
    assert story.play(repeat) == []
    for verb, by in (("reply", None), ("update", person("m.two", "manager"))):
        refusal = story.refused(verb, by, command_id="x")
        is_refused(refusal, "InvalidCommand", "x was used for update by the.manager", "of its own")
    story.do("withdraw", Role.CUSTOMER, command_id="y")
    assert story.play(story.command("withdraw", Role.CUSTOMER, command_id="y")) == []
    is_refused(
        story.refused("close", "administrator", command_id="y"), "InvalidCommand",
        "used for withdraw by the.customer", "of its own",
    )  # fmt: skip


# --- conflicts and independence ---------------------------------------------------------------


@pytest.mark.parametrize("role", ["case-handler", "upstream-app", "administrator", "customer"])
@pytest.mark.parametrize("who", ["h.jones", "H.Jones"])
def test_a_conflict_bars_from_every_verb_in_every_role(who: str, role: str) -> None:
    story = Story().do("allocate").do("reassign", reason="conflict").do("reply")
    barred, tried = person(who, role), 0
    for verb in ("accept", "withdraw", "close", "reassign", "escalate", "reopen", "refresh"):
        refusal = story.refused(verb, barred)
        assert refusal.kind in ("ConflictOfInterest", "WrongRole"), (verb, refusal)
        tried += refusal.kind == "ConflictOfInterest"
    assert tried >= 3
    if role != "customer":
        story.do("record_contact", barred)


def test_a_handler_declares_their_own_conflict_once() -> None:
    story = Story().do("allocate")
    jones = person("h.jones", "case-handler")
    story.do("reassign", jones, reason="conflict", handler=NEW)
    friend = {"id": "f.riend", "name": "F"}
    refusal = story.refused("reassign", jones, reason="conflict", handler=friend)
    is_refused(refusal, "ConflictOfInterest", "conflict", "Somebody else")
    assert story.complaint.conflicted == {"h.jones"}
    back = story.refused(
        "reassign", handler={"id": "H.JONES", "name": "H Jones", "phone": "0300 1"}
    )
    is_refused(back, "ConflictOfInterest", "conflict", "Somebody else")


@pytest.mark.parametrize(
    ("who", "role"),
    [("did.manager", "complaints-team"), ("Did.Manager", "complaints-team"),
     ("did.manager", "manager"), ("did.manager", "administrator"), ("had.manager", "customer"),
     ("had.manager", "upstream-app"), ("h.jones", "complaints-team"), ("h.jones", "customer")],
)  # fmt: skip
def test_who_had_it_before_neither_closes_nor_appoints_at_an_independent_stage(
    who: str, role: str
) -> None:
    case = {
        "reference": "C-9",
        "open": True,
        "handler": {"id": "h.jones", "name": "H Jones", "phone": "0300 1"},
    }
    story = story_at("complaints-team", subject_case=case)
    story.do("allocate", handler={"id": "t.one", "name": "T One", "phone": "0300 1"})
    met = [
        story.refused(verb, person(who, role)).kind
        for verb in ("withdraw", "close", "reassign", "allocate")
    ]
    assert set(met) <= {"NotIndependent", "WrongRole"}, met
    assert "NotIndependent" in met
    story.do("reply", person("t.one", "complaints-team"))
    assert story.refused("accept", person(who, role)).kind in ("NotIndependent", "WrongRole")


def test_the_customer_withdraws_and_accepts_at_an_independent_stage_as_anywhere() -> None:
    for role in CUSTOMERS:
        story = story_at("complaints-team", representative=AUTHORISED).do("withdraw", role)
        assert story.state == "closed"
        story = story_at("complaints-team", representative=AUTHORISED).do("reply")
        assert story.do("accept", role).state == "closed"


# --- handlers ---------------------------------------------------------------------------------


def test_a_complaint_is_allocated_once_and_then_reassigned_with_a_reason() -> None:
    story = Story().do("allocate").at("2026-10-08 10:00")
    for handler in ({"id": "h.jones", "name": "H Jones", "phone": "0300 1"}, NEW):
        refusal = story.refused("allocate", handler=handler)
        is_refused(refusal, "WrongState", "H Jones has complaint", "use reassign")
    assert story.states("FO-1") == ["running"]


def test_only_the_handler_introduces_themselves() -> None:
    story = Story().do("allocate")
    refusal = story.refused("introduce", person("some.one", "case-handler"))
    is_refused(refusal, "WrongRole", "Some One does not have", "H Jones (h.jones)")
    story.do("introduce", person("H.Jones", "case-handler"))


# --- the time that a reply gives ----------------------------------------------------------------


@pytest.mark.parametrize("verb", ["accept", "withdraw"])
def test_staff_end_a_replied_complaint_only_once_the_customer_was_heard(verb: str) -> None:
    story = Story(stage="manager").do("record_contact").do("reply")
    is_refused(story.refused(verb), "WrongState", "Nothing was heard", "record_contact")
    story.do("record_contact", from_whom="representative")
    is_refused(story.refused(verb), "WrongState", "Nothing was heard", "record_contact")
    assert story.do("record_contact").do(verb, contact=3).state == "closed"
    again = Story(stage="manager").do("reply").do("record_contact").do("reopen").do("reply")
    assert again.refused(verb).kind == "WrongState", "heard before this reply"


def test_an_authorised_representative_is_heard_for_the_customer() -> None:
    story = Story(stage="manager", representative=AUTHORISED).do("reply")
    story.do("record_contact", from_whom="representative").do("accept", contact=1)
    assert story.state == "closed"


def test_only_an_administrator_closes_while_the_customers_window_is_open() -> None:
    story = Story(stage="manager").do("reply")
    for role in (None, Role.MANAGER):
        refusal = story.refused("close", role)
        is_refused(refusal, "WrongRole", "may still ask for", "administrator")
    assert "until Thursday 5 November 2026" in story.refused("close").message
    assert story.do("close", Role.ADMINISTRATOR).state == "closed"
    last = story_at("independent-assessor").do("reply")
    assert last.do("close").state == "closed"


# --- receipt ---------------------------------------------------------------------------------


def test_an_opening_from_the_future_is_refused() -> None:
    rules = rules_of("financial-ombudsman")
    command = Open(opening=opening(rules, local("2026-10-05 10:06")), digest="d")
    with pytest.raises(InvalidCommand, match="lies in the future"):
        decide(Complaint(rules), command, local("2026-10-05 10:00"))


def test_a_sender_whose_clock_runs_ahead_a_little_is_believed() -> None:
    story = Story(
        received="2026-10-06 00:04", opened="2026-10-05 23:59", stage="manager", rules=patient()
    )
    assert story.clock("FO-8/reply").started_at == local("2026-10-06 00:04")
    assert story.due("FO-8/reply") == date(2026, 10, 20)
    story.do("pause").at("2026-10-05 23:59").do("resume").do("acknowledge")
    assert story.due("FO-8/reply") == date(2026, 10, 20)
    assert story.states("FO-8/acknowledge") == ["met"]
    assert story.at("2026-10-20 17:00").states("FO-8/reply") == ["missed", "running"]


# --- what a refusal says --------------------------------------------------------------------------


def test_a_refusal_stays_short_whatever_was_sent() -> None:
    for fields in (
        {f"k{n}" * 50: 1 for n in range(2000)},
        {"command_id": "1", "actor": {"x" * 10_000: "y" * 10_000}, "to": "z" * 10_000},
    ):
        with pytest.raises(InvalidCommand) as refused:
            parse_command("escalate", fields)
        assert len(str(refused.value)) <= 2000
    with pytest.raises(InvalidCommand, match="and 1993 more"):
        parse_command("escalate", {f"k{n}": 1 for n in range(1999)})
    with pytest.raises(Refused) as unknown:
        parse_command("v" * 10_000, {})
    assert len(str(unknown.value)) <= 2000


def test_no_refusal_repeats_what_may_be_personal() -> None:
    argument = {
        "reference": "Ann Price", "channel": "pigeon", "about": ["Ann"], "details": 7,
        "complainant": {"name": ["Ann Price"], "email": {"a": "ann@example.org"}, "language": "xyz"},
    }  # fmt: skip
    with pytest.raises(ValueError, match="validation errors") as raised:
        Opening.model_validate(argument)
    shown: Any = raised.value
    assert "Ann Price" not in describe_faults(shown)
    assert "ann@" not in describe_faults(shown)
    assert "channel: it is to be" in describe_faults(shown)
    assert "(given: 'pigeon')" in describe_faults(shown)
    assert "given" not in describe_faults(shown, values=False)
    assert "pigeon" not in describe_faults(shown, values=False)
