"""Owns the admin script `uphold`: which commands there are.

Every command's module imports what is heavy only when it runs, so that `uphold --help` is quick.
"""

from __future__ import annotations

from typing import NoReturn

import typer

from starter.commands import (
    appointments,
    charter,
    charter_migration,
    closures,
    corrections,
    demo,
    dev,
    due,
    information,
    intake,
    ledger,
    limits,
    listing,
    measures,
    people,
    promises,
    remedies,
    report,
    sample,
    schemas,
    service,
    show,
    simulate,
    verbs,
)
from starter.exits import Script, leave

app = typer.Typer(
    name="uphold",
    cls=Script,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def uphold() -> None:
    r"""Keep the promises an organisation publishes about handling complaints.

    \b
    To see it at work:   uphold demo
    To begin:            uphold dev
    Open complaints:     uphold open complaints.csv
    See what is due:     uphold list --due-before 2026-10-16
    Read a case file:    uphold show FO-2026-000123
    Act on a complaint:  uphold acknowledge FO-2026-000123

    Who acts comes from UPHOLD_ACTOR_ID, UPHOLD_ACTOR_NAME and UPHOLD_ACTOR_ROLE, or from flags;
    where the server is, from TEMPORAL_ADDRESS and its like. `uphold settings` lists every setting.
    """


app.command("open")(intake.open_file)
app.command("list")(listing.list_complaints)
app.command("show")(show.show)
app.add_typer(verbs.app)
app.add_typer(appointments.app)
app.add_typer(information.app)
app.add_typer(people.app)
app.add_typer(limits.app)
app.add_typer(corrections.app)
app.add_typer(closures.app, name="closure")
app.add_typer(remedies.app, name="remedy")
app.command("dev")(dev.dev)
app.command("demo")(demo.demo)
charter.app.command("migrate")(charter_migration.migrate)
app.add_typer(charter.app, name="charter")
app.command("promises")(promises.promises)
app.command("due")(due.due)
app.command("simulate", cls=simulate.Simulate)(simulate.simulate)
app.add_typer(ledger.app, name="ledger")
app.add_typer(measures.app, name="measure")
app.add_typer(sample.app, name="sample")
app.command("report")(report.report)
app.command("setup")(service.setup)
app.command("worker")(service.worker)
app.command("health")(service.health)
app.command("settings")(service.settings)
app.command("schemas")(schemas.schemas)


def main() -> NoReturn:
    """Run the script: the entry point `uphold`."""
    try:
        app()
    except SystemExit as ended:
        leave(ended.code)
    leave(0)


if __name__ == "__main__":
    main()
