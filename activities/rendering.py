"""Puts a notice into words: a template in the recipient's language, filled with its facts.

Owns the choice of template and what templates can say. Does not know channels or addresses.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    Undefined,
)

from activities.facts import REQUIRED, STAFF_KINDS, Unwritable, check_facts
from activities.plain_text import clean, laid_out, one_line, quoted, sentence
from domain.notices import Notice, NoticeKind, RecipientKind

__all__ = ["REQUIRED", "TEMPLATES", "Letter", "Unwritable", "environment", "render", "split_source"]

TEMPLATES = Path(__file__).parent / "templates"
FALLBACK = "en"
SUBJECT = "Subject: "
SUBJECT_LIMIT = 150


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice in words: `subject` is one line, `body` plain text, `language` what it is in."""

    subject: str
    body: str
    language: str = FALLBACK


def render(notice: Notice) -> Letter:
    """The notice in words, in the recipient's language or, where there is none, in English.

    Raises `Unwritable` when a fact is missing or is not what its template needs.
    """
    check_facts(notice)
    to_staff = notice.kind in STAFF_KINDS
    language = FALLBACK if to_staff else _language(notice.recipient.language)
    names = _names(notice, language)
    try:
        subject, words = _templates(language, notice.kind)
        layout = environment(language).get_template("_staff.txt" if to_staff else "_letter.txt")
        body = layout.render(names, text=words.render(names).strip())
        title = one_line(subject.render(names), SUBJECT_LIMIT)
    except (TemplateError, AttributeError, TypeError, ValueError) as error:
        raise Unwritable(f"{notice.kind}: {error}") from error
    return Letter(title, laid_out(body), language)


def split_source(source: str) -> tuple[str, str]:
    """A template's source as the template of its subject and the template of its message.

    Raises `ValueError` when the first line is not `Subject: …`.
    """
    first, _, rest = source.partition("\n")
    if not first.startswith(SUBJECT) or not first.removeprefix(SUBJECT).strip():
        raise ValueError(f"a template's first line is '{SUBJECT}…', not {first!r}")
    return first.removeprefix(SUBJECT), rest


@lru_cache
def environment(language: str) -> Environment:
    """What the templates of one language are compiled with."""
    made = Environment(  # noqa: S701 - plain text: escaping would garble names
        loader=FileSystemLoader(TEMPLATES / language),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
        auto_reload=False,
    )
    words = _words(language)
    made.filters |= {
        "day": lambda value: _day(value, words),
        "words": lambda value, table: _in_words(str(value), words[table]),
        "quoted": quoted,
        "sentence": sentence,
    }
    return made


def _names(notice: Notice, language: str) -> dict[str, Any]:
    """What a template may use: the facts, and what follows from the recipient."""
    recipient, words = notice.recipient, _words(language)
    represented = recipient.kind is RecipientKind.REPRESENTATIVE
    phrase = words["complaint"]["represented" if represented else "own"]
    wanted = recipient.language
    offers = words["offers"]
    return {
        **notice.facts,
        "recipient": one_line(recipient.name, SUBJECT_LIMIT),
        "complaint": phrase.replace("NAME", one_line(notice.facts["customer_name"], SUBJECT_LIMIT)),
        "adjustments_asked": list(recipient.adjustments),
        "offer": "" if wanted == language else offers.get(wanted, offers["other"]),
    }


@lru_cache
def _templates(language: str, kind: NoticeKind) -> tuple[Template, Template]:
    made = environment(language)
    source = (TEMPLATES / language / f"{kind.value}.txt").read_text("utf-8")
    subject, words = split_source(source)
    return made.from_string(subject), made.from_string(words)


@lru_cache
def _words(language: str) -> dict[str, Any]:
    return tomllib.loads((TEMPLATES / language / "words.toml").read_text("utf-8"))


@lru_cache
def _language(wanted: str) -> str:
    # Only plain letters may name a folder.
    known = wanted.isascii() and wanted.isalpha() and (TEMPLATES / wanted / "words.toml").is_file()
    return wanted if known else FALLBACK


def _day(value: str | date, words: dict[str, Any]) -> str:
    found = value if isinstance(value, date) else date.fromisoformat(value[:10])
    names = words["dates"]
    return f"{names['days'][found.weekday()]} {found.day} {names['months'][found.month - 1]} {found.year}"


def _in_words(value: str, table: dict[str, str]) -> str:
    return table.get(value.replace(" ", "-"), value.replace("-", " "))


def _finalized(value: object) -> object:
    """Each value that a template prints, made safe; nothing may be printed that is not there."""
    if value is None:
        raise ValueError("the template prints a fact that is empty")
    if isinstance(value, Undefined):
        return value
    return clean(str(value))
