"""What a simulation reads from outside: charters and their calendars, scenario files, the ledger.

Owns the only I/O of this package; every other module is as pure as the core.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from charters.bank_holidays import known_until
from charters.calendars import resolve_terms
from charters.files import CharterBook, load_charter
from charters.pinning import FIRST_YEAR
from domain.charter.rules import Rules, pack, unpack
from domain.charter.tables import Charter
from domain.complaint.views.standings import Standing
from domain.errors import UpholdError
from domain.vocabulary import State
from ledger.port import Ledger, Listing, every
from simulation.replay import Recorded
from simulation.scenario.file import scenario_from
from simulation.scenario.model import BadScenario, Scenario

ALL = "all"
"""Stands for every charter on record."""
_MARGIN = timedelta(days=366)
"""Dates that are given on the last day lie at most so far ahead, as a rule."""


class NothingToReplay(UpholdError):
    """The ledger has no closed complaint that could be replayed."""


def find_charter(name: str, book: CharterBook) -> Charter:
    """The charter of that id, or in that file. Raises `UnknownCharter` or `CharterFaults`."""
    path = Path(name)
    return load_charter(path) if path.suffix == ".toml" else book.get(name)


def rules_for(charter: Charter, first_day: date, last_day: date) -> Rules:
    """The charter with its calendar from the year before to the second after these days.

    Raises `BadScenario` for days whose bank holidays, or those of the year after, are not known.
    """
    earliest, latest = date(FIRST_YEAR + 1, 1, 1), known_until() - _MARGIN
    if not earliest <= first_day or not last_day <= latest:
        what = f"the days from {first_day} to {last_day} cannot be counted"
        raise BadScenario("--from", what, f"days from {earliest} to {latest}")
    until = min(date(last_day.year + 2, 12, 31), known_until())
    calendar = resolve_terms(charter.calendar, date(first_day.year - 1, 1, 1), until)
    return unpack(pack(charter, calendar))


def read_scenario(path: Path) -> Scenario:
    """The scenario in a file. Raises `BadScenario` naming the file, the place and the value."""
    try:
        return scenario_from(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BadScenario(str(path), f"cannot be read: {reason}") from None
    except UnicodeDecodeError:
        raise BadScenario(str(path), "is not UTF-8 text") from None
    except BadScenario as error:
        raise BadScenario(f"{path}: {error.where}", error.what, error.allowed) from None


async def read_closed(
    ledger: Ledger, recorded_under: str, moved: Callable[[int], None]
) -> tuple[Recorded, ...]:
    """The record of every closed complaint under that charter (or `ALL`), in the order of references.

    `moved` is told how many are read. Raises `NothingToReplay`, `LedgerError`.
    """
    found = every(ledger.complaints, Listing(ended=None))
    standings = tuple([one async for one in found])
    if not standings:
        raise NothingToReplay("The ledger has no complaints. Is it the right one?")
    closed = _closed(standings)
    wanted = [one for one in closed if recorded_under in {ALL, one.charter}]
    if not wanted:
        raise NothingToReplay(_without(recorded_under, standings, closed))
    kept: dict[str, Rules] = {}
    records = []
    for count, standing in enumerate(sorted(wanted, key=lambda one: one.reference)):
        moved(count)
        events = await ledger.events(standing.reference)
        digest = events[0].digest if events and hasattr(events[0], "digest") else standing.digest
        if digest not in kept:
            kept[digest] = unpack(await ledger.charter(digest))
        records.append(Recorded(standing.reference, kept[digest], events))
    return tuple(records)


def _closed(standings: tuple[Standing, ...]) -> list[Standing]:
    return [one for one in standings if one.state == State.CLOSED]


def _without(charter: str, standings: tuple[Standing, ...], closed: list[Standing]) -> str:
    if not closed:
        return f"None of the {len(standings)} complaints in the ledger is closed yet."
    counts = Counter(one.charter for one in closed)
    known = ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
    return (
        f"The ledger has no closed complaint under {charter}. Closed complaints there are: {known}."
        f" Name one of these with --recorded-under, or {ALL}."
    )
