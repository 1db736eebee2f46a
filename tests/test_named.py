"""What a docstring names in backticks is there: modules, files, classes, functions, fields, verbs.

A single word is a module or folder of ours, something that our code defines, or a name or word of the file's own
code. A dotted one leads to a module, to a name in one, or to a field of the file's own. A file's name is that of
a file, or of a published page that a charter names. Modules of others count as well.
"""

from __future__ import annotations

import ast
import builtins
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.test_layering import LAYERS, sources

ROOT = Path(__file__).parent.parent
QUOTED = re.compile(r"`([^`\s]+)`")
WORD = re.compile(r"[A-Za-z_]\w*")
OTHERS = frozenset(
    {
        # settings of the SDK, and the function in which the interpreter aborts
        "TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "TEMPORAL_API_KEY", "PyGILState_Release",
    }
)  # fmt: skip
"""What is neither ours nor a module."""
FILE = re.compile(r"[\w./-]+\.(?:toml|md|json|txt|html|py)")
NAME = re.compile(rf"{FILE.pattern}|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


@dataclass(frozen=True)
class Tree:
    """Everything in a tree that a docstring can name."""

    root: Path

    def code(self) -> Iterator[tuple[Path, ast.Module]]:
        """Every file of ours, parsed one after the other: all at once are a million values."""
        for path in sources(self.root, *LAYERS, "tests"):
            yield path, ast.parse(path.read_text(encoding="utf-8"))

    @cached_property
    def modules(self) -> dict[str, set[str]]:
        """What is defined in each module, by every tail of its dotted name."""
        found: dict[str, set[str]] = {}
        for path, tree in self.code():
            parts = path.relative_to(self.root).with_suffix("").parts
            for end in range(1, len(parts) + 1):
                own = set(_defined(tree)) if end == len(parts) else {parts[end]}
                for start in range(end):
                    found.setdefault(".".join(parts[start:end]), set()).update(own)
        return found

    @cached_property
    def defined(self) -> set[str]:
        """Every class, function and constant of ours, and everything that a class holds."""
        return set().union(*self.modules.values())

    @cached_property
    def files(self) -> set[str]:
        """Every file and folder by every tail of its path, and each page that a charter names."""
        charters = (self.root / "charters").glob("*.toml")
        found = {name for path in charters for name in FILE.findall(path.read_text("utf-8"))}
        for folder in ("docs", *LAYERS):
            for path in (self.root / folder).rglob("*"):
                parts = path.relative_to(self.root).parts
                found.update("/".join(parts[start:]) for start in range(len(parts)))
        return found

    def knows(self, word: str, spoken: set[str]) -> bool:
        """Whether there is what the word names, for a file that speaks of these."""
        if any(word in known for known in (self.modules, self.defined, self.files, spoken, OTHERS)):
            return True
        first, *others = word.split(".")
        if not others:
            return hasattr(builtins, word) or _foreign(word)
        cuts = range(1, len(others) + 1)
        if _foreign(first) or any(self._holds(word.split("."), cut) for cut in cuts):
            return True
        fields = all(part in self.defined or part in spoken for part in (first, *others))
        return fields and first not in self.modules

    def _holds(self, parts: list[str], cut: int) -> bool:
        """Whether the module that the first parts name holds what the others name."""
        return ".".join(parts[cut:]) in self.modules.get(".".join(parts[:cut]), ())


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        yield from _names(node)
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                yield from _names(inner)
                yield from (f"{node.name}.{name}" for name in _names(inner))


def _names(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            yield node.name
        case ast.Assign(targets=targets):
            yield from (
                each.id
                for target in targets
                for each in ast.walk(target)
                if isinstance(each, ast.Name)
            )
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _spoken(tree: ast.Module) -> set[str]:
    """The names and the quoted words of a file's own code."""
    found: set[str] = set()
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                found.add(name)
            case ast.keyword(arg=str(name)) | ast.alias(name=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.Constant(value=str(text)) if id(node) not in prose:
                found.add(text)
                found.update(WORD.findall(text))
    return found


def _foreign(module: str) -> bool:
    """Whether it is a module of somebody else's."""
    top = module.split(".", maxsplit=1)[0]
    return top not in LAYERS and importlib.util.find_spec(top) is not None


def docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string that stands by itself, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node.lineno, text


def unknown(root: Path) -> list[str]:
    """Each name in a docstring that leads nowhere, as a line for a person."""
    tree = Tree(root)
    found: list[str] = []
    for path, code in tree.code():
        spoken = _spoken(code)
        for line, text in docstrings(code):
            found += (
                f"{path.relative_to(root)}:{line} names `{word}`"
                for word in QUOTED.findall(text)
                if NAME.fullmatch(word) and not tree.knows(word, spoken)
            )
    return found


def test_what_a_docstring_names_is_there() -> None:
    assert unknown(ROOT) == []


@pytest.mark.parametrize(
    ("named", "there"),
    [
        ("decide", True),
        ("room.decide", True),
        ("domain.room.decide.Verb", True),
        ("Verb.who", True),
        ("given", True),
        ("given.who", True),
        ("temporalio.client", True),
        ("000_page.txt", True),
        ("refuse", False),
        ("room.refuse", False),
        ("decide.Noun", False),
        ("room.given", False),
        ("refuse.toml", False),
    ],
)
def test_a_name_that_leads_nowhere_is_told(tmp_path: Path, named: str, *, there: bool) -> None:
    files = {
        "domain/room/decide.py": "class Verb:\n    who: str\n",
        "domain/other.py": f'"""Owns what `{named}` does not."""\n\ndef f(given): ...\n',
        "charters/ours.toml": 'source = "000_page.txt"\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert unknown(tmp_path) == ([] if there else [f"domain/other.py:1 names `{named}`"])
