"""Complaints of a busy year, played through the core, and as the ledger takes them.

Owns who does what when: by dice that always fall the same way.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from activities.contracts import LedgerEntry
from domain.complaint.views.read_model import clock_standing, standing_of
from domain.vocabulary import Role
from ledger.sql.ledger import SqlLedger
from tests.domain.playing.stories import LONDON, Story

CHARTER = "financial-ombudsman"
FIRST, LAST = date(2026, 6, 1), date(2026, 11, 30)
COUNT = 60
CHANNELS = ("email", "letter", "phone", "web-form")
REASONS = ("The bank is slow.", "The handler is away.", "=1+1", "A surveyor looks at it.")
STAGES = ("case-handler", "manager", "complaints-team", "independent-assessor")
OUTCOMES = ("upheld", "partly-upheld", "not-upheld")


@cache
def played() -> tuple[Story, ...]:
    """The complaints as they stand in the spring after."""
    chance = random.Random(20260601)  # noqa: S311 - complaints, not secrets
    return tuple(_play(f"FO-2026-{number:06}", chance) for number in range(COUNT))


def _play(reference: str, chance: random.Random) -> Story:
    received = datetime(2026, 3, 30, 10, tzinfo=LONDON) + timedelta(
        days=chance.randrange(250), hours=chance.randrange(14), minutes=chance.randrange(60)
    )
    story = Story(
        CHARTER,
        f"{received:%Y-%m-%d %H:%M}",
        reference=reference,
        channel=chance.choice(CHANNELS),
        stage=chance.choice(STAGES[:2]),
        subject_case=chance.choice(({"reference": "C-9", "open": True}, None)),
    )
    for _ in range(chance.randrange(1, 6)):
        if story.complaint.closed:
            break
        _work(story, chance)
        if chance.random() < 0.4:
            _take_up_again(story, chance)
        if chance.random() < 0.3:
            _say(story, chance.choice(("accept", "withdraw", "accept")), chance)
        else:
            place = min(STAGES.index(story.complaint.stage) + 1, len(STAGES) - 1)
            _say(story, "escalate", chance, to=STAGES[place])
    return story.at("2027-02-26 09:00") if chance.random() < 0.8 else story


def _work(story: Story, chance: random.Random) -> None:
    """What may be done at a stage, some of it late, some of it not at all."""
    for verb in (
        "allocate",
        "introduce",
        "acknowledge",
        "record_contact",
        "answer_contact",
        "update",
    ):
        if chance.random() < 0.8:
            _say(story, verb, chance)
    if chance.random() < 0.5:
        later = (story.now + timedelta(days=chance.randrange(7, 21))).date()
        _say(story, "extend", chance, new_due=later, reason=chance.choice(REASONS))
    if chance.random() < 0.3:
        _say(story, "pause", chance, review_on=(story.now + timedelta(days=9)).date())
        _say(story, "resume", chance, wait=8)
    if chance.random() < 0.9:
        _say(story, "reply", chance, wait=12, outcome=chance.choice(OUTCOMES))


def _take_up_again(story: Story, chance: random.Random) -> None:
    """Reopened soon after the reply, or when the window had closed by itself; mostly answered anew."""
    story.until(story.now + timedelta(days=chance.choice((2, 2, 45))))
    # What the rules do not allow leaves no trace.
    by = Role.MANAGER if story.complaint.closed else None
    story.attempt(story.command("reopen", by))
    if chance.random() < 0.7:
        _say(story, "reply", chance, wait=12, outcome=chance.choice(OUTCOMES))


def _say(story: Story, verb: str, chance: random.Random, wait: int = 3, **fields: Any) -> None:
    if story.complaint.closed:
        return
    story.until(story.now + timedelta(hours=chance.randrange(1, 24 * wait)))
    if not story.complaint.closed:
        # What the rules do not allow leaves no trace.
        story.attempt(story.command(verb, "customer" if verb in _CUSTOMERS else None, **fields))


_CUSTOMERS = frozenset({"accept", "withdraw", "escalate"})


def entry_of(story: Story) -> LedgerEntry:
    """All of a complaint as one entry."""
    complaint = story.complaint
    return LedgerEntry(
        complaint.reference,
        tuple(story.events),
        standing_of(complaint),
        tuple(clock_standing(clock, complaint.rules) for clock in complaint.clocks),
        (),
    )


async def record(ledger: SqlLedger, stories: tuple[Story, ...] | list[Story]) -> None:
    """Records the stories."""
    for story in stories:
        await ledger.record(entry_of(story))
