"""What pages, alerts, help and messages tell people to type is there: each command of `uphold`, its options, each setting."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from engine.settings import PREFIX, Settings
from starter.admin import app
from tests.test_layering import LAYERS

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md", ROOT / "docker-compose.yml", ROOT / ".env.example", ROOT / "Dockerfile", ROOT / "Makefile",
    *(ROOT / "docs").rglob("*.md"), *(path for path in (ROOT / "deploy").rglob("*") if path.is_file()),
]  # fmt: skip
CODE = [path for layer in LAYERS for path in (ROOT / layer).rglob("*.py")]
WRITTEN = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
OURS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in CODE}
SETTINGS = {PREFIX + name.upper() for name in Settings.model_fields} | {"UPHOLD_CONFIG"}
"""With the one that says where a file of settings is, which stands in none."""
SETTING = re.compile(r"\bUPHOLD_[A-Z_]*[A-Z]\b")
SPOKEN = re.compile(r"`uphold ([a-z][^`]*[^`\s])`")
TYPED = re.compile(r"^\s*(?:\$ )?uphold (?=[a-z])", re.MULTILINE)
"""A line of its own that begins so is a command to copy."""
SCRIPT: Any = get_command(app)
WRONG_USAGE: Any = typer.BadParameter.__bases__[0]
LINES = 6
"""Over how many lines of a page a command may go."""


def words_of(line: str) -> list[str]:
    """What the shell gives the script of a line: up to a comment, a pipe, or the next command.

    Raises `ValueError` where a quotation does not end.
    """
    split = shlex.shlex(line, posix=True, punctuation_chars=True)
    split.whitespace_split = True
    words: list[str] = []
    for word in split:
        if set(word) <= set("|&;<>()"):
            break
        words.append(word)
    return words


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the words begin with, and what is left for it. Raises `LookupError`."""
    command, left = SCRIPT, list(words)
    while hasattr(command, "list_commands") and left and not left[0].startswith("-"):
        name = left.pop(0)
        command = command.get_command(typer.Context(command), name)
        if command is None:
            raise LookupError(f"there is no command {name}")
    return command, left


def unknown(words: list[str]) -> str | None:
    """What of these words the script does not know."""
    try:
        command, left = command_of(words)
    except LookupError as error:
        return str(error)
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    given = {word.partition("=")[0] for word in left if re.match("--?[a-z]", word)}
    return (
        f"there is no {', '.join(sorted(missing))}" if (missing := given - known - {"-h"}) else None
    )


def refused(words: list[str]) -> str | None:
    """Why the script would not take these words. Where some are left out, only what is there is asked for."""
    if any("…" in word for word in words):
        return unknown(words)
    try:
        command, left = command_of(words)
        if not hasattr(command, "list_commands"):
            command.make_context("uphold", left)
    except LookupError as error:
        return str(error)
    except WRONG_USAGE as error:
        return str(error.format_message())
    return None


def spoken(text: str) -> Iterator[str]:
    for found in SPOKEN.findall(text):
        yield " ".join(found.split())


def typed(text: str) -> Iterator[list[str]]:
    text = re.sub(r"\\\n\s*", " ", text)
    for found in TYPED.finditer(text):
        lines = text[found.end() :].split("\n")[:LINES]
        for many in range(1, len(lines) + 1):
            try:
                words = words_of("\n".join(lines[:many]))
            except ValueError:
                continue
            yield words
            break


@pytest.mark.parametrize("page", sorted(WRITTEN | OURS))
def test_each_command_that_is_named_is_one_of_the_script(page: str) -> None:
    text = (WRITTEN | OURS)[page]
    wrong = {line: fault for line in spoken(text) if (fault := unknown(line.split()))}
    assert wrong == {}


@pytest.mark.parametrize("page", sorted(WRITTEN | OURS))
def test_each_line_to_copy_is_one_that_the_script_takes(page: str) -> None:
    text = (WRITTEN | OURS)[page]
    wrong = {" ".join(words): fault for words in typed(text) if (fault := refused(words))}
    assert wrong == {}


@pytest.mark.parametrize("page", sorted(WRITTEN))
def test_each_setting_that_is_named_is_one(page: str) -> None:
    assert set(SETTING.findall(WRITTEN[page])) - SETTINGS == set()


def test_what_is_not_there_is_found() -> None:
    assert unknown(["list", "--missing"]) == "there is no --missing"
    assert unknown(["seal"]) == "there is no command seal"
    assert list(typed("  uphold due financial-ombudsman | head  # no promise\n"))
    assert refused(["due", "financial-ombudsman"]) is not None
    assert refused(["list", "--due-before", "yesterday"]) is not None
    assert refused(["list", "--missing", "…"]) is not None
    said = (
        "uphold reply REF --findings 'two\nlines' \\\n   --heard customer  # a comment, that's all"
    )
    assert list(typed(said)) == [
        ["reply", "REF", "--findings", "two\nlines", "--heard", "customer"]
    ]
