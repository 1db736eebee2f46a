"""Every letter has its twin in every language: the same facts, decisions, lists and headings."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import nodes

from domain.notices import NoticeKind
from letters.languages import FALLBACK, TEMPLATES, languages
from letters.required_facts import STAFF_KINDS
from letters.wording import environment

OTHERS = [language for language in languages() if language != FALLBACK]
LETTERS = [kind.value for kind in NoticeKind if kind not in STAFF_KINDS]
PARTS = sorted(path.stem for path in (TEMPLATES / FALLBACK).glob("_*.txt"))
"""What several letters are made of: their layout, their sentences, and what they include."""
TWINS = [*LETTERS, *PARTS]
FREE = {"offers", "soft", "closures", "counted", "dates"}
"""Tables of `words.toml` whose keys are the language's own; `counted` is held by its nouns."""


def source(language: str, name: str) -> str:
    return (TEMPLATES / language / f"{name}.txt").read_text("utf-8")


def missing(folder: Path) -> set[str]:
    """The letters that have no template in the folder."""
    return {name for name in TWINS if not (folder / f"{name}.txt").is_file()}


def shape(text: str) -> Counter[tuple[str, str]]:
    """What a template prints, decides on, repeats and looks up, and how many headings it has."""
    parsed = environment(FALLBACK).parse(text)
    found: Counter[tuple[str, str]] = Counter()
    for output in parsed.find_all(nodes.Output):
        for name in _names(output):
            found["prints", name] = 1  # a language may say it as often as it needs
    found.update(_parts(parsed))
    found["headings", ""] = sum(
        line.isupper() and len(line.split()) > 1 for line in text.splitlines()
    )
    return found


def _parts(parsed: nodes.Template) -> Iterator[tuple[str, str]]:
    for test in parsed.find_all(nodes.If):
        told = [str(each.value) for each in test.test.find_all(nodes.Const)]
        yield "decides on", " ".join([*_names(test.test), *told])
    for loop in parsed.find_all(nodes.For):
        yield "repeats for", " ".join(_names(loop.iter))
    for part in parsed.find_all(nodes.Include):
        yield "includes", str(part.template)
    for macro in parsed.find_all(nodes.Macro):
        yield "says", macro.name
    for use in parsed.find_all(nodes.Filter):
        if use.name == "words":
            table = use.args[0]
            yield "looks up in", str(table.value) if isinstance(table, nodes.Const) else "?"
        if use.name == "quoted":
            yield "quotes", " ".join(_names(use))


def _names(node: nodes.Node) -> list[str]:
    """The names in an expression, in order; the node itself may be one."""
    found = [node, *node.find_all((nodes.Name, nodes.Getattr))]
    names = [one.name for one in found if isinstance(one, nodes.Name)]
    return [*names, *(one.attr for one in found if isinstance(one, nodes.Getattr))]


def test_there_is_welsh_beside_english() -> None:
    assert "cy" in OTHERS


@pytest.mark.parametrize("language", languages())
def test_no_letter_is_without_its_twin(language: str) -> None:
    assert missing(TEMPLATES / language) == set(), "write the template in every language"


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", TWINS)
def test_twins_say_the_same(name: str, language: str) -> None:
    here, there = shape(source(language, name)), shape(source(FALLBACK, name))
    assert here - there == Counter(), f"only in {language}/{name}.txt"
    assert there - here == Counter(), f"only in {FALLBACK}/{name}.txt"


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", LETTERS)
def test_a_twin_is_a_translation_and_not_a_copy(name: str, language: str) -> None:
    lines = {line.strip() for line in source(FALLBACK, name).splitlines() if line[:1].isalpha()}
    assert not lines & {line.strip() for line in source(language, name).splitlines()}


@pytest.mark.parametrize("language", languages())
def test_no_template_changes_the_letters_of_a_name(language: str) -> None:
    for path in sorted((TEMPLATES / language).glob("*.txt")):
        used = environment(language).parse(path.read_text("utf-8")).find_all(nodes.Filter)
        assert {"capitalize", "lower", "title", "upper"} & {each.name for each in used} == set(), (
            path
        )


@pytest.mark.parametrize("language", OTHERS)
def test_the_words_of_a_language_are_those_of_english(language: str) -> None:
    here, there = words(language), words(FALLBACK)
    assert here.keys() - FREE == there.keys() - FREE
    for table in here.keys() - FREE | {"counted"}:
        assert here[table].keys() == there[table].keys(), table
    assert all("other" in forms for forms in here["counted"].values())


def words(language: str) -> dict[str, Any]:
    return tomllib.loads((TEMPLATES / language / "words.toml").read_text("utf-8"))


# --- the test bites -------------------------------------------------------------------------------


def test_a_letter_without_its_twin_is_seen(tmp_path: Path) -> None:
    for name in TWINS:
        (tmp_path / f"{name}.txt").write_text("Subject: x\ny", "utf-8")
    (tmp_path / "reply.txt").unlink()
    assert missing(tmp_path) == {"reply"}


@pytest.mark.parametrize(
    ("changed", "to"),
    [
        ("{{ findings }}", ""),
        ("{% if recommended %}", "{% if findings %}"),
        ('words("outcomes")', 'words("topics")'),
        ("WHAT WE DECIDED", "What we decided"),
        ("for remedy in remedies", "for remedy in further"),
    ],
)
def test_a_twin_that_says_less_is_seen(changed: str, to: str) -> None:
    whole = source(FALLBACK, "_decision")
    assert changed in whole
    assert shape(whole.replace(changed, to)) != shape(whole)


def test_a_twin_that_leaves_a_part_out_is_seen() -> None:
    whole = source(FALLBACK, "reply")
    assert shape(whole.replace("_decision", "_asked")) != shape(whole)


def test_a_twin_that_does_not_know_a_next_step_is_seen() -> None:
    whole = source(FALLBACK, "_sentences")
    assert shape(whole.replace('"look-into"', '"look"')) != shape(whole)
