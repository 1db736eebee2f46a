"""A duplicate is of the same customer, and nobody is told that somebody else's answer is theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.complaint.views.status import status_of
from domain.errors import InvalidCommand
from domain.notices import NoticeKind
from domain.vocabulary import State
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story, local, patient

ASH = {"complainant_name": "Bob Ash"}
ALIKE: dict[str, tuple[dict[str, Any], bool]] = {
    "another name": (ASH, False),
    "the same name, written otherwise": ({"complainant_name": "ann  PRICE"}, True),
    "another of that name": ({"complainant_email": "ann.price@other.example"}, False),
    "the same, who gave a telephone too": ({"complainant_phone": "07700 900123"}, True),
    "the same, who gave an address only": (
        {"complainant_email": None, "complainant_address": "2 Hill Street"},
        True,
    ),
    "another address, and the same e-mail": ({"complainant_address": "2 Hill Street"}, True),
}


def key_of(**opening: Any) -> str:
    """What the status of a complaint of theirs says."""
    return str(status_of(Story(**opening).complaint, ())["customer_key"])


@pytest.mark.parametrize("verb", ["take_in", "merge"])
@pytest.mark.parametrize("who", ALIKE)
def test_only_a_complaint_of_the_same_customer_is_merged(who: str, verb: str) -> None:
    opening, same = ALIKE[who]
    for charter in SHIPPED:
        story = Story(charter)
        command = story.command(verb, customer=key_of(**opening))
        met = story.attempt(command)
        assert isinstance(met, InvalidCommand) is not same, (charter, met)
        if isinstance(met, InvalidCommand):
            assert "another customer" in met.message
            assert "link" in met.allowed
            assert not story.complaint.closed
            assert story.complaint.taken_in == ()


@pytest.mark.parametrize("verb", ["take_in", "merge"])
def test_nothing_is_merged_where_nobody_says_whose_the_other_is(verb: str) -> None:
    for charter in SHIPPED:
        refusal = Story(charter).refused(verb, customer=None)
        assert isinstance(refusal, InvalidCommand)
        assert "customer_key" in refusal.allowed
        assert "link" in refusal.allowed


def test_the_key_names_nobody() -> None:
    key = key_of(complainant_phone="07700 900123", complainant_address="2 Hill Street")
    assert not [part for part in ("ann", "price", "900123", "hill") if part in key]


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("charter", SHIPPED)
def test_the_letter_claims_nothing_that_depends_on_how_the_other_stands(
    charter: str, language: str
) -> None:
    story = Story(charter, complainant_language=language).do("merge")
    (letter,) = story.sent("merged", "customer")
    told = render(letter).body
    assert "FO-2026-000122" in told
    assert {"en": "holds for both", "cy": "berthnasol i'r ddwy"}[language] in " ".join(told.split())


# --- the one that goes on says how it stands --------------------------------------------------------


def _paused(charter: str, **opening: Any) -> Story:
    rules = patient(charter, all_of_it=True)
    return Story(charter, rules=rules, **opening).do("pause", review_on="2026-10-19")


def _replied(charter: str, **opening: Any) -> Story:
    return Story(charter, **opening).do("acknowledge").at("2026-10-06 10:00").do("reply")


def _late(charter: str, **opening: Any) -> Story:
    return Story(charter, **opening).at("2027-03-01 10:00")


def _asked(charter: str, **opening: Any) -> Story:
    return Story(charter, **opening).do("ask_information", answer_by="2026-10-19")


def _about_to_close(charter: str, **opening: Any) -> Story:
    story = _asked(charter, **opening)
    while not story.sent(NoticeKind.INFORMATION_OVERDUE):
        story.until(story.now + timedelta(days=1))
    return story


STANDS: dict[str, tuple[Callable[..., Story], dict[str, str]]] = {
    "received": (Story, {"en": "No date that we have given you", "cy": "Nid oes unrhyw ddyddiad"}),
    "paused": (
        _paused,
        {"en": "look at this again on Monday 19 October", "cy": "edrych ar hyn eto"},
    ),
    "replied": (
        _replied,
        {
            "en": "We sent you our answer on Tuesday 6 October 2026. It holds for both.",
            "cy": "Anfonwyd ein hateb atoch ddydd Mawrth 6 Hydref 2026.",
        },
    ),
    "late": (_late, {"en": "we are late with it. We are sorry.", "cy": "rydym yn hwyr."}),
    "waiting for information": (
        _asked,
        {
            "en": "We still wait for your answer to our questions, by Monday 19 October 2026.",
            "cy": "i'n cwestiynau, erbyn dydd Llun 19 Hydref 2026.",
        },
    ),
    "about to close for want of it": (
        _about_to_close,
        {"en": "our questions. If it does not come by", "cy": "i'n cwestiynau. Os na ddaw erbyn"},
    ),
}
"""How the one that goes on can stand, and what its letter then says."""


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("state", STANDS)
@pytest.mark.parametrize("charter", SHIPPED)
def test_the_letter_says_how_the_complaint_that_goes_on_stands(
    charter: str, state: str, language: str
) -> None:
    made, words = STANDS[state]
    story = made(charter, complainant_language=language)
    late = _promised_answer_missed(story)
    if state == "late" and not late:
        return  # only estimates have passed, or what leads to the answer: no answer was promised
    story.do("take_in", received_at=story.now)
    (letter,) = story.sent(NoticeKind.TAKEN_IN, "customer")
    told = " ".join(render(letter).body.split())
    assert "FO-2026-000124" in told
    assert words[language] in told
    said = {"replied": state == "replied", "late": late and state != "replied"}
    said["waiting for information"] = state == "waiting for information"
    said["about to close for want of it"] = state == "about to close for want of it"
    for other, is_so in said.items():
        assert (STANDS[other][1][language] in told) is is_so, other


def _promised_answer_missed(story: Story) -> bool:
    rules = {key for key, rule in story.rules.promises.items() if rule.of_the_reply}
    rules -= {key for key in rules if story.rules.promises[key].estimate}
    return any(c.state == "missed" and c.promise in rules for c in story.complaint.clocks)


@pytest.mark.parametrize("charter", SHIPPED)
def test_a_duplicate_that_came_first_moves_the_dates_in_one_letter(charter: str) -> None:
    story = Story(charter, "2026-10-05 10:00", opened="2026-10-05 10:00").at("2026-10-06 10:00")
    sent = len(story.notices)
    story.do("take_in", received_at=local("2026-10-01 10:00"))
    assert [n.kind for n in story.notices[sent:]] == [NoticeKind.TAKEN_IN]
    told = " ".join(render(story.notices[-1]).body.split())
    assert "The time counts from Thursday 1 October 2026" in told
    moved = story.last("receipt-corrected").moved
    assert ("These dates change with it" in told) is bool(moved)
    promises = story.rules.promises
    for each in moved:  # a chance is no date that the customer waits for
        named = f"{each.new_due:%-d %B %Y}" in told
        assert named or promises[each.promise].promise.gives_way_to
    assert story.complaint.state is State.RECEIVED
