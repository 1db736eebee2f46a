"""What a letter says at GOV.UK Notify: headings are our own alone, and nobody's words are altered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.notices import NoticeKind
from letters.channels.notify.channel import NotifyChannel
from letters.channels.notify.client import NotifyClient
from letters.channels.port import Mail, Way
from letters.languages import headings
from letters.rendering import render
from tests.letters.channels.notify_server import KEY, notify
from tests.letters.channels.notify_server import TEMPLATES as AT_NOTIFY
from tests.letters.channels.test_notify import send
from tests.letters.notice_samples import notice

MARKED = re.compile(r"^ *(?:- )? *(?:#|\^|[•*+|:=_`~\[]|\d+\.|-(?! [^\s-]))", re.MULTILINE)
"""What Notify takes for markup at the beginning of a line, after any blanks, but for lists like ours."""
UNSEEN = "\u200b"


async def body_of(text: str, way: Way = Way.EMAIL, own: Path | None = None) -> str:
    """The words of a message of that text, as Notify has them."""
    mail = Mail("<x@y>", "s@x", "a@b.example", b"", way, "FO-1/2/reply/customer", "Subject", text)
    async with notify() as desk:
        client = NotifyClient(KEY, url=desk.url)
        channel = NotifyChannel(client, {way: AT_NOTIFY["email"]}, own_words=own)
        await channel.send(mail)
        await channel.close()
    words: str = desk.messages[0]["said"]["personalisation"]["body"]
    return words


@pytest.mark.parametrize(
    "said",
    [
        "NO HEATING SINCE JANUARY",
        "I AM 82",
        "FO-2026-000123",
        "SW1A 2AA",
        "> I WANT MY MONEY BACK",
        "> WHAT WE FOUND",
        "They wrote:\nWHAT WE FOUND\nand nothing else.",
    ],
)
async def test_what_somebody_wrote_in_capitals_stays_as_it_is(said: str) -> None:
    text = f"WHAT WE FOUND\n\n{said}\n\nYour reference:\nFO-2026-000123\n\n{said}"
    assert await body_of(text) == text.replace("WHAT WE FOUND", "# What we found", 1)


async def test_every_heading_of_the_templates_is_one_of_the_letter() -> None:
    assert {"WHAT WE FOUND", "Â PHWY I GYSYLLTU", "DUE TODAY"} <= headings()
    assert not [each for each in headings() if "{" in each or each.casefold() == each]
    async with notify() as desk:
        await send(desk, notice(NoticeKind.REPLY))
    lines = desk.messages[0]["said"]["personalisation"]["body"].split("\n")
    letter = render(notice(NoticeKind.REPLY)).body.split("\n")
    assert [each for each in lines if each.startswith("# ")] == [
        f"# {each.capitalize()}" for each in letter if each in headings()
    ]


async def test_a_heading_of_an_organisations_own_letters_is_one_too(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "reply.txt").write_text("Subject: x\n\nOUR VIEW\n\n{{ findings }}\n")
    assert await body_of("OUR VIEW\n\nIt is so.") == "OUR VIEW\n\nIt is so."
    assert await body_of("OUR VIEW\n\nIt is so.", own=tmp_path) == "# Our view\n\nIt is so."


@pytest.mark.parametrize(
    "said",
    [
        "# Pay here",
        "  # Pay here",
        "^ set in",
        "12.50 was paid",
        "2. The second of them",
        "-£100",
        "* one",
        "• one",
        "Title\n---\nwords",
        "Title\n===",
        "- - -",
        "- # within",
        "- 1. within",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "a | b\n--- | ---\n1 | 2",
        "[key]: https://bad.example",
        "```\nwords\n```",
    ],
)
async def test_nothing_of_what_somebody_wrote_becomes_markup_or_is_lost(said: str) -> None:
    body = await body_of(f"Before.\n\n{said}\n\nAfter.")
    assert not MARKED.search(body), body
    assert body.replace(UNSEEN, "") == f"Before.\n\n{said}\n\nAfter."


async def test_a_link_shows_where_it_leads() -> None:
    body = await body_of("[click](https://bad.example) ![seen](https://bad.example/x.png)")
    assert "](" not in body
    assert body.replace(UNSEEN, "") == (
        "[click](https://bad.example) ![seen](https://bad.example/x.png)"
    )


async def test_our_own_lists_stay_lists_and_a_text_stays_as_it_is() -> None:
    items = "We looked at:\n\n- Your letter of 3 May.\n- The post book."
    assert await body_of(items) == items
    async with notify() as desk:
        client = NotifyClient(KEY, url=desk.url)
        channel = NotifyChannel(client, {Way.TEXT: AT_NOTIFY["sms"]})
        said = "WHAT WE FOUND\n\n# 12.50"
        await channel.send(Mail("<x@y>", "s@x", "07700900123", b"", Way.TEXT, "k", "s", said))
        await channel.close()
    assert desk.messages[0]["said"]["personalisation"]["body"] == said
