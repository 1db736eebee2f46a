"""How letters read, in every language: whatever its facts, each can be written, and names their days alone.

Owns the reading. Two letters of one shape (the same kind, the same facts given) are read once.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from babel import Locale

from domain.notices import Notice
from letters.languages import languages
from letters.rendering import render
from letters.wording import environment, words_of

_read: set[Any] = set()
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def check_reading(notice: Notice) -> None:
    """Raise `AssertionError` where the letter names a day that is not among its facts."""
    shape = _shape(notice)
    if shape in _read:
        return
    for language in languages():
        reader = replace(notice.recipient, language=language)
        letter = render(replace(notice, recipient=reader))
        known = _known(json.dumps(notice.facts, ensure_ascii=False), language)
        for day in _days_in(f"{letter.subject} {letter.body}", language):
            assert any(day in each for each in known), f"{notice.kind}: {day} in {letter.body}"
    _read.add(shape)


def _shape(notice: Notice) -> Any:
    """What decides which sentences the letter has."""
    facts = notice.facts
    step = facts["next_step"]["kind"] if facts["next_step"] else None
    given = frozenset(name for name, fact in facts.items() if fact)
    return (
        notice.kind,
        notice.recipient.kind,
        step,
        given,
        bool((facts["window"] or {}).get("closes")),
    )


def _known(facts: str, language: str) -> list[str]:
    """The days that the facts name, as the language says them, and whatever people wrote."""
    filters = environment(language).filters
    days = [date.fromisoformat(each) for each in set(_DAY.findall(facts))]
    said = [filters[each](day) for day in days for each in ("day", "short_day")]
    return [facts, *said, *words_of(language)["closures"]["names"].values()]


def _days_in(text: str, language: str) -> set[str]:
    return set(_of_months(language).findall(" ".join(text.split())))


@cache
def _of_months(language: str) -> re.Pattern[str]:
    """A day of a month in the language, with its year where it has one."""
    names = Locale.parse(words_of(language)["dates"]["locale"]).months["format"]["wide"].values()
    return re.compile(rf"\b\d{{1,2}} (?:{'|'.join(names)})\b(?: \d{{4}})?", re.IGNORECASE)
