"""What the doctor finds: a sentence each, how grave it is, and who does what about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How grave a finding is."""

    WELL = "well"
    NOTE = "note"
    """It works; somebody should know."""
    WRONG = "wrong"
    """Complaints are not kept as they must be, or will not be."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    about: str
    grade: Grade
    says: str
    todo: str = ""
    """Who does what; nothing where all is well."""

    def __str__(self) -> str:
        """The whole of it as a line."""
        return f"{self.grade:5} {self.about}: {self.says} {self.todo}".rstrip()


def well(about: str, says: str) -> Finding:
    """It is as it must be."""
    return Finding(about, Grade.WELL, says)


def note(about: str, says: str, todo: str) -> Finding:
    """It works, but somebody should know."""
    return Finding(about, Grade.NOTE, says, todo)


def wrong(about: str, says: str, todo: str) -> Finding:
    """It is not as it must be."""
    return Finding(about, Grade.WRONG, says, todo)
