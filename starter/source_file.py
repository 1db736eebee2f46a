"""Owns the file that a command reads: opening it, `-` for standard input, and how far it is.

Must not import anything heavy at the top.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from starter.exits import USAGE
from starter.printing import console, tell


@contextmanager
def opened(file: str) -> Iterator[io.BufferedReader]:
    """The file's bytes; those of standard input for `-`. Leaves if it cannot be read."""
    if file == "-":
        source: Any = sys.stdin.buffer
        # A buffer around a buffer would hold rows back until it is full.
        yield source if isinstance(source, io.BufferedReader) else io.BufferedReader(source)
        return
    try:
        with Path(file).open("rb") as stream:
            yield stream
    except OSError as error:
        tell(f"{file} cannot be read: {error.strerror}.")
        raise typer.Exit(USAGE) from None


def beside(file: str) -> Path:
    """The path that stands for the file where something is put next to it."""
    return Path("stdin" if file == "-" else file)


@contextmanager
def progress(doing: str, file: str, stream: io.BufferedReader) -> Iterator[Callable[[], None]]:
    """A bar on standard error, as long as that is a terminal; how far it is comes from the file.

    What it yields is called after each row. `doing` is a word such as `opening`.
    """
    errors = console(stderr=True)
    if not errors.is_terminal:
        yield lambda: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    total = None if file == "-" else Path(file).stat().st_size
    shape = (TextColumn(doing), BarColumn(), TextColumn("{task.fields[rows]} rows"))
    with Progress(*shape, TimeElapsedColumn(), console=errors, transient=True) as bar:
        task, rows = bar.add_task(doing, total=total, rows=0), 0

        def moved() -> None:
            nonlocal rows
            rows += 1
            bar.update(task, rows=rows)
            if total is not None and not stream.closed:
                bar.update(task, completed=stream.tell())

        yield moved
