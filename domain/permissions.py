"""Who may do what, and in which states: the table that decisions and the documentation share.

Owns the table and the checks on the person: role, authority, conflict of interest, independence,
and that only the customer's word ends the time which a reply gives them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from domain import events as ev
from domain.commands import VERBS, Actor, Command
from domain.errors import (
    ComplaintClosed,
    ConflictOfInterest,
    NotAuthorised,
    NotIndependent,
    WrongRole,
    WrongState,
)
from domain.opening import Person
from domain.vocabulary import ClosedHow, Role, State
from domain.windows import reopens_until, window_after_reply
from domain.working_days import in_words

if TYPE_CHECKING:
    from domain.complaint import Complaint

REVIEWER = "reviewer"
"""Stands for the role that reviews the present stage."""

_CUSTOMERS_OWN = (Role.CUSTOMER, Role.REPRESENTATIVE, Role.UPSTREAM_APP)
_CUSTOMER_SIDE: tuple[Role | str, ...] = (*_CUSTOMERS_OWN, REVIEWER)
_STAFF: tuple[Role | str, ...] = (REVIEWER, Role.MANAGER, Role.ADMINISTRATOR)
_WORKING = (State.RECEIVED, State.ACKNOWLEDGED)
_HELD = (*_WORKING, State.PAUSED)
_OPEN = (*_HELD, State.REPLIED)


@dataclass(frozen=True, slots=True)
class Permission:
    """One row of the table: who may, in which states, and which events follow."""

    who: tuple[Role | str, ...]
    states: tuple[State, ...]
    events: tuple[type[ev.Happened], ...]


TABLE: dict[str, Permission] = {
    "open": Permission((), (), (ev.Opened, ev.Signposted, ev.Closed)),
    "allocate": Permission((*_STAFF, Role.UPSTREAM_APP), _HELD, (ev.Allocated,)),
    "introduce": Permission((REVIEWER,), _HELD, (ev.Introduced,)),
    "acknowledge": Permission((REVIEWER,), _OPEN, (ev.Acknowledged, ev.ContactAcknowledged)),
    "update": Permission((REVIEWER, Role.CASE_HANDLER), _OPEN, (ev.Updated,)),
    "extend": Permission((REVIEWER, Role.MANAGER), _WORKING, (ev.Extended,)),
    "pause": Permission((REVIEWER, Role.MANAGER), _WORKING, (ev.Paused,)),
    "resume": Permission((REVIEWER, Role.MANAGER), (State.PAUSED,), (ev.Resumed,)),
    "record_contact": Permission(
        (*_CUSTOMER_SIDE, Role.CASE_HANDLER, Role.MANAGER, Role.ADMINISTRATOR),
        _OPEN,
        (ev.ContactReceived,),
    ),
    "answer_contact": Permission((REVIEWER, Role.CASE_HANDLER), _OPEN, (ev.ContactAnswered,)),
    "escalate": Permission(_CUSTOMER_SIDE, _OPEN, (ev.Escalated,)),
    "reassign": Permission(_STAFF, _OPEN, (ev.Reassigned,)),
    "reply": Permission((REVIEWER,), _WORKING, (ev.Replied, ev.Closed)),
    "accept": Permission(_CUSTOMER_SIDE, (State.REPLIED,), (ev.Closed,)),
    "withdraw": Permission(_CUSTOMER_SIDE, _OPEN, (ev.Closed,)),
    "reopen": Permission(_STAFF, (State.REPLIED, State.CLOSED), (ev.Reopened,)),
    "close": Permission(_STAFF, _OPEN, (ev.Closed,)),
    "pass_to_decision": Permission(
        (REVIEWER, Role.CASE_HANDLER, Role.UPSTREAM_APP), _OPEN, (ev.PassedToDecision,)
    ),
    "conclude_case": Permission(
        (REVIEWER, Role.CASE_HANDLER, Role.UPSTREAM_APP), _OPEN, (ev.CaseConcluded,)
    ),
    "refresh": Permission((Role.ADMINISTRATOR,), _OPEN, (ev.CharterRefreshed,)),
    "tick": Permission(
        (), tuple(State), (ev.PromiseWarned, ev.PromiseMissed, ev.ReviewFellDue, ev.Closed)
    ),
    "report_undeliverable": Permission((), tuple(State), (ev.NoticeUndeliverable,)),
    "report_refusal": Permission((), tuple(State), (ev.CommandRefused,)),
}
"""Every verb, and what the shell reports by itself (`tick` and the two reports have no actor)."""

_PASSES_ON = frozenset(
    {"record_contact", "escalate", "pass_to_decision", "conclude_case", "refresh"}
)
"""Verbs by which somebody passes something on, without judging, closing or appointing."""

_MADE_BY = {event: verb for verb in VERBS for event in TABLE[verb].events if event is not ev.Closed}
_CLOSED_BY = {
    ClosedHow.ACCEPTED: "accept",
    ClosedHow.WITHDRAWN: "withdraw",
    ClosedHow.BY_STAFF: "close",
}


def verb_of(event: Any) -> str:
    """The verb of the command that the event carries the id of."""
    return _CLOSED_BY[event.how] if isinstance(event, ev.Closed) else _MADE_BY[type(event)]


def check(complaint: Complaint, command: Command) -> None:
    """Raise the `Refused` that applies if this actor may not send this command now."""
    permission = TABLE[command.verb]
    check_state(complaint, command.verb, permission)
    _check_role(complaint, command, permission)
    # Whoever acts is the same person in every role: a role is claimed, what they did is on record.
    if command.verb != "record_contact":
        _check_conflict(complaint, command.actor)
    if command.verb not in _PASSES_ON:
        _check_independence(complaint, command.actor)
    if complaint.state is State.REPLIED:
        _check_customers_time(complaint, command)


def check_state(complaint: Complaint, verb: str, permission: Permission) -> None:
    """Raise `ComplaintClosed` or `WrongState` if the verb does not fit the present state."""
    if complaint.state in permission.states:
        return
    allowed = f"{_spoken(verb)} is possible when it is {_either(permission.states)}."
    if complaint.closed:
        closed = complaint.closed
        raise ComplaintClosed(
            f"Complaint {complaint.reference} was closed on {closed.at:%d %B %Y} ({closed.how}).",
            "Only reopen is possible, for as long as the charter gives."
            if reopens_until(complaint)
            else "Its charter gives no time to reopen it: it stays closed.",
        )
    raise WrongState(f"Complaint {complaint.reference} is {complaint.state}.", allowed)


def check_impartial(complaint: Complaint, person: Person) -> None:
    """Raise if the person has a conflict, or is not independent at the present stage.

    Sources: `001_52f8d27437deebc1.txt` (conflicts), `003_0c0e7b8081a12964.txt` (independence).
    """
    _check_conflict(complaint, person)
    _check_independence(complaint, person)


def _check_conflict(complaint: Complaint, person: Person) -> None:
    if person.identity in complaint.conflicted:
        raise ConflictOfInterest(
            f"{person.name} has a declared conflict of interest in {complaint.reference}.",
            "Somebody else has to act.",
        )


def _check_independence(complaint: Complaint, person: Person) -> None:
    stage, known = complaint.rules.stage(complaint.stage), person.identity
    if not stage.independent:
        return
    earlier = {where for where, who in complaint.touched if who == known and where != stage.id}
    if earlier:
        raise NotIndependent(
            f"{person.name} acted on {complaint.reference} at stage {', '.join(sorted(earlier))}.",
            f"{stage.title} has to be independent: somebody who has not touched it has to act.",
        )
    case = complaint.opened.subject_case
    if case and case.handler and case.handler.identity == known:
        raise NotIndependent(
            f"{person.name} handled the case that {complaint.reference} is about.",
            f"{stage.title} has to be independent: somebody else has to act.",
        )


def check_handler(complaint: Complaint, person: Person) -> None:
    """Raise `WrongState` or `WrongRole` if the complaint is not in the hands of that person."""
    handler = complaint.handler
    if handler is None:
        raise WrongState(
            f"Complaint {complaint.reference} has no handler yet.", "Allocate it to somebody first."
        )
    if handler.identity != person.identity:
        raise WrongRole(
            f"{person.name} does not have complaint {complaint.reference}.",
            f"Its handler introduces themselves: {handler.name} ({handler.id}).",
        )


def _check_customers_time(complaint: Complaint, command: Command) -> None:
    """Raise if staff would end the time that the reply gives the customer, without their word."""
    role, verb = command.actor.role, command.verb
    if verb in ("accept", "withdraw") and role not in _CUSTOMERS_OWN and not complaint.heard:
        raise WrongState(
            f"Nothing was heard from the customer on {complaint.reference} since the reply.",
            f"Record what they said first (record_contact), or leave it to them to {verb}.",
        )
    window = window_after_reply(complaint)
    if verb == "close" and role is not Role.ADMINISTRATOR and window:
        until = f" until {in_words(window.closes)}" if window.closes else ""
        raise WrongRole(
            f"The customer may still ask for {window.stage.title}{until}.",
            f"Roles that may close before that: {Role.ADMINISTRATOR}.",
        )


def may(complaint: Complaint, permission: Permission) -> tuple[Role, ...]:
    """The roles that the permission names, with `reviewer` resolved for the present stage."""
    reviewer = complaint.rules.stage(complaint.stage).role
    named = (reviewer if who == REVIEWER else Role(who) for who in permission.who)
    return tuple(dict.fromkeys(role for role in named if role))


def _check_role(complaint: Complaint, command: Command, permission: Permission) -> None:
    actor: Actor = command.actor
    allowed = may(complaint, permission)
    if actor.role not in allowed:
        raise WrongRole(
            f"A {actor.role} may not {_spoken(command.verb).lower()} at stage {complaint.stage}.",
            f"Roles that may: {', '.join(allowed)}.",
        )
    representative = complaint.opened.representative
    acts = actor.role is Role.REPRESENTATIVE and command.verb != "record_contact"
    if acts and not (representative and representative.authorised):
        raise NotAuthorised(
            f"Nobody is authorised to act for the customer on {complaint.reference}.",
            "The customer has to give their authority first, or act themselves.",
        )


def _spoken(verb: str) -> str:
    return verb.replace("_", " ").capitalize()


def _either(states: tuple[State, ...]) -> str:
    names = [str(state) for state in states]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
