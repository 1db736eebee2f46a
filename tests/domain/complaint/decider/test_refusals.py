"""Each refusal, with what was wrong and what would have been allowed."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import NotAuthorised, Refused, WindowClosed
from domain.vocabulary import Role
from tests.domain.playing.refusing import is_refused, story_at
from tests.domain.playing.stories import Story, local, person

JONES = {"id": "h.jones", "name": "H Jones", "phone": "0300 1"}
UNAUTHORISED = {"kind": "friend", "name": "R Help", "email": "r@x.org", "authorised": False}


def test_the_message_and_what_is_allowed_read_as_one_text() -> None:
    refusal = Story().refused("reply", Role.QUALITY)
    assert str(refusal) == f"{refusal.message} {refusal.allowed}"


def test_fo_10_a_reply_without_findings_or_outcome_is_incomplete() -> None:
    refusal = Story().refused("reply", findings=" ", outcome=None)
    is_refused(refusal, "ReplyIncomplete", "lacks: findings, outcome", "upheld, partly-upheld")


def test_a_reply_that_upholds_needs_remedies_where_the_charter_says_so() -> None:
    story = Story("harbour-homes")
    is_refused(story.refused("reply", remedies=[]), "ReplyIncomplete", "lacks: remedies", "upheld")
    story.do("reply", remedies=[], outcome="not-upheld")


@pytest.mark.parametrize(
    ("fields", "message", "allowed"),
    [
        ({"reason": " "}, "needs a reason", "Give a reason"),
        ({"new_due": "2026-10-19"}, "not between", "after 2026-10-19 and not after 2026-11-02"),
        ({"new_due": "2026-11-03"}, "not between", "not after 2026-11-02"),
        ({"new_due": "2026-10-24"}, "closed day (Saturday)", "working day after 2026-10-19"),
        ({"promise": "FO-8/acknowledge"}, "may not be extended", "FO-8/reply"),
        ({"promise": "FO-2"}, "FO-2 may not be extended", "FO-8/reply"),
        ({"promise": "FO-11"}, "No clock of FO-11 is running", "FO-8/reply"),
    ],
)
def test_fo_9_an_extension_outside_the_charter_is_refused(
    fields: dict[str, str], message: str, allowed: str
) -> None:
    story = Story().do("escalate", Role.CUSTOMER)
    assert story.due("FO-8/reply") == date(2026, 10, 19)
    is_refused(story.refused("extend", **fields), "ExtensionRefused", message, allowed)


def test_fo_9_an_extension_comes_before_expiry_or_not_at_all() -> None:
    story = Story().do("escalate", Role.CUSTOMER).at("2026-10-19 17:00")
    is_refused(story.refused("extend"), "ExtensionRefused", "before expiry", "Nothing can be")
    early = Story().do("escalate", Role.CUSTOMER).at("2026-10-19 16:59")
    assert early.do("extend").due("FO-8/reply") == date(2026, 10, 20)


def test_no_more_extensions_than_the_charter_gives() -> None:
    story = Story().do("escalate", Role.CUSTOMER)
    story.do("extend", new_due="2026-10-20").do("extend", new_due="2026-10-21")
    refusal = story.refused("extend", new_due="2026-10-22")
    is_refused(refusal, "ExtensionRefused", "2 time(s) already", "It stays due on 2026-10-21.")


def test_no_extension_beyond_the_overall_limit() -> None:
    story = Story("harbour-homes").at("2026-12-01 10:00").do("acknowledge")
    assert story.due("HH-2") == date(2026, 12, 15)
    refusal = story.refused("extend", new_due="2026-12-30")
    is_refused(refusal, "ExtensionRefused", "the limit", "not after 2026-12-29")


def test_what_was_answered_has_nothing_to_extend() -> None:
    story = Story("customer-promise").at("2026-10-20 10:00")
    is_refused(story.refused("extend"), "ExtensionRefused", "the reply", "Nothing can be")


def test_fo_11_who_acted_at_an_earlier_stage_does_not_act_at_an_independent_one() -> None:
    story = story_at("complaints-team")
    for who in ("did.manager", "did.case-handler", "had.manager", "had.case-handler"):
        refusal = story.refused("acknowledge", person(who, "complaints-team"))
        is_refused(refusal, "NotIndependent", "at stage", "somebody who has not touched it")
        refusal = story.refused(
            "allocate", handler={"id": who, "name": "Had It", "phone": "0300 1"}
        )
        is_refused(refusal, "NotIndependent", "at stage", "has to be independent")
    story.do("acknowledge", person("fresh", "complaints-team"))


def test_a_manager_need_not_be_independent_where_the_charter_does_not_say_so() -> None:
    story_at("manager").do("acknowledge", person("did.case-handler", "manager"))


def test_the_handler_complained_of_does_not_review_it() -> None:
    case = {"reference": "C-9", "handler": JONES}
    story = story_at("complaints-team", subject_case=case)
    refusal = story.refused("reply", person("h.jones", "complaints-team"))
    is_refused(refusal, "NotIndependent", "handled the case", "somebody else")


def test_fo_6_a_declared_conflict_bars_from_then_on_at_every_stage() -> None:
    story = Story().do("allocate").do("reassign", reason="conflict")
    conflicted = person("h.jones", "case-handler")
    is_refused(story.refused("update", conflicted), "ConflictOfInterest", "conflict", "Somebody")
    refusal = story.refused("allocate", handler=JONES)
    is_refused(refusal, "ConflictOfInterest", "H Jones", "Somebody else")
    story.do("escalate", Role.CUSTOMER)
    refusal = story.refused("reply", person("h.jones", "manager"))
    is_refused(refusal, "ConflictOfInterest", "conflict", "Somebody else")
    story.do("record_contact", conflicted)  # what comes in is passed on all the same


def test_a_representative_acts_only_with_authority() -> None:
    story = Story(representative=UNAUTHORISED)
    for verb in ("escalate", "withdraw"):
        refusal = story.refused(verb, Role.REPRESENTATIVE)
        is_refused(refusal, "NotAuthorised", "authorised", "The customer has to give")
    story.do("record_contact", Role.REPRESENTATIVE, from_whom="representative")
    assert isinstance(Story().refused("withdraw", Role.REPRESENTATIVE), NotAuthorised)
    Story(representative=UNAUTHORISED | {"authorised": True}).do("withdraw", Role.REPRESENTATIVE)


def test_a_closed_complaint_is_closed() -> None:
    story = Story().do("withdraw", Role.CUSTOMER)
    refusal = story.refused("reply")
    is_refused(
        refusal, "ComplaintClosed", "closed on Monday 5 October 2026 (withdrawn)", "stays closed"
    )


def test_a_closed_complaint_can_be_reopened_where_its_charter_gives_time() -> None:
    story = Story("customer-promise").do("withdraw", Role.CUSTOMER)
    refusal = story.refused("reply")
    is_refused(refusal, "ComplaintClosed", "(withdrawn)", "It can be reopened until")


def test_a_window_that_closed_is_named_with_its_day() -> None:
    story = Story().do("escalate", Role.CUSTOMER).do("reply").at("2026-11-05 23:59")
    assert story.state == "replied"
    story.at("2026-11-06 00:00")
    assert story.state == "closed"
    refusal = story.refused("escalate", Role.CUSTOMER, to="complaints-team")
    assert isinstance(refusal, WindowClosed)
    assert "5 November 2026" in refusal.message or "2026-11-05" in refusal.message
    assert "reopen" in refusal.allowed


def test_unknown_contacts_and_those_dealt_with_are_told_apart() -> None:
    story = Story().do("record_contact").do("record_contact")
    is_refused(story.refused("answer_contact", contact=3), "UnknownContact", "no contact 3", "1, 2")
    story.do("answer_contact")
    is_refused(story.refused("answer_contact"), "UnknownContact", "dealt with already", ": 2.")
    is_refused(story.refused("acknowledge", contact=1), "UnknownContact", "already", ": 2.")
    story.do("acknowledge", contact=2).do("answer_contact", contact=2)
    refusal = story.refused("acknowledge", contact=9)
    is_refused(refusal, "UnknownContact", "no contact 9", "No contact is waiting")


@pytest.mark.parametrize(
    ("verb", "field", "role"),
    [("record_contact", "received_at", None), ("conclude_case", "answered_at", None)],
)
def test_nothing_comes_from_the_future(verb: str, field: str, role: str | None) -> None:
    story = Story()
    is_refused(
        story.refused(verb, role, **{field: local("2026-10-05 10:06")}),
        "InvalidCommand", f"{field}: 2026-10-05T09:06:00+00:00 lies in the future", "at most",
    )  # fmt: skip
    story.do(verb, role, **{field: local("2026-10-05 10:05")})


@pytest.mark.parametrize("charter", ["insolvency-service", "harbour-homes"])
def test_an_external_stage_is_somewhere_else(charter: str) -> None:
    story = Story(charter)
    outside = next(stage.id for stage in story.rules.charter.stages if stage.external)
    refusal = story.refused("escalate", Role.CUSTOMER, to=outside)
    is_refused(refusal, "WrongStage", "outside this procedure", "turns there themselves")


def test_there_is_no_rung_above_the_last_and_none_of_an_unknown_name() -> None:
    story = story_at("independent-assessor")
    refusal = story.refused("escalate", Role.CUSTOMER, to="manager")
    is_refused(refusal, "WrongStage", "not one before manager", "at the last stage")
    refusal = story.refused("escalate", Role.CUSTOMER, to="board")
    is_refused(refusal, "WrongStage", "no stage 'board'", "case-handler, manager")


def test_a_stage_that_looks_at_answered_complaints_waits_for_the_answer() -> None:
    refusal = Story("harbour-homes").refused("escalate", Role.CUSTOMER, to="panel")
    is_refused(refusal, "WrongStage", "once A resolution officer has replied", "with the reply")


def test_only_opening_stages_open() -> None:
    with pytest.raises(Refused, match="Stages that do: case-handler, manager") as refused:
        Story(stage="complaints-team")
    assert refused.value.kind == "WrongStage"
    assert Story(stage="manager").complaint.stage == "manager"
