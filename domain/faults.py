"""How a fault is told to a person: short, without repeating what may be personal, with the near miss named.

Owns which values may be shown, and how much is told. Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

PLAIN = frozenset(
    {
        "about", "answered_at", "authorised", "channel", "contact", "from_whom", "kind", "language",
        "new_due", "open", "outcome", "preferred_channel", "received_at", "review_on", "role",
    }
)  # fmt: skip
"""Fields for words of a list, dates and numbers. What is given for any other is never repeated:
it may be a name, an address, or what somebody wrote."""
FAULTS = 10
"""How many faults of one argument are told."""
SHOWN = 60
"""How many characters of a faulty value, or of a field's name, are shown."""
TOLD = 2000
"""How many characters a refusal has at most."""


def describe_faults(error: ValidationError, *, values: bool = True) -> str:
    """Each fault on its own, ten at most: field, what is allowed, and the value if it is `PLAIN`.

    Without `values` none is shown at all: for what stands where anybody may read it.
    """
    faults = [_fault(fault, values=values) for fault in error.errors(include_url=False)[:FAULTS]]
    more = error.error_count() - len(faults)
    text = "; ".join(faults) + (f"; and {more} more" if more else "")
    return cut(text, TOLD - 400) + "."  # the rest is for the verb and what it takes


def _fault(fault: Any, *, values: bool) -> str:
    parts = [str(part) for part in fault["loc"]]
    field = ".".join(cut(part, SHOWN) for part in parts) or "the argument"
    given, scalar = fault.get("input"), (str, int, float, bool, date)
    named = [part for part in fault["loc"] if isinstance(part, str)]
    plain = bool(named) and named[-1] in PLAIN and isinstance(given, scalar)
    said = f" (given: {cut(repr(given), SHOWN)})" if values and plain else ""
    return f"{field}: {cut(_in_words(fault), 300)}{said}"


_WORDS = {
    "missing": "it is missing",
    "extra_forbidden": "it is not one of the fields",
    "timezone_aware": "it lacks its offset: write 2026-11-20T10:00+00:00",
    "string_type": "it is to be text",
    "int_type": "it is to be a whole number",
    "bool_type": "it is to be true or false",
    "literal_error": "it is to be {expected}",
    "enum": "it is to be {expected}",
    "string_too_short": "it is too short, or empty",
    "string_too_long": "it has at most {max_length} characters",
    "too_short": "at least {min_length} of them is needed",
    "too_long": "there are at most {max_length}",
    "greater_than_equal": "it is to be {ge} or more",
    "less_than_equal": "it is to be {le} or less",
    "string_pattern_mismatch": "it is not of the form {pattern}",
}
"""The library's own kinds of faults, in the words of this project."""


def _in_words(fault: Any) -> str:
    words = _WORDS.get(fault["type"])
    if words is None:
        return str(fault["msg"]).removeprefix("Value error, ")
    return words.format(**fault.get("ctx", {}))


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and dots: so many characters at most."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


NEAR = 0.55
"""How alike two words are (of 1) for one to be the other's near miss: 'england' still is."""


def allowed_words(given: str, allowed: Iterable[str]) -> str:
    """The allowed words for a person, with the nearest one as a question if one is near."""
    words = [str(word) for word in allowed]
    return ", ".join(words) + did_you_mean(given, words)


def did_you_mean(given: str, allowed: Iterable[str]) -> str:
    """The allowed word that is most like the given one, as a question; nothing where none is near."""
    near = get_close_matches(given, sorted(allowed), n=1, cutoff=NEAR)
    return f" (did you mean {near[0]!r}?)" if near else ""
