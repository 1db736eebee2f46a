"""The charters that ship say what the published pages say: every promise, with its figures."""

from __future__ import annotations

import tomllib
from collections import Counter
from importlib.resources import files

import pytest

from charters.files import CharterBook
from domain.charter.checks.charter import faults
from domain.charter.tables import Charter
from domain.vocabulary import Channel, Correspondent, Topic

ROWS = {
    "insolvency-service": ("IS", 15),
    "financial-ombudsman": ("FO", 20),
    "customer-promise": ("CP", 13),
    "casework-standards": ("CS", 15),
}
SOURCES = {
    "insolvency-service": {"000_2dfa29253c41a6cc.txt"},
    "financial-ombudsman": {"001_52f8d27437deebc1.txt", "003_0c0e7b8081a12964.txt"},
    "customer-promise": {"002_b4e25913c9de5f70.txt"},
    "casework-standards": {"004_223f6b270ec16c9f.txt"},
}
TIMES = {
    "insolvency-service": {
        "IS-4/reason": "5 working days",
        "IS-2": "15 working days",
        "IS-2/contact": "15 working days",
        "IS-3": "20 working days",
        "IS-3/contact": "20 working days",
    },
    "financial-ombudsman": {
        "FO-9/reason": "5 working days",
        "FO-1": "5 working days",
        "FO-2": "1 month",
        "FO-3": "2 working days",
        "FO-3/opening": "2 working days",
        "FO-4": "2 months",
        "FO-8/acknowledge": "2 working days",
        "FO-8/reply": "10 working days",
        "FO-11/acknowledge": "2 working days",
        "FO-11/reply": "10 working days",
    },
    "customer-promise": {
        f"{row}{part}": f"{days} working days"
        for row, days in (("CP-1", 3), ("CP-2", 3), ("CP-3", 3), ("CP-5", 10), ("CP-6", 10))
        for part in ("", "/contact")
    }
    | {
        "CP-8/reason": "5 working days",
        "CP-4": "5 working days",
        "CP-4/on-time": "the end of the next working day",
    },
    "casework-standards": {
        "CS-5/reason": "5 working days",
        "CS-1": "2 working days",
        "CS-1/contact": "2 working days",
        "CS-2": "10 working days",
        "CS-2/contact": "10 working days",
        "CS-3": "the end of the next working day",
        "CS-3/contact": "the end of the next working day",
        "CS-4": "1 month",
    },
}
everywhere = pytest.mark.parametrize("charter_id", ROWS)


def shipped(charter_id: str) -> Charter:
    text = files("charters").joinpath(f"{charter_id}.toml").read_text(encoding="utf-8")
    return Charter.model_validate(tomllib.loads(text))


@everywhere
def test_a_charter_that_ships_has_no_fault(charter_id: str) -> None:
    assert faults(shipped(charter_id), {"england-and-wales"}, {"Europe/London"}) == ()


@everywhere
def test_every_published_promise_stands_in_its_charter_once(charter_id: str) -> None:
    charter = shipped(charter_id)
    prefix, rows = ROWS[charter_id]
    keys = Counter(promise.key for promise in charter.promises)
    keys += Counter(commitment.id for commitment in charter.commitments)
    plain = [each for each in charter.promises if not each.estimate and each.part != "reason"]
    by_clock = {promise.id for promise in plain}
    by_rule = {commitment.id for commitment in charter.commitments}

    assert set(keys.values()) == {1}
    assert by_clock.isdisjoint(by_rule)
    assert by_clock | by_rule == {f"{prefix}-{row}" for row in range(1, rows + 1)}


@everywhere
def test_every_promise_names_the_page_it_comes_from(charter_id: str) -> None:
    charter = shipped(charter_id)

    assert set(charter.charter.sources) == SOURCES[charter_id]
    named = {promise.source for promise in charter.promises}
    named |= {commitment.source for commitment in charter.commitments}
    assert named == SOURCES[charter_id]


@everywhere
def test_the_figures_are_those_of_the_page(charter_id: str) -> None:
    promises = shipped(charter_id).promises

    promised = [promise for promise in promises if not promise.estimate]
    assert {promise.key: str(promise.within.budget) for promise in promised} == TIMES[charter_id]


@everywhere
def test_staff_are_warned_of_every_promise(charter_id: str) -> None:
    assert all(promise.warn_before for promise in shipped(charter_id).promises)


