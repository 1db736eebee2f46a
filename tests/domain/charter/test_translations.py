"""A charter's words in another language: which are needed, which are wrong, and who gets them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from charters.faults import CharterFaults
from charters.files import find_charter, load_charter
from domain.charter.checks.charter import faults
from domain.charter.rules import pack, unpack
from domain.charter.tables import Charter
from domain.charter.translations import for_reader, pinned_translations, printed_words
from tests.domain.charter.housing_code import GOOD, REGIONS, TIME_ZONES
from tests.domain.playing.england import ENGLAND
from tests.domain.playing.remedy_stories import rules_with
from tests.domain.playing.stories import Story, rules_of

LETTERS_IN = ("cy", "en")


def with_languages(languages: str = '["en", "cy"]', words: dict[str, str] | None = None) -> Charter:
    """The housing code, promising these languages, with these words in Welsh."""
    text = GOOD.replace("[charter]", f"[charter]\nlanguages = {languages}", 1)
    content: dict[str, Any] = tomllib.loads(text)
    if words is not None:
        content["translations"] = {"cy": words}
    return Charter.model_validate(content)


def found(charter: Charter) -> list[str]:
    return [
        f"{fault.where}: {fault.key}: {fault.what} | {fault.allowed}"
        for fault in faults(charter, REGIONS, TIME_ZONES, LETTERS_IN)
    ]


def whole() -> dict[str, str]:
    return {
        text: f"{number}. Cymraeg" for number, text in enumerate(printed_words(with_languages()))
    }


def test_a_charter_in_english_needs_no_translation() -> None:
    assert found(with_languages('["en"]')) == []


def test_a_charter_that_promises_welsh_and_has_all_of_it_is_without_fault() -> None:
    assert found(with_languages(words=whole())) == []


@pytest.mark.parametrize("text", list(printed_words(with_languages())))
def test_each_text_that_letters_print_is_missed(text: str) -> None:
    words = whole()
    del words[text]
    (fault,) = found(with_languages(words=words))
    assert fault.startswith(f"translations.cy: {text!r}: has no translation, and stands in letters")


def test_without_the_promise_some_words_are_enough() -> None:
    assert found(with_languages('["en"]', words=dict(list(whole().items())[:2]))) == []


def test_a_translation_of_what_stands_nowhere_is_an_error_with_what_was_meant() -> None:
    first, *_ = whole()
    (fault,) = found(with_languages('["en"]', words={f"{first}x": "Rhywbeth"}))
    assert "translates what stands nowhere in this charter" in fault
    assert f"did you mean {first!r}?" in fault


@pytest.mark.parametrize(
    ("languages", "place", "what"),
    [
        ('["cy"]', "charter: languages", "is written in English, and does not name it"),
        ('["en", "pl"]', "charter: languages", "there are no letters in 'pl' | cy, en"),
    ],
)
def test_languages_without_letters_or_english_are_refused(
    languages: str, place: str, what: str
) -> None:
    told = found(with_languages(languages, words=whole()))
    assert any(fault.startswith(place) and what in fault for fault in told), told


def test_translations_into_english_or_a_language_without_letters_are_refused() -> None:
    content = tomllib.loads(GOOD)
    content["translations"] = {"en": {}, "pl": {}}
    told = found(Charter.model_validate(content))
    assert "translations: en: the charter is written in English" in told[1]
    assert "translations: pl: there are no letters in 'pl'" in told[0]


@pytest.mark.parametrize(
    ("line", "key", "allowed"),
    [
        ('languages = ["en", "Welsh"]', "languages[2]", "two lower-case letters, such as cy"),
        ("languages = 3", "languages", "a list"),
    ],
)
def test_a_language_of_another_shape_is_told_where_it_stands(
    line: str, key: str, allowed: str, tmp_path: Path
) -> None:
    path = tmp_path / "harbour-homes.toml"
    path.write_text(GOOD.replace("[charter]", f"[charter]\n{line}", 1), "utf-8")
    with pytest.raises(CharterFaults) as caught:
        load_charter(path)
    assert any(fault.key == key for fault in caught.value.faults), str(caught.value)
    assert allowed in str(caught.value)


# --- who gets them --------------------------------------------------------------------------------


def test_only_the_facts_that_are_the_charters_are_translated() -> None:
    facts = {
        "stage_title": "Manager",
        "customer_name": "Manager",
        "further": [{"name": "Manager", "gate": None}],
        "window": {"stage_title": "Manager", "closes": "2026-10-05"},
        "proof": {"skipped": [["weekend", 2], ["Manager", 1, "2026-10-05", "2026-10-05"]]},
    }
    charter = with_languages(words={"Manager": "Rheolwr"})
    assert for_reader(charter, "en", facts) == facts
    assert for_reader(charter, "cy", facts) == {
        "stage_title": "Rheolwr",
        "customer_name": "Manager",
        "further": [{"name": "Rheolwr", "gate": None}],
        "window": {"stage_title": "Rheolwr", "closes": "2026-10-05"},
        "proof": {"skipped": [["weekend", 2], ["Rheolwr", 1, "2026-10-05", "2026-10-05"]]},
    }


def test_the_reader_of_welsh_gets_the_charters_welsh_and_staff_its_english() -> None:
    story = Story("casework-standards", complainant_language="cy").do("acknowledge")
    (letter,) = story.sent("acknowledgement")
    (note,) = story.sent("new-complaint")
    assert letter.facts["organisation"] == "Y Comisiwn Gwaith Achos"
    assert letter.facts["stage_title"] == "Y person sy'n delio â'ch achos"
    assert letter.facts["further"][0]["name"] == "Cyngor ar bopeth"
    assert note.facts["organisation"] == "The Casework Commission"


def test_what_becomes_of_a_remedy_is_told_in_the_charters_welsh_too() -> None:
    rules = rules_with("casework-standards")
    story = Story(rules=rules, complainant_language="cy").do("reply", remedies=["Llythyr"])
    story.do("do_remedy", "manager")
    (letter,) = story.sent("remedy-done")
    (note,) = story.sent("remedy-owed")
    assert letter.facts["organisation"] == "Y Comisiwn Gwaith Achos"
    assert note.facts["organisation"] == "The Casework Commission"


@pytest.mark.parametrize("language", ["en", "pl"])
def test_every_other_reader_gets_its_english(language: str) -> None:
    story = Story("casework-standards", complainant_language=language).do("acknowledge")
    assert story.sent("acknowledgement")[0].facts["organisation"] == "The Casework Commission"


def test_a_charter_without_welsh_gives_its_english_words_to_all() -> None:
    story = Story("customer-promise", complainant_language="cy").do("acknowledge")
    facts = story.sent("acknowledgement")[0].facts
    assert facts["organisation"] == rules_of("customer-promise").charter.charter.organisation


# --- what is pinned -------------------------------------------------------------------------------


def test_what_no_letter_prints_is_not_pinned_to_a_complaint() -> None:
    charter = rules_of("casework-standards").charter
    loaded = load_charter(find_charter("casework-standards"))
    commitments = {each.text for each in loaded.commitments}
    assert commitments & loaded.translations["cy"].keys()
    assert not commitments & pinned_translations(loaded)["cy"].keys()
    assert charter.translations["cy"].keys() == printed_words(loaded).keys()


def test_a_charter_without_translations_is_pinned_as_before() -> None:
    charter = with_languages('["en"]')
    packed = pack(charter, ENGLAND)
    assert unpack(packed).charter.translations == {}
    assert (
        unpack(packed).digest
        == unpack(pack(Charter.model_validate(tomllib.loads(GOOD)), ENGLAND)).digest
    )
