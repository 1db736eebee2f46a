"""What is its owner's alone is written whole or not at all, and nobody else can read it at any moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from sealing.whole_files import write_whole


def test_a_file_takes_the_place_of_another_and_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "ring"
    write_whole(file, "one")
    write_whole(file, b"other")
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("other", 0o600)
    assert [each.name for each in file.parent.iterdir()] == ["ring"]


def test_what_cannot_be_written_leaves_what_was_there_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "ring"
    write_whole(file, "one")
    with pytest.raises(UnicodeEncodeError):
        write_whole(file, "\udc80")
    assert file.read_text() == "one"
    assert list(tmp_path.iterdir()) == [file]
