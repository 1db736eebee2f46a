"""`uphold report`: how well a charter was kept in a period."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from starter.terminal.exits import REFUSED
from starter.terminal.options import CharterId, LedgerUrl, day
from starter.terminal.printing import console, print_tables, tell
from starter.terminal.session import the_charter, the_ledger

if TYPE_CHECKING:
    from domain.charter.tables import Charter
    from reporting.model import Report
    from reporting.period import Period


class Form(StrEnum):
    """The forms that a report comes in, by the ends of their files' names."""

    HTML = "html"
    CSV = "csv"
    JSON = "json"


async def report(
    charter: CharterId,
    first: Annotated[
        date,
        typer.Option("--from", parser=day, metavar="DATE", help="The first day, as 2026-01-01."),
    ],
    last: Annotated[
        date, typer.Option("--to", parser=day, metavar="DATE", help="The last day, included.")
    ],
    form: Annotated[
        Form | None,
        typer.Option("--format", help="The form; by default that of FILE's name, or tables."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write into this file.")
    ] = None,
    ledger: LedgerUrl = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    r"""Report how each promise of a charter was kept: in time, late, open, and how long it took.

    By stage, channel and month; with the reasons for more time, remedies, calls, satisfaction,
    quality samples and the independent assessor's year. The reasons are in the words of staff:
    read them before you publish them. docs/reports.md says what is counted when.

    \b
    Examples:
      uphold report financial-ombudsman --from 2026-01-01 --to 2026-12-31
      uphold report financial-ombudsman --from 2026-01-01 --to 2026-12-31 -o report.html
      uphold report insolvency-service --from 2026-04-01 --to 2027-03-31 --format csv > year.csv
    """
    from reporting.assemble import assemble

    wanted = _form(form, output, as_json)
    terms = the_charter(charter)
    period = _period(first, last, terms)
    now = datetime.now(UTC)
    async with the_ledger(ledger) as held:
        with console(stderr=True).status(f"Counting {terms.id} …"):
            made = await held.reading(lambda c: assemble(c, terms, period, now))
    if made.empty:
        tell(
            f"Nothing is on record under {charter} from {period.first} to {period.last},"
            " so there is nothing to report. `--ledger URL` names another ledger."
        )
        raise typer.Exit(REFUSED)
    if wanted is None:
        _print(made)
    else:
        _write(_text(made, terms, wanted), output)


def _form(form: Form | None, output: Path | None, as_json: bool) -> Form | None:
    if as_json and form not in {None, Form.JSON}:
        raise typer.BadParameter(f"--json and --format {form} exclude each other: give one.")
    if form or as_json:
        return form or Form.JSON
    if output is None:
        return None
    try:
        return Form(output.suffix.removeprefix(".").lower())
    except ValueError:
        raise typer.BadParameter(
            f"{str(output)!r} does not say which form it is to have."
            f" Allowed: --format, or a name that ends in {', '.join(f'.{each}' for each in Form)}.",
            param_hint="'--output'",
        ) from None


def _period(first: date, last: date, charter: Charter) -> Period:
    from reporting.period import BadPeriod, Period

    try:
        return Period(first, last, charter.calendar.time_zone)
    except BadPeriod as error:
        raise typer.BadParameter(str(error), param_hint="'--to'") from None


def _text(report: Report, charter: Charter, form: Form) -> str:
    if form is Form.CSV:
        from reporting.formats.rows import as_csv

        return as_csv(report)
    if form is Form.JSON:
        from reporting.model import REPORT

        return REPORT.dump_json(report, indent=2).decode() + "\n"
    from reporting.formats.page import page

    with console(stderr=True).status("Drawing the charts …"):
        return page(report, charter)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        typer.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8", newline="")
    tell(f"Written: {output}")


def _print(report: Report) -> None:
    from starter.terminal.pages.report import tables

    print_tables(*tables(report))
    for note in report.notes[:1] if report.too_early else ():
        tell(note)
