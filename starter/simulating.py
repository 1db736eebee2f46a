"""Owns running simulations and replays for a person: their progress, and what is printed of them.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from time import process_time
from typing import TYPE_CHECKING, Any, Final

from starter.acting import the_settings
from starter.exits import run
from starter.printing import console, say, say_json

if TYPE_CHECKING:
    from activities.charter_files import CharterBook
    from domain.charter.rules import Rules
    from simulation.replay import Recorded
    from simulation.result import Result
    from simulation.run import World
    from simulation.scenario import Scenario, Span

AIM_PER_SECOND: Final = 5000
"""Complaints a second on one core that are aimed at."""


def simulate_all(
    names: list[str], scenario: Scenario, span: Span, book: CharterBook, *, as_json: bool
) -> None:
    """Play the same complaints under each charter, and print what became of them.

    Raises `UnknownCharter`, `CharterFaults`, `BadScenario`.
    """
    from simulation.reading import find_charter, rules_for
    from simulation.run import World, check_span

    check_span(span)
    last_day: date = span.first_day + timedelta(days=span.days)
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
        with _bar(f"simulating {rules.charter.id}", world.span.complaints) as moved:
            results.append(world.play(rules, moved))
    return results, max(process_time() - begun, 1e-9)


def _say_json(results: list[Result], speed: dict[str, Any]) -> None:
    from simulation.comparing import differences, queue_differences

    said: dict[str, Any] = {"simulation": asdict(results[0])}
    if len(results) > 1:
        said["against"] = asdict(results[1])
        said["differences"] = {
            "promises": [asdict(each) for each in differences(*results)],
            "queues": [asdict(each) for each in queue_differences(*results)],
        }
    say_json(said | {"speed": speed})


def _show(names: list[str], results: list[Result], speed: dict[str, Any]) -> None:
    from simulation.comparing import differences, queue_differences
    from starter.simulation_page import comparison, tables

    shown = console()
    for result in results:
        for part in tables(result):
            shown.print(part)
        for name, count in result.refusals.items():
            say(f"{result.charter}: the rules refused something {count:,} times ({name}).")
        if result.unattended:
            say(
                f"{result.charter}: {result.unattended:,} times nobody was left who had no part in"
                " the complaint before: it waited for a reviewer until the end."
            )
    if len(results) > 1:
        say(f"{names[1]}, less {names[0]}: the same complaints, people and luck")
        for part in comparison(differences(*results), queue_differences(*results)):
            shown.print(part)
    say(
        f"{speed['complaints_per_second']:,} complaints a second on one core;"
        f" {speed['aim']:,} are aimed at. Days are working days, of those that came;"
        " what was open or stopped is neither kept nor missed."
    )


def replay(
    name: str, url: str, recorded_under: str | None, book: CharterBook, *, as_json: bool
) -> None:
    """Replay closed complaints under a charter, and print what would have been otherwise.

    `url` is empty for the ledger of the settings. Raises `NothingToReplay`, `LedgerError` and, for
    the charter, as `simulate_all`.
    """
    from simulation.reading import find_charter, rules_for
    from simulation.replay import replay_all
    from starter.simulation_page import replayed

    charter = find_charter(name, book)
    records = run(_records(url or the_settings().ledger_url, recorded_under or charter.id))
    days = [event.at.date() for each in records for event in (each.events[0], each.events[-1])]
    received = min(each.events[0].opening.received_at.date() for each in records)
    rules = rules_for(charter, received, max(days))
    with _bar("replaying", len(records)) as moved:
        result = replay_all(records, rules, moved)
    if as_json:
        say_json(asdict(result))
        return
    for part in replayed(result):
        console().print(part)
    if not result.changed:
        say("No promise would have fared otherwise.\n")
    for what, count in result.refusals.items():
        say(f"Could not have been done so, {count:,} times: {what}.")
    if result.unknown:
        say(f"Left out, since it cannot be done again: {result.unknown:,} of the things done.")


async def _records(url: str, recorded_under: str) -> tuple[Recorded, ...]:
    from activities.ledger import open_ledger
    from simulation.reading import read_closed

    async with open_ledger(url) as ledger:
        await ledger.require_ready()
        with _bar("reading the ledger", None) as moved:
            return await read_closed(ledger, recorded_under, moved)


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, as long as that is a terminal."""
    errors = console(stderr=True)
    if not errors.is_terminal:
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    shape = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*shape, console=errors, transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda count: progress.update(task, completed=count)