@everywhere
def test_every_full_reply_can_be_extended_and_only_is_7_speaks_of_a_pause(charter_id: str) -> None:
    every = [each for each in shipped(charter_id).promises if not each.estimate]
    replies = [each for each in every if list(each.meets) == ["replied"]]

    assert replies
    assert all(promise.extension for promise in replies)
    pauses = charter_id == "insolvency-service"
    assert {promise.pauses for promise in replies} == {pauses}
    assert bool(shipped(charter_id).pausing) == pauses


@everywhere
def test_everybody_who_is_owed_a_staff_notice_has_a_mailbox(charter_id: str) -> None:
    charter = shipped(charter_id)
    wanted = {stage.role for stage in charter.stages if stage.role}

    assert wanted | {"manager", "quality", "administrator", "post-room"} <= set(charter.mailboxes)
    assert all(".example" in address for address in charter.mailboxes.values())


def test_insolvency_letters_are_answered_by_who_writes_not_by_how() -> None:
    promises = {each.key: each for each in shipped("insolvency-service").promises}

    assert set(promises["IS-2"].channels) == {Channel.LETTER, Channel.EMAIL, Channel.WEB_FORM}
    assert Correspondent.MP not in promises["IS-2"].correspondents
    assert promises["IS-3"].channels == ()
    assert promises["IS-3"].correspondents == (Correspondent.MP,)


def test_insolvency_calls_have_their_target() -> None:
    (calls,) = (each for each in shipped("insolvency-service").commitments if each.id == "IS-1")

    assert (calls.kept_by, calls.target) == ("measure", 85)


def test_the_parliamentary_ombudsman_is_reached_through_a_member_of_parliament() -> None:
    own, outside = shipped("insolvency-service").stages

    assert not own.external
    assert outside.external
    assert outside.signpost
    assert "Member of Parliament" in str(outside.signpost.gate)


def test_the_ombudsmans_ladder_has_four_rungs_with_the_windows_of_the_page() -> None:
    stages = shipped("financial-ombudsman").stages
    handler, _, team, assessor = stages

    assert [stage.id for stage in stages] == [
        "case-handler",
        "manager",
        "complaints-team",
        "independent-assessor",
    ]
    assert handler.entry.while_case_open
    assert str(handler.entry.within and handler.entry.within.budget) == "3 months"
    assert team.entry.while_case_open
    assert str(team.entry.within and team.entry.within.budget) == "1 month"
    assert (team.independent, assessor.independent) == (True, True)


def test_the_ombudsman_does_not_review_outcomes_or_data_protection_as_service() -> None:
    topics = {scope.topic for scope in shipped("financial-ombudsman").scope}

    assert topics == {Topic.OUTCOME, Topic.DATA_PROTECTION}


def test_updates_come_again_and_again_but_not_to_professionals() -> None:
    promises = {each.key: each for each in shipped("financial-ombudsman").promises}

    for key in ("FO-2", "FO-4"):
        assert promises[key].repeats
        assert promises[key].exempt == (Correspondent.PROFESSIONAL,)
    assert "passed-to-decision" in promises["FO-2"].until
    assert promises["FO-2"].starts == ("allocated", "escalated", "reopened", "case-concluded")
    assert promises["FO-4"].starts == ("passed-to-decision", "allocated", "escalated", "reopened")
    assert (promises["FO-2"].while_deciding, promises["FO-4"].while_deciding) == (False, True)
    assert promises["FO-1"].restarts


def test_the_customer_promise_tells_the_customer_before_it_is_late() -> None:
    charter = shipped("customer-promise")

    untold = [promise.key for promise in charter.promises if not promise.tell_customer]
    # By the time of its warning the appointment is over; of a reason that is late, an apology tells.
    assert untold == ["CP-4/on-time", "CP-8/reason"]


@pytest.mark.parametrize("charter_id", CharterBook().ids())
def test_what_comes_after_hours_counts_from_that_day_where_no_page_says_otherwise(
    charter_id: str,
) -> None:
    assert shipped(charter_id).calendar.receipt == "same-day"


def test_casework_promises_hold_for_the_channel_that_the_page_names() -> None:
    channels = {each.key: each.channels for each in shipped("casework-standards").promises}

    assert channels["CS-1"] == channels["CS-2"] == (Channel.EMAIL,)
    assert channels["CS-3"] == (Channel.PHONE,)
