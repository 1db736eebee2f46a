"""Stories: a complaint played through the core, step by step, with local times as people say them.

Owns the player, its people and what each verb says unless told otherwise. It does what the
workflow does (wake, decide, evolve, react) and nothing else, so that a story is true of both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from charters.files import find_charter, load_charter
from domain.charter.feature_tables import PausingTerms
from domain.charter.rules import Rules, pack, unpack
from domain.charter.terms import Within
from domain.clocks.clock import Clock
from domain.clocks.due import due_of
from domain.complaint.commands import Actor, Command, Tick
from domain.complaint.decider.access import TABLE
from domain.complaint.decider.decide import AnyCommand, decide
from domain.complaint.decider.evolve import evolve
from domain.complaint.decider.parsing import parse_command
from domain.complaint.decider.react import react
from domain.complaint.decider.registry import EVENTS_JSON
from domain.complaint.decider.timers import next_wake, timers
from domain.complaint.features.handling.receiving import Open
from domain.complaint.opening import Opening, customer_key
from domain.complaint.state import Complaint
from domain.errors import Refused, UnknownCharter
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Role, Trigger
from tests.domain.playing.england import ENGLAND
from tests.domain.playing.said import SAID
from tests.domain.playing.scotland import SCOTLAND
from tests.domain.playing.watching import Watch

CHARTERS = Path(__file__).parent / "charters"
SECTORS = (
    "financial-conduct", "housing-code", "local-government-code", "nhs-complaints", "scottish-model"
)  # fmt: skip
SHIPPED = (
    "casework-standards", "customer-promise", "financial-ombudsman", "insolvency-service", *SECTORS
)  # fmt: skip
LONDON = ZoneInfo("Europe/London")
PEOPLE = {role: Actor(id=f"the.{role}", name=f"The {role}", role=role) for role in Role}
"""One person for each role; whoever else acts is made with `person`."""


def person(who: str, role: str) -> Actor:
    """Somebody of that id in that role."""
    return Actor(id=who, name=who.replace(".", " ").title(), role=Role(role))


def local(when: str) -> datetime:
    """`2026-10-05 10:00` by the clock in London, in UTC."""
    return datetime.fromisoformat(when).replace(tzinfo=LONDON).astimezone(UTC)


@cache
def rules_of(charter_id: str) -> Rules:
    """The rules of a charter that ships, or of one of the tests', under a calendar typed by hand."""
    try:
        path = find_charter(charter_id)
    except UnknownCharter:
        path = CHARTERS / f"{charter_id}.toml"
    charter = load_charter(path)
    terms = charter.calendar
    calendar = SCOTLAND if terms.region == "scotland" else ENGLAND
    return unpack(
        pack(charter, replace(calendar, receipt=terms.receipt, closed_day=terms.closed_day))
    )


@cache
def patient(charter_id: str = "financial-ombudsman", *, all_of_it: bool = False) -> Rules:
    """The charter's rules as one might write them that lets answers (or all of it) wait for others."""
    rules = rules_of(charter_id)
    charter = rules.charter
    terms = PausingTerms(review_within=Within(working_days=60), times=12, for_customer=True)
    promises = tuple(
        each.model_copy(update={"pauses": all_of_it or each.meets == (Trigger.REPLIED,)})
        for each in charter.promises
    )
    changed = charter.model_copy(update={"promises": promises, "pausing": terms})
    return unpack(pack(changed, rules.calendar))


def opening(rules: Rules, received_at: datetime, **fields: Any) -> Opening:
    """A plain opening under the charter; a field named `complainant_…` goes to the complainant."""
    complainant = {"name": "Ann Price", "email": "ann@example.org"}
    complainant |= {k[12:]: fields.pop(k) for k in list(fields) if k.startswith("complainant_")}
    content = {
        "reference": "FO-2026-000123",
        "charter": rules.charter.id,
        "received_at": received_at,
        "channel": "email",
        "about": ["delay"],
        "details": "I have waited for six months.",
        "remedy_sought": "An answer.",
        "contact_so_far": "I rang in May.",
        "complainant": complainant,
    }
    return Opening.model_validate(json.loads(json.dumps(content | fields, default=str)))


