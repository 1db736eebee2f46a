"""Owns whole complaints on record for the tests of the ledger as evidence, and how somebody tampers with them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import make_url, text

from activities.contracts import LedgerEntry, entry_of
from domain.complaint.decider.evolve import Step, evolve
from domain.complaint.state import Complaint
from ledger.port import Ledger
from ledger.sql import tables
from ledger.sql.ledger import SqlLedger
from tests.domain.playing.stories import Story, rules_of

CHARTER = "financial-ombudsman"
ANN, BOB = "FO-ANN", "FO-BOB"


@cache
def entries(reference: str, **fields: Any) -> tuple[LedgerEntry, ...]:
    """What a busy complaint with a remedy and a missed promise adds to the ledger, event by event."""
    story = Story(CHARTER, reference=reference, **fields)
    story.do("allocate").do("acknowledge").do("update")
    story.at("2026-11-30 10:00").do("reply").at("2026-12-01 10:00")
    rules = rules_of(CHARTER)
    before = Complaint(rules)
    made = []
    for event in (replace(story.events[0], digest=rules.digest), *story.events[1:]):
        after = evolve(before, event)
        made.append(entry_of(before, [Step(event, after)]))
        before = after
    return tuple(made)


async def put_on_record(ledger: Ledger, *references: str, **fields: Any) -> None:
    """The complaints of these references, with the charter that they are pinned to."""
    rules = rules_of(CHARTER)
    await ledger.keep_charter(rules.digest, rules.packed)
    for reference in references:
        for entry in entries(reference, **fields):
            await ledger.record(entry)


async def tamper(ledger: SqlLedger, *statements: str, **given: Any) -> None:
    """Change the database as its owner can, whom no right, trigger or key of another table keeps out."""

    def change(run: Callable[[str, dict[str, Any]], object]) -> None:
        for each in statements:
            run(each, {name: value for name, value in given.items() if f":{name}" in each})

    file = ledger.shown.removeprefix("sqlite:///")
    if file == ledger.shown:
        unbound = [
            f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS fk_{table}_reference"
            for table in ("events", "clocks", "notices", "remedies")
        ]
        unbound.append("ALTER TABLE waiting DROP CONSTRAINT IF EXISTS fk_waiting_key")
        statements = (*unbound, *statements)
        await ledger.writing(lambda c: change(lambda each, values: c.execute(text(each), values)))
        return
    with closing(sqlite3.connect(make_url(ledger.shown).database or "")) as other:
        for table in tables.APPEND_ONLY:
            for one in ("update", "delete"):
                other.execute(f"DROP TRIGGER IF EXISTS {table}_no_{one}")
        change(other.execute)
        other.commit()
