"""Owns `uphold charter`: check charter files, show a charter, list the charters there are.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from starter.exits import REFUSED
from starter.printing import add_row, console, say, say_json, table, tell

if TYPE_CHECKING:
    from activities.charter_files import CharterBook
    from domain.errors import CharterError

app = typer.Typer(
    name="charter",
    no_args_is_help=True,
    help="Check, show and list charters.",
    rich_markup_mode=None,
)


def the_book() -> CharterBook:
    """The charters that ship and those in the folder that the settings name."""
    from activities.charter_files import CharterBook
    from starter.acting import the_settings

    return CharterBook(the_settings().charters_dir)


@app.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Charter files (.toml).")],
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    r"""Check charter files and name every fault: table, key, what is wrong, what is allowed.

    Exit code 0 if all can be kept, 1 if any has a fault.

    \b
    Example:
      uphold charter check charters/*.toml
    """
    from activities.charter_files import CharterFaults, load_charter

    found: dict[Path, tuple[CharterError, ...]] = {}
    for file in files:
        try:
            charter = load_charter(file)
        except CharterFaults as error:
            found[file] = error.faults
            if not as_json:
                for fault in error.faults:
                    tell(str(fault))
        else:
            found[file] = ()
            if not as_json:
                _green(
                    f"{file}: ok: {charter.id} {charter.version}, "
                    f"{_count(charter.promises, 'promise')} by a clock, "
                    f"{_count(charter.commitments, 'commitment')} by a rule"
                )
    if as_json:
        say_json([_verdict(file, faults) for file, faults in found.items()])
    if any(found.values()):
        raise typer.Exit(REFUSED)


@app.command("list")
def list_charters(
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """List the charters that complaints can be opened under."""
    book = the_book()
    charters = [book.get(charter_id) for charter_id in book.ids()]
    if as_json:
        say_json([{**each.charter.model_dump(mode="json"), "region": each.calendar.region}
                  for each in charters])  # fmt: skip
        return
    made = table(None, "id", "version", "title", "organisation", "region", "stages", "promises")
    for each in charters:
        rows = len({promise.id for promise in each.promises} | {c.id for c in each.commitments})
        known = each.charter
        add_row(
            made, each.id, each.version, known.title, known.organisation, each.calendar.region,
            len(each.stages), rows,
        )  # fmt: skip
    console().print(made)


@app.command("show")
def show(
    charter_id: Annotated[str, typer.Argument(metavar="ID", help="The charter's id.")],
    mermaid: Annotated[
        bool, typer.Option("--mermaid", help="Only the ladder, as a Mermaid diagram.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole charter as JSON.")] = False,
) -> None:
    r"""Show a charter: its ladder and promises as tables, the ladder as a Mermaid diagram.

    \b
    Examples:
      uphold charter show financial-ombudsman
      uphold charter show financial-ombudsman --mermaid > ladder.mmd
    """
    from starter.charter_page import diagram, tables

    if mermaid and as_json:
        raise typer.BadParameter("--mermaid and --json exclude each other: give one of them.")
    charter = the_book().get(charter_id)
    if as_json:
        say_json(charter.model_dump(mode="json", by_alias=True, exclude_unset=True))
    elif mermaid:
        say(diagram(charter))
    else:
        for part in tables(charter):
            console().print(part)
        say(f"```mermaid\n{diagram(charter)}\n```")


def _verdict(file: Path, faults: tuple[CharterError, ...]) -> dict[str, Any]:
    return {
        "file": str(file),
        "ok": not faults,
        "faults": [
            {"where": fault.where, "key": fault.key, "what": fault.what, "allowed": fault.allowed}
            for fault in faults
        ],
    }


def _green(text: str) -> None:
    from rich.text import Text

    console().print(Text(text, style="green"), soft_wrap=True)


def _count(things: tuple[object, ...], name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"
