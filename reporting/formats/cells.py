"""Cells of a table that leaves for a spreadsheet: none of them is taken for a formula there."""

from __future__ import annotations

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take a cell for that begins so."""
_MARK: Final = "'"
"""What a spreadsheet writes before a text that looks like something else."""


def harmless(text: str) -> str:
    """The text as a cell that stays text; `as_written` gives it back."""
    return f"{_MARK}{text}" if text.startswith(_FORMULA) else text


def as_written(cell: str) -> str:
    """The text of a cell, without the mark that kept it from being a formula or a number."""
    marked = cell.startswith(_MARK) and (cell[1:].startswith(_FORMULA) or cell[1:2].isdigit())
    return cell[1:] if marked else cell
