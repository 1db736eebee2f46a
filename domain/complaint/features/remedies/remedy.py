"""A remedy: what a reply undertook, and what its events add up to.

Owns the frozen state and `evolve`, which folds one event into it. A remedy outlives its complaint, so
it rests on nothing but its own events and the charter that was pinned when it was promised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from domain.charter.remedy_terms import RemedyTerms
from domain.charter.rules import Rules
from domain.complaint.features.remedies import remedy_events as rev
from domain.complaint.features.remedies.remedy_commands import RemedyCommand
from domain.complaint.features.remedies.remedy_opening import People, RemedyOpening
from domain.complaint.features.remedies.remedy_promise import PromisedRemedy
from domain.complaint.remembered import Done, done_before
from domain.errors import RecordsDiffer
from domain.vocabulary import RemedyKind, RemedyState, Role
from domain.wire import Person


@dataclass(frozen=True, slots=True)
class Remedy:
    """One remedy as it stands after its last event."""

    rules: Rules
    opening: RemedyOpening | None = None
    state: RemedyState = RemedyState.OWED
    owner: Person | None = None
    due: date | None = None
    """The day that was promised; only a postponement moves it."""
    new_due: date | None = None
    """The day that the last apology named instead; none once no more is named."""
    dated_at: datetime | None = None
    """When the day now waited for was set."""
    superseded: tuple[date, ...] = ()
    warned: bool = False
    missed: int = 0
    """How many of its dates have passed."""
    remind_on: date | None = None
    """When whoever has to see to it is asked again, once it is overdue."""
    reminders: int = 0
    people: People | None = None
    settled: rev.RemedyDone | rev.RemedyRefused | None = None
    commands: Mapping[str, Done] = field(default_factory=dict)
    events: int = 0

    @property
    def opened(self) -> RemedyOpening:
        """What the remedy started with. Raises `RecordsDiffer` before its first event."""
        if self.opening is None:
            msg = "the remedy has no events yet"
            raise RecordsDiffer(msg)
        return self.opening

    @property
    def commitment(self) -> PromisedRemedy:
        """What was undertaken."""
        return self.opened.commitment

    @property
    def id(self) -> str:
        """`FO-2026-000123/1`."""
        return self.opened.id

    @property
    def overdue(self) -> bool:
        """Whether it is still owed after the day that was promised."""
        return self.missed > 0 and self.settled is None

    @property
    def waits_for(self) -> date | None:
        """The day that the customer now waits for, if one is named and it is still owed."""
        if self.settled:
            return None
        return self.new_due if self.missed else self.due

    @property
    def recommended(self) -> bool:
        """Whether it has to be accepted before it is done."""
        return self.commitment.kind is RemedyKind.RECOMMENDATION

    @property
    def owner_role(self) -> Role:
        """Whose mailbox hears of it."""
        return self.commitment.owner_role

    @property
    def terms(self) -> RemedyTerms:
        """What the charter says of remedies."""
        return self.rules.charter.remedies or RemedyTerms()

    @property
    def whom(self) -> People:
        """Whom it writes to on the customer's side, and who has nothing to do with it."""
        return self.people or self.opened.people

    def done(self, command: RemedyCommand) -> bool:
        """Whether it was done already. Raises `InvalidCommand` if its id was used for another."""
        return done_before(self.commands, command.command_id, command.verb, command.actor.identity)


@dataclass(frozen=True, slots=True)
class RemedyStep:
    """One event and the remedy after it."""

    event: Any
    remedy: Remedy


def evolve(remedy: Remedy, event: Any) -> Remedy:
    """The remedy after one more event. Raises `RecordsDiffer` where the numbers do not follow."""
    if event.number != remedy.events + 1:
        raise RecordsDiffer(
            f"event {event.number} cannot follow event {remedy.events} of a remedy; "
            f"{remedy.events + 1} was expected"
        )
    changes = _FOLDS[type(event)](remedy, event)
    if event.command_id and event.actor:
        done = Done(_VERBS[type(event)], event.actor.id)
        changes["commands"] = {**remedy.commands, event.command_id: done}
    return replace(remedy, **changes, events=event.number)


def fold(rules: Rules, events: Iterable[Any]) -> Remedy:
    """The remedy that these events add up to, from the first."""
    remedy = Remedy(rules)
    for event in events:
        remedy = evolve(remedy, event)
    return remedy


def _promised(_: Remedy, event: rev.RemedyPromised) -> dict[str, Any]:
    made = event.opening.commitment
    return {
        "opening": event.opening,
        "owner": made.owner,
        "due": made.due,
        "dated_at": event.at,
    }


def _accepted(_: Remedy, __: rev.RemedyAccepted) -> dict[str, Any]:
    return {"state": RemedyState.ACCEPTED}


def _done(_: Remedy, event: rev.RemedyDone) -> dict[str, Any]:
    return {"state": RemedyState.DONE, "settled": event}


def _refused(_: Remedy, event: rev.RemedyRefused) -> dict[str, Any]:
    return {"state": RemedyState.REFUSED, "settled": event}


def _reassigned(_: Remedy, event: rev.RemedyReassigned) -> dict[str, Any]:
    return {"owner": event.owner}


def _postponed(remedy: Remedy, event: rev.RemedyPostponed) -> dict[str, Any]:
    # What was missed stays missed: from then on only the date of the apology moves.
    moved = "new_due" if remedy.missed else "due"
    return {
        moved: event.new_due,
        "superseded": (*remedy.superseded, event.old_due),
        "dated_at": event.at,
        "warned": False,
    }


def _warned(_: Remedy, __: rev.RemedyWarned) -> dict[str, Any]:
    return {"warned": True}


def _missed(remedy: Remedy, event: rev.RemedyMissed) -> dict[str, Any]:
    return {
        "missed": remedy.missed + 1,
        "new_due": event.new_due,
        "dated_at": event.at,
        "remind_on": event.remind_on,
        # Whoever is reminded every few days needs no warning as well.
        "warned": True,
    }


def _reminded(remedy: Remedy, event: rev.RemedyReminded) -> dict[str, Any]:
    return {"remind_on": event.remind_on, "reminders": remedy.reminders + 1}


def _followed(_: Remedy, event: rev.RemedyFollowed) -> dict[str, Any]:
    return {"people": event.people}


def _undeliverable(_: Remedy, __: rev.RemedyUndeliverable) -> dict[str, Any]:
    return {}


_FOLDS: dict[type, Callable[[Any, Any], dict[str, Any]]] = {
    rev.RemedyPromised: _promised,
    rev.RemedyAccepted: _accepted,
    rev.RemedyDone: _done,
    rev.RemedyRefused: _refused,
    rev.RemedyReassigned: _reassigned,
    rev.RemedyPostponed: _postponed,
    rev.RemedyWarned: _warned,
    rev.RemedyMissed: _missed,
    rev.RemedyReminded: _reminded,
    rev.RemedyFollowed: _followed,
    rev.RemedyUndeliverable: _undeliverable,
}
_VERBS: dict[type, str] = {
    rev.RemedyAccepted: "accept_remedy",
    rev.RemedyDone: "do_remedy",
    rev.RemedyRefused: "refuse_remedy",
    rev.RemedyReassigned: "reassign_remedy",
    rev.RemedyPostponed: "postpone_remedy",
}
