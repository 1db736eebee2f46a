"""An interval that nothing keeps is not agreed to, under any charter and by any letter (CS-4, FO-2, FO-5)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.complaint.views.status import status_of
from domain.errors import InvalidCommand
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story, rules_of

WEEKLY = {"weeks": 1}
PROFESSIONAL = {"kind": "professional", "name": "R Law", "email": "l@x.org", "authorised": True}
AGREED = ("casework-standards", "financial-ombudsman")
ADMITTED = {"en": "we cannot promise that", "cy": "ni allwn addo hynny"}


def noted(story: Story) -> str:
    return " ".join(render(story.sent("preferences-noted")[-1]).body.split())


def agrees(text: str) -> bool:
    return "- how often: at least once in 1 week." in text


def test_cs_4_the_charters_that_agree_an_interval_are_these_two() -> None:
    found = [
        each for each in SHIPPED if any(rule.agreed for rule in rules_of(each).promises.values())
    ]
    assert tuple(found) == AGREED


@pytest.mark.parametrize("charter", SHIPPED)
def test_cs_4_an_interval_is_taken_where_a_clock_goes_by_it_and_refused_elsewhere(
    charter: str,
) -> None:
    story = Story(charter)
    if charter in AGREED:
        story.do("prefer", language=None, update_interval=WEEKLY)
        assert agrees(noted(story))
        story.do("allocate")
        (clock,) = [each for each in story.complaint.clocks if each.running and each.budget]
        assert clock.promise in {"CS-4", "FO-2"}
        return
    refusal = story.refused("prefer", update_interval=WEEKLY)
    assert isinstance(refusal, InvalidCommand)
    assert refusal.message.startswith(f"update_interval: {charter} has no regular updates")
    assert refusal.allowed == "'none', or leave it out."
    story.do("prefer", update_interval="none", language="en")
    assert "- how often: no regular updates." in noted(story)


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("charter", SHIPPED)
def test_cs_4_an_interval_asked_for_at_the_opening_is_confirmed_only_where_it_is_kept(
    charter: str, language: str
) -> None:
    story = Story(charter, complainant_update_interval=WEEKLY, complainant_language=language)
    story.do("allocate").do("acknowledge")
    kept = charter in AGREED
    letters = [render(each).body for each in story.notices]
    wide = [" ".join(each.split()) for each in letters]
    line = "nothing keeps that at present" in text_of(story)
    assert line is not kept
    assert any(ADMITTED[language] in each for each in wide) is not kept
    assert any("which nothing keeps at present" in each for each in wide) is not kept
    again = story.do("prefer", language=language, update_interval=None)
    assert (ADMITTED[language] in noted(again)) is not kept


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("answer_wanted", [True, False])
@pytest.mark.parametrize("charter", SHIPPED)
def test_is_15_feedback_is_told_where_nothing_keeps_the_interval_that_it_asked_for(
    charter: str, answer_wanted: bool, language: str
) -> None:
    asked: dict[str, Any] = {"about": ["feedback"], "answer_wanted": answer_wanted}
    story = Story(
        charter, complainant_update_interval=WEEKLY, complainant_language=language, **asked
    )
    (letter,) = story.sent("feedback-thanks", "customer")
    told = " ".join(render(letter).body.split())
    kept = status_of(story.complaint, ())["preferences"]["interval_kept"]
    words = {"en": "We cannot promise that here", "cy": "Ni allwn addo hynny yma"}[language]
    assert (words in told) is not kept
    assert kept is False or (answer_wanted and charter in AGREED)
    story = Story(charter, complainant_language=language, **asked)
    assert words not in " ".join(render(story.sent("feedback-thanks")[0]).body.split())


@pytest.mark.parametrize("charter", SHIPPED)
def test_the_status_says_whether_anything_keeps_the_interval(charter: str) -> None:
    for often in (WEEKLY, None):
        story = Story(charter, complainant_update_interval=often)
        wishes = status_of(story.complaint, ())["preferences"]
        assert wishes["interval_kept"] is (often is None or charter in AGREED)


def text_of(story: Story) -> str:
    return str(status_of(story.complaint, tuple(story.events))["timeline"][0]["text"])


def test_fo_5_with_a_professional_no_interval_is_confirmed_and_the_record_says_so() -> None:
    story = Story(representative=PROFESSIONAL, complainant_update_interval={"weeks": 3})
    assert ADMITTED["en"] in noted(story)
    story.do("allocate").do("prefer", language=None, update_interval=WEEKLY)
    assert ADMITTED["en"] in noted(story)
    assert not agrees(noted(story))
    assert story.last("preferences-stated").kept is False


@pytest.mark.parametrize("verbs", [["pass_to_decision"], ["reply"]])
def test_fo_2_while_deciding_and_after_a_reply_no_interval_is_confirmed(verbs: list[str]) -> None:
    story = Story().do("allocate")
    for verb in verbs:
        story.do(verb)
    story.do("prefer", language=None, update_interval=WEEKLY)
    assert ADMITTED["en"] in noted(story)
    assert not [each for each in story.clocks("FO-2") if each.running]


def test_fo_2_what_was_asked_for_while_deciding_holds_once_the_case_is_back() -> None:
    story = Story().do("allocate").do("pass_to_decision")
    story.do("prefer", language=None, update_interval=WEEKLY).do("conclude_case")
    assert str(story.due("FO-2")) == "2026-10-12"


def test_fo_4_no_updates_are_not_confirmed_while_updates_go_on_all_the_same() -> None:
    story = Story().do("allocate").do("pass_to_decision")
    story.do("prefer", language=None, update_interval="none")
    assert "some that cannot be left out, so these go on" in noted(story)
    assert "no regular updates; " not in noted(story)


def test_fo_2_before_it_is_allocated_the_interval_that_will_hold_is_confirmed() -> None:
    told = noted(Story().do("prefer", language=None, update_interval=WEEKLY))
    assert agrees(told)
