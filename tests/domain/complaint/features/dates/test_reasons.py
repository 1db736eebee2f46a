"""An apology says why, or by when the reason follows; staff are asked for it, and late is late."""

from __future__ import annotations

from typing import Any

import pytest

from charters.files import all_charters
from domain.clocks.clock import ClockState
from domain.complaint.decider.timers import next_wake
from domain.errors import InvalidCommand, WrongState
from domain.notices import Notice
from domain.vocabulary import Role, Trigger
from letters.rendering import render
from tests.domain.playing.stories import Story, local, rules_of

every_charter = pytest.mark.parametrize("charter", sorted(all_charters()))
THE_REASON = {
    "insolvency-service": "IS-4",
    "financial-ombudsman": "FO-9",
    "casework-standards": "CS-5",
    "customer-promise": "CP-8",
    "financial-conduct": "FC-3",
    "nhs-complaints": "NH-3",
}


def words(notice: Notice) -> str:
    """The letter on one line."""
    return " ".join(render(notice).body.split())


def silent(charter: str, until: str = "2027-03-01 10:00", **opening: Any) -> Story:
    """Nobody does anything about it."""
    return Story(charter, channel="email", **opening).do("allocate").do("record_contact").at(until)


def test_is_4_fo_9_cs_5_cp_8_fc_3_nh_3_the_reason_is_a_promise_of_the_charter() -> None:
    for charter, row in THE_REASON.items():
        promise = rules_of(charter).promises[f"{row}/reason"].promise
        assert promise.starts == (Trigger.PROMISE_MISSED,)
        assert promise.meets == (Trigger.REASON_GIVEN,)


@every_charter
@pytest.mark.parametrize("language", ["en", "cy"])
def test_no_apology_of_any_charter_leaves_out_both_the_reason_and_its_date(
    charter: str, language: str
) -> None:
    story = silent(charter, complainant_language=language)
    assert story.sent("apology")
    for notice in story.sent("apology", "customer"):
        facts = notice.facts
        about_it = "tell you why" in facts["promise_text"] or "pam." in facts["promise_text"]
        assert about_it or facts["why"] or facts["reason_by"] > facts["missed_due"]
        asks = "You have a right to know why" if language == "en" else "hawl i wybod pam"
        assert (asks in words(notice)) is not about_it


@every_charter
def test_every_date_that_an_apology_names_is_kept_or_apologised_for(charter: str) -> None:
    story = silent(charter)
    promises = story.rules.promises.values()
    (why,) = (each.promise.text for each in promises if Trigger.REASON_GIVEN in each.meets)
    named: dict[str, set[str]] = {}
    for notice in story.sent("apology", "customer"):
        facts = notice.facts
        before = named.setdefault(facts["promise_text"], set())
        if facts["again"]:
            assert facts["missed_due"] in before
            assert "There was a new date" in words(notice)
        before |= {facts["new_due"]} - {None}
        named.setdefault(why, set()).update({facts["reason_by"]} - {None})
    missed = {(n.facts["promise_text"], n.facts["missed_due"]) for n in story.sent("apology")}
    today = "2027-03-01"
    passed = {(text, day) for text, days in named.items() for day in days if day < today}
    given_way = {text for text, days in named.items() if "third business day" in text}
    assert {(text, day) for text, day in passed - missed if text not in given_way} == set()


@every_charter
def test_a_letter_never_names_a_date_beside_another_for_the_full_answer(charter: str) -> None:
    for notice in silent(charter).sent("apology", "customer"):
        facts = notice.facts
        if facts["due"] and facts["new_due"] and "answer" in facts["promise_text"]:
            assert facts["due"] <= facts["new_due"]


@every_charter
def test_the_reason_is_met_by_giving_it_and_the_customer_hears_it(charter: str) -> None:
    story = Story(charter, channel="email").do("allocate").do("record_contact")
    while "promise-missed" not in story.kinds:
        wake = next_wake(story.complaint)
        assert wake
        story.until(wake)
    (clock,) = [c for c in story.complaint.clocks if c.promise.endswith("/reason")]
    assert clock.state is ClockState.RUNNING
    asked = words(story.sent("promise-missed")[-1])
    assert "The reason is not on record. The customer hears it by" in asked
    assert "give_reason" in asked
    story.do("give_reason", reason="The post room had burnt down.")
    letter = words(story.sent("reason-given", "customer")[-1])
    assert "The post room had burnt down." in letter
    assert [c.state for c in story.complaint.clocks if c.promise.endswith("/reason")] == ["met"]
    assert isinstance(story.refused("give_reason"), WrongState)


def test_a_reason_that_is_late_is_warned_of_missed_and_apologised_for() -> None:
    story = silent("casework-standards", "2026-10-31 10:00")
    assert "CS-5/reason" in [e.promise for e in story.events if e.kind == "promise-warned"]
    assert story.states("CS-5/reason")[0] == "missed"
    late = [n for n in story.sent("apology") if "tell you why" in n.facts["promise_text"]]
    assert "You have a right to know why" not in words(late[0])
    story.do("give_reason")
    assert story.clocks("CS-5/reason")[0].late


