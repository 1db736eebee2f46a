"""The book of letters: every kind under every charter in every language, as one HTML page.

Owns the page. Everything on it is escaped, and it needs no other file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple

from domain.notices import NoticeKind
from letters.languages import FALLBACK
from letters.rendering import Letter
from letters.required_facts import STAFF_KINDS
from letters.wording import language_name

_STYLE = """
body { font: 1rem/1.5 Georgia, serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff }
article { border: 1px solid #bbb; border-radius: 4px; margin: 1rem 0; padding: .75rem 1.25rem }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 }
h1, h2, h3, nav, .also { font-family: system-ui, sans-serif; line-height: 1.4 }
h2 { border-top: 3px solid; padding-top: .5rem; margin-top: 3rem }
nav ul { columns: 3 12rem; padding-left: 1.2rem; font-size: .85rem }
.also { font-size: .85rem }
@media print {
  @page { margin: 2cm }
  body { max-width: none; margin: 0; padding: 0; font-size: 10pt }
  h2 { break-before: page; border: 0 }
  h3 { break-after: avoid }
  article { break-inside: avoid }
  a { color: inherit; text-decoration: none }
  .also { display: none }
}
"""


class Chapter(NamedTuple):
    """The letters of one charter in one language: of each kind, those that differ."""

    charter: str
    language: str
    letters: dict[NoticeKind, list[Letter]]


def distinct(letters: Iterable[Letter]) -> list[Letter]:
    """The letters without those that another differs from in its figures alone."""
    found: dict[str, Letter] = {}
    for letter in letters:
        bones = "".join(each for each in letter.subject + letter.body if not each.isdigit())
        found.setdefault(bones, letter)
    return list(found.values())


def page(chapters: Iterable[Chapter], at_most: int) -> Iterator[str]:
    """The book, piece by piece; `at_most` is how many letters of a kind a chapter shows."""
    chapters = list(chapters)
    yield "<!doctype html>\n<html lang=en><head><meta charset=utf-8><title>The book of letters</title>"
    yield '<meta name=viewport content="width=device-width, initial-scale=1">'
    yield f"<style>{_STYLE}</style></head><body><h1 id=contents>The book of letters</h1>\n"
    yield "<p>Every kind of letter, from made-up complaints that were played under each charter.</p>\n"
    yield "<nav aria-label=Contents><ol>"
    for charter in dict.fromkeys(chapter.charter for chapter in chapters):
        yield f"<li>{escape(charter)}: {', '.join(_in_each_language(chapters, charter))}</li>"
    yield "</ol></nav>\n"
    for chapter in chapters:
        yield from _chapter(chapter, at_most, chapters)
    yield "</body></html>\n"


def _in_each_language(
    chapters: Iterable[Chapter], charter: str, kind: NoticeKind | None = None, but: str = ""
) -> Iterator[str]:
    """Links to the charter's chapters, or to the letters of a kind in each but one."""
    for each in chapters:
        if each.charter == charter and each.language != but and (not kind or kind in each.letters):
            at = escape(f"{_name(each)}-{kind}" if kind else _name(each))
            yield f'<a href="#{at}">{escape(language_name(each.language))}</a>'


def _name(chapter: Chapter) -> str:
    return f"{chapter.charter}-{chapter.language}"


def _chapter(chapter: Chapter, at_most: int, chapters: list[Chapter]) -> Iterator[str]:
    name, language = escape(_name(chapter)), language_name(chapter.language)
    yield f'<h2 id="{name}">{escape(chapter.charter)}, {escape(language)}</h2>\n'
    yield "<nav><ul>" + "".join(
        f'<li><a href="#{name}-{kind}">{kind}</a></li>' for kind in chapter.letters
    ) + "</ul></nav>\n"  # fmt: skip
    for kind, letters in chapter.letters.items():
        staff = " (to staff)" if kind in STAFF_KINDS else ""
        yield f'<h3 id="{name}-{kind}">{kind}{staff}</h3>\n'
        also = _in_each_language(chapters, chapter.charter, kind, chapter.language)
        links = [*also, f'<a href="#{name}">this chapter</a>', '<a href="#contents">contents</a>']
        yield f"<p class=also>{' · '.join(links)}</p>\n"
        for letter in letters[:at_most]:
            yield _letter(letter)
        if len(letters) > at_most:
            yield f"<p>And {len(letters) - at_most} more, that differ from these.</p>\n"


def _letter(letter: Letter) -> str:
    spoken = "" if letter.language == FALLBACK else f" lang={escape(letter.language)}"
    return (
        f"<article{spoken}><p><strong>{escape(letter.subject)}</strong></p>"
        f"<pre>{escape(letter.body)}</pre></article>\n"
    )
