"""A near miss named: what somebody probably meant when they wrote a word that is not allowed.

Owns nothing but the wording. Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

NEAR = 0.55
"""How alike two words are (of 1) for one to be the other's near miss: 'england' still is."""


def allowed_words(given: str, allowed: Iterable[str]) -> str:
    """The allowed words for a person, with the nearest one as a question if one is near."""
    words = [str(word) for word in allowed]
    near = near_miss(given, words)
    listed = ", ".join(words)
    return f"{listed} (did you mean {near!r}?)" if near else listed


def near_miss(given: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that is most like the given one, or none if none is near."""
    return next(iter(get_close_matches(given, sorted(allowed), n=1, cutoff=NEAR)), None)
