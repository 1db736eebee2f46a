"""Holds the arrows between the packages, the purity of the core, and the size of files."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST_FILE = 300
LONGEST_INTERPRETER = 250

PURE_LIBRARY = frozenset(
    "__future__ abc array base64 binascii bisect calendar collections contextlib copy dataclasses datetime"
    " decimal difflib enum fractions functools graphlib hashlib heapq itertools json keyword math"
    " operator re string textwrap tomllib types typing unicodedata zlib".split()
)
VALIDATION = frozenset(
    {"pydantic", "pydantic_core", "annotated_types", "typing_extensions", "idna"}
)
OURS = frozenset(
    "domain charters letters telemetry sealing ledger keyservice workflows activities identity engine worker mail operations starter reporting simulation demo benchmarks tests".split()
)
CLOCKS = frozenset({"now", "today", "utcnow", "fromtimestamp"})
TOUCHING_CALLS = frozenset({"open", "print", "input", "exec", "eval", "__import__", "breakpoint"})


@dataclass(frozen=True, slots=True)
class Layer:
    """What a package may import: modules of ours by prefix, and others (None for anything)."""

    ours: frozenset[str]
    others: frozenset[str] | None = None


LAYERS = {
    "domain": Layer(frozenset({"domain"}), PURE_LIBRARY | VALIDATION),
    "charters": Layer(frozenset({"domain", "charters"})),
    "letters": Layer(frozenset({"domain", "letters"})),
    "sealing": Layer(frozenset({"domain", "sealing"})),
    # Everybody may count; it knows nothing of what is counted.
    "telemetry": Layer(frozenset({"telemetry"})),
    "workflows": Layer(
        # Of activities only their names and arguments, of the engine only names: no I/O in them.
        frozenset(
            {
                "domain",
                "workflows",
                "activities.contracts",
                "engine.search_attributes",
                "sealing.clear",
                "identity.header",
                "identity.claims",
            }
        ),
        PURE_LIBRARY
        | VALIDATION
        | {
            "asyncio",
            "temporalio.workflow",
            "temporalio.common",
            "temporalio.exceptions",
            "temporalio.activity",
        },
    ),
    "activities": Layer(
        frozenset(
            {"domain", "activities", "letters", "ledger", "charters", "identity", "telemetry"}
        )
    ),
    # What is recorded is an activity's argument; of everything else in activities it knows nothing.
    "ledger": Layer(frozenset({"domain", "ledger", "sealing", "activities.contracts"})),
    # Of settings and errors it uses the engine's; of activities it knows the names, of workflows nothing.
    "identity": Layer(
        frozenset(
            {
                "domain",
                "identity",
                "engine.errors",
                "activities.contracts",
                "sealing.whole_files",
            }
        )
    ),
    "engine": Layer(
        frozenset(
            {
                "domain",
                "engine",
                "sealing",
                "activities.contracts",
                "identity",
                "keyservice.settings",
                "letters.channels.settings",
                "mail.settings",
                "telemetry",
            }
        )
    ),
    "keyservice": Layer(
        frozenset({"domain", "keyservice", "sealing", "ledger", "identity", "engine.errors"})
    ),
    "reporting": Layer(frozenset({"domain", "ledger", "charters", "reporting"})),
    "simulation": Layer(
        # As pure as the core, but for the one module that reads charters and the ledger.
        frozenset({"domain", "simulation"}),
        PURE_LIBRARY | {"gc", "pathlib", "statistics", "struct"},
    ),
    # Of the letters that left it knows their names and addresses, of the ledger what it answers with.
    "mail": Layer(frozenset({"domain", "mail", "letters", "ledger.port", "sealing.whole_files"})),
    "worker": Layer(
        OURS - {"operations", "starter", "tests", "demo", "benchmarks", "reporting", "simulation"}
    ),
    "operations": Layer(
        OURS - {"starter", "tests", "demo", "benchmarks", "reporting", "simulation"}
    ),
    "starter": Layer(OURS - {"tests", "benchmarks"}),
    "demo": Layer(OURS - {"tests"}),
    "benchmarks": Layer(OURS),
}
EXCEPTIONS = {
    # Client, worker and replayer agree in one place, which may name the workflows.
    "engine/plugin.py": frozenset({"workflows"}),
    # A charter is translated into the languages that there are letters in.
    "charters/files.py": frozenset({"letters.languages"}),
    "simulation/sources.py": frozenset({"charters", "ledger", "sealing.errors"}),
}


def imported(tree: ast.Module, package: str) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, wherever in it, with its line; relative ones resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            above = parts[: len(parts) - node.level + 1] if node.level else []
            for alias in node.names:
                yield node.lineno, ".".join([*above, *filter(None, [node.module]), alias.name])


def within(module: str, allowed: frozenset[str]) -> bool:
    """Whether a dotted name is one of the allowed modules or lies in one."""
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


def forbidden_imports(path: Path, root: Path) -> Iterator[str]:
    """Each import of a file that its layer does not allow, as a line for a person."""
    relative = path.relative_to(root)
    name = relative.as_posix()
    layer = LAYERS[relative.parts[0]]
    ours = layer.ours | EXCEPTIONS.get(name, frozenset())
    package = ".".join(relative.parts[:-1])
    for line, module in imported(ast.parse(path.read_text(encoding="utf-8")), package):
        top = module.split(".", maxsplit=1)[0]
        if top in OURS:
            if not within(module, ours):
                yield f"{name}:{line} imports {module}"
        elif layer.others is not None and not within(module, layer.others):
            yield f"{name}:{line} imports {module}"


def impure_calls(path: Path, root: Path) -> Iterator[str]:
    """Each place where the core or a workflow looks at a clock or touches the world."""
    name = path.relative_to(root).as_posix()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else None
            owner = node.value.id if isinstance(node.value, ast.Name) else owner
            if owner in {"datetime", "date", "dt"}:
                yield f"{name}:{node.lineno} looks at the clock: {owner}.{node.attr}"
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in TOUCHING_CALLS
        ):
            yield f"{name}:{node.lineno} calls {node.func.id}()"


def too_long(path: Path, root: Path) -> Iterator[str]:
    """A line for a person if the file is longer than it may be."""
    name = path.relative_to(root).as_posix()
    longest = LONGEST_INTERPRETER - 1 if name == "workflows/complaint.py" else LONGEST_FILE
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > longest:
        yield f"{name} has {lines} lines; {longest} at most"


def sources(root: Path, *folders: str) -> list[Path]:
    """Every Python file in the folders, in a steady order."""
    return sorted(path for folder in folders for path in (root / folder).rglob("*.py"))


def violations(root: Path) -> list[str]:
    """Everything in a tree that breaks a rule of this page."""
    found: list[str] = []
    for path in sources(root, *LAYERS):
        found += forbidden_imports(path, root)
    for path in sources(root, "domain", "workflows", "simulation"):
        found += impure_calls(path, root)
    for path in sources(root, *LAYERS, "tests"):
        found += too_long(path, root)
    return found


def test_every_arrow_points_inwards_and_every_file_is_small() -> None:
    assert violations(ROOT) == []


def test_every_package_of_the_project_has_a_layer() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/*.py")} - {"tests", "docs", "deploy"}
    assert packages <= LAYERS.keys()


def test_what_is_called_pure_is_in_the_standard_library() -> None:
    assert sys.stdlib_module_names >= PURE_LIBRARY


@pytest.mark.parametrize(
    ("file", "code", "complaint"),
    [
        ("domain/a.py", "import temporalio\n", "imports temporalio"),
        ("domain/a.py", "from sqlalchemy import text\n", "imports sqlalchemy.text"),
        ("domain/a.py", "from zoneinfo import ZoneInfo\n", "imports zoneinfo.ZoneInfo"),
        ("domain/a.py", "def f():\n    import random\n", "domain/a.py:2 imports random"),
        ("domain/a.py", "import time\n", "imports time"),
        ("domain/a.py", "import os.path\n", "imports os.path"),
        ("domain/a.py", "import asyncio\n", "imports asyncio"),
        ("domain/a.py", "from activities.contracts import RECORD\n", "imports activities"),
        ("domain/a.py", "from datetime import datetime\nx = datetime.now\n", "looks at the clock"),
        ("domain/a.py", "import datetime\nx = datetime.date.today()\n", "looks at the clock"),
        ("domain/a.py", "x = open('x')\n", "calls open()"),
        ("domain/sub/a.py", "from ... import engine\n", "imports engine"),
        ("workflows/a.py", "from activities.recording import Recording\n", "imports activities"),
        ("workflows/a.py", "from ledger.port import Ledger\n", "imports ledger.port"),
        ("ledger/a.py", "from activities.recording import Recording\n", "imports activities"),
        (
            "workflows/a.py",
            "from datetime import datetime\nx = datetime.now\n",
            "looks at the clock",
        ),
        ("workflows/a.py", "import sqlalchemy\n", "imports sqlalchemy"),
        ("workflows/a.py", "from temporalio.client import Client\n", "imports temporalio.client"),
        ("workflows/a.py", "import temporalio.api.workflowservice.v1\n", "imports temporalio.api"),
        ("workflows/a.py", "from engine.connect import connect\n", "imports engine.connect"),
        ("activities/a.py", "import workflows.complaint\n", "imports workflows.complaint"),
        ("letters/a.py", "import activities.contracts\n", "imports activities.contracts"),
        ("charters/a.py", "import letters.rendering\n", "imports letters.rendering"),
        ("activities/a.py", "import engine.settings\n", "imports engine.settings"),
        ("engine/a.py", "import workflows\n", "imports workflows"),
        ("engine/plugin.py", "import worker\n", "imports worker"),
        ("worker/a.py", "from starter.client import Complaints\n", "imports starter"),
        ("simulation/a.py", "from charters.bank_holidays import known_until\n", "imports charters"),
        ("simulation/a.py", "import random\n", "imports random"),
        ("simulation/a.py", "import time\n", "imports time"),
        ("starter/a.py", "import tests.conftest\n", "imports tests.conftest"),
        ("engine/a.py", "x = 1\n" * 301, "301 lines; 300 at most"),
        ("workflows/complaint.py", "x = 1\n" * 250, "250 lines; 249 at most"),
        ("tests/a.py", "x = 1\n" * 301, "301 lines"),
    ],
)
def test_a_breach_is_named_with_its_file(
    tmp_path: Path, file: str, code: str, complaint: str
) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(code, encoding="utf-8")
    found = violations(tmp_path)
    assert len(found) == 1, found
    assert found[0].startswith(file)
    assert complaint in found[0]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (
            "domain/a.py",
            "from domain.complaint.events import Event\nfrom pydantic import BaseModel\n",
        ),
        ("domain/a.py", "from datetime import time\ndef f(now): return now\n"),
        (
            "workflows/a.py",
            "from activities.contracts import RECORD\nfrom temporalio import workflow\n",
        ),
        ("engine/plugin.py", "from workflows.complaint import Complaint\n"),
        ("starter/a.py", "import worker.build\nimport engine.settings\nimport sqlalchemy\n"),
        ("engine/a.py", "x = 1\n" * 300),
    ],
)
def test_what_the_design_allows_is_let_through(tmp_path: Path, file: str, code: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(code, encoding="utf-8")
    assert violations(tmp_path) == []