class Story:
    """One complaint, the instant it has come to, and everything that has happened in it."""

    def __init__(
        self, charter: str = "financial-ombudsman", received: str = "2026-10-05 10:00", *,
        opened: str | None = None, rules: Rules | None = None, **fields: Any,
    ) -> None:  # fmt: skip
        """Opens it at `opened` (as soon as it is received unless said otherwise)."""
        self.rules = rules or rules_of(charter)
        self.complaint = Complaint(self.rules)
        self.events: list[Any] = []
        self.notices: list[Notice] = []
        self.now = local(opened or received)
        self.steps: list[tuple[str, Any, Complaint, tuple[Notice, ...]]] = []
        """What made each event, the event, the complaint after it, the notices that it owes."""
        self._ids, self._watch = 0, Watch()
        self.play(Open(opening=opening(self.rules, local(received), **fields), digest="d"))

    # --- what happens -------------------------------------------------------------------------

    def play(self, command: AnyCommand) -> list[Any]:
        """The events that the command makes now; raises its refusal, and then nothing changes.

        Whatever they tell is true, or it fails here (`watching`).
        """
        made, own = list(decide(self.complaint, command, self.now)), False
        seen = []
        for event in made:
            # What had fallen due comes with any command, and before what that is for.
            own = _is_for(command, event) or (own and isinstance(command, Command))
            before, self.complaint = self.complaint, evolve(self.complaint, event)
            known = {each.key: each for each in self.notices}
            owed = tuple(each.whole(known) for each in react(self.complaint, event))
            seen.append((before, event, self.complaint, owed))
            self.notices += owed
            self.steps.append((command.verb if own else "tick", event, self.complaint, owed))
        self.events += made
        for step in seen:
            self._watch.see(*step)
        self._watch.rest(self.complaint, self.now)
        return made

    def attempt(self, command: AnyCommand) -> list[Any] | Refused:
        """The events that the command makes now, or its refusal; that has changed nothing."""
        before = self.complaint
        try:
            return self.play(command)
        except Refused as refusal:
            assert self.complaint is before, "a refusal changed the complaint"
            return refusal

    def do(self, verb: str, by: Actor | str | None = None, **fields: Any) -> Story:
        """Play the verb, by default as the reviewer of the present stage."""
        self.play(self.command(verb, by, **fields))
        return self

    def refused(self, verb: str, by: Actor | str | None = None, **fields: Any) -> Refused:
        """The refusal that the verb meets now; it has changed nothing."""
        met = self.attempt(self.command(verb, by, **fields))
        assert isinstance(met, Refused), f"{verb} was not refused but made {met}"
        return met

    def command(self, verb: str, by: Actor | str | None = None, **fields: Any) -> Any:
        """The verb as it comes off the wire, with a command id of its own unless one is given."""
        self._ids += 1
        said = {"command_id": f"c{self._ids}"} | SAID[verb] | fields
        if verb == "record_contact":
            said.setdefault("received_at", self.now)
        if verb in ("take_in", "merge"):
            said.setdefault("customer", customer_key(self.complaint.customer))
        if verb == "conclude_case":
            said.setdefault("answered_at", self.now)
        if verb == "request_appointment":
            said.setdefault("requested_at", self.now)
        if verb in ("report_undelivered", "resend_notice"):
            said["notice"] = fields.get("notice") or self._last_letter() or said["notice"]
        agreed = any(rule.agreed for rule in self.rules.promises.values())
        if verb == "prefer" and agreed and not self.complaint.closed:
            said.setdefault("update_interval", {"weeks": 2})
        role = self.rules.stage(self.complaint.stage).role or Role.ADMINISTRATOR
        actor = by if isinstance(by, Actor) else PEOPLE[Role(by or role)]
        if verb == "introduce" and by is None and self.complaint.handler:
            actor = Actor(id=self.complaint.handler.id, name=self.complaint.handler.name, role=role)
        wire = json.dumps(said | {"actor": actor.model_dump(mode="json")}, default=_on_the_wire)
        return parse_command(verb, wire.encode())

    def _last_letter(self) -> str | None:
        """The key of what the customer was written last, if they were."""
        theirs = (each for each in reversed(self.notices) if each.key.endswith("/customer"))
        return next((each.key for each in theirs if not each.again), None)

    def at(self, when: str) -> Story:
        """Time passes until then, and the complaint wakes whenever it has to, as the timer does."""
        return self.until(local(when))

    def until(self, then: datetime) -> Story:
        """As `at`, for an instant."""
        while (wake := next_wake(self.complaint)) is not None and wake <= then:
            if self.complaint.closed and not any(timers(self.complaint)):
                break  # it only waits for its time to reopen to end
            self.now = max(wake, self.now)
            assert self.play(Tick()), f"nothing happened at {wake}"
        return self.late(then)

    def late(self, then: datetime | str) -> Story:
        """Time passes and nobody wakes the complaint until then: the worker was down."""
        self.now = local(then) if isinstance(then, str) else then
        self.play(Tick())
        return self

    # --- what is asked ------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """The complaint's state."""
        return str(self.complaint.state)

    @property
    def kinds(self) -> list[str]:
        """The kinds of its events, in order."""
        return [event.kind for event in self.events]

    def last(self, kind: str) -> Any:
        """The last event of that kind."""
        return next(event for event in reversed(self.events) if event.kind == kind)

    def clocks(self, promise: str) -> list[Clock]:
        """Every clock of the promise, in the order in which they started."""
        return [clock for clock in self.complaint.clocks if clock.promise == promise]

    def clock(self, promise: str) -> Clock:
        """The latest clock of the promise."""
        return self.clocks(promise)[-1]

    def states(self, promise: str) -> list[str]:
        """The states of the promise's clocks, in order."""
        return [str(clock.state) for clock in self.clocks(promise)]

    def due(self, promise: str) -> date:
        """The local day on which the latest clock of the promise runs out."""
        return due_of(self.clock(promise), self.complaint.rules).day

    def sent(self, kind: NoticeKind | str, to: str | None = None) -> list[Notice]:
        """The notices of a kind, to a recipient kind or a role."""
        return [n for n in self.notices if n.kind == kind and to in {None, n.key.split("/")[-1]}]

    def told(self, after: int = 0) -> list[str]:
        """`kind to recipient` of every notice that events after that number owe, in order."""
        return [f"{n.kind} to {n.key.rsplit('/', 1)[-1]}" for n in self.notices if n.event > after]

    def record(self) -> bytes:
        """Its events as JSON."""
        return bytes(EVENTS_JSON.dump_json(tuple(self.events)))


def _is_for(command: AnyCommand, event: Any) -> bool:
    if isinstance(command, Command):
        by_time = type(event) in TABLE[Tick.verb].events
        return bool(event.command_id == command.command_id) or not by_time
    return type(event) in TABLE[command.verb].events


def _on_the_wire(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def all_states(charter: str = "financial-ombudsman", **fields: Any) -> Iterator[Story]:
    """The complaint in each of its states, at the stage at which it opens, on 6 October 2026."""
    yield _started(charter, **fields)
    yield _started(charter, **fields).do("acknowledge")
    yield _started(charter, rules=patient(charter, all_of_it=True), **fields).do("pause")
    yield _started(charter, **fields).do("reply")
    yield _started(charter, **fields).do("close")


def _started(charter: str, **fields: Any) -> Story:
    """Allocated, and with one contact that waits."""
    story = Story(charter, **fields).at("2026-10-06 10:00")
    handler = PEOPLE[Role.CASE_HANDLER].model_dump(include={"id", "name"}) | {"phone": "0300 1"}
    return story.do("allocate", handler=handler).do("record_contact")
