"""An organisation's own templates and words, checked before any letter is written with them.

Owns what can be wrong with a folder of them. A folder has the shape of `letters/templates`: a folder for each
language, and `staff`; what it does not have is taken from there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import TemplateError, meta

from domain.charter.rules import Rules
from domain.notices import Notice, NoticeKind
from letters.languages import FALLBACK, STAFF_NOTES, TEMPLATES, languages
from letters.rendering import split_source, written
from letters.required_facts import OPTIONAL, RENDERED, STAFF_KINDS, Unwritable, templates_of
from letters.specimens.stories import by_kind, specimens
from letters.wording import environment, source_of, words_of

_WORDS = "words.toml"
_STAFF = STAFF_NOTES.name
_MARK = re.compile(r"\b(NAME|N)\b")
"""What stands in a word for a name or a number, and must go on standing there."""


class Slip(NamedTuple):
    """What is wrong in a folder of one's own words: in which file, and what would be allowed."""

    where: str
    what: str

    def __str__(self) -> str:
        """For a person."""
        return f"{self.where}: {self.what}"


def slips(folder: Path, charters: Iterable[Rules]) -> list[Slip]:
    """Everything that is wrong with the folder, for letters under these charters."""
    if not folder.is_dir():
        return [Slip(str(folder), "there is no such folder.")]
    charters = list(charters)
    found = list(_misplaced(folder))
    for file in sorted(folder.glob(f"*/{_WORDS}")):
        found += _wrong_words(file)
    found += _one_sided(folder, charters)
    return found or list(_unwritable(folder, charters))


def _misplaced(folder: Path) -> Iterator[Slip]:
    """Files that no letter would ever be written with."""
    known = {str(each.relative_to(TEMPLATES)) for each in TEMPLATES.glob("*/*.*")}
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        where = file.relative_to(folder)
        if str(where) not in known and not where.name.startswith("."):
            allowed = f"{', '.join([*languages(), _STAFF])}/KIND.txt, or words.toml of a language"
            near = get_close_matches(str(where), known, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            yield Slip(str(where), f"no letter is written with it. Allowed: {allowed}.{hint}")


def _wrong_words(file: Path) -> Iterator[Slip]:
    """Words that are read by nothing, or have lost the mark that stands for a name or a number."""
    where, language = f"{file.parent.name}/{_WORDS}", file.parent.name
    if language not in languages():
        return
    try:
        own = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        yield Slip(where, f"it cannot be read: {error}.")
        return
    for place, said, shipped in _pairs(own, words_of(language), ""):
        if type(said) is not type(shipped):
            yield Slip(where, f"{place}: no letter asks for it." if shipped is None
                       else f"{place}: it is not {type(shipped).__name__}, as the shipped one is.")  # fmt: skip
        elif isinstance(said, str):
            for lost in sorted({*_MARK.findall(str(shipped))} - {*_MARK.findall(said)}):
                yield Slip(where, f"{place}: it has lost {lost}, which stands for what is put in.")


def _pairs(own: Mapping[str, Any], shipped: Any, at: str) -> Iterator[tuple[str, Any, Any]]:
    """Each word with the shipped one in its place; a further name of a closure needs none."""
    for name, said in own.items():
        place = f"{at}.{name}" if at else name
        there = shipped.get(name) if isinstance(shipped, Mapping) else None
        if isinstance(said, Mapping) and isinstance(there, Mapping):
            yield from _pairs(said, there, place)
        elif not place.startswith("closures.names."):
            yield place, said, there


def _one_sided(folder: Path, charters: Iterable[Rules]) -> Iterator[Slip]:
    """Letters in words of one's own in one language that a charter promises in another as well."""
    promised = {
        language: rules.charter.id
        for rules in charters
        for language in rules.charter.charter.languages
        if len(rules.charter.charter.languages) > 1
    }
    own = {lang: {file.name for file in (folder / lang).glob("*.txt")} for lang in languages()}
    for name in sorted(set().union(*own.values())):
        has = [language for language in own if name in own[language]]
        for language in sorted(promised.keys() - set(has)):
            yield Slip(f"{language}/{name}", f"it is missing beside {has[0]}/{name}: the charter"
                       f" {promised[language]} promises letters in {language!r}.")  # fmt: skip


def _unwritable(folder: Path, charters: Iterable[Rules]) -> Iterator[Slip]:
    """Templates that cannot be read, name what no letter is given, or fail on a letter to be read."""
    owed: dict[tuple[str, NoticeKind], list[Notice]] = {}
    for rules in charters:
        for language in languages():
            for kind, notices in by_kind(specimens(rules, language)).items():
                owed.setdefault((language, kind), []).extend(notices)
    bad = set()
    for file in sorted(folder.glob("*/*.txt")):
        for slip in _misnamed(folder, file, owed):
            bad.add(file)
            yield slip
    if not bad:
        yield from _failing(folder, owed)


def _misnamed(
    folder: Path, file: Path, owed: Mapping[tuple[str, NoticeKind], list[Notice]]
) -> Iterator[Slip]:
    where, language = f"{file.parent.name}/{file.name}", file.parent.name
    spoken = FALLBACK if language == _STAFF else language
    made = environment(spoken, folder)
    try:
        source = source_of(file.name, spoken, folder)
        if not file.name.startswith("_"):
            split_source(source)
        named = meta.find_undeclared_variables(made.parse(source))
        made.from_string(source)
    except (TemplateError, ValueError) as error:
        yield Slip(where, f"{error}.")
        return
    kinds = [kind for kind in NoticeKind if file.name in templates_of(kind)] or [
        kind for kind in NoticeKind if (kind in STAFF_KINDS) == (language == _STAFF)
    ]
    given = [
        set(each.facts) for (_, kind), notices in owed.items() if kind in kinds for each in notices
    ]
    if not given:
        return  # no charter brings such a letter
    known = set.intersection(*given)
    for name in sorted(named - known - OPTIONAL.keys() - RENDERED - {"next_step", "proof"}):
        near = get_close_matches(name, known | RENDERED, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        yield Slip(where, f"no such letter is given {name!r}.{hint}")


def _failing(folder: Path, owed: Mapping[tuple[str, NoticeKind], list[Notice]]) -> Iterator[Slip]:
    for (language, kind), notices in owed.items():
        for notice in notices:
            try:
                written(notice, folder)
            except Unwritable as error:
                name = f"{_STAFF if kind in STAFF_KINDS else language}/{kind}.txt"
                yield Slip(name, f"a letter cannot be written: {error}.")
                break
