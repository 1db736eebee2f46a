"""Records the histories that are not kept yet: `python -m tests.replay.record`.

Plays every scenario on the real server and writes its history. A history that is kept already is
never written again: this ends with code 1 and names what it left alone if it was asked for it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from engine.dev_server import embedded_environment
from engine.process_exit import leave
from tests.replay.corpus import FOLDER
from tests.replay.scenarios import CUT, SCENARIOS
from tests.workflows.player import an_office

RUN = "-run-"
CUTTING = ("--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=60")


class AlreadyKept(Exception):
    """A history of that name is kept: a running complaint may depend on its being replayed."""


def write(name: str, history: str, folder: Path = FOLDER) -> Path:
    """Write a history under a new name. Raises `AlreadyKept`."""
    path = folder / f"{name}.json"
    short = json.dumps(json.loads(history), separators=(",", ":"), sort_keys=True) + "\n"
    try:
        with path.open("x") as file:
            file.write(_without_machine_paths(short))
    except FileExistsError:
        raise AlreadyKept(f"{path.name} is kept already; record it under another name.") from None
    return path


def _without_machine_paths(history: str) -> str:
    """Stack traces name where a file lies on the machine that recorded it; nobody needs that."""
    for place in (sysconfig.get_path("purelib"), str(Path(__file__).parents[2])):
        history = history.replace(f"{place}/", "")
    return history


async def record(names: Sequence[str]) -> None:
    """Play these scenarios and write their histories."""
    for cut in (False, True):
        chosen = [name for name in names if (name in CUT) is cut]
        if chosen:
            await _record_on_a_server(chosen, CUTTING if cut else ())


async def _record_on_a_server(names: Sequence[str], arguments: Sequence[str]) -> None:
    async with (
        embedded_environment(extra_args=arguments) as env,
        an_office(env, task_queue="recording") as office,
    ):
        for name in names:
            case = await SCENARIOS[name](office)
            await case.settled()
            for number, run in enumerate(await case.runs(), start=1):
                path = write(f"{name}{RUN}{number}" if number > 1 else name, run.to_json())
                sys.stdout.write(f"{path.name}: {len(run.events)} events\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Records what is asked for (everything that is missing unless named); 1 if some were kept."""
    parser = argparse.ArgumentParser(description="Record histories of complaints.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which (default: all missing)")
    given = parser.parse_args(arguments)
    FOLDER.mkdir(exist_ok=True)
    have = {path.stem for path in FOLDER.glob("*.json")}
    wanted = given.names or [name for name in SCENARIOS if name not in have]
    if left := sorted(have.intersection(wanted)):
        sys.stderr.write(f"kept already, and not recorded again: {', '.join(left)}\n")
        return 1
    if unknown := sorted(set(wanted) - SCENARIOS.keys()):
        sys.stderr.write(f"no such scenario: {', '.join(unknown)}\n")
        return 1
    asyncio.run(record(wanted))
    return 0


if __name__ == "__main__":
    leave(main())
