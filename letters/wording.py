"""What the templates of one language are written with: its words, its dates and its numbers.

Owns the filters of templates and the reading of `words.toml`. Dates, numbers and the choice of a
plural are Babel's. Does not know notices.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from domain.wire import sentence
from letters.languages import FALLBACK, STAFF_NOTES, TEMPLATES
from letters.plain_text import clean, quoted

_NUMBER = re.compile(r"\bN\b")
"""Where a number stands in its words; a word may begin with that letter."""
_AND, _SUBSTITUTE = " and ", " (substitute day)"
"""How calendars join the names of two holidays, and mark a day that stands in for one."""


@cache
def words_of(language: str, own: Path | None = None) -> dict[str, Any]:
    """The tables of the language's `words.toml`, with an organisation's own words put over them."""
    words = tomllib.loads((TEMPLATES / language / "words.toml").read_text("utf-8"))
    file = own and own / language / "words.toml"
    return (
        _over(words, tomllib.loads(file.read_text("utf-8"))) if file and file.is_file() else words
    )


def _over(words: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The words with those of one's own in their places, table by table."""
    laid = {
        name: _over(words[name], said) if isinstance(said, dict) and name in words else said
        for name, said in own.items()
    }
    return words | laid


def language_name(code: str, language: str = FALLBACK) -> str:
    """What the language of that code is called in another; the code where nobody knows it."""
    try:
        return Locale(code).get_language_name(language) or code
    except (UnknownLocaleError, ValueError):
        return code


@cache
def environment(language: str, own: Path | None = None) -> Environment:
    """What the templates of one language are compiled with; those of `own` go before the shipped.

    What is not shipped runs in a sandbox: a template can print facts and do nothing else.
    """
    folders = [own / language, own / STAFF_NOTES.name] if own else []
    kind = ImmutableSandboxedEnvironment if own else Environment
    made = kind(  # plain text: escaping would garble names
        loader=FileSystemLoader([*folders, TEMPLATES / language, STAFF_NOTES]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
        auto_reload=False,
    )
    words = words_of(language, own)
    made.filters |= {
        "day": lambda value: _date(_as_date(value), language, "day"),
        "short_day": lambda value: _date(_as_date(value), language, "short"),
        "number": lambda value: format_decimal(value, locale=_locale(language)),
        "counted": lambda number, what: _counted(
            int(number), words["counted"][str(what)], language
        ),
        "language_name": lambda code: language_name(str(code), language),
        "closure": lambda name: _closure(str(name), words["closures"]),
        "soft": lambda text: _soft(str(text), words.get("soft", {})),
        "words": pass_context(
            lambda context, value, table: (
                _for_whom(context, str(value), words.get("for-another", {}).get(table, {}))
                or _in_words(str(value), words[table])
            )
        ),
        "proof": lambda fact: told(fact, "proof", language, own=own),
        "quoted": partial(quoted, note=words["quoting"]["cut"]),
        "sentence": sentence,
    }
    return made


def source_of(name: str, language: str = FALLBACK, own: Path | None = None) -> str:
    """The source of a template."""
    made = environment(language, own)
    assert made.loader is not None  # noqa: S101 - for the type checker
    return made.loader.get_source(made, name)[0]


def told(fact: Any, macro: str, language: str, *more: Any, own: Path | None = None) -> str:
    """A structured fact as a sentence of the language, by a macro of its `_sentences.txt`.

    A fact that is a text is somebody's own sentence already, and stays.
    """
    if not fact or isinstance(fact, str):
        return fact or ""
    macros: Any = environment(language, own).get_template("_sentences.txt").module
    return " ".join(str(getattr(macros, macro)(fact, *more)).split())


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(words_of(language)["dates"]["locale"])


@lru_cache(maxsize=4096)
def _date(day: date, language: str, pattern: str) -> str:
    """The day by that pattern, as it stands within a sentence."""
    dates = words_of(language)["dates"]
    said = format_date(day, dates[pattern], locale=_locale(language))
    return said[0].lower() + said[1:] if dates["lower"] else said


def _as_date(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value[:10])


def _counted(number: int, forms: dict[str, str], language: str) -> str:
    """`10 working days`: a number with its noun, in the form that the language asks for."""
    locale = _locale(language)
    form: str = forms.get(locale.plural_form(number), forms["other"])
    return _NUMBER.sub(format_decimal(number, locale=locale), form, count=1)


def _closure(name: str, words: dict[str, Any]) -> str:
    """A bank holiday's name in the language; a name that is not known stays as it is."""
    names: dict[str, str] = words["names"]
    plain = name.removesuffix(_SUBSTITUTE)
    if plain in names:
        return names[plain] + (words["substitute"] if plain != name else "")
    parts = name.split(_AND)
    said = [_closure(part, words) for part in parts] if names and len(parts) > 1 else []
    known = all(one != part for one, part in zip(said, parts, strict=False))
    return str(words["and"]).join(said) if said and known else name


def _soft(text: str, beginnings: dict[str, str]) -> str:
    """The text as it stands after a word that softens what follows, as Welsh ones do."""
    for plain, softened in beginnings.items():
        if text.startswith(plain):
            return softened + text.removeprefix(plain)
    return text


def _for_whom(context: Context, value: str, table: dict[str, str]) -> str:
    """The words for whoever acts for the customer, where others are needed than those to the customer; else none."""
    said = table.get(value.replace(" ", "-"), "") if context.get("represented") else ""
    return said.replace("NAME", str(context.get("customer_name")))


def _in_words(value: str, table: dict[str, str]) -> str:
    return table.get(value.replace(" ", "-"), value.replace("-", " "))


def _finalized(value: object) -> object:
    """Each value that a template prints, made safe; nothing may be printed that is not there."""
    if value is None:
        raise ValueError("the template prints a fact that is empty")
    if isinstance(value, Undefined):
        return value
    return clean(str(value))
