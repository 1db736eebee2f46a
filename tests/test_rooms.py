"""Rooms stay small, and a feature stays in its room."""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from domain.complaint.decider.registry import EVENT_KINDS, FEATURES
from domain.complaint.features.ending.by_people import Closed
from tests.test_layering import LAYERS, sources

ROOT = Path(__file__).parent.parent
MOST = 9
"""Files and folders in a folder; a package's face and what is no code are not counted."""
ROOMY = {
    # five rooms of the core, and the few files that all of them speak in
    "domain": 12,
    # the rooms of a complaint, and the plain values that they stand on: nobody looks for those further down
    "domain/complaint": 12,
    # what a letter passes through on its way, one module a step: nobody looks for those further down
    "letters": 10,
    # a module for each matter of the wiring, which have nothing to part them by
    "engine": 10,
    # what a message passes through from the mailbox to the complaint, one module a step
    "mail": 10,
    # the port and what stands beside it for both kinds of ledger; SQL has a room of its own
    "ledger": 14,
    # a module for each command or group of commands, named as one types it
    "starter/commands": 27,
}
ELSEWHERE = 1
"""In how many files outside its feature's room an event's class may be named."""
MAKE_AN_END = 4
"""Three features end a complaint beside closing itself, and who may do what else then is in `access`."""


def crowded(root: Path) -> Iterator[str]:
    """Each folder that holds more than it may, as a line for a person."""
    entries: dict[str, set[str]] = defaultdict(set)
    for path in sources(root, *LAYERS):
        parts = path.relative_to(root).parts
        for depth in range(1, len(parts)):
            entries["/".join(parts[:depth])].add(parts[depth])
    for folder, found in entries.items():
        most = ROOMY.get(folder, MOST)
        if len(found - {"__init__.py"}) > most:
            yield f"{folder} holds {len(found - {'__init__.py'})} entries; {most} at most"


def test_no_folder_holds_more_than_one_takes_in_at_a_glance() -> None:
    assert list(crowded(ROOT)) == []


def test_a_crowded_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "reporting").mkdir()
    for number in range(MOST + 1):
        (tmp_path / "reporting" / f"a{number}.py").touch()
    (tmp_path / "reporting" / "__init__.py").touch()
    assert list(crowded(tmp_path)) == ["reporting holds 10 entries; 9 at most"]


def named_in(root: Path) -> dict[str, set[Path]]:
    """In which files of the product each name is imported, used or defined; prose does not count."""
    found: dict[str, set[Path]] = defaultdict(set)
    for path in sources(root, *LAYERS):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    found[name].add(path)
                case ast.alias(name=name) | ast.ClassDef(name=name):
                    found[name].add(path)
    return found


def room_of(kind: type) -> Path:
    """The folder of a feature that has one, or else its file; its events may stand beside that."""
    home = Path(inspect.getfile(kind))
    return home.parent if home.name == "events.py" else home


def test_an_event_is_named_in_its_feature_and_hardly_anywhere_else() -> None:
    named = named_in(ROOT)
    for kind in EVENT_KINDS:
        room = room_of(kind)
        outside = {path for path in named[kind.__name__] if not path.is_relative_to(room)}
        most = MAKE_AN_END if kind is Closed else ELSEWHERE
        assert len(outside) <= most, f"{kind.__name__} is named in {sorted(outside)}"


def test_a_feature_is_one_file_or_a_folder_of_at_most_six() -> None:
    for feature in FEATURES:
        for kind in (*feature.events, *feature.commands):
            room = room_of(kind)
            assert room.is_file() or len(list(room.glob("*.py"))) <= 1 + 6, room
