"""Texts without the people in them, for a report that others read.

Owns which words of a text name somebody that is on a complaint's record. Who else a writer has named cannot be
known: whoever publishes a report reads it first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

LEFT_OUT: Final = "[name left out]"
_PERSONAL: Final = frozenset({"email", "phone", "address"})
_NAMING: Final = frozenset({"name", "who", "representative_name"})
_CASES: Final = frozenset({"reference", "duplicate", "into"})
_SHORTEST: Final = 3
_SHORTEST_NUMBER: Final = 5
_ADDRESS: Final = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER: Final = re.compile(r"[+(]?\d[\d\s().-]{4,}")
_AT_HOME: Final = re.compile(r"^(?:0044|44|0)0?")
"""What stands before a number by whether it is rung from abroad."""
_BETWEEN: Final = r"[\s().-]*"
_TITLES: Final = frozenset(
    {"the", "and", "dame", "lord", "lady", "miss", "mrs", "prof", "rev", "sir"}
)


def names_in(bodies: Iterable[dict[str, Any]]) -> frozenset[str]:
    """Every name, address and number of a person, and every case's reference, in these events."""
    return frozenset(found for body in bodies for found in _found(body, ()))


def without_names(text: str, names: Iterable[str]) -> str:
    """The text, with each of these names left out: whole, and each longer word of it where that is capitalised.

    Many type their name in small letters or in capitals alone: how it is typed makes no difference.
    """
    whole = sorted({" ".join(name.split()) for name in names} - {""}, key=len, reverse=True)
    single = {word.lower() for name in whole for word in _words(name)} - _TITLES
    text = _ADDRESS.sub(LEFT_OUT, text)
    for name in whole:
        text = _without(text, name, lambda _: LEFT_OUT)
    for word in sorted(single, key=len, reverse=True):
        text = _without(text, word, lambda found: LEFT_OUT if found[0][0].isupper() else found[0])
    return re.sub(rf"{re.escape(LEFT_OUT)}(?:\s+{re.escape(LEFT_OUT)})+", LEFT_OUT, text)


def _words(name: str) -> Iterator[str]:
    """The longer words of a name but for its small ones, as in `van der Berg`."""
    for word in re.findall(r"[^\W\d_][\w'’-]+", name):
        if len(word) >= _SHORTEST and (word[0].isupper() or name.islower()):
            yield word


def _without(text: str, name: str, said: Callable[[re.Match[str]], str]) -> str:
    if _NUMBER.fullmatch(name):
        digits = _AT_HOME.sub("", re.sub(r"\D", "", name))
        written = rf"[+(]*(?:0044|44|0)?{_BETWEEN}{_BETWEEN.join(digits)}"
    else:
        written = r"\s+".join(map(re.escape, name.split()))
    return re.sub(rf"(?<!\w){written}(?!\w)", said, text, flags=re.IGNORECASE)


def _found(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _found(inner, (*path, key))
    elif isinstance(value, list):
        for inner in value:
            yield from _found(inner, path)
    elif isinstance(value, str) and path:
        named = path[-1] in _NAMING | _CASES
        reached = path[-1] in _PERSONAL and len(value) >= _SHORTEST_NUMBER
        if named or reached:
            yield value
