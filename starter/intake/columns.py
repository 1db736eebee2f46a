"""The columns of a CSV file of complaints: the contract's fields, flattened with dots.

They follow `domain.complaint.opening.Opening`: `complainant.name`, `representative.kind` and so on; a
list is written in one cell, its items parted by `;`. Columns that begin with `refused` are those
that a refused file adds, and are passed over, so that a mended file can be opened as it is.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Union, get_args, get_origin

from pydantic import BaseModel

from domain.complaint.opening import Opening

REFUSED_PREFIX: Final = "refused"
_SEPARATOR: Final = ";"


def _columns(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, bool, bool]]:
    """Each column with whether it is a list and whether every row needs it."""
    for name, field in model.model_fields.items():
        kinds = _without_none(field.annotation)
        if isinstance(kinds, type) and issubclass(kinds, BaseModel):
            for inner, is_list, needed in _columns(kinds, f"{prefix}{name}."):
                yield inner, is_list, needed and field.is_required()
        else:
            yield f"{prefix}{name}", get_origin(kinds) is tuple, field.is_required()


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in {Union, types.UnionType}:
        return next(kind for kind in get_args(annotation) if kind is not type(None))
    return annotation


_ALL: Final = tuple(_columns(Opening))
COLUMNS: Final = tuple(name for name, _, _ in _ALL)
"""Every column that a file may have."""
NEEDED: Final = tuple(name for name, _, needed in _ALL if needed)
"""The columns that a file must have."""
_LISTS: Final = frozenset(name for name, is_list, _ in _ALL if is_list)


def check_header(
    header: Sequence[str], columns: Sequence[str], needed: Sequence[str]
) -> str | None:
    """What is wrong with a file's first line, and what is allowed; nothing if it is well."""
    if len(header) == 1 and ";" in header[0]:
        return "its columns are parted by ';'. Part them by ','."
    own = [column for column in header if not column.startswith(REFUSED_PREFIX)]
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
        name: cell.strip().replace("\x00", "\ufffd")
        for name, cell in row.items()
        if cell.strip() and not name.startswith(REFUSED_PREFIX)
    }


def to_fields(row: Mapping[str, str]) -> dict[str, Any]:
    """The opening that a row's cells spell; an empty cell is a field that is not given."""
    fields: dict[str, Any] = {}
    for column in filled_in(row):
        *path, last = column.split(".")
        inner = fields
        for name in path:
            inner = inner.setdefault(name, {})
        cell = row[column]
        inner[last] = _items(cell) if column in _LISTS else cell
    return fields


def _items(cell: str) -> list[str]:
    return [item.strip() for item in cell.split(_SEPARATOR) if item.strip()]
