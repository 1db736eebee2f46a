"""Letters in Welsh: no English is left in them, and nothing in them is written as Welsh is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from charters.files import all_charters, load_charter
from domain.charter.translations import CHARTER_FACTS, printed_words
from domain.complaint.notify.own_words import CLOSURES, UNTRANSLATED
from domain.notices import Notice, NoticeKind, RecipientKind
from letters.languages import TEMPLATES
from letters.plain_text import LINE_WIDTH
from letters.rendering import Letter, render
from letters.required_facts import STAFF_KINDS
from tests.letters.notice_samples import CUSTOMER, emptied_facts_of, facts_of, notice
from tests.letters.test_notices_of_stories import stories

LETTERS = [kind for kind in NoticeKind if kind not in STAFF_KINDS]
WELSH_READER = replace(CUSTOMER, language="cy")
ENGLISH = frozenset(
    """
    the and you your we our us of for with this that these those please complaint complaints
    working weekend weekends days month months letter answer reply next step date from until
    if not are have has been will would can cannot may which who what when where why how
    monday tuesday wednesday thursday friday saturday sunday january february march april june
    july august september october november december bank holiday christmas boxing easter
    sorry promise promised kept closed close paused clock limit allowed reason contact turn
    manager review case handler team assessor email telephone phone visit online form
    upheld partly outcome decision independent further sincerely dear reference help
    """.split()
)
"""Words that an English sentence can hardly do without, and that are no Welsh words."""
CODED = frozenset(
    {
        "about", "answer_every", "channel", "closes", "contact", "due", "kind", "missing", "moved", "next_step", "on",
        "notices_to", "outcome", "post_room", "preferred_channel", "preferred_language", "proof",
        "reference", "remedy_kind", "topics", "update_interval",
    }
)  # fmt: skip
"""Facts that are words of the contract, dates or addresses: the templates put them into words."""
IN_OTHER_WORDS = "Gŵyl y glaw"
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def english_in(text: str) -> set[str]:
    told = re.sub(r"https?://\S+|\S+@\S+", "", text.lower())
    return {word for word in re.findall(r"[^\W\d_]+", told) if word in ENGLISH}


def in_no_language(fact: Any, name: str = "") -> Any:
    """The fact with every text that a person or a charter wrote in it replaced by a Welsh one."""
    if name in CODED and name != "moved":
        return {"email": "a@b.cymru", "phone": "1", "address": IN_OTHER_WORDS, "hours": "9-5"} if (
            name == "contact" and isinstance(fact, dict)
        ) else fact  # fmt: skip
    if isinstance(fact, dict):
        return {key: in_no_language(value, key) for key, value in fact.items()}
    if isinstance(fact, list | tuple):
        return [in_no_language(value, name) for value in fact]
    if isinstance(fact, str) and fact and not ISO_DAY.fullmatch(fact):
        return IN_OTHER_WORDS
    return fact


STEPS = [
    *({"kind": kind} for kind in ("closed", "acknowledge", "look-into", "go-on", "ended")),
    {"kind": "review", "on": "2026-11-02"},
]
PROOF = {
    "unit": "working-days",
    "amount": 10,
    "start": "2026-12-14",
    "due": "2026-12-30",
    "skipped": [["weekend", 2], ["Christmas Day", 1, "2026-12-25", "2026-12-25"]],
    "moved_from": ["2027-01-01", "New Year's Day"],
    "pauses": [["2026-12-15", "2026-12-16"], ["2026-12-17", "2026-12-18"]],
    "was_due": "2026-12-29",
    "limited": True,
}


def letter_of(kind: NoticeKind, facts: dict[str, Any]) -> Letter:
    return render(replace(notice(kind), facts=facts, recipient=WELSH_READER))


@pytest.mark.parametrize("facts", [facts_of, emptied_facts_of])
@pytest.mark.parametrize("kind", LETTERS)
def test_a_letter_in_welsh_has_no_english_of_its_own(
    kind: NoticeKind, facts: Callable[[NoticeKind], dict[str, Any]]
) -> None:
    given_facts = in_no_language(facts(kind))
    for step in STEPS:
        given_facts |= {"next_step": step, "proof": PROOF if given_facts["due"] else None}
        given_facts["window"] = given_facts["window"] or {
            "stage_title": IN_OTHER_WORDS, "closes": None, "while_case_open": True,
                "unit": "months", "amount": 1, "proof": None, "by_post": 0,
        }  # fmt: skip
        letter = letter_of(kind, given_facts)
        assert letter.language == "cy"
        assert english_in(letter.subject.removeprefix("FO-2026-000123")) == set()
        assert english_in(letter.body.replace(given_facts["reference"], "")) == set(), letter.body
        assert all(len(line) <= LINE_WIDTH for line in letter.body.splitlines())
        for trace in ("None", "{{", "{%", "[]", "()", " .", "..", " ,", " ;", "\n\n\n"):
            assert trace not in letter.body, trace


def test_the_search_for_english_finds_it() -> None:
    assert english_in(render(notice()).body) > {"the", "you", "your", "complaint", "friday"}


def welsh_stories() -> Iterator[Notice]:
    """Letters of the charters that have their Welsh, to people who read it."""
    for charter in ("casework-standards", "insolvency-service"):
        for story in stories(charter, "cy"):
            yield from (each for each in story.notices if each.kind not in STAFF_KINDS)


def test_a_charter_that_has_its_welsh_leaves_no_english_in_a_letter() -> None:
    kinds = set()
    for each in welsh_stories():
        own = {
            name: in_no_language(fact, name)
            for name, fact in each.facts.items()
            if name not in CHARTER_FACTS | {UNTRANSLATED, CLOSURES}
        }
        facts = each.facts | own | {"customer_name": "Siân"}
        who = replace(each.recipient, name="Siân", adjustments=("print bras",))
        letter = render(replace(each, facts=facts, recipient=who))
        assert english_in(letter.body.replace(each.reference, "")) == set(), letter.body
        kinds.add(each.kind)
    assert len(kinds) > 12, kinds


def texts_in(fact: Any) -> Iterator[str]:
    if isinstance(fact, str):
        yield fact
    elif isinstance(fact, dict | list | tuple):
        for each in fact.values() if isinstance(fact, dict) else fact:
            yield from texts_in(each)


def test_no_fact_brings_the_charters_english_to_who_reads_its_welsh() -> None:
    words: dict[str, str] = {}
    for charter in ("casework-standards", "insolvency-service"):
        words |= load_charter(all_charters()[charter]).translations["cy"]
    for each in welsh_stories():
        english = {text for text in texts_in(each.facts) if words.get(text, text) != text}
        assert english == set(), f"{each.kind}: name the fact in CHARTER_FACTS"


def test_a_letter_in_english_has_no_welsh_of_the_charter() -> None:
    for story in stories("casework-standards", "en"):
        for each in story.notices:
            if each.recipient.language == "en":
                assert "Comisiwn" not in render(each).body


def test_staff_read_english_whatever_the_customer_reads() -> None:
    for story in stories("casework-standards", "cy"):
        notes = [each for each in story.notices if each.recipient.kind is RecipientKind.STAFF]
        assert notes
        for note in notes:
            letter = render(note)
            assert letter.language == "en"
            assert "Comisiwn" not in letter.body
            assert "Stage: " in letter.body


@pytest.mark.parametrize("charter", all_charters())
def test_a_charter_that_has_some_welsh_has_all_that_letters_print(charter: str) -> None:
    found = load_charter(all_charters()[charter])
    for words in found.translations.values():
        assert printed_words(found).keys() - words.keys() == set()


# --- how Welsh is written -------------------------------------------------------------------------

SOURCES = sorted((TEMPLATES / "cy").glob("*.txt"))
CONTRACTING = re.compile(
    r"(?:^|[\s(])(?:i|o|â|a|ag|gyda|neu|na|drwy|trwy|efo|fo|mo)\s+{{ complaint }}", re.IGNORECASE
)
SOFTENING = re.compile(r"\b(?:tan|o|i|hyd at|hyd) {{ [\w.\[\]]+ \| day }}")
PLAIN = re.compile(r"\b(?:erbyn|ar ôl|sef|yw|oedd|cyn) {{ [\w.\[\]]+ \| day \| soft }}")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_welsh_template_mutates_dates_and_contracts_nothing(path: Any) -> None:
    text = path.read_text("utf-8")
    assert CONTRACTING.findall(text) == []
    assert SOFTENING.findall(text) == []
    assert PLAIN.findall(text) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "rhan o {{ complaint }}",
        "delio â {{ complaint }}",
        "delio ag {{ complaint }}",
        "tan {{ window.closes | day }}",
        "erbyn {{ due | day | soft }}",
    ],
)
def test_what_is_no_welsh_is_seen(wrong: str) -> None:
    assert any(rule.search(wrong) for rule in (CONTRACTING, SOFTENING, PLAIN))
