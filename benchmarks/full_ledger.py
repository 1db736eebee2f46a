"""Fills a ledger with made-up complaints, straight through SQL: as many as years would bring.

Owns what they are like: spread over two years, up four stages, with clocks that are met, missed,
extended or still open, and the events that a report reads. They are not played through the rules,
which would take minutes: what the figures mean is tested elsewhere.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection

from activities.ledger import schema
from activities.ledger.sql import SqlLedger
from benchmarks.story import opening

CHARTER: Final = "financial-ombudsman"
BEGINS: Final = datetime(2025, 1, 1, tzinfo=UTC)
ENDS: Final = datetime(2027, 1, 1, tzinfo=UTC)
SEED: Final = 20270101
AT_ONCE: Final = 2000
STAGES: Final = ("case-handler", "manager", "complaints-team", "independent-assessor")
PROMISES: Final[dict[str, tuple[tuple[str, str | None, int], ...]]] = {
    "case-handler": (("FO-1", None, 5), ("FO-2", None, 21), ("FO-3", None, 2)),
    "manager": (("FO-8", "acknowledge", 2), ("FO-8", "reply", 10)),
    "complaints-team": (("FO-11", "acknowledge", 2), ("FO-11", "reply", 10)),
    "independent-assessor": (),
}
"""What starts at each stage: promise, part, working days."""
CLIMBS: Final = (0.5, 0.4, 0.3, 0.0)
"""How many go on from each stage."""
LATE, EXTENDED, STOPPED, OPEN = 0.08, 0.15, 0.03, 0.02
REASONS: Final = (
    "The bank has not sent its papers yet.", "The handler is away.", "More letters came.",
    "We have asked a surveyor.", "The recording has to be listened to.",
)  # fmt: skip
OPENING: Final = opening("FO-1", BEGINS).model_dump(mode="json")
PROOF: Final = (
    "10 working days from Monday 5 January 2026, to Monday 19 January 2026; not counted: 2 weekends"
)
Row = dict[str, Any]


@dataclass(slots=True)
class Rows:
    """The rows of some complaints."""

    complaints: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    clocks: list[Row] = field(default_factory=list)
    remedies: list[Row] = field(default_factory=list)


async def fill(ledger: SqlLedger, count: int) -> None:
    """Adds so many complaints to an empty ledger that is ready."""
    chance = random.Random(SEED)  # noqa: S311 - complaints, not secrets
    numbers = iter(range(1, count + 1))
    while some := list(islice(numbers, AT_ONCE)):
        rows = Rows()
        for number in some:
            _Complaint(f"FO-{number:07}", chance, rows).run()
        await ledger.writing(lambda connection, rows=rows: _write(connection, rows))  # type: ignore[misc]


def _write(connection: Connection, rows: Rows) -> None:
    for table, made in (
        (schema.complaints, rows.complaints),
        (schema.events, rows.events),
        (schema.clocks, rows.clocks),
        (schema.remedies, rows.remedies),
    ):
        connection.execute(table.insert(), made)


class _Complaint:
    """One complaint on its way up the ladder."""

    def __init__(self, reference: str, chance: random.Random, rows: Rows) -> None:
        self.reference, self.chance, self.rows = reference, chance, rows
        self.number = 0
        span = int((ENDS - BEGINS).total_seconds())
        self.received = self.now = BEGINS + timedelta(seconds=chance.randrange(span))
        self.missed = 0

    def run(self) -> None:
        """Climbs until somebody is content, or time is up."""
        about = self.chance.choice((["delay"], ["delay", "communication"], ["conduct"]))
        told = {**OPENING, "reference": self.reference, "about": about}
        self._happened("opened", stage=STAGES[0], digest="0123456789abcdef", opening=told)
        outcome = None
        for stage, climbs in zip(STAGES, CLIMBS, strict=True):
            self._happened("allocated", handler={"id": f"h.{self.chance.randrange(40)}"})
            for promise in PROMISES[stage]:
                self._clock(stage, *promise)
            self.now += timedelta(days=self.chance.randrange(3, 25), minutes=7)
            self._happened("updated", message="We have asked the bank for its papers.")
            outcome = self.chance.choice(("upheld", "partly-upheld", "not-upheld"))
            self._happened("replied", stage=stage, outcome=outcome, findings="We were slow." * 20)
            if outcome == "upheld":
                self._remedy(stage)
            if self.chance.random() > climbs:
                break
            self.now += timedelta(days=self.chance.randrange(1, 20))
            later = STAGES[STAGES.index(stage) + 1]
            self._happened("escalated", from_stage=stage, to=later, grounds="Not content.")
        closed = self.now < ENDS
        if closed:
            self._happened("closed", how="accepted", reason="")
        self._stand(outcome, closed=closed)

    def _happened(self, kind: str, **fields: Any) -> None:
        self.number += 1
        said = {"kind": kind, "number": self.number, "at": self.now.isoformat(), **fields}
        self.rows.events.append(
            {
                "reference": self.reference,
                "number": self.number,
                "kind": kind,
                "at": self.now,
                "actor_id": "h.jones",
                "actor_role": "case-handler",
                "command_id": f"{self.reference}-{self.number}",
                "body": json.dumps(said, sort_keys=True, separators=(",", ":")),
            }
        )

    def _clock(self, stage: str, promise: str, part: str | None, days: int) -> None:
        chance = self.chance
        key = f"{promise}/{part}" if part else promise
        clock = f"{key}#{self.number}"
        due = self.now + timedelta(days=days * 7 / 5)
        extended = part == "reply" and chance.random() < EXTENDED
        if extended:
            reason = chance.choice(REASONS) if chance.random() < 0.7 else f"Case {self.reference}."
            self._happened("extended", clock=clock, reason=reason)
            due += timedelta(days=14)
        state = chance.choices(
            ("missed", "stopped", "running", "met"),
            (LATE, STOPPED, OPEN, 1 - LATE - STOPPED - OPEN),
        )[0]
        taken = chance.randrange(days + 1) if state == "met" else days + chance.randrange(1, 9)
        done = self.now + timedelta(days=taken * 7 / 5)
        came = {"met": done, "stopped": done, "missed": due, "running": None}[state]
        self.missed += state == "missed"
        self.rows.clocks.append(
            {
                "reference": self.reference,
                "id": clock,
                "promise": promise,
                "part": part,
                "stage": stage,
                "contact": None,
                "state": state,
                "budget": f"{days} working days",
                "started_at": self.now,
                "due_on": due.date(),
                "due_at": due,
                "ended_at": came,
                "fulfilled_late_at": done if state == "missed" else None,
                "extensions": int(extended),
                "renewal": False,
                "superseded": (),
                "proof": PROOF,
                "days_taken": taken if state in {"met", "missed"} else None,
                "as_of": self.number,
            }
        )

    def _remedy(self, stage: str) -> None:
        number = len(self.rows.remedies) + 1
        state = self.chance.choice(("done", "done", "done", "refused", "accepted", "owed"))
        over = state in {"done", "refused"}
        self.rows.remedies.append(
            {
                "id": f"{self.reference}/{number}",
                "reference": self.reference,
                "number": number,
                "charter": CHARTER,
                "stage": stage,
                "kind": self.chance.choice(("apology", "payment", "recommendation")),
                "text": "An apology in writing",
                "due_on": (self.now + timedelta(days=28)).date(),
                "state": state,
                "promised_at": self.now,
                "ended_at": self.now + timedelta(days=20) if over else None,
                "reminders": 0,
                "as_of": 1,
            }
        )

    def _stand(self, outcome: str | None, *, closed: bool) -> None:
        self.rows.complaints.append(
            {
                "reference": self.reference,
                "charter": CHARTER,
                "charter_version": "2026.1",
                "digest": "0123456789abcdef",
                "channel": self.chance.choice(("email", "email", "web-form", "phone", "letter")),
                "correspondent": "customer",
                "stage": STAGES[0],
                "state": "closed" if closed else "replied",
                "received_at": self.received,
                "missed": self.missed,
                "outcome": outcome,
                "closed_at": self.now if closed else None,
                "closed_how": "accepted" if closed else None,
                "events": self.number,
            }
        )
