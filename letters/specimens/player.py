"""A made-up complaint, played through the core, and every notice that it owes; the digests of several.

Owns the playing; what is done in which story is in `stories`. It does what the workflow does (wake,
decide, evolve, react), so that a specimen's facts are those that a real letter would have.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.calendar.pinned import BeyondCalendar
from domain.charter.rules import Rules
from domain.complaint.commands import Tick
from domain.complaint.decider.decide import take
from domain.complaint.decider.parsing import parse_command
from domain.complaint.decider.react import react
from domain.complaint.decider.timers import next_wake
from domain.complaint.features.handling.receiving import Open
from domain.complaint.opening import Opening
from domain.complaint.state import Complaint
from domain.complaint.views.digest import Item, digest_of, item_of
from domain.errors import UpholdError
from domain.notices import Notice
from domain.vocabulary import Role

RECEIVED = datetime(2026, 10, 5, 9, tzinfo=UTC)
"""When the specimens' complaints come in: a Monday."""
REFERENCE = "EX-2026-000123"
_OTHERS = (Role.MANAGER, Role.ADMINISTRATOR, Role.CUSTOMER)
"""Who tries what the reviewer may not."""


class Played:
    """One complaint, the instant (UTC) it has come to, and every notice that it has owed."""

    def __init__(self, rules: Rules, **opening: Any) -> None:
        """Opens it; `opening` replaces fields of a plain one."""
        self.rules, self.now, self.complaint = rules, RECEIVED, Complaint(rules)
        self.events: list[Any] = []
        self.notices: list[Notice] = []
        self.refusals: list[str] = []
        """What was left undone, and why."""
        self._done = 0
        told = {
            "reference": REFERENCE,
            "charter": rules.charter.id,
            "received_at": RECEIVED,
            "channel": "email",
            "about": ["delay"],
            "details": "I have waited for six months and nobody has told me why.",
            "remedy_sought": "An answer.",
            "contact_so_far": "I rang in May.",
        }
        content = json.loads(json.dumps(told | opening, default=str))
        self.play(Open(opening=Opening.model_validate(content), digest="specimen"))

    def play(self, command: Any) -> None:
        """Take the command, which may raise its refusal: then nothing has changed."""
        for step in take(self.complaint, command, self.now):
            self.complaint = step.complaint
            self.events.append(step.event)
            known = {each.key: each for each in self.notices}
            self.notices += [each.whole(known) for each in react(step.complaint, step.event)]

    def do(self, verb: str, role: str | None = None, **fields: Any) -> bool:
        """Whether the verb was taken: by that role or else by the first who may.

        What no role may do under the charter is left undone: its letters do not exist there.
        """
        reviewer = self.rules.stage(self.complaint.stage).role
        for one in (role,) if role else (reviewer, *_OTHERS):
            try:
                self.play(self._command(verb, str(one or Role.ADMINISTRATOR), fields))
            except UpholdError as refusal:
                self.refusals.append(f"{verb}: {refusal}")
            else:
                return True
        return False

    def _command(self, verb: str, role: str, fields: dict[str, Any]) -> Any:
        self._done += 1
        stage, handler = self.complaint.stage, self.complaint.handler
        who = {"id": f"{role}.{stage}", "name": "Sam Rees", "role": role}
        if verb == "introduce" and handler:
            who |= {"id": handler.id, "name": handler.name}
        wire = {"command_id": f"specimen-{self._done}", "actor": who, **fields}
        return parse_command(verb, json.dumps(wire, default=str).encode())

    def day(self, working_days: int) -> str:
        """The working day so many after the present one, as ISO text."""
        calendar = self.rules.calendar
        return str(calendar.add_working_days(calendar.local_day(self.now), working_days))

    def wait(self, days: int) -> None:
        """So many days pass, and the complaint wakes whenever it has to."""
        then = self.now + timedelta(days=days)
        while (wake := next_wake(self.complaint)) is not None and wake <= then:
            before, self.now = self.complaint, max(wake, self.now)
            with suppress(BeyondCalendar):
                self.play(Tick())
            if self.complaint is before:
                break
        self.now = then


def daily(rules: Rules, stories: Iterable[Played]) -> Iterator[Notice]:
    """One digest for each mailbox, on the last day of the stories."""
    boxes: dict[str, list[Item]] = {}
    roles: dict[str, str] = {}
    played = list(stories)
    today: date = max(rules.calendar.local_day(story.now) for story in played)
    for story in played:
        for notice in story.notices:
            event, box = story.events[notice.event - 1], notice.recipient.email
            if notice.waits and box and (item := item_of(story.complaint, event, notice, today)):
                boxes.setdefault(box, []).append(item)
                roles.setdefault(box, notice.recipient.name)
    for box, items in boxes.items():
        yield digest_of(box, today, played[0].complaint, roles[box], items)
