"""The case file that leaves the house holds all of it, from the ledger alone, and is nobody else's."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from domain.notices import Notice
from ledger.evidence.keys import make_key
from ledger.evidence.seals import seal_within
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.port import NoticeFate, NoticeState
from letters.envelope import Sender, compose
from letters.rendering import render
from letters.routing import route
from starter.admin import app
from starter.desk.export.model import CaseExport
from starter.reference.schemas import all_schemas
from tests.ledger.evidence.on_record import ANN, entries, put_on_record, tamper

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
LEFT_SO = "Dear Ann,\n\nThis is how we wrote in “those” days – ŵ.\n"
WORDS = "They said <b>nothing</b> & rang “never” – ŵythnos."


class Ledger:
    """A ledger in a file with Ann's complaint, and a way to ask for its case file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.url = folder, f"sqlite:///{folder}/ledger"

    async def fill(self, language: str) -> None:
        """Record Ann's complaint, deliver its first letter, and seal it."""
        await upgrade(self.url)
        async with open_sql_ledger(self.url) as ledger:
            await put_on_record(ledger, ANN, details=WORDS, complainant_language=language)
            first = (await ledger.notices(ANN))[0].notice.key
            left = self.message((await ledger.notices(ANN))[0].notice)
            for state, letter in ((NoticeState.ATTEMPTED, left), (NoticeState.DELIVERED, None)):
                fate = NoticeFate(key=first, state=state, at=NOON, detail="smtp")
                await ledger.mark(fate, letter)
            key = make_key(self.folder / "key")
            await ledger.writing(lambda c: seal_within(c, key, NOON))

    @staticmethod
    def message(notice: Notice) -> bytes:
        """How Ann's first letter left: in words that no template has any more."""
        letter = replace(render(notice), body=LEFT_SO)
        return compose(notice, letter, route(notice), Sender("a@b.example"), NOON).content

    async def export(self, *arguments: str) -> Result:
        """What `uphold export` answers where no server is."""
        environ = {"UPHOLD_LEDGER_URL": self.url, "TEMPORAL_ADDRESS": "127.0.0.1:1"}
        return await asyncio.to_thread(CliRunner().invoke, app, ["export", *arguments], env=environ)

    async def exported(self, language: str) -> tuple[CaseExport, str]:
        """The case file as it was written: its content, and its page."""
        await self.fill(language)
        out = self.folder / "out"
        told = await self.export(ANN, "--out", str(out))
        assert told.exit_code == 0, told.output
        data, html = out / f"{ANN}.json", out / f"{ANN}.html"
        assert {file.stat().st_mode & 0o777 for file in (data, html)} == {0o600}
        assert out.stat().st_mode & 0o777 == 0o700
        return CaseExport.model_validate_json(data.read_text()), html.read_text()


@pytest.mark.parametrize("language", ["en", "cy"])
async def test_every_letter_is_in_it_in_full_with_what_became_of_it(
    tmp_path: Path, language: str
) -> None:
    case, html = await Ledger(tmp_path).exported(language)
    notices = [
        n for e in entries(ANN, details=WORDS, complainant_language=language) for n in e.notices
    ]
    assert sorted(one.key for one in case.letters) == sorted(one.key for one in notices)
    by_key = {one.key: one for one in case.letters}
    for notice in notices:
        letter, sent = by_key[notice.key], render(notice)
        if notice.key == case.letters[0].key:
            sent = replace(sent, body=LEFT_SO)
            assert letter.message == Ledger.message(notice).decode()
        assert (letter.left_at is None) == (letter.message is None) == (letter.body != LEFT_SO)
        assert (letter.body, letter.language) == (sent.body, sent.language)
        assert letter.subject.endswith(sent.subject)
        assert letter.to == notice.recipient
        assert escape(sent.body, quote=False) in html.replace("&#34;", '"').replace("&#39;", "'")
    assert {one.language for one in case.letters if one.to.kind == "customer"} == {language}
    assert ('lang="cy"' in html) == (language == "cy")
    first, *_, last = case.letters
    assert (first.state, first.at, first.detail) == ("delivered", NOON, "smtp")
    assert last.state == "owed"
    assert "What became of it</dt><dd>delivered, Fri 1 January 2027 12:00 (smtp)" in html


