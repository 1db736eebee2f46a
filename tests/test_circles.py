"""No file of ours reaches itself again by its imports."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.test_layering import LAYERS, imported, sources

ROOT = Path(__file__).parent.parent


def arrows(root: Path) -> dict[str, set[str]]:
    """What each module imports of ours, wherever in it, also for its types alone.

    Whoever imports a module runs the faces (`__init__`) of the packages around it as well, unless
    they lie within them themselves.
    """
    files = {_name(path, root): path for path in sources(root, *LAYERS)}
    found: dict[str, set[str]] = {}
    for module, path in files.items():
        package = module if path.stem == "__init__" else module.rpartition(".")[0]
        tree = ast.parse(path.read_text(encoding="utf-8"))
        taken = {_module(name, files) for _, name in imported(tree, package)} - {""}
        faces = {face for name in taken for face in _around(name) if not _within(module, face)}
        found[module] = (taken | (faces & files.keys())) - {module}
    return found


def _name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _module(name: str, files: dict[str, Path]) -> str:
    """The module that a dotted name leads to: itself, or the one that defines it."""
    while name and name not in files:
        name = name.rpartition(".")[0]
    return name


def _around(module: str) -> set[str]:
    parts = module.split(".")
    return {".".join(parts[:depth]) for depth in range(1, len(parts))}


def _within(module: str, face: str) -> bool:
    return module == face or module.startswith(f"{face}.")


def circle(root: Path) -> list[str]:
    """The modules of one circle, or none where there is no circle."""
    try:
        TopologicalSorter(arrows(root)).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_no_file_reaches_itself_again() -> None:
    assert circle(ROOT) == []


@pytest.mark.parametrize(
    "files",
    [
        {"domain/a.py": "from domain.b import x\n", "domain/b.py": "from domain import a\n"},
        {
            "domain/a.py": "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    from domain.b import B\n",
            "domain/b.py": "def f():\n    from domain.a import A\n",
        },
        {
            "domain/rooms/__init__.py": "from domain.above import x\n",
            "domain/rooms/one.py": "",
            "domain/above.py": "import domain.rooms.one\n",
        },
        {"engine/a.py": "from . import b\n", "engine/b.py": "from .a import y\n"},
    ],
)
def test_a_circle_is_found(tmp_path: Path, files: dict[str, str]) -> None:
    for name, code in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(code, encoding="utf-8")
    assert circle(tmp_path)


def test_a_face_that_hands_names_on_is_no_circle(tmp_path: Path) -> None:
    files = {
        "starter/client/__init__.py": "from starter.client.calls import call\n",
        "starter/client/calls.py": "from starter.client import errors\n",
        "starter/client/errors.py": "",
        "starter/script.py": "from starter.client import call\nimport starter.client.errors\n",
    }
    for name, code in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(code, encoding="utf-8")
    assert circle(tmp_path) == []
