"""What a remedy is, read from its words: an apology, a payment, a change, or something put right.

Owns the reading. Whoever writes the reply can say the kind themselves, and sees before it is sent which one
the words were taken for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from domain.vocabulary import RemedyKind

DONE = "done: "
"""How a text begins that says what has been done already."""
_DONE = re.compile(r"^(?:done|wedi'i wneud)\s*:\s*", re.IGNORECASE)
_WORDS = (
    (RemedyKind.APOLOGY, r"apolog\w*|(?:say|said|are) sorry|ymddiheur\w*|mae'n ddrwg"),
    (
        RemedyKind.PAYMENT,
        r"[£€$]\s?\d|\d[\d,.]*\s?(?:pounds?|gbp)\b|\bpay(?:s|ment|ments|ing)?\b|\bpaid\b|refund\w*"
        r"|reimburs\w*|compensat\w*|waive\w*|goodwill gesture|\btalu\b|\btaliad|ad-dal\w*|iawndal",
    ),
    (
        RemedyKind.SERVICE_CHANGE,
        r"\btrain(?:ing|ed)?\b|procedure|polic(?:y|ies)|guidance|from now on|in future|how (?:we|our)\b"
        r"|how .{1,40} (?:is|are) (?:logged|passed on|done|handled|dealt with)|hyffordd\w*|o hyn ymlaen",
    ),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _WORDS)


@lru_cache(maxsize=4096)
def kind_of(text: str) -> RemedyKind:
    """The kind that the words name, the first that they name; a correction where they name none."""
    found = ((match.start(), kind) for kind, words in _PATTERNS if (match := words.search(text)))
    return min(found, default=(0, RemedyKind.CORRECTION))[1]


@lru_cache(maxsize=4096)
def done_already(text: str) -> str | None:
    """What a text that begins with `done:` says was done; none for any other text."""
    begins = _DONE.match(text)
    return text[begins.end() :].strip() or None if begins else None
