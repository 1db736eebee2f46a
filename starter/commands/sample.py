"""Owns `uphold sample`: draw the monthly sample, show its checklist, record what was found.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from domain.calendar.months import Month
from starter.acting import the_actor, the_settings
from starter.commands.measures import AsJson, CharterId, the_charter
from starter.exits import REFUSED, run
from starter.printing import say, say_json, tell
from starter.source_file import beside, opened
from starter.verb_command import ActorId, ActorName, ActorRole

if TYPE_CHECKING:
    from domain.complaint.commands import Actor
    from starter.sample_desk import Drawn, Recorded, SampleDesk

app = typer.Typer(
    name="sample",
    no_args_is_help=True,
    help="Look at a sample of each month's closed complaints.",
    rich_markup_mode=None,
)


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
async def _desk(charter_id: str) -> AsyncIterator[SampleDesk]:
    from activities.ledger import open_sql_ledger
    from starter.sample_desk import SampleDesk

    charter = the_charter(charter_id)
    async with open_sql_ledger(the_settings().ledger_url) as ledger:
        await ledger.require_ready()
        yield SampleDesk(ledger, charter)


@app.command("draw")
def draw(
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
    from starter import sample_page as page
    from starter.sample_desk import Wish

    wish = Wish(size=size, per_handler=per_handler, seed=seed, replace=replace)

    async def drawn() -> Drawn:
        async with _desk(charter_id) as desk:
            return await desk.draw(of, wish, datetime.now(UTC))

    found = run(drawn())
    if as_json:
        say_json(
            {
                **page.as_json(found.sample),
                "new": found.new,
                "population_now": found.population,
                **found.difference._asdict(),
            }
        )
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
def show(
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
    from starter import sample_page as page
    from starter.sample_forms import form_of

    if form and (as_json or reference):
        raise typer.BadParameter("--form is of the whole sample: give it alone.")

    async def found() -> None:
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

    run(found())


@app.command("record")
def record(
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
    note: Annotated[str | None, typer.Option(help="What else there is to say.")] = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="FILE", help="A filled-in form (.csv), or - .")
    ] = None,
    actor_id: ActorId = None,
    actor_name: ActorName = None,
    actor_role: ActorRole = None,
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
    actor = the_actor(the_settings(), actor_id, actor_name, actor_role)
    if file is not None:
        _record_file(charter_id, of, file, actor, as_json=as_json)
    elif reference is not None:
        given = _given(checks or [])
        became = run(_record_one(charter_id, of, reference, given, note, actor))
        if as_json:
            say_json({"reference": reference, "became": became.value})
        else:
            say(f"{reference}: {became}.")


def _given(checks: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for each in checks:
        check, sign, answer = each.partition("=")
        if not sign or not check.strip():
            raise typer.BadParameter(f"{each!r} is not ID=ANSWER.", param_hint="'--check'")
        if check.strip() in given:
            raise typer.BadParameter(f"{check.strip()} is given twice.", param_hint="'--check'")
        given[check.strip()] = answer
    return given


async def _record_one(
    charter_id: str, of: Month, reference: str, given: dict[str, str], note: str | None, by: Actor
) -> Recorded:
    async with _desk(charter_id) as desk:
        sample = await desk.sample(of)
        return await desk.record(sample, reference, given, note, by, datetime.now(UTC))


def _record_file(charter_id: str, of: Month, file: str, actor: Actor, *, as_json: bool) -> None:
    from starter.refused_rows import RefusedRows
    from starter.rows import Form
    from starter.sample_intake import FormIntake

    with opened(file) as stream, RefusedRows(beside(file), Form.CSV) as refused:

        async def take() -> dict[str, int]:
            async with _desk(charter_id) as desk:
                intake = FormIntake(desk, await desk.sample(of), refused.add, actor)
                return await intake.take(file, stream, datetime.now(UTC))

        tally = run(take())
    if as_json:
        path = None if refused.path is None else str(refused.path)
        counted = {name.replace(" ", "_"): count for name, count in tally.items()}
        say_json({**counted, "refused_file": path})
    else:
        said = [f"{count} {name}" for name, count in tally.items() if count or name == "recorded"]
        say(f"{', '.join(said)}.")
        if refused.path is not None:
            tell(f"Refused rows, each with its reason: {refused.path}")
    if tally["refused"]:
        raise typer.Exit(REFUSED)
