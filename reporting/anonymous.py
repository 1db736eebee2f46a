"""Texts without the people in them, for a report that others read.

Owns which words of a text name somebody that is on a complaint's record. Who else a writer has named cannot be
known: whoever publishes a report reads it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

LEFT_OUT: Final = "[name left out]"
_PERSONAL: Final = frozenset({"email", "phone", "address"})
_NAMING: Final = frozenset({"name", "who", "representative_name"})
_CASES: Final = frozenset({"reference", "duplicate", "into"})
_SHORTEST: Final = 3
_SHORTEST_NUMBER: Final = 5
_ADDRESS: Final = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_TITLES: Final = frozenset(
    {"the", "and", "dame", "lord", "lady", "miss", "mrs", "prof", "rev", "sir"}
)


def names_in(bodies: Iterable[dict[str, Any]]) -> frozenset[str]:
    """Every name, address and number of a person, and every case's reference, in these events."""
    return frozenset(found for body in bodies for found in _found(body, ()))


def without_names(text: str, names: Iterable[str]) -> str:
    """The text, with each of these names left out: whole, and each longer word of it that is capitalised."""
    whole = sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True)
    parts = {part for name in whole for part in re.findall(r"[^\W\d_][\w'’-]+", name)}
    single = {each for each in parts if len(each) >= _SHORTEST and each[0].isupper()}
    single -= {each for each in single if each.casefold() in _TITLES}
    text = _ADDRESS.sub(LEFT_OUT, text)
    for name in whole:
        text = _without(text, name, re.IGNORECASE)
    for part in sorted(single, key=len, reverse=True):
        text = _without(text, part)
    return re.sub(rf"{re.escape(LEFT_OUT)}(?:\s+{re.escape(LEFT_OUT)})+", LEFT_OUT, text)


def _without(text: str, name: str, flags: int = 0) -> str:
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", LEFT_OUT, text, flags=flags)


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
