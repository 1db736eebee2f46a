"""Which tests show which promise, read from their names and from the ids that they are called with.

Owns the reading and the file that ships with the product, which has no tests with it:

    python -m tests.promises.evidence

writes it anew. A test's name begins with the ids that it is about (`test_fo_3_and_cs_3_…`); those in
this folder may also be called once for each of several ids (`…[FO-8/reply]`).
"""

from __future__ import annotations

import ast
import importlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starter.reference.promise_page import TESTS

ROOT = Path(__file__).parents[2]
OWN = Path(__file__).parent
NAMED = re.compile(r"test_((?:[a-z]{2,4}_\d+_and_)*[a-z]{2,4}_\d+)_")
KEY = re.compile(r"[A-Z]{2,4}-[0-9]+(/[a-z0-9-]+)?")
IDLE = frozenset({"skip", "skipif", "xfail", "importorskip"})


def evidence() -> dict[str, list[str]]:
    """The tests of every promise by its id, or by its key where they are about that part alone."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, key in (*_by_name(path), *(_by_call(path) if path.parent == OWN else ())):
            found.setdefault(key, set()).add(f"{path.relative_to(ROOT).as_posix()}::{name}")
    return {key: sorted(found[key]) for key in sorted(found, key=_in_order)}


def idle(test: str) -> bool:
    """Whether the test does not exist, or is skipped or expected to fail, in whatever way."""
    path, _, name = test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    wanted = name.partition("[")[0]
    own = [node for node in _tests(tree) if node.name == wanted]
    marks = [node for node in tree.body if isinstance(node, ast.Assign) and _is_mark(node)]
    words = {each for node in (*own, *marks) for each in _words(node)}
    return not own or bool(words & IDLE)


def as_text(found: dict[str, list[str]]) -> str:
    """The file's text."""
    return json.dumps(found, indent=1) + "\n"


def _by_name(path: Path) -> Iterator[tuple[str, str]]:
    for test in _tests(ast.parse(path.read_text(encoding="utf-8"))):
        if ids := NAMED.match(test.name):
            for each in ids[1].split("_and_"):
                yield test.name, each.upper().replace("_", "-")


def _by_call(path: Path) -> Iterator[tuple[str, str]]:
    module = importlib.import_module(f"tests.promises.{path.stem}")
    for name, test in vars(module).items():
        if name.startswith("test_") and test.__module__ == module.__name__:
            for mark in getattr(test, "pytestmark", ()):
                for key in _ids_of(mark):
                    yield f"{name}[{key}]", key


def _ids_of(mark: Any) -> Iterator[str]:
    ids = mark.kwargs.get("ids") if mark.name == "parametrize" else None
    return (each for each in ids or () if isinstance(each, str) and KEY.fullmatch(each))


def _tests(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[:5] == "test_":
            yield node


def _is_mark(node: ast.Assign) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "pytestmark" for each in node.targets)


def _words(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute):
            yield each.attr


def _in_order(key: str) -> tuple[str, int, str]:
    letters, _, rest = key.partition("-")
    number, _, part = rest.partition("/")
    return letters, int(number), part


if __name__ == "__main__":
    TESTS.write_text(as_text(evidence()), encoding="utf-8")
    sys.stdout.write(f"{TESTS}\n")
