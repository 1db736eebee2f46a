"""The page beside the text of a letter says the same, loads nothing, and does nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

import pytest

from domain.notices import Notice, NoticeKind
from letters.envelope import Sender, compose
from letters.html_part import html_of
from letters.rendering import render
from letters.required_facts import STAFF_KINDS
from letters.routing import route
from tests.letters.channels.mail_server import words_in
from tests.letters.notice_samples import CUSTOMER, notice, to

SENDER = Sender("complaints@ombudsman.example", "Complaints")
KINDS = list(NoticeKind)
HOSTILE = '<script src="https://bad.example/x.js"></script><img src=https://bad.example/a.png> & co'


class Page(HTMLParser):
    """What is read of a page, and what it is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._hidden = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden = tag in {"style", "title"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for each, attributes in self.tags if each == tag]


def sent(one: Notice, language: str = "en") -> EmailMessage:
    at = datetime(2026, 10, 5, 9, tzinfo=UTC)
    content = compose(one, render(one), route(one), SENDER, at).content
    read = message_from_bytes(content, policy=default)
    assert isinstance(read, EmailMessage)
    return read


def page_of(message: EmailMessage) -> Page:
    part = message.get_body(("html",))
    assert isinstance(part, EmailMessage)
    return Page(str(part.get_content()))


def bare(text: str) -> str:
    """The words alone, without what lays them out and without capitals."""
    return "".join(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("kind", KINDS)
def test_page_and_text_of_every_letter_say_the_same(kind: NoticeKind, language: str) -> None:
    one = notice(kind)
    if kind not in STAFF_KINDS:
        one = to(CUSTOMER, language=language)
    message = sent(one)
    assert message.get_content_type() == "multipart/alternative"
    assert bare("".join(page_of(message).words)) == bare(words_in(message))
    assert all(len(line) <= 78 for line in bytes(message).split(b"\n"))


def test_headings_and_lists_are_headings_and_lists() -> None:
    page = page_of(sent(notice()))
    tags = [tag for tag, _ in page.tags]
    assert {"h2", "ul", "li", "p", "main"} <= set(tags)
    assert "What happens next" in page.words


def test_a_page_loads_nothing_and_runs_nothing_whatever_people_write() -> None:
    page = page_of(sent(notice(NoticeKind.REPLY, findings=HOSTILE)))
    assert not {"script", "img", "link", "iframe", "a", "form"} & {tag for tag, _ in page.tags}
    assert not {"src", "href", "onload"} & {name for _, each in page.tags for name in each}
    assert HOSTILE in page.words


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_page_says_in_which_language_it_is(language: str) -> None:
    page = page_of(sent(to(CUSTOMER, language=language)))
    assert [each["lang"] for each in page.of("html") + page.of("main")] == [language, language]


@pytest.mark.parametrize("wrote", ["SW1A 2AA", "NO HEATING SINCE JANUARY", "FO-2026-000123"])
def test_what_somebody_wrote_in_capitals_is_no_heading(wrote: str) -> None:
    page = html_of("Your complaint", f"WHAT WE FOUND\n\n{wrote}\n\nThank you.", "en")
    assert "<h2>What we found</h2>" in page
    assert f"<p>{wrote}</p>" in page


def test_the_headings_of_an_organisations_own_letters_are_headings(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "survey.txt").write_text("Subject: x\nOUR OWN HEADING\n\nWords.\n")
    page = html_of("Your complaint", "OUR OWN HEADING\n\nWords.", "en", own=tmp_path)
    assert "<h2>Our own heading</h2>" in page


def test_what_staff_wrote_in_english_is_marked_as_english_in_a_welsh_page() -> None:
    text = "Dyma'r rheswm: (yn Saesneg) The bank is slow.\n\nDiolch."
    page = html_of("Eich cwyn", text, "cy", mark="(yn Saesneg)")
    assert '<span lang="en"> The bank is slow.</span></p>' in page
    assert "<p>Diolch.</p>" in page


def test_the_post_rooms_instructions_are_english_above_a_welsh_letter() -> None:
    posted = to(CUSTOMER, email=None, address="4 Stryd Fawr\nBangor", language="cy")
    page = page_of(sent(posted))
    assert [each["lang"] for each in page.of("section")] == ["en"]
    assert page.of("hr") == [{}]
