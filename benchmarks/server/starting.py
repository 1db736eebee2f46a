"""Measures what a staff command costs until it has answered, beside loading what any of them needs.

Owns the mix: a verb, a list and a case file, each of which asks and finds nothing. It is processor time, so what the
server takes to answer is no part of it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks.report import Figure
from benchmarks.server.processes import environment
from starter.terminal.exits import REFUSED

NOBODYS: Final = "FO-2026-000000"
LOADED: Final = ("-c", "import temporalio.client, pydantic")
COMMANDS: Final = {
    "a verb": ("acknowledge", NOBODYS),
    "`list`": ("list",),
    "`show`": ("show", NOBODYS),
}
AT_MOST: Final = 1.25
WHOEVER: Final = {"ID": "a.staff", "NAME": "A Staff", "ROLE": "manager"}


def measure_starting(address: str, ledger_url: str, folder: Path, times: int) -> list[Figure]:
    """Of each command the least of so many runs, to the least of loading the SDK's client and pydantic.

    Raises `RuntimeError` for one that did not do its work.
    """
    actor = {f"UPHOLD_ACTOR_{name}": value for name, value in WHOEVER.items()}
    env = environment() | actor | {"TEMPORAL_ADDRESS": address, "UPHOLD_LEDGER_URL": ledger_url}
    del env["UPHOLD_CONFIG"]  # there is no file of settings in the folder
    least = {
        what: min(_seconds(["-m", "starter.admin", *words], env, folder) for _ in range(times))
        for what, words in COMMANDS.items()
    }
    loaded = min(_seconds([*LOADED], env, folder) for _ in range(times))
    return [
        Figure(f"{what}, to loading the SDK's client and pydantic", taken / loaded, at_most=AT_MOST)
        for what, taken in least.items()
    ]


def _seconds(words: list[str], env: dict[str, str], folder: Path) -> float:
    """The processor time of one run, all its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, *words], env=env, cwd=folder, capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in {os.EX_OK, REFUSED}:
        raise RuntimeError(f"{' '.join(words)} left with {done.returncode}: {done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
