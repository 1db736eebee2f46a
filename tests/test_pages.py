"""What a page names is there: the files that it links to, the folders and modules that it speaks of."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.test_layering import LAYERS
from tests.test_named import QUOTED, Tree

ROOT = Path(__file__).parent.parent
WRITTEN = {"docs/promises.md", "docs/verbs.md"}
"""Made by the code; tests of their own hold them to it."""
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md"))
)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
OURS = "|".join((*LAYERS, "tests", "docs"))
PATH = re.compile(rf"(?:{OURS})/[\w./-]*")
MODULE = re.compile(rf"(?:{OURS})(?:\.\w+)+")
GONE = {"CHANGELOG.md": {"docs/schemas/", "starter.remedies.Remedies"}}
"""What a page says is there no more."""


@cache
def tree() -> Tree:
    return Tree(ROOT)


def unknown(page: str) -> list[str]:
    """Each link, path and module of a page that leads nowhere."""
    text = (ROOT / page).read_text(encoding="utf-8")
    quoted = set(QUOTED.findall(text)) - GONE.get(page, set())
    links = [link for link in LINK.findall(text) if not ((ROOT / page).parent / link).exists()]
    paths = [path for path in quoted if PATH.fullmatch(path) and not (ROOT / path).exists()]
    modules = [name for name in quoted if MODULE.fullmatch(name) and not tree().knows(name, set())]
    return sorted([*links, *paths, *modules])


@pytest.mark.parametrize("page", [page for page in PAGES if page not in WRITTEN])
def test_what_a_page_names_is_there(page: str) -> None:
    assert unknown(page) == []
