"""Measures the core alone: the story decided on one core, without Temporal.

Owns the mix of complaints, so that what the core remembers of earlier counts is as it would be
over a year's complaints and not over one complaint told again and again.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from activities.charter_files import CharterBook
from activities.charters import resolve
from benchmarks.story import SAID, actor_of, opening, reviewer
from domain.charter.rules import Rules, pack, unpack
from domain.complaint.commands import AnyCommand, Open
from domain.complaint.decider.decide import take
from domain.complaint.decider.react import react
from domain.complaint.decider.timers import next_wake
from domain.complaint.decider.verbs import parse_command
from domain.complaint.opening import Opening
from domain.complaint.state import Complaint
from domain.errors import Refused
from domain.vocabulary import State

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


@dataclass(frozen=True, slots=True)
class CoreFigures:
    """Complaints a second on one core, in the median of the passes, and what they were."""

    per_second: float
    """Decided from commands as values."""
    per_second_from_json: float
    """The same with opening and commands parsed and checked first."""
    mix: dict[str, int]


Told = tuple[Rules, dict[str, Any], list[tuple[str, dict[str, Any], datetime]]]


def measure_core(count: int, passes: int = 3) -> CoreFigures:
    """Tell `count` complaints through the core, `passes` times, another mix each time."""
    decided, whole, mix = [], [], Counter[str]()
    for number in range(passes + 1):
        mix.clear()
        parsing, deciding = 0.0, 0.0
        told = _mix(count, SEED + number)
        # A handful at a time: a year's complaints are not in memory together either.
        while some := list(islice(told, AT_ONCE)):
            mix.update(rules.charter.id for rules, _, _ in some)
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
    middle = passes // 2
    return CoreFigures(sorted(decided)[middle], sorted(whole)[middle], dict(sorted(mix.items())))


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


def _mix(count: int, seed: int) -> Iterator[Told]:
    chance = random.Random(seed)  # noqa: S311 - a mix, no secret
    book = CharterBook()
    first = datetime(YEAR, 1, 1, tzinfo=UTC)
    ruled = {
        name: unpack(pack(*resolve(book, name, first + timedelta(days=180))))
        for name, _ in CHARTERS
    }
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
