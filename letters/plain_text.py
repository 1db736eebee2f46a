"""What a fact may put into a plain-text message: its words, and nothing that acts.

Owns the cleaning, quoting and laying out of text that somebody else wrote. Imports nothing of ours.
"""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache
from typing import Any

LINE_WIDTH = 76
QUOTE_LIMIT = 3000

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Isolates and overrides can show an address or an amount backwards; right-to-left scripts
# are laid out correctly without them.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
"""Halves of characters: they cannot be sent as UTF-8."""
_BLANK_RUNS = re.compile(r"\n{3,}")


_WRAPPERS = {
    beginning: textwrap.TextWrapper(
        LINE_WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for beginning, indent in (("", ""), ("> ", "> "), ("- ", "  "))
}
"""How a line goes on, by how it begins: a quotation is marked, an item of a list set in."""


def clean(text: str) -> str:
    """`text` without control and reordering characters; every line end becomes a newline."""
    if text.isprintable():  # as nearly everything is
        return text
    text = _REORDERING.sub("", _LINE_ENDS.sub("\n", text))
    return _SURROGATES.sub("\ufffd", _CONTROL.sub("", text))


def one_line(text: str, limit: int) -> str:
    """`text` on a single line of at most `limit` characters, fit for a header."""
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def quoted(text: str, limit: int = QUOTE_LIMIT, *, note: str) -> str:
    """`text` marked as somebody else's words, cut after `limit` characters with the `note`."""
    text = clean(text).strip()
    if len(text) > limit:
        text = f"{text[:limit].rstrip()} […]\n{note}"
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def marked(fact: Any, mark: str) -> Any:
    """What somebody wrote with a mark before it: of a list before each item, of a remedy before its text."""
    if isinstance(fact, str):
        return f"{mark} {fact}"
    if isinstance(fact, dict):
        return fact | ({"text": marked(fact["text"], mark)} if fact["text"] else {})
    return [marked(each, mark) for each in fact]


def laid_out(text: str) -> str:
    """`text` wrapped to a readable width, with at most one empty line in a row."""
    lines = "\n".join(map(_wrapped, text.split("\n")))
    return _BLANK_RUNS.sub("\n\n", lines).strip() + "\n"


@lru_cache(maxsize=2048)  # most lines of a letter are those of every letter
def _wrapped(line: str) -> str:
    if len(line) <= LINE_WIDTH and "\t" not in line:
        return line.rstrip()
    return _WRAPPERS.get(line[:2], _WRAPPERS[""]).fill(line)
