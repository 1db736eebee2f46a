"""`uphold charter`: check charter files, show a charter, list the charters there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from starter.commands.charter_migrate import migrate
from starter.terminal.exits import REFUSED
from starter.terminal.options import AsJson, Commands
from starter.terminal.printing import (
    console,
    counted,
    print_table,
    print_tables,
    say,
    say_json,
    tell,
)
from starter.terminal.session import the_book

if TYPE_CHECKING:
    from domain.errors import CharterError

app = Commands("Check, show and list charters, and take complaints over to a new version.")
app.command("migrate")(migrate)


@app.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Charter files (.toml).")],
    as_json: AsJson = False,
) -> None:
    r"""Check charter files and name every fault: table, key, what is wrong, what is allowed.

    Exit code 0 if all can be kept, 1 if any has a fault.

    \b
    Example:
      uphold charter check charters/*.toml
    """
    from charters.faults import CharterFaults
    from charters.files import load_charter

    verdicts = []
    for file in files:
        try:
            charter = load_charter(file)
        except CharterFaults as error:
            verdicts.append(_verdict(file, error.faults))
            for fault in error.faults if not as_json else ():
                tell(str(fault))
            continue
        verdicts.append(_verdict(file, ()))
        if not as_json:
            _green(
                f"{file}: ok: {charter.id} {charter.version}, "
                f"{counted(len(charter.promises), 'promise')} by a clock, "
                f"{counted(len(charter.commitments), 'commitment')} by a rule"
            )
    if as_json:
        say_json(verdicts)
    if not all(each["ok"] for each in verdicts):
        raise typer.Exit(REFUSED)


@app.command("list")
def list_charters(as_json: AsJson = False) -> None:
    """List the charters that complaints can be opened under."""
    book = the_book()
    charters = [book.get(charter_id) for charter_id in book.ids()]
    if as_json:
        say_json([{**each.charter.model_dump(mode="json"), "region": each.calendar.region}
                  for each in charters])  # fmt: skip
        return
    columns = ("id", "version", "title", "organisation", "region", "stages", "promises")
    print_table(
        None, columns,
        [
            (each.id, each.version, each.charter.title, each.charter.organisation,
             each.calendar.region, len(each.stages),
             len({one.id for one in each.promises} | {one.id for one in each.commitments}))
            for each in charters
        ],
    )  # fmt: skip


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
    from starter.terminal.pages.charter import diagram, tables

    if mermaid and as_json:
        raise typer.BadParameter("--mermaid and --json exclude each other: give one of them.")
    charter = the_book().get(charter_id)
    if as_json:
        say_json(charter.model_dump(mode="json", by_alias=True, exclude_unset=True))
    elif mermaid:
        say(diagram(charter))
    else:
        print_tables(*tables(charter))
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
