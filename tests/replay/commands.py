"""The fingerprint of what a complaint asks of the server: `python -m tests.replay.commands --reason "…"` keeps it anew.

Owns what it is made of: the code that makes commands, without words and layout, and what scripted stories come to
(each step's events, its letters, the timer and the search attributes after it). A kept history shows that old
complaints go on; this shows that somebody has thought of it.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from activities.contracts import lane_of
from domain.complaint.decider.timers import next_wake
from tests.domain.playing.stories import Story, all_states
from workflows.visibility import attributes_of

ROOT: Final = Path(__file__).parents[2]
FILE: Final = Path(__file__).with_name("commands.toml")
MAKES_COMMANDS: Final = ("workflows/*.py", "activities/contracts.py")
CHARTERS: Final = ("financial-ombudsman", "customer-promise", "scottish-model", "nhs-complaints")
UNTIL: Final = "2027-06-01 10:00"


def fingerprint(root: Path = ROOT) -> dict[str, str]:
    """A hash for each file that makes commands and for each story, by its name."""
    files = sorted(path for pattern in MAKES_COMMANDS for path in root.glob(pattern))
    found = {path.relative_to(root).as_posix(): _of_code(path.read_text()) for path in files}
    for charter in CHARTERS:
        for number, story in enumerate(all_states(charter), start=1):
            found[f"{charter} {number}"] = _hash("\n".join(lines_of(story.at(UNTIL))))
    return found


def lines_of(story: Story) -> Iterator[str]:
    """What each step of a story comes to at the server."""
    for made_by, event, after, owed in story.steps:
        shown = {key.name: str(value) for key, value in attributes_of(after).items()}
        lanes = [lane_of(notice) for notice in owed if not notice.waits]
        yield f"{made_by} {event.kind} {next_wake(after)} {len(lanes)} {len(set(lanes))} {shown}"


def kept() -> dict[str, str]:
    """The fingerprint that is kept."""
    table: dict[str, str] = tomllib.loads(FILE.read_text())["fingerprint"]
    return table


def changed() -> list[str]:
    """What differs from the fingerprint that is kept, by its name."""
    now, before = fingerprint(), kept()
    return sorted(name for name in now.keys() | before.keys() if now.get(name) != before.get(name))


def keep(reason: str) -> None:
    """Keep the fingerprint of now, and why it was right that it changed."""
    before = tomllib.loads(FILE.read_text())["reasons"] if FILE.exists() else []
    lines = ["# Written by tests/replay/commands.py.", "reasons = ["]
    lines += [f"    {_quoted(each)}," for each in [*before, reason]]
    lines += ["]", "", "[fingerprint]"]
    lines += [f"{_quoted(name)} = {_quoted(digest)}" for name, digest in fingerprint().items()]
    FILE.write_text("\n".join([*lines, ""]))


def _of_code(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_words(body[0]):
            body[0] = ast.Pass()
    return _hash(ast.dump(tree))


def _is_words(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def main(arguments: Sequence[str] | None = None) -> int:
    """Keeps the fingerprint anew, with a reason of some words; ends with 2 without."""
    parser = argparse.ArgumentParser(description="Keep the fingerprint of commands anew.")
    parser.add_argument("--reason", required=True, help="why running complaints go on all the same")
    reason = parser.parse_args(arguments).reason
    if len(reason.split()) < 4:
        parser.error(
            "say in a sentence why running complaints go on: which patch guards it, or why none has to"
        )
    sys.stdout.write("\n".join([*(changed() if FILE.exists() else ()), "kept anew", ""]))
    keep(reason)
    return 0


if __name__ == "__main__":
    sys.exit(main())
