"""Translations: a charter's own words in the other languages that its letters come in.

Owns which words of a charter a letter can print, what they are in another language, and what is wrong
with a charter's translations. Which languages there are letters in is passed in. Source:
`004_223f6b270ec16c9f.txt` (Welsh as well as English).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from domain.charter.tables import Charter
from domain.errors import CharterError
from domain.faults import allowed_words, did_you_mean

ENGLISH = "en"
"""The language in which a charter file is written."""

PRINTED = frozenset(
    {
        "address", "appeal", "gate", "gate-for-mp", "hours", "name", "organisation", "question", "reason", "text",
        "title",
    }
)  # fmt: skip
"""The keys, in whatever table, whose words stand in letters. Others (an address on the web, a
telephone number) may be translated and need not be."""

CHARTER_FACTS = frozenset(
    {
        "appeal", "charter_title", "contact", "from_stage_title", "further", "ground", "missed", "moved", "organisation", "outside",
        "own_time", "promise_text", "promised_again", "proof", "question", "remit", "service", "stage_title", "where", "window",
    }
)  # fmt: skip
"""The facts that hold the charter's own words: these, and no words of a person, are translated."""

PARTLY_ENGLISH = "partly_english"
"""The fact that says that the charter has no words in the reader's language."""

_INWARD = frozenset({"commitment", "sample", "translations"})
"""The tables that no letter prints."""


def printed_words(charter: Charter) -> dict[str, str]:
    """Each text of the charter that a letter can print, with the place where it first stands."""
    content = charter.model_dump(mode="json", by_alias=True)
    found: dict[str, str] = {}
    for table, value in content.items():
        if table not in _INWARD:
            for place, key, text in _texts(value, table):
                if key in PRINTED:
                    found.setdefault(text, f"{place}.{key}")
    return found


def pinned_translations(charter: Charter) -> dict[str, dict[str, str]]:
    """The translations that letters need; what none prints is not carried by every complaint."""
    inward = _inward_words(charter)
    return {
        language: {text: said for text, said in words.items() if text not in inward}
        for language, words in charter.translations.items()
    }


def for_reader(charter: Charter, language: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a notice with the charter's own words in its reader's language, or that it has none."""
    words = charter.translations.get(language)
    if words or language == ENGLISH:
        return translated(facts, words) if words else facts
    return facts | {PARTLY_ENGLISH: True}


def translated(facts: dict[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """The facts with these words for those of the charter, and for the names of closed days."""
    return {
        name: _said(fact, words) if name in CHARTER_FACTS else fact for name, fact in facts.items()
    }


def translation_faults(
    charter: Charter, known: Collection[str] | None = None
) -> Iterator[CharterError]:
    """What is wrong with the charter's languages; `known` are those there are letters in."""
    languages = charter.charter.languages
    if ENGLISH not in languages:
        what = "the charter is written in English, and does not name it"
        yield CharterError("charter", "languages", what, f'"{ENGLISH}" and any others')
    every = dict.fromkeys((*languages, *charter.translations))
    for language in every if known is not None else ():
        if language not in (known or ()):
            table = "charter" if language in languages else "translations"
            key = "languages" if language in languages else language
            allowed = allowed_words(language, sorted(known or ()))
            yield CharterError(table, key, f"there are no letters in {language!r}", allowed)
    for language, words in charter.translations.items():
        yield from _unfounded(charter, language, words)
    for language in languages:
        if language != ENGLISH:
            yield from _missing(charter, language)


def _unfounded(charter: Charter, language: str, words: Mapping[str, str]) -> Iterator[CharterError]:
    """Translations of what the charter does not say, as after a change of its English."""
    if language == ENGLISH:
        what = "the charter is written in English: nothing has to be translated into it"
        yield CharterError("translations", language, what, "another language")
        return
    content = charter.model_dump(mode="json", by_alias=True, exclude={"translations"})
    every = {text for _, _, text in _texts(content, "")}
    for text in words:
        if text not in every:
            allowed = "a text of this charter, letter by letter"
            allowed += did_you_mean(text, every - words.keys())
            what = "translates what stands nowhere in this charter"
            yield CharterError(f"translations.{language}", repr(text), what, allowed)


def _missing(charter: Charter, language: str) -> Iterator[CharterError]:
    words = charter.translations.get(language, {})
    for text, place in printed_words(charter).items():
        if text not in words:
            what = f"has no translation, and stands in letters ({place})"
            allowed = f"its translation, as the charter's languages name {language!r}"
            yield CharterError(f"translations.{language}", repr(text), what, allowed)


def _inward_words(charter: Charter) -> frozenset[str]:
    content = charter.model_dump(mode="json", by_alias=True, include={"commitments", "sample"})
    inward = {text for _, _, text in _texts(content, "")}
    return frozenset(inward - printed_words(charter).keys())


def _texts(value: Any, place: str, key: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text within a value, with the table and the key where it stands."""
    if isinstance(value, str):
        yield place, key, value
    elif isinstance(value, Mapping):
        inner = f"{place}.{key}" if key else place
        for name, each in value.items():
            yield from _texts(each, inner, str(name))
    elif isinstance(value, list):
        for at, each in enumerate(value, 1):
            numbered = f"{place}.{key}[{at}]" if key else f"{place}[{at}]"
            yield from _texts(each, numbered)


def _said(fact: Any, words: Mapping[str, str]) -> Any:
    if isinstance(fact, str):
        return words.get(fact, fact)
    if isinstance(fact, dict):
        return {name: _said(each, words) for name, each in fact.items()}
    if isinstance(fact, list | tuple):
        return [_said(each, words) for each in fact]
    return fact
