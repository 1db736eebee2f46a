"""The file of rows that a command takes in: opening it, how far it is, what became of its rows."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from starter.terminal.exits import REFUSED, USAGE
from starter.terminal.printing import counted, progress, say, say_json, tell

if TYPE_CHECKING:
    from starter.intake.refused_rows import RefusedRows
    from starter.intake.rows import Form, Taking


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is being taken in."""

    file: str
    stream: io.BufferedReader
    form: Form
    taking: Taking
    refused: RefusedRows

    def summary(self, what: str, *, as_json: bool, **more: object) -> None:
        """Say what became of the rows, `more` only in JSON. Leaves with 1 if any was refused.

        `what` a row is.
        """
        tally, path, said = self.taking.tally, self.refused.path, self.taking.said
        if as_json:
            counts = {name: tally[name] for name in ("rows", *said, "refused")}
            say_json({**counts, **more, "refused_file": None if path is None else str(path)})
        else:
            first = next(iter(said))
            words = {**said, "refused": "refused"}.items()
            parts = [
                f"{tally[name]} {word}" for name, word in words if tally[name] or name == first
            ]
            say(f"{counted(tally['rows'], what)}: {', '.join(parts)}.")
            if path is not None:
                tell(f"Refused rows, each with its reason: {path}")
        if tally["refused"]:
            raise typer.Exit(REFUSED)


@contextmanager
def taken_in(file: str, doing: str, *forms: Form, said: Mapping[str, str]) -> Iterator[Source]:
    """The file, `-` for standard input; what interrupts it is told. Leaves if it cannot be read.

    `doing` is a word such as `opening`; `forms` are those that it may have; `said` has the words for
    what becomes of its rows, the first said of none too.
    """
    from starter.intake.refused_rows import RefusedRows
    from starter.intake.rows import Taking, form_of

    with _opened(file) as stream:
        form = form_of(file, stream, forms)
        # Of standard input nobody knows how much will come.
        total = None if file == "-" else Path(file).stat().st_size
        beside = Path("stdin" if file == "-" else file)
        with closing(RefusedRows(beside, form)) as refused, progress(doing, total) as is_at:

            def moved() -> None:
                if total is not None and not stream.closed:
                    is_at(stream.tell())

            taking = Taking(refused.add, moved, said=dict(said))
            try:
                yield Source(file, stream, form, taking, refused)
            except BaseException:
                _stopped(taking, refused.path)
                raise


def _stopped(taking: Taking, refused: Path | None) -> None:
    tally = taking.tally
    if tally["rows"]:
        told = ((taking.said.get(name, name), count) for name, count in tally.items() if count)
        done = ", ".join(f"{count} {words}" for words, count in told if words != "rows")
        tell(f"Stopped after {tally['rows']} rows ({done}). Run it again: nothing is done twice.")
    if refused is not None:
        tell(f"The refused rows so far are in {refused}.")


@contextmanager
def _opened(file: str) -> Iterator[io.BufferedReader]:
    if file == "-":
        source: Any = sys.stdin.buffer
        # A buffer around a buffer would hold rows back until it is full.
        yield source if isinstance(source, io.BufferedReader) else io.BufferedReader(source)
        return
    try:
        with Path(file).open("rb") as stream:
            yield stream
    except OSError as error:
        tell(f"{file or 'A file without a name'} cannot be read: {error.strerror}.")
        raise typer.Exit(USAGE) from None
