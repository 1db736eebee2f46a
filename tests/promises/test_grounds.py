"""A reply says what it rests on, and what is learned from it; without that it is no reply."""

from __future__ import annotations

from typing import Any

import pytest

from domain.charter.tables import ReplyPart
from domain.complaint.views.timeline import line
from domain.errors import ReplyIncomplete
from domain.vocabulary import Cause, Outcome, Side
from tests.domain.playing.stories import SHIPPED, Story, rules_of
from tests.promises.telling import for_each, letters, read

RESTS = {"FO-18": "financial-ombudsman", "CS-14": "casework-standards"}
LEARNS = {"IS-14": "insolvency-service", "CP-13": "customer-promise"}
rests, learns = for_each("charter", RESTS), for_each("charter", LEARNS)
NOT_UPHELD: dict[str, Any] = {"outcome": "not-upheld", "remedies": []}


def answer(story: Story) -> str:
    """The last reply to the customer, as it is read."""
    return [read(n) for n in letters(story) if n.kind in {"reply", "final-reply"}][-1]


@rests
def test_a_reply_says_whom_it_heard_and_what_it_rests_on(charter: str) -> None:
    story = Story(charter).do(
        "reply", heard=["customer", "staff", "others"], evidence=["The post book", "Your letter"]
    )
    assert "we heard: your side; those whom the complaint is about; others" in answer(story)
    assert "We looked at: - The post book. - Your letter." in answer(story)


@rests
def test_a_reply_that_heard_one_side_only_or_rests_on_nothing_is_refused(charter: str) -> None:
    story = Story(charter)
    lacks: tuple[dict[str, Any], ...] = (
        {"heard": []}, {"heard": ["customer"]}, {"heard": ["staff", "others"]}, {"evidence": []},
    )  # fmt: skip
    for fields in lacks:
        for outcome in set(Outcome) - {Outcome.OUT_OF_SCOPE}:
            refusal = story.refused("reply", outcome=outcome, **fields)
            assert isinstance(refusal, ReplyIncomplete)
            assert next(iter(fields)) in str(refusal)


@rests
def test_a_side_that_could_not_be_heard_is_named_with_the_reason(charter: str) -> None:
    why = "Whoever took your call has left and did not answer us"
    story = Story(charter).do("reply", heard=["customer"], unheard=why)
    assert f"{why}." in answer(story)


@pytest.mark.parametrize("charter", SHIPPED)
def test_every_stage_of_a_charter_asks_for_the_parts_that_it_names(charter: str) -> None:
    """Whatever a stage demands is refused without, by the name of the field."""
    for stage in rules_of(charter).ladder:
        if not (stage.opens or stage is rules_of(charter).ladder[0]):
            continue
        story = Story(charter, stage=stage.id)
        empty: dict[str, Any] = {
            "findings": "", "remedies": [], "heard": [], "evidence": [], "cause": None, "changes": [],
        }  # fmt: skip
        for part in set(stage.reply) - {ReplyPart.NEXT_STEP, ReplyPart.OUTCOME}:
            refusal = story.refused("reply", outcome="upheld", **{part: empty[part]})
            assert isinstance(refusal, ReplyIncomplete)
            assert str(part) in str(refusal)


@learns
def test_a_reply_says_why_it_happened_and_what_changes(charter: str) -> None:
    story = Story(charter).do("reply", cause="procedure", changes=["Every call is written down"])
    assert "WHY IT HAPPENED The way we work did not suit a case like this." in answer(story)
    assert "WHAT CHANGES BECAUSE OF IT - Every call is written down." in answer(story)
    assert story.last("replied").cause is Cause.PROCEDURE


@learns
@pytest.mark.parametrize("outcome", ["upheld", "partly-upheld", "resolved"])
def test_what_went_wrong_is_not_answered_without_a_cause_and_what_changes(
    charter: str, outcome: str
) -> None:
    story = Story(charter)
    lacks: tuple[dict[str, Any], ...] = ({"cause": None}, {"changes": []})
    for fields in lacks:
        refusal = story.refused("reply", outcome=outcome, **fields)
        assert isinstance(refusal, ReplyIncomplete)
        assert next(iter(fields)) in str(refusal)
    why = "It was one slip, and we have talked about it"
    told = answer(story.do("reply", outcome=outcome, changes=[], unchanged=why))
    assert f"WHAT CHANGES BECAUSE OF IT {why}." in told


@learns
def test_where_nothing_went_wrong_there_is_nothing_to_learn(charter: str) -> None:
    story = Story(charter).do("reply", cause=None, changes=[], **NOT_UPHELD)
    assert "WHY IT HAPPENED" not in answer(story)
    assert "WHAT CHANGES" not in answer(story)


def test_cs_14_and_cp_13_the_grounds_come_in_welsh_too() -> None:
    story = Story("casework-standards", complainant_language="cy")
    told: dict[str, Any] = {"changes": ["A new list"], "changes_cy": ["Rhestr newydd"]}
    said = answer(story.do("reply", heard=list(Side), cause="system", **told))
    assert "cawsom glywed gan y canlynol: eich ochr chi; y rhai y mae'r gŵyn" in said
    assert "PAM Y DIGWYDDODD HYN Ni wnaeth system gyfrifiadurol" in said
    assert "YR HYN SY'N NEWID OHERWYDD HYN - Rhestr newydd." in said


def test_the_record_of_a_reply_carries_its_grounds() -> None:
    story = Story("casework-standards").do("reply", unheard=None)
    assert "Heard: customer; staff. Evidence: The case file. Cause: workload." in line(
        story.last("replied")
    )