async def test_timeline_proofs_findings_remedies_and_seal_are_in_it(tmp_path: Path) -> None:
    case, html = await Ledger(tmp_path).exported("en")
    shown = unescape(re.sub(r"\s+", " ", html))
    assert case.status.clocks
    assert case.status.remedies
    assert case.findings
    told = [
        *(row.text for row in case.status.timeline),
        *(clock.proof for clock in case.status.clocks),
        *(one.findings for one in case.findings),
        *(one.text for one in case.status.remedies),
        case.record.head,
        case.organisation,
    ]
    assert [text for text in told if re.sub(r"\s+", " ", text) not in shown] == []
    seal = case.record.seal
    assert seal
    assert (seal.number, seal.up_to_event) == (1, case.record.events)
    assert seal.root in html
    assert seal.signature in html
    assert "Every event and letter fits the one before it, and the seals." in html
    assert case.events[0]["opening"]["complainant"]["name"] == "Ann Price"
    assert len(case.events) == case.record.events == case.status.events


class Elements(HTMLParser):
    """The names of the elements of a page that stand open at its end, and of all there were."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """One begins."""
        del attrs
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """One ends."""
        assert self.open.pop() == tag


async def test_what_a_customer_wrote_is_text_and_nothing_is_fetched(tmp_path: Path) -> None:
    _, html = await Ledger(tmp_path).exported("en")
    page = Elements()
    page.feed(html)
    assert page.open == []
    assert not page.seen & {"b", "script", "img", "link", "a"}
    assert WORDS in unescape(html)
    assert not re.search(r"src=|href=|url\(|@import", html)


async def test_nothing_is_overwritten_unless_that_is_asked(tmp_path: Path) -> None:
    ledger, out = Ledger(tmp_path), tmp_path / "out"
    await ledger.exported("en")
    (out / f"{ANN}.html").write_text("mine")
    told = await ledger.export(ANN, "--out", str(out))
    assert told.exit_code == 1
    assert "is there already" in told.stderr
    assert (out / f"{ANN}.html").read_text() == "mine"
    assert (await ledger.export(ANN, "--out", str(out), "--replace")).exit_code == 0
    assert "Complaint" in (out / f"{ANN}.html").read_text()
    assert (out / f"{ANN}.html").stat().st_mode & 0o777 == 0o600


async def test_a_record_that_is_not_whole_is_said_in_the_case_file(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    await ledger.fill("en")
    async with open_sql_ledger(ledger.url) as held:
        await tamper(
            held, "UPDATE notices SET body = replace(body, 'Ann Price', 'Bob') WHERE event = 1"
        )
    told = await ledger.export(ANN, "--out", str(tmp_path))
    assert told.exit_code == 0
    assert "The record is not whole: event 1 does not fit the chain" in told.stderr
    assert "event 1 does not fit the chain" in (tmp_path / f"{ANN}.html").read_text()


async def test_nobodys_complaint_is_no_case_file(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    await ledger.fill("en")
    told = await ledger.export("FO-NOBODY", "--out", str(tmp_path))
    assert (told.exit_code, "No complaint FO-NOBODY is on record" in told.stderr) == (1, True)


async def test_the_file_is_of_the_shape_that_is_published(tmp_path: Path) -> None:
    case, _ = await Ledger(tmp_path).exported("en")
    schema = all_schemas()["case-file.json"]
    assert set(schema["properties"]) == set(json.loads(case.model_dump_json()))
    assert schema["properties"]["version"]["const"] == 1
