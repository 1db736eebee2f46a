"""Ends that people bring: staff end nothing without the customer's word, or without a second person."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import InvalidCommand, NotIndependent, UnknownContact, WrongState
from domain.vocabulary import REVIEWERS, Role
from letters.rendering import render
from tests.domain.playing.laws import check_record
from tests.domain.playing.refusing import story_at
from tests.domain.playing.said import SAID
from tests.domain.playing.stories import PEOPLE, SHIPPED, Story, local, rules_of

CLOSE = SAID["close"]


def waiting(charter: str = "financial-ombudsman", **fields: Any) -> Story:
    """A complaint on which something is due, an hour before it is."""
    fields.setdefault("channel", "email")
    story = Story(charter, **fields).do("acknowledge").do("allocate")
    return story.at("2026-10-08 10:00")


@pytest.mark.parametrize("charter", SHIPPED)
@pytest.mark.parametrize("verb", ["accept", "withdraw"])
@pytest.mark.parametrize("replied", [True, False])
def test_staff_end_nothing_for_the_customer_without_their_word(
    charter: str, verb: str, replied: bool
) -> None:
    if verb == "accept" and not replied:
        return
    story = waiting(charter).do(
        "record_contact", summary="Any news?", received_at=local("2026-10-07 10:00")
    )
    if replied:
        story.do("reply", remedies=["An apology"])
        assert isinstance(story.refused(verb), WrongState)
        assert isinstance(story.refused(verb, contact=1), InvalidCommand)
        story.at("2026-10-09 10:00").do("record_contact", summary="I am content.")
    number = len(story.complaint.contacts)
    refusal = story.refused(verb)
    assert isinstance(refusal, InvalidCommand)
    assert refusal.allowed == f"The contact in which they did: {number}."
    assert isinstance(story.refused(verb, contact=9), UnknownContact)
    assert story.complaint.closed is None
    story.do(verb, contact=number)
    closed = story.last("closed")
    assert (closed.contact, closed.received_at) == (
        number,
        story.complaint.contacts[-1].received_at,
    )


def test_what_somebody_without_authority_said_is_nobodys_word() -> None:
    friend = {"kind": "friend", "name": "R Help", "email": "r@x.org", "authorised": False}
    story = waiting(representative=friend).do("record_contact", from_whom="representative")
    assert isinstance(story.refused("withdraw", contact=1), InvalidCommand)
    assert isinstance(story.refused("withdraw"), WrongState)


@pytest.mark.parametrize("verb", ["accept", "withdraw"])
def test_the_customer_and_their_app_need_no_contact(verb: str) -> None:
    for role in (Role.CUSTOMER, Role.UPSTREAM_APP):
        assert waiting().do("reply").do(verb, role).state == "closed"


@pytest.mark.parametrize("charter", SHIPPED)
@pytest.mark.parametrize("verb", ["accept", "withdraw"])
def test_whoever_asks_for_the_next_stage_ends_nothing_by_that(charter: str, verb: str) -> None:
    story = waiting(charter).do("reply", remedies=["An apology"]).at("2026-10-09 10:00")
    said = "I am not content. Please send this on."
    story.do("record_contact", summary=said, asks_next_stage=True)
    number = len(story.complaint.contacts)
    assert isinstance(story.refused(verb, contact=number), WrongState)
    story.do("answer_contact", contact=number).do("record_contact", summary="I am content now.")
    refusal = story.refused(verb, contact=number)
    assert refusal.allowed == f"The contact in which they did: {number + 1}."
    story.do(verb, contact=number + 1)


def test_it_counts_from_when_they_said_so() -> None:
    story = Story(stage="manager").at("2026-10-12 10:00").do("reply").at("2026-10-20 10:00")
    said = local("2026-10-13 10:00")
    early = local("2026-10-12 09:00")
    assert isinstance(story.refused("accept", Role.UPSTREAM_APP, received_at=early), InvalidCommand)
    ahead = local("2026-10-20 11:00")
    assert isinstance(story.refused("accept", Role.UPSTREAM_APP, received_at=ahead), InvalidCommand)
    story.do("accept", Role.UPSTREAM_APP, received_at=said)
    assert story.last("closed").received_at == said


def test_clocks_stop_when_the_customer_took_it_back_and_a_miss_after_that_was_none() -> None:
    story = Story(stage="manager").at("2026-10-14 10:00")
    assert story.complaint.missed == 1
    said = local("2026-10-06 10:00")
    story.do("withdraw", Role.UPSTREAM_APP, received_at=said)
    promised = [clock for clock in story.complaint.clocks if clock.noted_at < said]
    assert {(str(clock.state), clock.ended_at) for clock in promised} == {("stopped", said)}
    assert not [clock for clock in story.complaint.clocks if clock.live]
    assert story.complaint.missed == 0
    check_record(story)


def test_what_had_been_missed_when_the_customer_took_it_back_stays_missed() -> None:
    story = Story(stage="manager").at("2026-10-14 10:00")
    story.do("withdraw", Role.UPSTREAM_APP, received_at=local("2026-10-08 10:00"))
    assert story.states("FO-8/acknowledge")[0] == "missed"
    assert story.complaint.missed == 1


@pytest.mark.parametrize("charter", SHIPPED)
def test_no_reply_no_end_without_a_second_person_a_ground_and_findings(charter: str) -> None:
    grounds = [each.id for each in rules_of(charter).charter.closing.grounds]
    assert grounds, "the charter lists none"
    for lacks in ("ground", "findings", "approved_by"):
        story = waiting(charter)
        refusal = story.refused("close", **{lacks: "" if lacks == "findings" else None})
        assert isinstance(refusal, InvalidCommand)
        assert refusal.message.startswith(lacks)
    made_up = waiting(charter).refused("close", ground="we-are-tired-of-it")
    assert made_up.allowed == f"One of: {', '.join(grounds)}."


@pytest.mark.parametrize("role", sorted(REVIEWERS - {Role.MANAGER}))
def test_the_second_person_is_a_manager_or_an_administrator(role: Role) -> None:
    by = {"id": "a.second", "name": "A Second", "role": role}
    assert isinstance(waiting().refused("close", approved_by=by), InvalidCommand)


def test_the_second_person_is_another_one() -> None:
    story = waiting()
    for who in ("the.case-handler", "The.Case-Handler", "h.jones", "H.Jones"):
        by = {"id": who, "name": "Who", "role": "manager"}
        assert isinstance(story.refused("close", approved_by=by), InvalidCommand), who


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("charter", ["casework-standards", "insolvency-service"])
def test_the_letter_gives_the_ground_the_reason_and_what_was_found(
    charter: str, language: str
) -> None:
    story = waiting(charter, complainant_language=language).do("close")
    letter = render(story.sent("closed", "customer")[-1]).body
    words = rules_of(charter).charter
    text = words.closing.grounds[0].text
    shown = words.translations["cy"][text] if language == "cy" else text
    for said in (shown, CLOSE["reason"], CLOSE["findings"]):
        assert said in " ".join(letter.split())


def test_what_ran_is_on_record_as_closed_without_answer() -> None:
    story = Story(stage="manager").do("close")
    closed = story.last("closed")
    assert sorted(each.split("#")[0] for each in closed.without_answer) == [
        "FO-8/acknowledge", "FO-8/reply",
    ]  # fmt: skip
    assert (closed.ground, closed.approved_by.id) == ("no-complaint", "a.second")


def test_after_a_reply_nothing_is_without_answer() -> None:
    story = Story("insolvency-service").do("reply", remedies=[]).do("close")
    assert story.last("closed").without_answer == ()


def test_an_independent_stage_is_closed_by_nobody_who_had_a_part_in_it() -> None:
    story = Story(stage="manager").do("reply").do("escalate", Role.CUSTOMER, to="complaints-team")
    assert isinstance(story.refused("close", PEOPLE[Role.MANAGER]), NotIndependent)


@pytest.mark.parametrize("asks", [True, None])
def test_nothing_is_closed_over_what_the_customer_asked_for(asks: bool | None) -> None:
    story = Story(stage="manager").do("reply").do("record_contact", asks_next_stage=asks)
    refusal = story.refused("close", Role.ADMINISTRATOR)
    assert isinstance(refusal, WrongState)
    assert "contact 1" in refusal.message
    story.do("answer_contact").do("close", Role.ADMINISTRATOR)
    assert story.state == "closed"


def test_staff_cannot_take_an_earlier_thank_you_for_the_last_word() -> None:
    story = Story(stage="manager").do("reply").do("record_contact", summary="Thank you.")
    story.do("record_contact", summary="Now I have read it. I want more.", asks_next_stage=True)
    assert isinstance(story.refused("accept", contact=1), WrongState)
    story.do("escalate", to="complaints-team")
    assert story.complaint.stage == "complaints-team"


def test_nor_does_it_once_it_has_the_stage_that_it_asked_for() -> None:
    story = waiting(stage="manager").do("reply", remedies=["An apology"])
    for said in ("Please send this on.", "Please!"):
        story.do("record_contact", summary=said, asks_next_stage=True)
    story.do("escalate", to="complaints-team")
    for number in (1, 2):
        assert isinstance(story.refused("withdraw", contact=number), WrongState)
    assert all(each.asks_next_stage for each in story.complaint.contacts)


def test_what_is_closed_after_a_reply_is_not_said_to_have_had_none() -> None:
    story = Story("insolvency-service").do("reply", remedies=[]).do("close")
    letter = render(story.sent("closed", "customer")[-1]).body
    assert "without a full reply" not in letter
    assert CLOSE["reason"] in letter


def test_nobody_is_named_as_approving_a_close_who_may_not() -> None:
    story = Story("insolvency-service").do("reply", remedies=[])
    for who in ({"id": "x", "role": "quality"}, {"id": "the.case-handler", "role": "manager"}):
        refused = story.refused("close", approved_by={"name": "X"} | who)
        assert refused.message.startswith("approved_by")


def test_an_independent_stage_is_closed_with_nobody_s_agreement_who_had_a_part_before() -> None:
    story = story_at("complaints-team")
    for who in ("did.manager", "had.manager", "Did.Case-Handler"):
        second = {"id": who, "name": "Had It", "role": "manager"}
        assert isinstance(story.refused("close", approved_by=second), NotIndependent), who
    assert story.do("close").state == "closed"
