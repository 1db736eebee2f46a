"""`uphold simulate`: complaints that are played or replayed under a charter, and what is said of them."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from starter.terminal.exits import run
from starter.terminal.options import AsJson, LedgerUrl, day, pairs
from starter.terminal.printing import print_tables, progress, say, say_json
from starter.terminal.session import the_book, the_ledger

if TYPE_CHECKING:
    from charters.files import CharterBook
    from domain.charter.rules import Rules
    from simulation.results.result import Result
    from simulation.run import World
    from simulation.scenario.model import Scenario, Span
    from simulation.sources import Closed

AIM_PER_SECOND: Final = 5000
"""Complaints a second on one core that are aimed at."""
_STAFF: Final = "'--staff'"


def simulate(
    charter: Annotated[
        str, typer.Argument(metavar="CHARTER", help="A charter's id, or a charter file (.toml).")
    ],
    complaints: Annotated[
        int, typer.Option("--complaints", metavar="N", help="How many complaints come.")
    ] = 10_000,
    days: Annotated[int, typer.Option("--days", metavar="N", help="In how many days.")] = 365,
    first_day: Annotated[
        date | None,
        typer.Option(
            "--from", parser=day, metavar="DATE", help="The first of these days. [2026-01-05]"
        ),
    ] = None,
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
        bool, typer.Option("--from-ledger", help="Replay closed complaints of a ledger instead.")
    ] = False,
    ledger: LedgerUrl = None,
    recorded_under: Annotated[
        str | None,
        typer.Option(
            "--recorded-under", metavar="ID", help="Which of them; default: CHARTER's id; or `all`."
        ),
    ] = None,
    as_json: AsJson = False,
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
    from charters.faults import CharterFaults
    from domain.errors import UnknownCharter
    from simulation.scenario.model import BadScenario, Span

    book = the_book()
    try:
        if from_ledger:
            if against is not None:
                raise typer.BadParameter("--from-ledger and --against exclude each other.")
            _replay(charter, ledger, recorded_under, book, as_json=as_json)
            return
        if ledger or recorded_under:
            raise typer.BadParameter("--ledger and --recorded-under go with --from-ledger.")
        span = Span(complaints, days, first_day or date(2026, 1, 5), seed)
        world = _scenario(scenario, arrivals, staff, absence)
        _simulate([charter, *filter(None, [against])], world, span, book, as_json=as_json)
    except (UnknownCharter, CharterFaults, BadScenario) as error:
        raise typer.BadParameter(str(error)) from None


def _scenario(
    file: Path | None, arrivals: str | None, staff: str | None, absence: float | None
) -> Scenario:
    """The scenario of the file or else the usual one, with what the options say put over it."""
    from simulation.scenario.file import share, staff_from, word
    from simulation.scenario.model import Pattern, Scenario
    from simulation.sources import read_scenario

    found = read_scenario(file) if file else Scenario()
    if arrivals is not None:
        pattern = word(Pattern, arrivals, "--arrivals")
        found = replace(found, arrivals=replace(found.arrivals, pattern=pattern))
    if staff is not None:
        found = replace(found, staff=staff_from(_counts(staff), "--staff"))
    if absence is not None:
        found = replace(found, absence=share(absence, "--absence"))
    return found


def _counts(text: str) -> dict[str, Any]:
    found = pairs(text.split(","), "ROLE=N, as in case-handler=12,manager=3", _STAFF)
    return {
        role: int(count) if count.lstrip("-").isdecimal() else count
        for role, count in found.items()
    }


def _simulate(
    names: list[str], scenario: Scenario, span: Span, book: CharterBook, *, as_json: bool
) -> None:
    """Play the same complaints under each charter, and print what became of them.

    Raises `UnknownCharter`, `CharterFaults`, `BadScenario`.
    """
    from simulation.run import World
    from simulation.sources import find_charter, rules_for

    days = min(span.days, (date.max - span.first_day).days)
    last_day: date = span.first_day + timedelta(days=days)
    charters = tuple(
        rules_for(find_charter(name, book), span.first_day, last_day) for name in names
    )
    world = World(scenario, span, charters)
    results, seconds = _played(world, charters)
    speed = {
        "complaints_per_second": round(span.complaints * len(results) / seconds),
        "aim": AIM_PER_SECOND,
        "seconds": round(seconds, 2),
    }
    if as_json:
        _say_json(results, speed)
    else:
        _show(names, results, speed)


def _played(world: World, charters: tuple[Rules, ...]) -> tuple[list[Result], float]:
    begun = process_time()
    results = []
    for rules in charters:
        with progress(f"simulating {rules.charter.id}", world.span.complaints) as moved:
            results.append(world.play(rules, moved))
    return results, max(process_time() - begun, 1e-9)


def _say_json(results: list[Result], speed: dict[str, Any]) -> None:
    from simulation.results.result import differences, queue_differences

    said: dict[str, Any] = {"simulation": asdict(results[0])}
    if len(results) > 1:
        said["against"] = asdict(results[1])
        said["differences"] = {
            "promises": [asdict(each) for each in differences(*results)],
            "queues": [asdict(each) for each in queue_differences(*results)],
        }
    say_json(said | {"speed": speed})


def _show(names: list[str], results: list[Result], speed: dict[str, Any]) -> None:
    from simulation.results.result import differences, queue_differences
    from starter.terminal.pages.simulation import comparison, tables

    for result in results:
        print_tables(*tables(result))
        for name, count in result.refusals.items():
            say(f"{result.charter}: the rules refused something {count:,} times ({name}).")
        if result.unattended:
            say(
                f"{result.charter}: {result.unattended:,} times nobody was left who had no part in"
                " the complaint before: it waited for a reviewer until the end."
            )
    if len(results) > 1:
        say(f"{names[1]}, less {names[0]}: the same complaints, people and luck")
        print_tables(*comparison(differences(*results), queue_differences(*results)))
    say(
        f"{speed['complaints_per_second']:,} complaints a second on one core;"
        f" {speed['aim']:,} are aimed at. Days are working days, of those that came;"
        " what was open or stopped is neither kept nor missed."
    )


def _replay(
    name: str, url: str | None, recorded_under: str | None, book: CharterBook, *, as_json: bool
) -> None:
    """Replay closed complaints under a charter, and print what would have been otherwise.

    `url` is none for the ledger of the settings. Raises `NothingToReplay`, `LedgerError` and, for
    the charter, as `_simulate`.
    """
    from simulation.replay import replay_all
    from simulation.sources import find_charter, rules_for
    from starter.terminal.pages.simulation import replayed

    charter = find_charter(name, book)
    records, erased = run(_records(url, recorded_under or charter.id))
    days = [event.at.date() for each in records for event in (each.events[0], each.events[-1])]
    received = min(each.events[0].opening.received_at.date() for each in records)
    rules = rules_for(charter, received, max(days))
    with progress("replaying", len(records)) as moved:
        result = replay_all(records, rules, moved)
    if as_json:
        say_json(asdict(result) | {"erased": erased})
        return
    print_tables(*replayed(result))
    if not (result.changed or result.refusals or result.unknown):
        say("No promise would have fared otherwise.\n")
    for what, count in result.refusals.items():
        say(f"Could not have been done so, {count:,} time{'s' * (count != 1)}: {what}.")
    if result.unknown:
        say(f"Left out, since it cannot be done again: {result.unknown:,} of the things done.")
    if erased:
        say(
            f"Left out, since what was done on them was erased: {erased:,} of the closed complaints."
        )


async def _records(url: str | None, recorded_under: str) -> Closed:
    from simulation.sources import read_closed

    async with the_ledger(url) as ledger:
        with progress("reading the ledger", None) as moved:
            return await read_closed(ledger, recorded_under, moved)
