"""By what a complaint is found: whoever it names, how they are reached, and the case that it is about.

Owns how such things are written in one way, however somebody typed them, and what of an event they are in. Who
keeps them, and sealed how, is the ledger's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Any, Final, NamedTuple
from unicodedata import category, decimal, normalize

from domain.complaint.opening import Complainant, Opening, Representative
from domain.wire import usable_address


class Field(StrEnum):
    """What something is found by."""

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    """One word of a name."""
    POSTCODE = "postcode"
    CASE = "case"
    """The reference of the case that the complaint is about."""


class Mark(NamedTuple):
    """One thing by which a complaint is found, written in the one way."""

    field: Field
    value: str


Way = frozenset[Mark]
"""Marks that a complaint has to have, all of them."""

_TITLES: Final = frozenset("mr mrs ms miss mx dr prof sir dame lord lady rev and".split())
_ONE_LETTER: Final = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)
"""What is typed without the right keys so, and is no letter with an accent."""
_UNSEEN: Final = frozenset({"Mn", "Me", "Cf"})
"""The categories of accents, and of what joins letters and shows nothing itself."""
_POSTCODE: Final = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b")
_NUMBER: Final = re.compile(r"[0-9 ()+.-]+")
_LEAST_DIGITS, _TOLD_APART_BY = 6, 9
"""Of a telephone number: what is shorter is none, and the last nine digits are told with or without the country's."""


def marks_of(event: Any) -> Iterator[Mark]:
    """By what the complaint is found because of this event."""
    opening = getattr(event, "opening", None)
    if isinstance(opening, Opening):
        yield from _of_person(opening.complainant)
        if opening.representative:
            yield from _of_person(opening.representative)
        if opening.subject_case:
            yield Mark(Field.CASE, plain(opening.subject_case.reference))
    for name in ("representative", "complainant"):
        person = getattr(event, name, None)
        if isinstance(person, Complainant | Representative):
            yield from _of_person(person)
    yield from _of_ways(event)


def ways_to_find(text: str) -> tuple[Way, ...]:
    """What a text that somebody looks for can mean: any of these; none where it says nothing to look for.

    An e-mail address, a telephone number, a postcode, the reference of a case, or a name, whole or in part.
    """
    words = frozenset(Mark(Field.NAME, word) for word in words_of(text))
    if "@" in text:
        return (frozenset({Mark(Field.EMAIL, email_of(text))}),)
    single = [*_numbers(text), *_postcodes(text)]
    if any(map(str.isalnum, text)):
        single.append(Mark(Field.CASE, plain(text)))
    return tuple(way for way in (words, *(frozenset({mark}) for mark in single)) if way)


def is_found(there: AbstractSet[Mark], wanted: Iterable[Iterable[Way]]) -> bool:
    """Whether a complaint with these marks is found by each of the texts that somebody looks for."""
    return all(any(way <= there for way in ways) for ways in wanted)


def plain(text: str) -> str:
    """The text without capitals, accents, widths of letters, and spaces but one between words."""
    opened = normalize("NFKD", normalize("NFKD", text).casefold()).translate(_ONE_LETTER)
    bare = "".join(each for each in opened if category(each) not in _UNSEEN)
    return " ".join(normalize("NFKC", bare).split())


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name without titles and signs; what a hyphen joins are two. Titles where there is nothing else."""
    parts = re.split(r"[\s\-\u2010-\u2015]+", plain(name))
    words = ["".join(filter(str.isalnum, part)) for part in parts]
    said = [word for word in dict.fromkeys(words) if word]
    return tuple(word for word in said if word not in _TITLES) or tuple(said)


def email_of(text: str) -> str:
    """An address as it is told apart from others: by no capitals, and its domain as mail servers write it."""
    written = normalize("NFKC", text).strip()
    return (usable_address(written) or written).casefold()


def _of_person(person: Complainant | Representative) -> Iterator[Mark]:
    yield from (Mark(Field.NAME, word) for word in words_of(person.name))
    yield from _of_ways(person)


def _of_ways(said: Any) -> Iterator[Mark]:
    if email := getattr(said, "email", None):
        yield Mark(Field.EMAIL, email_of(email))
    yield from _numbers(getattr(said, "phone", None) or "")
    yield from _postcodes(getattr(said, "address", None) or "")


def _numbers(text: str) -> Iterator[Mark]:
    digits = "".join(
        str(decimal(each)) if each.isdecimal() else each for each in normalize("NFKC", text)
    )
    for run in _NUMBER.findall(digits):
        number = re.sub("[^0-9]", "", run)
        if len(number) >= _LEAST_DIGITS:
            yield Mark(Field.PHONE, number[-_TOLD_APART_BY:])


def _postcodes(text: str) -> Iterator[Mark]:
    for before, after in _POSTCODE.findall(plain(text).upper()):
        yield Mark(Field.POSTCODE, before + after)
