"""`uphold measure`: calls and satisfaction taken in from files, and shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from domain.quality.measures import CallCount, SurveyResponse
from starter.terminal.options import AsJson, CharterId, Commands, File, day
from starter.terminal.printing import say, say_json
from starter.terminal.session import the_charter, the_ledger
from starter.terminal.source_file import taken_in

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from domain.charter.tables import Charter
    from ledger.quality.measures import Kept

    Measured = TypeVar("Measured", CallCount, SurveyResponse)
    Keep = Callable[[Connection, list[Measured], datetime], Kept[Measured]]

_SAID: Final = {
    "new": "new", "superseded": "superseded", "unchanged": "unchanged",
    "repeated": "repeated in the file",
}  # fmt: skip

app = Commands("Take in and show what is measured beside complaints: calls, satisfaction.")


def today_under(charter: Charter) -> date:
    """The day it is where the charter holds."""
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo(charter.calendar.time_zone)).date()


@app.command("calls")
async def calls(charter_id: CharterId, file: File, as_json: AsJson = False) -> None:
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
    from ledger.quality.measures import keep_calls

    charter, source = the_charter(charter_id), "stdin" if file == "-" else Path(file).name

    def keep(to: Connection, rows: list[CallCount], at: datetime) -> Kept[CallCount]:
        return keep_calls(to, charter.id, rows, source, at)

    await _take_file(charter, file, CallCount, keep, as_json=as_json)


@app.command("satisfaction")
async def satisfaction(charter_id: CharterId, file: File, as_json: AsJson = False) -> None:
    r"""Take in the results of a survey: a .csv file with a row for each response.

    Columns: response_id, answered_on (2026-10-16), score (1 to 5), and, where there are any,
    reference (the complaint's) and comment. What is wrong or given again is dealt with as by
    `uphold measure calls`.

    \b
    Examples:
      uphold measure satisfaction insolvency-service survey.csv
      export-survey | uphold measure satisfaction insolvency-service -
    """
    from ledger.quality.measures import keep_responses

    charter = the_charter(charter_id)

    def keep(to: Connection, rows: list[SurveyResponse], at: datetime) -> Kept[SurveyResponse]:
        return keep_responses(to, charter.id, rows, at)

    await _take_file(charter, file, SurveyResponse, keep, as_json=as_json)


async def _take_file(
    charter: Charter, file: str, kind: type[Measured], keep: Keep[Measured], *, as_json: bool
) -> None:
    from starter.intake.csv_rows import read_csv
    from starter.intake.measures import MeasureIntake, columns
    from starter.intake.rows import Form

    with taken_in(file, "taking in", Form.CSV, said=_SAID) as source:
        async with the_ledger() as ledger:
            at, today = datetime.now().astimezone(), today_under(charter)
            intake = MeasureIntake(
                kind,
                lambda rows: ledger.writing(lambda c: keep(c, rows, at)),
                source.taking,
                today,
            )
            await intake.take(read_csv(file, source.stream, *columns(kind)))
    for each in intake.corrections if not as_json else ():
        say(f"Superseded {each}")
    source.summary("row", as_json=as_json, corrections=intake.corrections)


@app.command("show")
async def show(
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
    from ledger.quality.measures import calls_by_month, satisfaction_by_month
    from starter.terminal.pages import measures as page

    charter = the_charter(charter_id)
    last = last or today_under(charter)
    first = first or date(last.year, 1, 1)
    if first > last:
        raise typer.BadParameter(f"{first} lies after --to {last}.", param_hint="'--from'")
    async with the_ledger() as ledger:
        called, answered = await ledger.reading(
            lambda c: (
                calls_by_month(c, charter.id, first, last),
                satisfaction_by_month(c, charter.id, first, last),
            )
        )
    if as_json:
        say_json(page.as_json(charter, first, last, called, answered))
    else:
        say(f"{charter.charter.organisation}, {first} to {last}\n")
        page.print_calls(charter, called)
        page.print_satisfaction(answered)
