"""Owns `uphold simulate`: its options, and how a scenario is put together from them.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperCommand

from starter.commands.charter import the_book

if TYPE_CHECKING:
    from simulation.scenario import Scenario

_FROM_LEDGER: Final = "--from-ledger"
_OWN_LEDGER: Final = ""
_STAFF: Final = "'--staff'"
_FROM: Final = "'--from'"


class Simulate(TyperCommand):
    """The command, whose `--from-ledger` stands for the settings' own ledger if no URL follows."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Give that option its empty value."""
        given: list[str] = []
        for at, each in enumerate(args):
            given.append(each)
            if each == _FROM_LEDGER and "://" not in "".join(args[at + 1 : at + 2]):
                given.append(_OWN_LEDGER)
        return super().parse_args(ctx, given)


def simulate(
    charter: Annotated[
        str, typer.Argument(metavar="CHARTER", help="A charter's id, or a charter file (.toml).")
    ],
    complaints: Annotated[
        int, typer.Option("--complaints", metavar="N", help="How many complaints come.")
    ] = 10_000,
    days: Annotated[int, typer.Option("--days", metavar="N", help="In how many days.")] = 365,
    first_day: Annotated[
        str, typer.Option("--from", metavar="DATE", help="The first of these days.")
    ] = "2026-01-05",
    arrivals: Annotated[
        str | None,
        typer.Option("--arrivals", metavar="PATTERN", help="poisson (default), uniform or weekly."),
    ] = None,
    staff: Annotated[
        str | None,
        typer.Option(
            "--staff",
            metavar="ROLE=N,…",
            help="People per role. A role left out gets as many as its work asks for.",
        ),
    ] = None,
    absence: Annotated[
        float | None,
        typer.Option("--absence", metavar="SHARE", help="Of the days, somebody is away (0.1)."),
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", metavar="FILE", help="Handling times, choices and all else."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same, the same luck.")] = 1,
    against: Annotated[
        str | None,
        typer.Option(
            "--against", metavar="OTHER", help="A second charter, for the same complaints."
        ),
    ] = None,
    from_ledger: Annotated[
        str | None,
        typer.Option(
            _FROM_LEDGER,
            metavar="[URL]",
            help="Replay closed complaints instead [UPHOLD_LEDGER_URL].",
        ),
    ] = None,
    recorded_under: Annotated[
        str | None,
        typer.Option(
            "--recorded-under", metavar="ID", help="Which of them; default: CHARTER's id; or `all`."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    r"""Simulate a charter: how each promise would fare, and where the queues would stand.

    The same rules decide as in a running complaint. Complaints come, staff work through them in
    the charter's opening hours, some are paused, extended, chased or taken further. The same seed
    gives the same result; with --against both charters meet the same complaints and people, each
    with the same luck, so that what differs is the charters' doing.

    With --from-ledger nothing is invented: what was done on closed complaints is done again at
    the same instants under CHARTER, beside what is on record.

    A scenario file holds what is not said here; every key is optional (docs/simulation.md):

    \b
      order = "due-first"                       # or "first-come"
      absence = 0.1                             # of the working days
      [staff]
      case-handler = 12
      [minutes]                                 # of work for each task
      acknowledge = { between = [5, 15] }
      reply = { median = 120, p90 = 300 }       # or a number, { mean = 90 },
      [minutes.manager]                         #    { mostly = 60, between = [30, 240] }
      reply = 180
      [choices]                                 # shares of 1
      escalate = 0.12
      accept = 0.45

    \b
    Examples:
      uphold simulate financial-ombudsman --complaints 100000 --staff case-handler=180,manager=30
      uphold simulate customer-promise --arrivals weekly --scenario busy.toml --json
      uphold simulate customer-promise --against proposed/customer-promise.toml
      uphold simulate proposed/customer-promise.toml --from-ledger --recorded-under customer-promise
    """
    from activities.charter_files import CharterFaults
    from domain.errors import UnknownCharter
    from simulation.scenario import BadScenario, Span
    from starter.simulating import replay, simulate_all

    book = the_book()
    try:
        if from_ledger is not None:
            if against is not None:
                raise typer.BadParameter("--from-ledger and --against exclude each other.")
            replay(charter, from_ledger, recorded_under, book, as_json=as_json)
            return
        span = Span(complaints, days, _day(first_day), seed)
        world = _scenario(scenario, arrivals, staff, absence)
        simulate_all([charter, *filter(None, [against])], world, span, book, as_json=as_json)
    except (UnknownCharter, CharterFaults, BadScenario) as error:
        raise typer.BadParameter(str(error)) from None


def _scenario(
    file: Path | None, arrivals: str | None, staff: str | None, absence: float | None
) -> Scenario:
    """The scenario of the file or else the usual one, with what the options say put over it."""
    from simulation.reading import read_scenario
    from simulation.scenario import Pattern, Scenario
    from simulation.scenario_file import share, staff_from, word

    found = read_scenario(file) if file else Scenario()
    if arrivals is not None:
        pattern = word(Pattern, arrivals, "--arrivals")
        found = replace(found, arrivals=replace(found.arrivals, pattern=pattern))
    if staff is not None:
        found = replace(found, staff=staff_from(_counts(staff), "--staff"))
    if absence is not None:
        found = replace(found, absence=share(absence, "--absence"))
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a date such as 2026-01-05.", param_hint=_FROM
        ) from None


def _counts(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in text.split(","):
        role, _, count = part.partition("=")
        if not role.strip() or not count.strip():
            raise typer.BadParameter(
                f"{part!r} does not say how many of whom. Allowed: case-handler=12,manager=3",
                param_hint=_STAFF,
            )
        if role.strip() in found:
            raise typer.BadParameter(f"{role.strip()} is named twice.", param_hint=_STAFF)
        try:
            found[role.strip()] = int(count)
        except ValueError:
            found[role.strip()] = count
    return found
