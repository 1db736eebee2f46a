"""Nothing that somebody wrote or sent along is dropped unsaid."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from mail.desk import Became
from mail.message import Incoming
from tests.mail.notebook import Notebook, desk
from tests.mail.samples import ANN, RECEIVED, REFERENCE, came, written

TO_IT = f"complaints+{REFERENCE}@council.example"
PNG = "Content-Type: image/png; name=a.png\nContent-Disposition: inline; filename=a.png\n\npicture"
MIXED = "Content-Type: multipart/mixed; boundary=b\n\n"
EITHER = "Content-Type: multipart/alternative; boundary=b\n\n"
PAGE = "Content-Type: text/html; charset=utf-8\n\n"
PASSED_ON = "Content-Type: message/rfc822\n\nFrom: a@b.example\nSubject: evidence\n\nTHE EVIDENCE"


def raw(body: str, encoding: str = "utf-8") -> Incoming:
    head = f"Received: {RECEIVED}\nFrom: Ann <{ANN}>\nTo: {TO_IT}\nSubject: x\nMIME-Version: 1.0\n"
    return came((head + body).replace("\n", "\r\n").encode(encoding, "surrogateescape"))


def parted(head: str, *parts: str) -> Incoming:
    return raw(head + "".join(f"--b\n{part}\n" for part in parts) + "--b--\n")


async def told(message: Incoming, folder: Path) -> str:
    """What is put on record of it."""
    notebook = Notebook()
    assert (await desk(notebook, folder).deal_with(message)).became is Became.CONTACT
    return str(notebook.sent[0][2]["summary"])


def kept(folder: Path, content: bytes) -> Path:
    digest = hashlib.sha256(content).hexdigest()
    return folder / "attachments" / digest[:2] / digest


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            parted(MIXED, "\nFIRST", PNG, "Content-Type: text/plain\n\nSECOND"),
            "FIRST\n\nSECOND\n\nAttached",
        ),
        (
            parted(EITHER, "Content-Type: text/plain\n\n\n", "Content-Type: text/html\n\n<p>REAL"),
            "REAL",
        ),
        (
            parted(EITHER, "Content-Type: text/plain\n\nREAL", "Content-Type: text/html\n\n<p>R"),
            "REAL",
        ),
        (raw("Content-Type: text/plain; charset=utf8mb4\n\nŴyn\n"), "Ŵyn"),
        (raw("Content-Type: text/plain; charset=foo\n\ncafé £5\n", "cp1252"), "café £5"),
        (raw("Content-Type: text/plain; charset=us-ascii\n\ncafé\n"), "café"),
        (raw("Content-Type: text/plain; charset=rot13\n\nwords\n"), "words"),
        (raw("Content-Type: text/html\n\n<head><title>t<body>words & more"), "words & more"),
        (raw("Content-Type: multipart/related\n\nplain words\n"), "plain words"),
        (raw("\na\x00b\n"), "ab"),
        (
            raw("Content-Type: text/plain; charset=iso-8859-1\n\ndon’t – £5\n", "cp1252"),
            "don’t – £5",
        ),
        (raw("Content-Type: text/plain; charset=gb2312\n\n投訴鎔\n", "gbk"), "投訴鎔"),
        (raw("Content-Type: text/plain; charset=x-sjis\n\n苦情①\n", "cp932"), "苦情①"),
        (raw("Content-Type: text/plain; charset=iso-8859-8-i\n\nשלום\n", "iso-8859-8"), "שלום"),
        (raw("Content-Type: text/plain; charset=windows-874\n\nกข\n", "cp874"), "กข"),
        (raw(f"{PAGE}<table><tr><td>Name<td>Ann<tr><th>Case</th><td>9"), "Name Ann\nCase 9"),
        (raw(f"{PAGE}<ul><li>one<li>two</ul>and<h4>more</h4>here"), "one\ntwo\nand\nmore\nhere"),
        (raw(f"{PAGE}<pre>one\ntwo</pre>a\nb<br><br>c"), "one\ntwo\na b\n\nc"),
        (raw(f"{PAGE}<head><meta name=a><p>No body</p>"), "No body"),
        (
            raw(f'{PAGE}see <a href="https://p.example/1">my photos</a>, <a href="#x">here</a>'),
            "see my photos <https://p.example/1>, here",
        ),
        (
            raw(f'{PAGE}one<a href="https://p.example/1">two<a href="https://p.example/2">three'),
            "onetwo <https://p.example/1>three <https://p.example/2>",
        ),
        (
            raw(
                f'{PAGE}<a href="mailto:jo@p.example">my son</a> on <a href="tel:030012">030012</a>'
            ),
            "my son <jo@p.example> on 030012",
        ),
        (raw(f'{PAGE}<a href="https://p.example/">https://p.example</a>.'), "https://p.example."),
        (
            parted(
                EITHER,
                "Content-Type: text/plain\n\nPlease use a viewer of pages.",
                "Content-Type: text/html\n\n<p>The roof leaks, and my child was hurt",
            ),
            "The roof leaks, and my child was hurt",
        ),
    ],
)
async def test_what_is_said_is_read_in_whatever_form(
    message: Incoming, words: str, tmp_path: Path
) -> None:
    said = await told(message, tmp_path)
    assert said.partition("\n\n")[2].startswith(words)


async def test_a_message_that_was_passed_on_is_kept_as_a_file(tmp_path: Path) -> None:
    said = await told(parted(MIXED, "\nSee attached", PASSED_ON), tmp_path)
    assert "\n- evidence.eml: " in said
    content = (tmp_path / "attachments").glob("*/*")
    assert any(path.read_bytes().endswith(b"THE EVIDENCE") for path in content)


async def test_a_cut_is_marked_and_the_whole_is_kept(tmp_path: Path) -> None:
    message = came(written("word " * 2_000 + "AND I WITHDRAW", To=TO_IT))
    said = await told(message, tmp_path)
    whole = kept(tmp_path, message.content)
    assert "AND I WITHDRAW" not in said
    assert "[It goes on: the whole message is kept, see below.]" in said
    assert said.endswith(f"- the whole message: {whole.name}")
    assert whole.read_bytes() == message.content


async def test_a_subject_without_end_is_cut_and_the_whole_is_kept(tmp_path: Path) -> None:
    message = came(written(To=TO_IT, Subject="s" * 15_000))
    said = await told(message, tmp_path)
    assert len(said) < 1_000
    assert kept(tmp_path, message.content).exists()


async def test_of_many_files_the_first_are_named_and_the_whole_message_holds_all(
    tmp_path: Path,
) -> None:
    message = written("PLEASE READ MY WORDS", To=TO_IT)
    for number in range(260):
        message.add_attachment(
            b"%d" % number, maintype="image", subtype="png", filename=f"{'long ' * 40}{number}.png"
        )
    said = await told(came(message), tmp_path)
    assert "PLEASE READ MY WORDS" in said
    assert "\n- and 240 more, which are in the whole message\n- the whole message: " in said
    assert len(said) < 20_000
    on_disk = {path.name for path in (tmp_path / "attachments").rglob("*") if path.is_file()}
    assert on_disk == set(re.findall("[0-9a-f]{64}", said)), "nothing is kept that is not on record"
    assert kept(tmp_path, came(message).content).exists()


async def test_of_a_message_without_a_word_the_whole_is_kept(tmp_path: Path) -> None:
    message = raw("Content-Type: text/html\n\n<style>everything is here\n")
    assert "- the whole message: " in await told(message, tmp_path)
    assert kept(tmp_path, message.content).exists()


@pytest.mark.parametrize(
    "message",
    [
        parted(MIXED, "Content-Type: text/html\n\n<style>p{}<body>the words</body>", PNG),
        parted(MIXED, "Content-Type: text/plain; charset=klingon\n\n\udc8b\udcea", PNG),
        raw(f'{PAGE}see <a href="https://p.example/{"1" * 2000}">my photos</a>'),
    ],
)
async def test_where_the_words_may_not_be_all_or_not_be_right_the_whole_is_kept(
    message: Incoming, tmp_path: Path
) -> None:
    assert "- the whole message: " in await told(message, tmp_path)
    assert kept(tmp_path, message.content).exists()


async def test_a_picture_alone_is_kept_once(tmp_path: Path) -> None:
    message = parted(MIXED, f'{PAGE}<html><body><img src="cid:1"></body></html>', PNG)
    assert "the whole message" not in await told(message, tmp_path)


async def test_the_name_of_a_file_may_be_of_any_bytes(tmp_path: Path) -> None:
    odd = 'Content-Type: application/pdf\nContent-Disposition: attachment; filename="caf\udce9.pdf"'
    body = MIXED + f"--b\n\nwords\n--b\n{odd}\n\nxx\n--b--\n"
    head = f"Received: {RECEIVED}\nFrom: {ANN}\nTo: {TO_IT}\nSubject: x\n{body}"
    content = head.replace("\n", "\r\n").encode("utf-8", "surrogateescape")
    said = await told(came(content), tmp_path)
    assert said.encode().count(b".pdf: ") == 1
