"""`uphold promises`: every promise of the charters, how it is kept, and which tests show it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from starter.terminal.printing import print_tables, say, say_json, tell
from starter.terminal.session import the_book, the_settings

if TYPE_CHECKING:
    from domain.charter.tables import Charter
    from starter.reference.promise_page import Row


def promises(
    charter: Annotated[
        str | None, typer.Argument(metavar="[CHARTER]", help="The charter's id; all without one.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer as JSON, with every test by its name.")
    ] = False,
) -> None:
    r"""Show every promise: its id, charter and source, how it is kept, and which tests show that.

    A promise is kept by a clock or by a rule. Tests are
    named for the charters that ship, and counted by file. Exit code 0, or 1 if there is no such
    charter.

    \b
    Examples:
      uphold promises
      uphold promises financial-ombudsman
      uphold promises financial-ombudsman --json | jq '.[] | select(.id == "FO-8") | .tests'
    """
    from starter.reference.promise_page import summary, table_of

    book = the_book()
    asked = [book.get(each) for each in ([charter] if charter else book.ids())]
    found = {each.id: _rows(each) for each in asked}
    if as_json:
        say_json([{"key": row.key, **asdict(row)} for own in found.values() for row in own])
        return
    for each in asked:
        print_tables(table_of(each, found[each.id]))
        say(f"  {each.id}: {summary(found[each.id])}.\n")
        if not _ships(each.id):
            tell(f"{each.id} is your own: the tests are of the charters that ship.")


def _rows(charter: Charter) -> list[Row]:
    from starter.reference.promise_page import known_tests, rows

    return list(rows(charter, known_tests() if _ships(charter.id) else {}))


def _ships(charter_id: str) -> bool:
    """Whether it is a charter that ships, and not one of the operator's own, under whatever id."""
    from charters.finding import all_charters, find_charter

    own = find_charter(charter_id, the_settings().charters_dir)
    return all_charters().get(charter_id) == own
