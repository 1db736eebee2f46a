"""Owns how answers look: JSON on standard output, tables, instants in words.

Colours only on a terminal, and never where NO_COLOR is set (`rich` sees to both). What a customer
wrote is printed as it is: no text is taken for markup, and control characters are made visible.
Must not import anything heavy at the top.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH_OF_A_FILE: Final = 160
"""Columns of a table that is not read on a terminal: nothing is cut off at 80."""


def say(text: str) -> None:
    """Print a line of the answer."""
    typer.echo(visible(text))


def tell(text: str) -> None:
    """Print a line beside the answer, on standard error."""
    typer.echo(visible(text), err=True)


def say_json(value: Any) -> None:
    """Print the answer as JSON; dates and instants are ISO 8601."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def console(*, stderr: bool = False) -> Console:
    """Where tables and progress go."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not made.is_terminal:
        made = Console(stderr=stderr, highlight=False, markup=False, width=WIDTH_OF_A_FILE)
    return made


def table(title: str | None, *columns: str) -> Table:
    """An empty table whose cells fold rather than lose their ends."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, title=None if title is None else Text(title))
    made.title_justify = "left"
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def add_row(to: Table, *cells: object) -> None:
    """Add a row of plain text; null is an empty cell."""
    from rich.text import Text

    to.add_row(*(Text("" if cell is None else visible(str(cell))) for cell in cells))


def on_day(day: date) -> str:
    """A date in words: `Fri 16 October 2026`."""
    return f"{day:%a} {day.day} {day:%B %Y}"


def at_instant(instant: datetime | None) -> str:
    """An instant in words, in UTC: `Fri 16 October 2026 16:00 UTC`; empty for none."""
    from datetime import UTC

    if instant is None:
        return ""
    utc = instant.astimezone(UTC)
    return f"{on_day(utc.date())} {utc:%H:%M} UTC"


def visible(text: str) -> str:
    """The text with control characters made visible, so that none can move the cursor."""
    return "".join(
        each if each.isprintable() or each in "\n\t" else each.encode("unicode_escape").decode()
        for each in text
    )


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)
