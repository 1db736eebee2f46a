"""Whatever the script is started in, it says what is wrong in a sentence, or ends quietly."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest

from starter.terminal.exits import code_for, message_for
from starter.wire.errors import ServerBusy
from tests.starter.counter import Counter

DUE = ["due", "financial-ombudsman", "FO-8/reply", "--from", "2026-10-03T10:00"]
NO_TEXT = b"Zo\xeb"


def uphold(
    *arguments: str, closed: str = "", environment: dict[str, bytes] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The script in a process of its own; `closed` is a redirection such as `>&-`."""
    script = f'exec "$0" -m starter.admin "$@" {closed}'
    return subprocess.run(
        ["bash", "-c", script, sys.executable, *arguments],
        env={
            **os.environb,
            **{name.encode(): value for name, value in (environment or {}).items()},
        },
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_is_no_fault(closed: str) -> None:
    answer = uphold(*DUE, closed=closed)
    assert answer.returncode == 0
    assert answer.stderr == b""


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("UPHOLD_ACTOR_NAME", ["acknowledge", "A-1"]),
        ("UPHOLD_LEDGER_URL", ["list"]),
        ("TEMPORAL_ADDRESS", ["acknowledge", "A-1"]),
    ],
)
def test_a_setting_that_is_no_text_is_named(name: str, command: list[str]) -> None:
    acts = {"UPHOLD_ACTOR_ID": b"a", "UPHOLD_ACTOR_NAME": b"A", "UPHOLD_ACTOR_ROLE": b"manager"}
    answer = uphold(*command, environment=acts | {name: NO_TEXT})
    assert answer.returncode == 2
    assert name.encode() in answer.stderr
    assert b"not UTF-8 text" in answer.stderr
    assert b"fault of Uphold" not in answer.stderr


def test_it_tells_its_version() -> None:
    done = uphold("--version")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == f"uphold {version('uphold')}\n"


def test_a_disk_that_is_full_is_no_fault_of_ours() -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert message_for(full) == "It could not be written: No space left on device."
    assert code_for(full) == os.EX_IOERR


@pytest.mark.parametrize(
    "words",
    [
        ["schemas", "--out", "FILE"],
        ["notice", "book", "--out", "FILE/letters.html"],
        [
            "report",
            "customer-promise",
            "--from",
            "2026-01-01",
            "--to",
            "2026-01-31",
            "-o",
            "FILE/x.csv",
        ],
    ],
    ids=lambda words: words[0],
)
def test_a_place_that_cannot_be_written_is_no_fault_of_ours(
    words: list[str], tmp_path: Path
) -> None:
    counter = Counter(tmp_path)
    counter.set_up()
    at = datetime(2026, 1, 9, tzinfo=UTC)
    counter.closed("CP-1", at=at, charter="customer-promise", received_at=at)
    file = counter.file("taken", "")
    done = counter.uphold(*(word.replace("FILE", file) for word in words))
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1), done.stderr
    assert done.stderr.startswith(f"{file}"), done.stderr
    assert "cannot be read or written: " in done.stderr


def test_a_server_that_is_too_busy_has_refused_nothing() -> None:
    assert code_for(ServerBusy("Try again in a moment.")) == os.EX_UNAVAILABLE


def test_a_file_without_a_name_is_told_as_that() -> None:
    done = uphold("open", "")
    assert (done.returncode, done.stderr.startswith(b"A file without a name cannot")) == (2, True)


def test_a_wrong_setting_is_the_only_fault_that_is_told() -> None:
    done = uphold("list", environment={"UPHOLD_IDENTITY": b"of"})
    assert done.returncode == 2
    assert done.stderr.count(b"\n  - ") == 1
    assert b"Pydantic" not in done.stderr


ACTS = {"UPHOLD_ACTOR_ID": b"a", "UPHOLD_ACTOR_NAME": b"A", "UPHOLD_ACTOR_ROLE": b"manager"}
NOBODY_THERE = {"TEMPORAL_ADDRESS": b"127.0.0.1:1", "UPHOLD_CONNECT_TIMEOUT_SECONDS": b"0"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"key_ring = keys.toml", b"is not valid TOML"),
        (b"key_ring = '\xff'", b"is not valid TOML"),
        (None, b"there is no such file"),
    ],
)
def test_a_verb_is_not_sent_by_half_of_the_settings(
    content: bytes | None, told: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "uphold.toml"
    if content:
        file.write_bytes(content)
    here = {**ACTS, **NOBODY_THERE, "UPHOLD_CONFIG": os.fsencode(file)}
    done = uphold("acknowledge", "A-1", environment=here)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("seconds", [b"soon", b"nan", b"-1", b"1e300"])
def test_a_verb_names_a_time_that_nobody_can_wait(seconds: bytes) -> None:
    waits = {**ACTS, **NOBODY_THERE, "UPHOLD_CONNECT_TIMEOUT_SECONDS": seconds}
    done = uphold("acknowledge", "A-1", environment=waits)
    assert (done.returncode, b"connect_timeout_seconds" in done.stderr) == (2, True), done.stderr


def test_a_verb_waits_for_no_server_where_the_file_of_settings_says_so(tmp_path: Path) -> None:
    (tmp_path / "uphold.toml").write_text("connect_timeout_seconds = 0")
    here = {"UPHOLD_CONFIG": os.fsencode(tmp_path / "uphold.toml")}
    done = uphold(
        "acknowledge", "A-1", environment={**ACTS, "TEMPORAL_ADDRESS": b"127.0.0.1:1"} | here
    )
    assert (done.returncode, b"(tried for 0 s)" in done.stderr) == (69, True), done.stderr


@pytest.mark.parametrize(
    "words", [["list"], ["find", "Ann"], ["simulate", "customer-promise", "--from-ledger"]]
)
def test_nothing_is_said_of_a_ledger_that_ends_with_its_worker(words: list[str]) -> None:
    done = uphold(*words, environment={"UPHOLD_LEDGER_URL": b"memory://"})
    assert (done.returncode, b"ends with its process" in done.stderr) == (2, True), done
