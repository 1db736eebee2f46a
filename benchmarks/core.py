"""Measures the core alone: the story decided on one core, without Temporal.

Owns the mix of complaints, so that what the core remembers of earlier counts is as it would be
over a year's complaints and not over one complaint told again and again.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.report import ROOT, Figure
from benchmarks.story import SAID, actor_of, opening, reviewer
from charters.files import CharterBook
from domain.charter.rules import Rules
from domain.complaint.decider.decide import AnyCommand, take
from domain.complaint.decider.parsing import parse_command
from domain.complaint.decider.react import react
from domain.complaint.decider.timers import next_wake
from domain.complaint.features.handling.receiving import Open
from domain.complaint.opening import Opening
from domain.complaint.state import Complaint
from domain.errors import Refused
from domain.vocabulary import State
from simulation.sources import rules_for

CHARTERS = (
    ("financial-ombudsman", "manager"),
    ("insolvency-service", None),
    ("customer-promise", None),
    ("casework-standards", None),
)
CHANNELS = ("email", "phone", "letter", "web-form", "visit")
YEAR = 2026
SEED = 20260105
AT_ONCE = 200
_MEASURE = (
    "import sys; from benchmarks.core import measure_core; found = measure_core(int(sys.argv[1]), 1);"
    " print(getattr(found, 'per_second', None) or found[0].reached)"
)
"""Runs in an older checkout too, whose figures had names."""


Told = tuple[Rules, dict[str, Any], list[tuple[str, dict[str, Any], datetime]]]


def measure_core(count: int, passes: int = 3) -> list[Figure]:
    """Tell `count` complaints through the core, `passes` times, another mix each time; medians.

    Complaints a second on one core: decided from commands as values, and with opening and commands
    parsed and checked first.
    """
    decided, whole = [], []
    for number in range(passes + 1):
        parsing, deciding = 0.0, 0.0
        told = _mix(count, SEED + number)
        # A handful at a time: a year's complaints are not in memory together either.
        while some := list(islice(told, AT_ONCE)):
            begun = time.process_time()
            parsed = [_parse(one) for one in some]
            between = time.process_time()
            for rules, commands in parsed:
                tell(rules, commands)
            parsing += between - begun
            deciding += time.process_time() - between
        if number:  # the first pass fills the tables of the calendars, which a worker does once
            decided.append(count / deciding)
            whole.append(count / (parsing + deciding))
    return [
        Figure("the core alone", median(decided), "/s"),
        Figure("… read from JSON", median(whole), "/s"),
    ]


def measure_beside(other: Path, count: int, rounds: int = 3) -> list[Figure]:
    """Both cores in turn, each in a process of its own, so that each finds its own modules."""
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_in_a_process(ROOT, count))
        theirs.append(_in_a_process(other, count))
    return [
        Figure("the core alone, here", median(ours), "/s"),
        Figure("the core alone, there", median(theirs), "/s"),
        Figure("the core alone, to there", median(ours) / median(theirs), at_least=2),
    ]


def _in_a_process(checkout: Path, count: int) -> float:
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(count)],
        cwd=checkout, env=os.environ | {"PYTHONPATH": str(checkout.resolve())},
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout)


def tell(rules: Rules, commands: list[tuple[AnyCommand, datetime]]) -> Complaint:
    """The complaint after these commands, with every notice made and every wake-up found."""
    complaint = Complaint(rules)
    for command, at in commands:
        steps = take(complaint, command, at)
        for step in steps:
            react(step.complaint, step.event)
        complaint = steps[-1].complaint
        next_wake(complaint)
    if complaint.state is not State.CLOSED:
        raise Refused(f"{complaint.reference} did not come to its end.")
    return complaint


def year_of(charter: str) -> Rules:
    """The charter with its calendar for that year."""
    return rules_for(CharterBook().get(charter), date(YEAR, 1, 1), date(YEAR, 12, 31))


def _mix(count: int, seed: int) -> Iterator[Told]:
    chance = random.Random(seed)  # noqa: S311 - a mix, no secret
    first = datetime(YEAR, 1, 1, tzinfo=UTC)
    ruled = {name: year_of(name) for name, _ in CHARTERS}
    for number in range(count):
        name, stage = chance.choice(CHARTERS)
        rules = ruled[name]
        at = first + timedelta(minutes=chance.randrange(360 * 24 * 60))
        told = opening(
            f"CORE-{number}", at, charter=name, stage=stage, channel=chance.choice(CHANNELS)
        )
        who = reviewer(rules.charter, stage or rules.ladder[0].id)
        verbs = []
        for verb, fields in SAID.items():
            at += timedelta(minutes=chance.randrange(1, 600))
            actor = actor_of(verb, who).model_dump(mode="json")
            said = {"command_id": f"{number}-{verb}", "actor": actor, **fields}
            verbs.append((verb, said, at))
        yield rules, told.model_dump(mode="json"), verbs


def _parse(told: Told) -> tuple[Rules, list[tuple[AnyCommand, datetime]]]:
    rules, argument, verbs = told
    opened = Opening.model_validate(argument)
    commands: list[tuple[AnyCommand, datetime]] = [
        (Open(opening=opened, digest=rules.digest), opened.received_at)
    ]
    commands += [(parse_command(verb, said), at) for verb, said, at in verbs]
    return rules, commands
