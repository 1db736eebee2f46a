"""A near miss named: what somebody probably meant when they wrote a word that is not allowed.

Owns nothing but the wording. Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def allowed_words(given: str, allowed: Iterable[str]) -> str:
    """The allowed words for a person, the nearest one first as a question if one is near."""
    words = list(allowed)
    near = get_close_matches(given, words, n=1, cutoff=0.6)
    listed = ", ".join(words)
    return f"{listed}; did you mean {near[0]!r}?" if near else listed
