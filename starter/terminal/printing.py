"""How answers look: JSON on standard output, tables, instants in words.

Colours only on a terminal, and never where NO_COLOR is set (`rich` sees to both). What a customer
wrote is printed as it is: no text is taken for markup, and control characters are made visible.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH_OF_A_FILE: Final = 160
"""Columns of a table that is not read on a terminal: nothing is cut off at 80."""


_WIDER: Final = 10_000


def say(text: str) -> None:
    """Print a line of the answer."""
    typer.echo(visible(text))


def tell(text: str) -> None:
    """Print a line beside the answer, on standard error."""
    typer.echo(visible(text), err=True)


def say_json(value: Any) -> None:
    """Print the answer as JSON; dates and instants are ISO 8601."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def say_json_line(value: Any) -> None:
    """Print one answer of many as a line of JSON, for whoever reads them as they come."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def console(*, stderr: bool = False) -> Console:
    """Where tables and progress go."""
    from rich.console import Console

    made = partial(Console, stderr=stderr, highlight=False, markup=False, emoji=False)
    found = made()
    return found if found.is_terminal else made(width=WIDTH_OF_A_FILE)


def table(
    title: str | None, *columns: str, rows: Iterable[Sequence[object]] = (), figures: int = 0
) -> Table:
    """A table whose cells fold rather than lose their ends; from that column on they are `figures`.

    Rows are of plain text; null is an empty cell.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, title=None if title is None else Text(title))
    made.title_justify = "left"
    for number, column in enumerate(columns):
        if figures and number >= figures:
            made.add_column(column, justify="right", no_wrap=True)
        else:
            made.add_column(column, overflow="fold")
    for row in rows:
        add_row(made, *row)
    return made


def print_table(
    title: str | None, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Print a table of plain text; null is an empty cell."""
    print_tables(table(title, *columns, rows=rows))


def add_row(to: Table, *cells: object) -> None:
    """Add a row of plain text; null is an empty cell."""
    from rich.text import Text

    to.add_row(*(Text("" if cell is None else visible(str(cell))) for cell in cells))


def print_tables(*tables: Table) -> None:
    """Print these tables; one that a terminal is too narrow for, as lines of its own for each row."""
    to = console()
    for each in tables:
        if to.is_terminal and _least_width(each, to) > to.width:
            _print_rows(each, to)
        else:
            to.print(each)


def _least_width(of: Table, to: Console) -> int:
    """How wide it is where no word is cut: nobody can copy a reference of two halves."""
    from rich.measure import Measurement

    return Measurement.get(to, to.options.update(max_width=_WIDER), of).minimum


def _print_rows(of: Table, to: Console) -> None:
    """Each row below the other, with the name of each cell; empty ones are left out."""
    from rich.table import Table

    if of.title is not None:
        to.print(of.title)
    names = [str(column.header) for column in of.columns]
    for first, *others in zip(*(column.cells for column in of.columns), strict=True):
        to.print(f"{names[0]} {first}")
        row = Table.grid("", "", padding=(0, 2))
        row.columns[0].no_wrap, row.columns[1].overflow = True, "fold"
        for name, cell in zip(names[1:], others, strict=True):
            if str(cell):
                row.add_row(f"  {name}", cell)
        to.print(row)
        to.print()


@contextmanager
def progress(doing: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, as long as that is a terminal; what it yields takes how far it is."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    errors = console(stderr=True)
    columns = (TextColumn(doing), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    hidden = not errors.is_terminal
    with Progress(*columns, console=errors, transient=True, disable=hidden) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda done: bar.update(task, completed=done)


def counted(number: int, name: str) -> str:
    """`1 complaint`, `2 complaints`, `3 remedies`."""
    many = f"{name[:-1]}ies" if name.endswith(("dy", "ry", "ty")) else f"{name}s"
    return f"{number} {name if number == 1 else many}"


def on_day(day: date) -> str:
    """A date in words: `Fri 16 October 2026`."""
    return f"{day:%a} {day.day} {day:%B %Y}"


def at_instant(instant: datetime | None, zone: tzinfo | None = None) -> str:
    """An instant in words, by the clock of `zone` or else by the one that it was given in.

    `Fri 16 October 2026 16:00`, with ` UTC` where it was given in no organisation's; empty for none.
    """
    if instant is None:
        return ""
    local = instant.astimezone(zone) if zone else instant
    by = "" if zone or local.utcoffset() else " UTC"
    return f"{on_day(local.date())} {local:%H:%M}{by}"


def standing_in_words(now: Mapping[str, Any]) -> str:
    """How a complaint stands, in a line; from the JSON that a verb or the query `status` answers."""
    parts = [f"{now['state']} at {now['stage']}"]
    if now.get("handler_id"):
        parts.append(f"with {now['handler_id']}")
    if now.get("outcome"):
        parts.append(now["outcome"])
    if now.get("closed_how"):
        parts.append(f"ended as {now['closed_how']}")
    if now.get("next_due"):
        parts.append(f"next due {at_instant(datetime.fromisoformat(now['next_due']))}")
    if now.get("missed"):
        parts.append(f"{now['missed']} missed")
    if now.get("remedies_owed"):
        parts.append(f"{counted(now['remedies_owed'], 'remedy')} owed")
    return f"{now['reference']}: {', '.join(parts)}."


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
