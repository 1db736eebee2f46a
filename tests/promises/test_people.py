"""Who looks at a complaint, who acts for somebody, and how people are reached."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import (
    ConflictOfInterest,
    InvalidCommand,
    NotAuthorised,
    NotIndependent,
    ReplyIncomplete,
    WrongStage,
)
from domain.notices import RecipientKind
from domain.vocabulary import Channel
from tests.domain.playing.stories import Story, person, rules_of
from tests.promises.telling import for_each, letter, letters, read

# --- who looks ------------------------------------------------------------------------------------

ANOTHER = {
    "CS-7": "casework-standards",
    "HC-4": "housing-code",
    "LG-5": "local-government-code",
    "SM-5": "scottish-model",
}
another = for_each("charter", ANOTHER)
ONCE = person("h.jones", "manager")


def gone_up(charter: str) -> Story:
    """H Jones has answered, and the complaint has been taken further."""
    story = Story(charter).do("acknowledge").do("reply", person("h.jones", "case-handler"))
    return story.do("escalate", "customer", to="manager")


@another
def test_whoever_reviews_had_no_part_in_it_and_what_they_find_is_told(charter: str) -> None:
    story = gone_up(charter).do("acknowledge", person("m.rees", "manager"))
    story.do("reply", person("m.rees", "manager"), findings="Nobody rang you back.")
    assert "Nobody rang you back." in letter(story, "final-reply")


@another
def test_whoever_had_a_part_in_it_is_refused_and_is_not_given_it(charter: str) -> None:
    story = gone_up(charter)
    for verb in ("acknowledge", "reply"):
        assert isinstance(story.refused(verb, ONCE), NotIndependent)
    handler = {"id": ONCE.id, "name": ONCE.name, "phone": "0300 1"}
    assert isinstance(story.refused("allocate", handler=handler), NotIndependent)


def test_fc_6_whose_conduct_it_is_about_is_refused_and_somebody_else_looks() -> None:
    case = {"reference": "C-9", "handler": {"id": "h.jones", "name": "H Jones", "phone": "0300 1"}}
    story = Story("financial-conduct", about=["conduct"], subject_case=case)
    concerned = person("h.jones", "case-handler")

    for verb in ("acknowledge", "reply"):
        assert isinstance(story.refused(verb, concerned), ConflictOfInterest)
    assert isinstance(story.refused("allocate"), ConflictOfInterest)
    story.do("allocate", handler={"id": "a.new", "name": "A New", "phone": "0300 1"}).do("reply")
    assert story.state == "replied"


def test_fc_6_whoever_had_a_part_in_it_hands_it_on_and_is_refused_from_then_on() -> None:
    story = Story("financial-conduct").do("allocate").do("acknowledge")
    story.do("reassign", person("h.jones", "case-handler"), reason="conflict")

    assert story.complaint.handler
    assert story.complaint.handler.id == "a.new"
    refusal = story.refused("reply", person("h.jones", "case-handler"))
    assert isinstance(refusal, ConflictOfInterest)


LADDERS = {"HC-5": "housing-code", "LG-6": "local-government-code"}


@for_each("charter", LADDERS)
def test_the_next_stage_needs_no_reasons_and_only_the_ombudsman_stands_after_it(
    charter: str,
) -> None:
    story = Story(charter).do("acknowledge").do("reply")
    story.do("escalate", "customer", to="manager", grounds="")
    assert story.complaint.stage == "manager"
    assert [stage.external for stage in rules_of(charter).charter.stages] == [False, False, True]


@for_each("charter", LADDERS)
def test_nobody_is_sent_round_by_a_further_stage(charter: str) -> None:
    story = gone_up(charter).do("reply")
    for further in ("case-handler", "manager", rules_of(charter).charter.stages[-1].id):
        assert isinstance(story.refused("escalate", "customer", to=further), WrongStage)


def test_fo_12_the_assessor_says_why_it_was_good_enough_or_what_should_be_done() -> None:
    story = Story(stage="manager", subject_case={"reference": "C-9", "open": True})
    story.do("reply").do("escalate", "customer", to="complaints-team").do("reply")
    story.do("escalate", "customer", to="independent-assessor")

    assert isinstance(story.refused("reply", findings=" "), ReplyIncomplete)
    said: dict[str, Any] = {
        "findings": "It was soon put right.",
        "outcome": "not-upheld",
        "remedies": [],
    }
    content = letter(story.do("reply", **said), "final-reply")
    assert "It was soon put right." in content
    assert "WHAT IS RECOMMENDED" not in content

    advised = letter(story.do("reopen").do("reply", remedies=["Log all letters"]), "final-reply")
    assert "WHAT IS RECOMMENDED - Log all letters." in " ".join(advised.split())


# --- who acts for somebody ------------------------------------------------------------------------

ACTING = {
    "HC-8": "housing-code",
    "LG-9": "local-government-code",
    "SM-7": "scottish-model",
    "FC-7": "financial-conduct",
    "NH-5": "nhs-complaints",
}
acting = for_each("charter", ACTING)
FRIEND: dict[str, Any] = {"kind": "friend", "name": "R Help", "email": "r@x.org"}


def to_the_friend(story: Story) -> list[str]:
    """The kinds of the letters to whoever acts."""
    kind = RecipientKind.REPRESENTATIVE
    return [str(each.kind) for each in letters(story) if each.recipient.kind is kind]


@acting
def test_with_authority_somebody_else_acts_and_hears_what_the_customer_hears(charter: str) -> None:
    story = Story(charter, representative=FRIEND | {"authorised": True}).do("acknowledge")
    story.do("update").do("reply").do("accept", "representative")

    to_customer = [str(e.kind) for e in letters(story) if e.recipient.kind == "customer"]
    assert to_the_friend(story) == to_customer
    assert story.state == "closed"


@acting
def test_without_authority_nothing_is_told_and_nothing_done_and_no_clock_waits(
    charter: str,
) -> None:
    story = Story(charter, representative=FRIEND | {"authorised": False})
    clocks = story.complaint.clocks
    assert clocks == Story(charter).complaint.clocks

    assert isinstance(story.refused("withdraw", "representative"), NotAuthorised)
    story.do("acknowledge").do("update").do("reply")

    assert to_the_friend(story) == []


@acting
def test_authority_that_is_given_later_holds_until_it_is_withdrawn(charter: str) -> None:
    story = Story(charter, representative=FRIEND).do("give_authority").do("update")
    assert "progress" in to_the_friend(story)
    told = len(to_the_friend(story.do("withdraw_authority")))

    story.do("update")

    assert len(to_the_friend(story)) == told
    assert isinstance(story.refused("withdraw", "representative"), NotAuthorised)


# --- how people are reached -----------------------------------------------------------------------

NEEDS = {
    "FO-17": "financial-ombudsman",
    "CP-11": "customer-promise",
    "HC-9": "housing-code",
    "LG-10": "local-government-code",
    "SM-8": "scottish-model",
    "NH-6": "nhs-complaints",
}
needs = for_each("charter", NEEDS)


@needs
def test_what_helps_somebody_is_on_record_on_every_letter_and_before_every_handler(
    charter: str,
) -> None:
    story = Story(charter, complainant_adjustments=["large print"]).do("allocate")
    story.do("acknowledge").do("update").do("reassign").do("reply")

    assert all("large print" in read(each) for each in letters(story))
    for note in (*story.sent("new-complaint"), *story.sent("allocated")):
        assert "large print" in read(note)
    assert story.complaint.customer.adjustments == ("large print",)


@needs
def test_letters_go_the_way_that_somebody_asks_for_from_then_on(charter: str) -> None:
    story = Story(charter).do("acknowledge")
    story.do(
        "prefer", "customer", channel="letter", address="4 High Street", adjustments=["Braille"]
    )
    story.do("update")

    (progress,) = story.sent("progress", "customer")
    assert progress.recipient.channel is Channel.LETTER
    assert progress.recipient.address == "4 High Street"
    assert "Braille" in read(progress)


@needs
def test_a_way_on_which_nobody_can_be_reached_is_not_promised(charter: str) -> None:
    refusal = Story(charter).refused("prefer", "customer", channel="letter")
    assert isinstance(refusal, InvalidCommand)
    assert "address" in str(refusal)


@pytest.mark.parametrize("charter", sorted({*NEEDS.values(), *ACTING.values()}))
def test_nothing_is_asked_of_who_needs_nothing(charter: str) -> None:
    story = Story(charter).do("acknowledge")
    assert "WHAT HELPS YOU" not in letter(story, "acknowledgement")


# --- limits ---------------------------------------------------------------------------------------

LIMITED = {"IS-12": "insolvency-service", "CS-11": "casework-standards"}


@for_each("charter", LIMITED)
def test_contact_is_limited_with_a_reason_and_a_review_and_no_clock_stops(charter: str) -> None:
    story = Story(charter)
    clocks = story.complaint.clocks

    story.do("restrict_contact")

    said = letter(story, "contact-limited")
    assert "We deal with you in writing only" in said
    assert "Calls in which staff were threatened." in said
    assert "Tuesday 1 December 2026" in said
    assert story.complaint.clocks == clocks
    assert story.at("2026-12-01 09:00").sent("limits-review-due")


@for_each("charter", LIMITED)
def test_contact_is_not_limited_without_reason_or_approval_or_beyond_the_review(
    charter: str,
) -> None:
    story = Story(charter)
    for said in (
        {"reason": " "},
        {"review_on": "2027-06-01"},
        {"approved_by": {"id": "x.y", "name": "X Y", "role": "case-handler"}},
    ):
        fields: dict[str, Any] = dict(said)
        assert isinstance(story.refused("restrict_contact", **fields), InvalidCommand)
    assert story.sent("contact-limited") == []
