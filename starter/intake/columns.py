"""The columns of a CSV file of complaints: the contract's fields, flattened with dots.

They follow `domain.complaint.opening.Opening`: `complainant.name`, `representative.kind` and so on; a
list is written in one cell, its items parted by `;`. Columns that begin with `refused` are those
that a refused file adds, and are passed over, so that a mended file can be opened as it is.

Words of the contract are read as people and spreadsheets write them: with capitals, spaces, or hyphens.
"""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from domain.complaint.opening import Opening
from reporting.formats.cells import as_written

REFUSED_PREFIX: Final = "refused"
_BETWEEN: Final = ";"
_BETWEEN_WORDS: Final = re.compile("[;,|/\n]")
"""What parts the words of a list: none of the contract's words holds any of these."""


class Column(NamedTuple):
    """One column of a file of complaints."""

    is_list: bool
    needed: bool
    words: Mapping[str, str]
    """The words that it may hold, by `_plain`; none for text."""
    is_language: bool


def _columns(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Column]]:
    for name, field in model.model_fields.items():
        kind = _without_none(field.annotation)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for inner, column in _columns(kind, f"{prefix}{name}."):
                yield inner, column._replace(needed=column.needed and field.is_required())
        else:
            is_list = get_origin(kind) is tuple
            item = get_args(kind)[0] if is_list else kind
            words = (
                {_plain(word): str(word) for word in item}
                if isinstance(item, type) and issubclass(item, StrEnum)
                else {}
            )
            yield f"{prefix}{name}", Column(is_list, field.is_required(), words, name == "language")


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in {Union, types.UnionType}:
        return next(kind for kind in get_args(annotation) if kind is not type(None))
    return annotation


def _plain(word: str) -> str:
    """A word as it is compared: capitals, spaces, hyphens and underscores make no other word of it."""
    return "".join(each for each in word.casefold() if each.isalnum())


_ALL: Final = dict(_columns(Opening))
COLUMNS: Final = tuple(_ALL)
"""Every column that a file may have."""
NEEDED: Final = tuple(name for name, column in _ALL.items() if column.needed)
"""The columns that a file must have."""


def named_as(cell: str, columns: Sequence[str]) -> str:
    """The column that a cell of the first line names, as it is called here; else the cell's text."""
    text = cell.strip()
    wanted = re.sub(r"[\s_-]+", "_", text.casefold())
    return next(
        (each for each in columns if re.sub(r"[\s_-]+", "_", each.casefold()) == wanted), text
    )


def check_header(
    header: Sequence[str], columns: Sequence[str], needed: Sequence[str]
) -> str | None:
    """What is wrong with a file's first line, and what is allowed; nothing if it is well."""
    own = [column for column in header if column and not column.startswith(REFUSED_PREFIX)]
    for column in own:
        if column not in columns:
            close = difflib.get_close_matches(column, columns, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            return f"there is no column {column!r}.{hint} Allowed: {', '.join(columns)}."
    if twice := sorted({column for column in own if own.count(column) > 1}):
        return f"the first line names {', '.join(twice)} more than once."
    if missing := [column for column in needed if column not in own]:
        return f"the first line lacks {', '.join(missing)}. Allowed: {', '.join(columns)}."
    return None


def filled_in(row: Mapping[str, str]) -> dict[str, str]:
    """The cells that are filled in, without what a refused file adds to them."""
    return {
        # The ledger cannot hold NUL; left in, a row would differ from itself at every import.
        name: as_written(cell.strip()).replace("\x00", "\ufffd")
        for name, cell in row.items()
        if cell.strip() and not name.startswith(REFUSED_PREFIX)
    }


def to_fields(row: Mapping[str, str]) -> dict[str, Any]:
    """The opening that a row's cells spell; an empty cell is a field that is not given."""
    fields: dict[str, Any] = {}
    for name, cell in filled_in(row).items():
        *path, last = name.split(".")
        inner = fields
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = _spelt(_ALL[name], cell)
    return fields


def _spelt(column: Column, cell: str) -> str | list[str]:
    if column.is_list:
        parts = _BETWEEN_WORDS.split(cell) if column.words else cell.split(_BETWEEN)
        return [_word(column, part.strip()) for part in parts if part.strip()]
    return _word(column, cell)


def _word(column: Column, text: str) -> str:
    if column.is_language:
        return re.sub(r"[-_].*", "", text).lower()  # en-GB is English
    return column.words.get(_plain(text), text)
