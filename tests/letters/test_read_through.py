"""Letters as their readers read them: nothing is said twice, nor to the wrong person, nor of a state that is over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, partial

import pytest

from domain.complaint.decider.timers import next_wake
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind, RecipientKind
from domain.vocabulary import Role, Trigger
from letters.languages import languages
from letters.rendering import render
from letters.required_facts import STAFF_KINDS
from letters.specimens.steps import FRIEND
from letters.specimens.stories import STORIES
from letters.wording import words_of
from tests.domain.playing.stories import SHIPPED, Story, rules_of
from tests.letters.test_offers import Watched

ENDS = re.compile(r"(?<=[.!?])\s+")
FRIENDS_OWN = FRIEND | {"authorised": True}


@cache
def letters(charter: str, language: str, represented: bool = False) -> tuple[tuple[Notice, Complaint, str], ...]:  # fmt: skip
    """Every letter of the specimens to those who read the language, with its complaint."""
    who = {"name": "Ann Price", "email": "ann@post.example", "language": language}
    helper = {"representative": FRIENDS_OWN} if represented else {}
    new = partial(Watched, rules_of(charter), complainant=who, **helper)
    return tuple(
        (notice, complaint, render(notice).body)
        for story in (each(new) for each in STORIES)
        for notice, complaint, _ in story.sent  # type: ignore[attr-defined]
        if notice.kind not in STAFF_KINDS
    )


def sentences(body: str) -> Iterator[str]:
    """The sentences of a letter that are its own: no headings, no list, nobody's words."""
    for paragraph in body.split("\n\n"):
        said = " ".join(paragraph.split())
        if paragraph[:2] not in {"- ", "> "} and not said.isupper():
            yield from ENDS.split(said)


EVERY = pytest.mark.parametrize(
    ("charter", "language"), [(each, lang) for each in SHIPPED for lang in languages()]
)


@EVERY
def test_no_letter_says_a_sentence_twice(charter: str, language: str) -> None:
    for notice, _, body in letters(charter, language):
        twice = [one for one, times in Counter(sentences(body)).items() if times > 1]
        assert not twice, (notice.kind, body)


@EVERY
def test_a_customer_is_spoken_to_and_not_of(charter: str, language: str) -> None:
    for notice, _, body in letters(charter, language):
        if notice.recipient.kind is RecipientKind.CUSTOMER:
            _, letter = body.split("Ann Price,", 1)
            assert "Ann Price" not in letter, (notice.kind, body)
            assert "Ann Price" not in render(notice).subject


@EVERY
def test_nobody_is_dealing_with_a_complaint_that_is_closed(charter: str, language: str) -> None:
    dealing = {"en": "is dealing with", "cy": "sy'n gyfrifol am"}[language]
    seen = 0
    for notice, complaint, body in letters(charter, language):
        if complaint.closed and notice.facts["handler"] and notice.facts["next_step"]:
            assert dealing not in body.split("\n\n", 1)[1], (notice.kind, body)
            seen += 1
    assert seen


@pytest.mark.parametrize("charter", SHIPPED)
def test_a_later_stage_does_not_receive_the_complaint_anew(charter: str) -> None:
    for notice, complaint, body in letters(charter, "en"):
        if notice.kind is NoticeKind.ACKNOWLEDGEMENT:
            later = bool(complaint.stage_requests)
            assert ("We have received" in body) != later
            assert ("WHAT WE CAN AND CANNOT DO" in body) == (
                not later and bool(complaint.rules.charter.scope)
            )


@pytest.mark.parametrize("charter", SHIPPED)
def test_who_did_it_is_not_guessed_where_both_hear_of_it(charter: str) -> None:
    acts = {NoticeKind.ACCEPTED, NoticeKind.WITHDRAWN, NoticeKind.ESCALATED}
    for notice, _, body in letters(charter, "en", represented=True):
        if notice.kind in acts:
            assert "telling us" not in body
            assert "As you asked" not in body
            assert "You asked us to look" not in body


@pytest.mark.parametrize("charter", SHIPPED)
def test_a_promise_that_cannot_be_kept_any_more_is_not_made_again(charter: str) -> None:
    for notice, complaint, body in letters(charter, "en"):
        if notice.kind is NoticeKind.APOLOGY:
            rules = complaint.rules.promises.values()
            once = {each.promise.text for each in rules if each.promise.once}
            assert ("too late to keep it" in body) == (notice.facts["promise_text"] in once)
            assert "too late" not in body or "We will now do it" not in body


