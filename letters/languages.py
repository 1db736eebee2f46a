"""Which languages letters are written in: one folder of templates for each, and one for staff.

Owns where the templates are and which language a recipient gets. Imports nothing of ours.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
STAFF_NOTES = TEMPLATES / "staff"
"""The templates of notes to staff, which are in English always."""
FALLBACK = "en"
"""What is written where there is no folder of the language."""


@cache
def languages() -> tuple[str, ...]:
    """The languages there are letters in, sorted."""
    return tuple(sorted(words.parent.name for words in TEMPLATES.glob("*/words.toml")))


@lru_cache
def language_for(wanted: str) -> str:
    """The language that is wanted or, where there are no letters in it, English."""
    return wanted if wanted in languages() else FALLBACK


@cache
def headings(own: Path | None = None) -> frozenset[str]:
    """Every heading of the templates that ship and, where there is such a folder, of an organisation's own.

    It stands in capitals on a line of its own: told by its words, it is never what somebody wrote in capitals.
    """
    files = chain(TEMPLATES.glob("*/*.txt"), own.glob("*/*.txt") if own else ())
    lines = (line.strip() for file in files for line in file.read_text("utf-8").splitlines())
    return frozenset(line for line in lines if line.isupper() and "{" not in line)
