"""`uphold sample`: draw the monthly sample, show its checklist, record what was found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from domain.calendar.months import Month
from starter.terminal.options import NOBODY, Acts, AsJson, CharterId, Commands, pairs
from starter.terminal.printing import say, say_json
from starter.terminal.session import (
    the_actor,
    the_charter,
    the_ledger,
    the_settings,
)
from starter.terminal.source_file import taken_in

if TYPE_CHECKING:
    from domain.complaint.commands import Actor
    from starter.desk.samples import Drawn, SampleDesk

_SAID: Final = {
    "recorded": "recorded", "superseded": "superseded", "unchanged": "unchanged",
    "passed_over": "passed over",
}  # fmt: skip

app = Commands("Look at a sample of each month's closed complaints.")


def month(text: str) -> Month:
    """The month that an argument names. Raises a usage error."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


TheMonth = Annotated[
    Month, typer.Argument(parser=month, metavar="MONTH", help="The month, such as 2026-10.")
]


@asynccontextmanager
async def _desk(charter_id: str, reviewer: Actor | None = None) -> AsyncIterator[SampleDesk]:
    """The samples of that charter; a `reviewer` has to prove who they are. Raises `Unproven`."""
    from starter.desk.keeping.proving import office_of
    from starter.desk.samples import SampleDesk

    charter, proof = the_charter(charter_id), None
    if reviewer:
        proof = (await office_of(the_settings(), reviewer)).proof("a sample")
    async with the_ledger() as ledger:
        yield SampleDesk(ledger, charter, proof)


@app.command("draw")
async def draw(
    charter_id: CharterId,
    of: TheMonth,
    size: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="How many; default: the charter's.")
    ] = None,
    per_handler: Annotated[
        int | None,
        typer.Option(min=0, max=100, help="Of each handler, so many at least; default: as above."),
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Another text, another sample.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Draw anew, while no case was looked at.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    r"""Draw the sample of a month that is over from the complaints closed in it.

    Nothing is left to chance: the same complaints give the same sample, wherever and however often
    it is drawn. It is kept. Asked for again, it stands, and this command says what another drawing
    would change because complaints came, or were reopened, since.

    \b
    Examples:
      uphold sample draw financial-ombudsman 2026-10
      uphold sample draw financial-ombudsman 2026-10 --size 40 --per-handler 2 --seed autumn
    """
    from starter.terminal.pages import sample as page

    asked = {"size": size, "per_handler": per_handler, "seed": seed}
    async with _desk(charter_id) as desk:
        found = await desk.draw(of, datetime.now(UTC), replace=replace, **asked)
    if as_json:
        more = {"new": found.new, "population_now": found.population}
        say_json({**page.as_json(found.sample), **more, **found.difference._asdict()})
        return
    if not found.new:
        say("This sample was drawn before, and stands.")
    say(page.in_words(found.sample))
    page.print_cases(found.sample)
    if not found.new:
        say(_differs(found))


def _differs(found: Drawn) -> str:
    before, now = found.sample.population, found.population
    if not any(found.difference):
        return f"Drawn now, from {now} closed complaints, it would be the same."
    said = []
    if found.difference.would_come:
        said.append(f"come in: {', '.join(found.difference.would_come)}")
    if found.difference.would_go:
        said.append(f"go out: {', '.join(found.difference.would_go)}")
    return (
        f"Drawn now, from {now} closed complaints (then {before}), there would {'; '.join(said)}."
    )


@app.command("show")
async def show(
    charter_id: CharterId,
    of: TheMonth,
    reference: Annotated[str | None, typer.Argument(metavar="REF", help="Only this case.")] = None,
    form: Annotated[
        bool, typer.Option("--form", help="As a CSV form that `record --file` reads.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    r"""Show the checklist of each sampled case, and what was found.

    \b
    Examples:
      uphold sample show financial-ombudsman 2026-10
      uphold sample show financial-ombudsman 2026-10 --form > october.csv
    """
    from starter.intake.sample_forms import form_of
    from starter.terminal.pages import sample as page

    if form and (as_json or reference):
        raise typer.BadParameter("--form is of the whole sample: give it alone.")

    async with _desk(charter_id) as desk:
        sample = await desk.sample(of)
        items = [sample.item(reference)] if reference else sample.items
        if form:
            typer.echo(form_of(sample), nl=False)
        elif as_json:
            wanted = {item.reference for item in items}
            answer = page.as_json(sample)
            answer["items"] = [i for i in answer["items"] if i["reference"] in wanted]
            say_json(answer)
        else:
            say(f"{page.in_words(sample)}\n")
            for item in items:
                page.print_checklist(sample, item, await desk.promises(item))
            if not reference:
                page.print_findings(sample)


@app.command("record")
async def record(
    charter_id: CharterId,
    of: TheMonth,
    reference: Annotated[
        str | None, typer.Argument(metavar="REF", help="The case; left out with --file.")
    ] = None,
    checks: Annotated[
        list[str] | None,
        typer.Option(
            "--check", metavar="ID=ANSWER", help="yes, no or not-applicable; once for each check."
        ),
    ] = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What else there is to say.")
    ] = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="FILE", help="A filled-in form (.csv), or - .")
    ] = None,
    acts: Acts = NOBODY,
    as_json: AsJson = False,
) -> None:
    r"""Record what was found in a case: an answer to every check of the list.

    Only quality or an administrator records, and nobody on a case that they had a part in. Recorded
    again, a result takes the place of the earlier one. From a form, cases without any answer are
    passed over; rows that are wrong go into FILE.refused.csv with the reason, and the exit code is 1.

    \b
    Examples:
      uphold sample record financial-ombudsman 2026-10 FO-2026-000123 \
             --check introduced=yes --check acknowledged=no … --note "Acknowledged a week late."
      uphold sample record financial-ombudsman 2026-10 --file october.csv
    """
    if (reference is None) == (file is None):
        raise typer.BadParameter("Give a REF with its --check, or a --file.")
    if file is not None and (checks or note):
        raise typer.BadParameter("--check and --note go with a REF: a form has its own.")
    actor, now = the_actor(acts), datetime.now(UTC)
    if file is not None:
        await _record_file(charter_id, of, file, actor, as_json=as_json)
    elif reference is not None:
        given = pairs(checks or (), "ID=ANSWER", "'--check'")
        async with _desk(charter_id, actor) as desk:
            sample = await desk.sample(of)
            became = await desk.record(sample, reference, given, note, actor, now)
        if as_json:
            say_json({"reference": reference, "became": became})
        else:
            say(f"{reference}: {became}.")


async def _record_file(
    charter_id: str, of: Month, file: str, actor: Actor, *, as_json: bool
) -> None:
    from starter.intake.rows import Form
    from starter.intake.sample_forms import read_form, record_form

    with taken_in(file, "recording", Form.CSV, said=_SAID) as source:
        async with _desk(charter_id, actor) as desk:
            sample = await desk.sample(of)
            rows = read_form(file, source.stream, sample)
            await record_form(rows, source.taking, desk, sample, actor, datetime.now(UTC))
    source.summary("case", as_json=as_json)