@pytest.mark.parametrize("charter", SHIPPED)
def test_a_warning_names_its_date_and_knows_of_the_one_before(charter: str) -> None:
    for notice, complaint, body in letters(charter, "en"):
        if notice.kind is NoticeKind.DELAY_WARNING:
            renewed = any(
                each.renewal and each.live and each.promise
                for each in complaint.clocks
                if complaint.rules.promises[each.promise].promise.text
                == notice.facts["promise_text"]
            )
            assert notice.facts["again"] <= renewed
            assert ("There is a new date" in body) == notice.facts["again"]
            assert "The date for it is " in body


@pytest.mark.parametrize("charter", SHIPPED)
def test_a_note_to_staff_speaks_to_staff(charter: str) -> None:
    new = partial(Watched, rules_of(charter))
    who = {"name": "Ann Price", "email": "ann@post.example"}
    for story in (each(partial(new, complainant=who)) for each in STORIES):
        for notice in story.notices:
            if notice.kind in STAFF_KINDS:
                below = render(notice).body.split("\nReference: ", 1)[1]
                lines = below.split("\n\n")[0].split("\n")
                said = [each for each in lines if not each.startswith(("Mind: ", "Stage: "))]
                assert not re.search(r"\b(you|your|We)\b", "\n".join(said)), render(notice).body


@EVERY
def test_a_letter_says_that_parts_of_it_are_in_english(charter: str, language: str) -> None:
    has = language == "en" or language in rules_of(charter).charter.translations
    for _, _, body in letters(charter, language):
        assert body.startswith("Mae rhannau o'r llythyr hwn yn Saesneg") == (not has)


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("charter", SHIPPED)
def test_whoever_acts_for_the_customer_is_not_spoken_to_as_the_customer(
    charter: str, language: str
) -> None:
    words = words_of(language)
    read = 0
    for notice, _, body in letters(charter, language, represented=True):
        if notice.recipient.kind is RecipientKind.REPRESENTATIVE:
            said = " ".join(body.split())
            elsewhere = (notice.facts.get("remit") or {}).get("cannot", ())
            for other in (*notice.facts["further"], *elsewhere):
                said = said.replace(other["text"].rstrip("."), "")  # the charter's own words
            for table, others in words["for-another"].items():
                theirs = [words[table][name] for name in others]
                assert not [each for each in theirs if each in said], notice.kind
            read += 1
    assert read


def said(story: Story, kind: str) -> str:
    """The last such letter to the customer, on one line."""
    return " ".join(render(story.sent(kind, "customer")[-1]).body.split())


def test_nobody_is_named_beside_the_one_person_who_deals_with_the_customer() -> None:
    story = Story("casework-standards").do("allocate")
    handler = story.complaint.handler
    assert handler
    limit = {"kind": "named-person", "text": "Only Mr K Lee deals with you"}
    story.do("restrict_contact", Role.MANAGER, limits=[limit]).do("update")
    letter = said(story, "progress")
    assert "Who deals with you: Only Mr K Lee deals with you." in letter
    assert handler.name not in letter
    story.do("lift_restriction", Role.MANAGER).do("update")
    assert handler.name in said(story, "progress")


@pytest.mark.parametrize("charter", SHIPPED)
def test_an_acknowledgement_is_announced_only_where_a_clock_waits_for_it(charter: str) -> None:
    story = Story(charter, channel="letter").do("allocate").do("introduce")
    promises = story.rules.promises
    waits = any(
        clock.running and clock.contact is None
        and Trigger.ACKNOWLEDGED in promises[clock.promise].meets
        for clock in story.complaint.clocks
    )  # fmt: skip
    letter = said(story, "introduction")
    assert ("We acknowledge the complaint" in letter) is waits
    assert "We have received your complaint." in letter


def test_an_estimate_does_not_speak_beside_a_closing_for_want_of_an_answer() -> None:
    story = Story().do("ask_information", essential=True)
    assert "We expect to send you our full answer" not in said(story, "information-asked")
    while "estimate-passed" not in story.kinds:
        wake = next_wake(story.complaint)
        assert wake
        story.until(wake)
    letter = said(story, "estimate-passed")
    assert "cannot go on without it" in letter
    assert "We now expect" not in letter


@pytest.mark.parametrize(
    ("wrote", "thanked"), [("customer", "Ann Price"), ("representative", "Bob Ash")]
)
def test_only_whoever_wrote_is_thanked_for_it(wrote: str, thanked: str) -> None:
    friend = FRIENDS_OWN | {"name": "Bob Ash"}
    story = Story(representative=friend).do("record_contact", from_whom=wrote)
    story.do("answer_contact", contact=1)
    letters = story.sent("contact-answer")
    assert len(letters) > 1
    for letter in letters:
        thanks = "Thank you for getting in touch" in render(letter).body
        assert thanks is (letter.recipient.name == thanked)