def test_a_reason_that_was_given_in_time_stands_in_the_apology_itself() -> None:
    story = Story("casework-standards").at("2026-10-06 10:00")
    assert story.last("promise-warned").promise == "CS-1"
    story.do("give_reason", reason="Two of us were ill")
    assert story.sent("reason-given") == []
    story.at("2026-10-08 10:00")
    (apology,) = story.sent("apology", "customer")
    assert "This is why: Two of us were ill." in words(apology)
    assert "by the reason" not in words(apology)
    assert story.states("CS-5/reason") == []


@every_charter
@pytest.mark.parametrize("later", ["at once", "next day"])
def test_a_date_of_something_entered_after_the_reason_has_a_reason_of_its_own(
    charter: str, later: str
) -> None:
    story = Story(charter, channel="email", opened="2026-12-21 10:00").do("give_reason")
    if later == "next day":
        story.at("2026-12-22 10:00")
    before = len(story.sent("apology"))
    story.do("record_contact", received_at=local("2026-10-06 10:00")).late(story.now)
    late = story.sent("apology", "customer")[before:]
    if any(each.facts["reason_by"] for each in late):
        story.do("give_reason", reason="It lay in the wrong tray.")
        assert "It lay in the wrong tray." in words(story.sent("reason-given")[-1])


def test_a_reason_needs_words_and_can_still_be_given_after_the_end() -> None:
    story = Story("casework-standards").at("2026-10-09 10:00")
    assert isinstance(story.refused("give_reason", reason=" "), InvalidCommand)
    story.do("withdraw", Role.CUSTOMER).do("give_reason", reason="It lay in the wrong tray.")
    assert "It lay in the wrong tray." in words(story.sent("reason-given")[-1])


@every_charter
def test_is_4_fo_9_a_reason_that_is_late_has_a_new_date_and_staff_are_asked_again(
    charter: str,
) -> None:
    story = silent(charter)
    (key,) = (key for key in story.rules.promises if key.endswith("/reason"))
    passed = [each for each in story.events if each.kind in {"promise-missed", "estimate-passed"}]
    late = [each for each in passed if each.promise == key]
    named = {n.facts["reason_by"] for n in story.sent("apology", "customer")}
    for event in late:
        assert event.new_due
        assert event.new_due > event.at.date(), "it lies ahead"
        named.add(event.new_due.isoformat())
    dues = [each.due.isoformat() for each in late]
    assert len(dues) == len(set(dues)), "each date is told to be late once"
    assert set(dues) <= named, "no date is owed that no letter named"
    others = {each.promise for each in passed} - {key}
    assert len([c for c in story.clocks(key) if not c.renewal]) <= len(others)
    numbers = {each.number for each in late}
    asked = [n for n in story.sent("promise-missed") if n.event in numbers]
    assert {n.event for n in asked} == numbers
    for notice in asked:
        assert "still not on record" in words(notice)
        assert "give_reason" in words(notice)


@pytest.mark.parametrize("key", ["CS-5/estimate", "FO-7/estimate", "IS-5/estimate"])
def test_cs_5_fo_9_is_4_whoever_waits_longer_than_was_to_be_expected_hears_why(key: str) -> None:
    charter = next(c for c in all_charters() if key in rules_of(c).promises)
    story = Story(charter, channel="phone" if key.startswith("IS") else "letter")
    while "estimate-passed" not in story.kinds:
        wake = next_wake(story.complaint)
        assert wake
        story.until(wake)
    asked = words(story.sent("promise-missed")[-1])
    assert (
        "The reason is not on record: whoever has the complaint gives it with give_reason" in asked
    )
    story.do("give_reason", reason="The bank is slow.")
    said = words(story.sent("reason-given", "customer")[-1])
    assert "It was to be expected by" in said
    assert "The bank is slow." in said


def test_cs_5_a_reason_that_is_given_in_time_stands_in_the_letter_that_tells_of_the_wait() -> None:
    story = Story("casework-standards", channel="letter")
    while "promise-warned" not in story.kinds:
        wake = next_wake(story.complaint)
        assert wake
        story.until(wake)
    assert story.last("promise-warned").promise == "CS-5/estimate"
    story.do("give_reason", reason="The bank is slow.").at("2026-10-20 10:00")
    (letter,) = story.sent("estimate-passed", "customer")
    assert "This is why: The bank is slow." in words(letter)


def test_fo_9_no_reason_is_asked_for_once_what_was_late_is_done() -> None:
    story = Story(stage="manager").at("2026-10-08 10:00").do("acknowledge")
    story.at("2026-10-15 10:00")
    assert story.states("FO-9/reason") == ["missed", "running"]
    story.do("give_reason")
    first, again = story.clocks("FO-9/reason")
    assert (first.late, str(again.state)) == (True, "met")
    assert story.at("2026-10-19 10:00").states("FO-9/reason") == ["missed", "met"]


def test_letters_of_one_instant_name_one_date_for_the_answer() -> None:
    story = Story("local-government-code").do("allocate").do("acknowledge").at("2026-10-26 17:00")
    (reason, answer) = (n for n in story.sent("apology", "customer") if n.event > 5)
    assert {reason.facts["due"], answer.facts["due"]} == {"2026-11-09"}
