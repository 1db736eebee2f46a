"""What a remedy is is read from its words, and what has been done already is owed by nobody."""

from __future__ import annotations

import pytest

from domain.complaint.features.remedies.kinds import done_already, kind_of
from domain.notices import NoticeKind
from domain.vocabulary import RemedyKind, RemedyState
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story, rules_of

FOLLOWED = [charter for charter in SHIPPED if rules_of(charter).charter.remedies]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("An apology", RemedyKind.APOLOGY),
        ("We will say sorry", RemedyKind.APOLOGY),
        ("A letter of apology and £50", RemedyKind.APOLOGY),
        ("Ymddiheuriad", RemedyKind.APOLOGY),
        ("£50", RemedyKind.PAYMENT),
        ("Refund of £40", RemedyKind.PAYMENT),
        ("Talu £50", RemedyKind.PAYMENT),
        ("Train the team", RemedyKind.SERVICE_CHANGE),
        ("Change how letters are logged", RemedyKind.SERVICE_CHANGE),
        ("Answer the letter of 3 May", RemedyKind.CORRECTION),
    ],
)
def test_the_kind_is_what_the_words_say(text: str, kind: RemedyKind) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize("charter", FOLLOWED)
def test_is_9_an_apology_has_the_time_of_an_apology_and_what_is_done_has_none(charter: str) -> None:
    story = Story(charter).do("acknowledge")
    said = ["An apology", "£50", "done: The tree is gone", {"text": "Papers sent", "done": True}]
    story.do("reply", remedies=said)
    remedies = story.complaint.remedies
    kinds = [str(each.kind) for each in remedies]
    assert kinds == ["apology", "payment", "correction", "correction"]
    assert [each.state for each in remedies[2:]] == [RemedyState.DONE] * 2
    assert [each.text for each in remedies[2:]] == ["The tree is gone", "Papers sent"]
    told = {each.kind: " ".join(render(each).body.split()) for each in story.notices}
    letter = told.get(NoticeKind.REPLY) or told[NoticeKind.FINAL_REPLY]
    note = told[NoticeKind.REMEDY_OWED]
    assert "- The tree is gone. This has been done." in letter
    assert "- Papers sent. This has been done." in letter
    assert "The tree is gone" not in note
    story.at("2027-02-01 10:00")
    missed = [each for each in story.notices if each.kind is NoticeKind.REMEDY_MISSED]
    assert {each.facts["remedy"] for each in missed} == {"An apology", "£50"}


def test_a_charter_that_follows_nothing_up_says_what_is_done_all_the_same() -> None:
    story = Story("scottish-model").do("acknowledge").do("reply", remedies=["done: £50 was paid"])
    (letter,) = (render(each).body for each in story.notices if each.kind is NoticeKind.REPLY)
    assert "- £50 was paid. This has been done." in " ".join(letter.split())


def test_what_is_done_has_no_date_to_come() -> None:
    story = Story("financial-ombudsman").do("acknowledge")
    item = {"text": "Papers sent", "done": True, "due": "2026-11-02"}
    assert story.refused("reply", remedies=[item]).kind == "InvalidCommand"


def test_only_a_mark_says_that_it_is_done() -> None:
    assert done_already("Done: paid") == "paid"
    assert done_already("Whatever is done: paid") is None
    assert done_already("done:") is None


@pytest.mark.parametrize("charter", SHIPPED)
def test_fo_12_what_is_recommended_is_no_promise_of_ours(charter: str) -> None:
    """No heading says that we will do what is only recommended to us."""
    story = Story(charter).do("acknowledge")
    if not rules_of(charter).charter.remedies:
        return
    items = [{"text": "Change the form", "kind": "recommendation"}]
    story.do("reply", remedies=items)
    letters = [render(each).body for each in story.notices if "outcome" in each.facts]
    assert all("WHAT IS RECOMMENDED" in each for each in letters)
    assert all("WHAT WE WILL DO" not in each for each in letters)
