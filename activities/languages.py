"""Which languages letters are written in: one folder of templates for each.

Owns where the templates are and which language a recipient gets. Imports nothing of ours.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
FALLBACK = "en"
"""What is written where there is no folder of the language; notes to staff are in it always."""


@cache
def languages() -> tuple[str, ...]:
    """The languages there are letters in, sorted."""
    return tuple(sorted(words.parent.name for words in TEMPLATES.glob("*/words.toml")))


@lru_cache
def language_for(wanted: str) -> str:
    """The language that is wanted or, where there are no letters in it, English."""
    return wanted if wanted in languages() else FALLBACK
