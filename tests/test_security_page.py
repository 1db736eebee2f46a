"""Each line of the threat model is shown by a test that there is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)))
LINES = [
    line.split(" | ")
    for line in PAGE.splitlines()
    if line.startswith("| ") and "could they" not in line
]


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_test_that_the_page_names_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert name in functions


@pytest.mark.parametrize("cells", LINES, ids=lambda cells: cells[0][2:60])
def test_a_line_has_its_test_or_says_that_nothing_prevents_it(cells: list[str]) -> None:
    assert "::test_" in cells[-1] or "**yes**" in cells[1]
