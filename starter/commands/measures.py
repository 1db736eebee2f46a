"""Owns `uphold measure`: calls and satisfaction taken in from files, and shown.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from domain.quality.measures import CallCount, SurveyResponse
from starter.acting import the_settings
from starter.commands.charter import the_book
from starter.exits import REFUSED, run
from starter.printing import add_row, console, say, say_json, table, tell
from starter.source_file import beside, opened, progress
from starter.verb_command import day

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from activities.ledger.measures import Kept, SqlMeasures
    from domain.calendar.months import Month
    from domain.charter.tables import Charter
    from domain.quality.measures import CallFigure, SatisfactionFigure
    from starter.measure_intake import MeasureIntake
    from starter.measure_rows import MeasureFile
    from starter.refused_rows import RefusedRows

Measured = TypeVar("Measured", CallCount, SurveyResponse)

CharterId = Annotated[str, typer.Argument(metavar="CHARTER", help="The charter's id.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="A .csv file, or - .")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]

app = typer.Typer(
    name="measure",
    no_args_is_help=True,
    help="Take in and show what is measured beside complaints: calls, satisfaction.",
    rich_markup_mode=None,
)


def the_charter(charter_id: str) -> Charter:
    """The charter of that id. Raises a usage error naming those there are."""
    from domain.errors import UnknownCharter

    try:
        return the_book().get(charter_id)
    except UnknownCharter as error:
        raise typer.BadParameter(str(error), param_hint="'CHARTER'") from None


def today_under(charter: Charter) -> date:
    """The day it is where the charter holds."""
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo(charter.calendar.time_zone)).date()


@app.command("calls")
def calls(charter_id: CharterId, file: File, as_json: AsJson = False) -> None:
    r"""Take in call statistics: a .csv file with a row for each day, or each part of a day.

    Columns: day (2026-10-16), period (may be left out; as you name it, such as 09:00-10:00),
    offered, answered, answered_within_target.

    Rows that are wrong go into FILE.refused.csv with the reason, the others are kept, and the exit
    code is 1. Run it again as often as you like: the same row is kept once, and a corrected one
    takes the place of the old.

    \b
    Examples:
      uphold measure calls insolvency-service calls-2026-10.csv
      export-calls | uphold measure calls insolvency-service - --json
    """
    from starter.measure_rows import CALLS

    charter, source = the_charter(charter_id), "stdin" if file == "-" else Path(file).name

    def keep(to: SqlMeasures, rows: list[CallCount], at: datetime) -> Awaitable[Kept[CallCount]]:
        return to.keep_calls(charter.id, rows, source, at)

    _take_file(charter, file, CALLS, keep, as_json=as_json)


@app.command("satisfaction")
def satisfaction(charter_id: CharterId, file: File, as_json: AsJson = False) -> None:
    r"""Take in the results of a survey: a .csv file with a row for each response.

    Columns: response_id, answered_on (2026-10-16), score (1 to 5), and, where there are any,
    reference (the complaint's) and comment. What is wrong or given again is dealt with as by
    `uphold measure calls`.

    \b
    Examples:
      uphold measure satisfaction insolvency-service survey.csv
      export-survey | uphold measure satisfaction insolvency-service -
    """
    from starter.measure_rows import SATISFACTION

    charter = the_charter(charter_id)

    def keep(
        to: SqlMeasures, rows: list[SurveyResponse], at: datetime
    ) -> Awaitable[Kept[SurveyResponse]]:
        return to.keep_responses(charter.id, rows, at)

    _take_file(charter, file, SATISFACTION, keep, as_json=as_json)


def _take_file(
    charter: Charter,
    file: str,
    kind: MeasureFile[Measured],
    keep: Callable[[SqlMeasures, list[Measured], datetime], Awaitable[Kept[Measured]]],
    *,
    as_json: bool,
) -> None:
    from activities.ledger import open_sql_ledger
    from activities.ledger.measures import SqlMeasures
    from starter.measure_intake import MeasureIntake
    from starter.measure_rows import rows_of
    from starter.refused_rows import RefusedRows
    from starter.rows import Form

    settings = the_settings()
    with (
        opened(file) as stream,
        RefusedRows(beside(file), Form.CSV, kind.columns) as refused,
        progress("taking in", file, stream) as moved,
    ):

        async def take() -> MeasureIntake[Measured]:
            async with open_sql_ledger(settings.ledger_url) as ledger:
                await ledger.require_ready()
                to, at = SqlMeasures(ledger), datetime.now().astimezone()
                intake = MeasureIntake[Measured](
                    kind, lambda rows: keep(to, rows, at), refused.add, today_under(charter)
                )
                rows = rows_of(file, stream, kind.columns, kind.needed)
                try:
                    await intake.take(rows, moved)
                except BaseException:
                    _stopped(intake, refused)
                    raise
                return intake

        intake = run(take())
    _summary(intake, refused, as_json=as_json)
    if intake.tally.refused:
        raise typer.Exit(REFUSED)


def _stopped(intake: MeasureIntake[Any], refused: RefusedRows) -> None:
    if intake.tally.rows:
        tell(f"Stopped after {intake.tally.rows} rows. Run it again: nothing is kept twice.")
    if refused.path is not None:
        tell(f"The refused rows so far are in {refused.path}.")


def _summary(intake: MeasureIntake[Any], refused: RefusedRows, *, as_json: bool) -> None:
    if as_json:
        path = None if refused.path is None else str(refused.path)
        corrections = [str(each) for each in intake.corrections]
        say_json({**asdict(intake.tally), "corrections": corrections, "refused_file": path})
        return
    made = table(None, *(name for name in asdict(intake.tally)))
    add_row(made, *asdict(intake.tally).values())
    console().print(made)
    for each in intake.corrections:
        say(f"Superseded {each}")
    if refused.path is not None:
        tell(f"Refused rows, each with its reason: {refused.path}")


@app.command("show")
def show(
    charter_id: CharterId,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=day, metavar="DATE", help="Default: 1 January of that year."),
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=day, metavar="DATE", help="Default: today.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    r"""Show calls against the charter's target, and how satisfied people were.

    Both days count. A call that nobody answered is one that was not answered in time. Satisfied
    is a score of 4 or 5. Percentages are cut off, not rounded up.

    \b
    Examples:
      uphold measure show insolvency-service
      uphold measure show insolvency-service --from 2026-01-01 --to 2026-12-31 --json
    """
    from starter import measure_page as page

    charter = the_charter(charter_id)
    last = last or today_under(charter)
    first = first or date(last.year, 1, 1)
    if first > last:
        raise typer.BadParameter(f"{first} lies after --to {last}.", param_hint="'--from'")
    called, answered = run(_read(charter, first, last))
    if as_json:
        say_json(page.as_json(charter, first, last, called, answered))
        return
    say(f"{charter.charter.organisation}, {first} to {last}\n")
    page.print_calls(charter, called)
    page.print_satisfaction(answered)


async def _read(
    charter: Charter, first: date, last: date
) -> tuple[dict[Month, CallFigure], dict[Month, SatisfactionFigure]]:
    from activities.ledger import open_sql_ledger
    from activities.ledger.measures import SqlMeasures

    async with open_sql_ledger(the_settings().ledger_url) as ledger:
        await ledger.require_ready()
        measures = SqlMeasures(ledger)
        return (
            await measures.calls_by_month(charter.id, first, last),
            await measures.satisfaction_by_month(charter.id, first, last),
        )
