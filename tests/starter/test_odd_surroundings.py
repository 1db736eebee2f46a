"""Whatever the script is started in, it says what is wrong in a sentence, or ends quietly."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from importlib.metadata import version

import pytest

from starter.terminal.exits import code_for, message_for

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


def test_a_file_without_a_name_is_told_as_that() -> None:
    done = uphold("open", "")
    assert (done.returncode, done.stderr.startswith(b"A file without a name cannot")) == (2, True)


def test_a_wrong_setting_is_the_only_fault_that_is_told() -> None:
    done = uphold("list", environment={"UPHOLD_IDENTITY": b"of"})
    assert done.returncode == 2
    assert done.stderr.count(b"\n  - ") == 1
    assert b"Pydantic" not in done.stderr
