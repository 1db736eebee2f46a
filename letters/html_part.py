"""A letter as HTML: the paragraphs of its text once more, for whoever reads mail as pages.

Owns the page. All of it is escaped, it loads nothing from anywhere, and says in which language it is.
Headings, lists and quotations are told by how the text marks them (`plain_text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

from letters.languages import FALLBACK, headings

_STYLE = (
    "body{font:1rem/1.5 Georgia,serif;max-width:40rem;margin:1rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff;overflow-wrap:anywhere}"
    "h2{font:bold 1.1rem/1.4 system-ui,sans-serif;margin:1.5rem 0 .5rem}"
    "blockquote{margin:0 0 0 .5rem;padding-left:1rem;border-left:3px solid #767676}"
)
_ITEM, _QUOTE = "- ", ">"


def html_of(
    subject: str, text: str, language: str, *, above: str = "", mark: str = "", own: Path | None = None,
) -> str:  # fmt: skip
    """The page of a letter: `text` is its body, `above` what stands before it in English.

    `mark` is what the letter says before words that are in English: they are marked as such.
    `own` is a folder of an organisation's own letters: their headings are headings as well.
    """
    spoken = escape(language)
    head = f'<section lang="{FALLBACK}">{"".join(_blocks(above))}</section><hr>' if above else ""
    return (
        f'<!doctype html>\n<html lang="{spoken}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(subject)}</title><style>{_STYLE}</style></head>\n"
        f'<body>{head}<main lang="{spoken}">\n{"".join(_blocks(text, mark, own))}</main></body></html>\n'
    )


def _blocks(text: str, mark: str = "", own: Path | None = None) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.rstrip() for line in block.split("\n") if line.strip()]
        if len(lines) == 1 and lines[0].strip() in headings(own):
            # In small letters: capitals are hard to read, and some readers spell them out.
            yield f"<h2>{escape(lines[0].strip().capitalize())}</h2>\n"
            continue
        for kind, alike in groupby(lines, key=_kind):
            yield _block(kind, list(alike), mark)


def _kind(line: str) -> str:
    return "list" if line.startswith(_ITEM) else "quote" if line.startswith(_QUOTE) else "words"


def _block(kind: str, lines: list[str], mark: str) -> str:
    if kind == "list":
        items = (_words(line.removeprefix(_ITEM), mark) for line in lines)
        return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>\n"
    if kind == "quote":
        said = "<br>".join(escape(line.removeprefix(_QUOTE).strip()) for line in lines)
        return f"<blockquote>{said}</blockquote>\n"
    return f"<p>{'<br>'.join(_words(line, mark) for line in lines)}</p>\n"


def _words(line: str, mark: str) -> str:
    """One line; what stands behind the mark is in English."""
    before, found, behind = line.partition(mark) if mark else (line, "", "")
    if not found:
        return escape(line)
    return f'{escape(before + found)}<span lang="{FALLBACK}">{escape(behind)}</span>'
