"""Access: who may do what, and in which states: the table that decisions and the documentation share.

Owns the table, and the checks on state and role: who has it, and with whose authority. Who is impartial is
in `policies.eligibility`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from domain import value
from domain.complaint.commands import Actor, Command, Tick
from domain.complaint.decider.registry import COMMANDS, EVENTS, FEATURES, POLICIES, REPORTS
from domain.complaint.events import Happened
from domain.complaint.feature import Barred, CommandSpec
from domain.complaint.features.handling.receiving import Open
from domain.complaint.policies.after_end import refusal_after_end
from domain.complaint.policies.eligibility import check_conflict, check_independence, may_act
from domain.complaint.state import FULL, FULL_FOR_CUSTOMERS, HOURLY, Complaint
from domain.errors import NotAuthorised, RateLimited, RecordFull, Refused, WrongRole, WrongState
from domain.vocabulary import CUSTOMERS_OWN, REVIEWER, REVIEWERS, Role, State, Trigger

_ALWAYS = ("reply", "close", "withdraw", "accept")
"""What a complaint takes however much is on record: it can always be answered and ended."""
_HOUR = timedelta(hours=1)


@value(frozen=True, slots=True)
class Permission:
    """One row of the table: who may, in which states, and which events follow."""

    who: tuple[Role | str, ...]
    states: tuple[State, ...]
    events: tuple[type[Happened], ...]


_OF_ENDING = tuple(kind for feature in FEATURES for kind in feature.of_ending)


def _permission(verb: str, spec: CommandSpec) -> Permission:
    more = [kind for policy in POLICIES[verb] for kind in policy.events]
    ends = any(Trigger.CLOSED in EVENTS[kind].triggers for kind in (*spec.events, *more))
    more += _OF_ENDING if ends else ()
    return Permission(spec.who, spec.states, tuple(dict.fromkeys((*spec.events, *more))))


TABLE: dict[str, Permission] = {
    Open.verb: Permission((), (), tuple(k for each in FEATURES for k in each.of_opening)),
    **{kind.verb: _permission(kind.verb, spec) for kind, spec in COMMANDS.items()},
    Tick.verb: Permission((), tuple(State), tuple(k for each in FEATURES for k in each.of_time)),
    **{kind.verb: Permission((), tuple(State), made) for kind, (made, _) in REPORTS.items()},
}
"""Every verb, and what the shell reports by itself (a tick and the two reports have no actor)."""

_MADE_BY = {event: kind.verb for kind, spec in reversed(COMMANDS.items()) for event in spec.events}


def verb_of(event: Any) -> str:
    """The verb of the command that the event carries the id of."""
    told = EVENTS[type(event)].verb
    return told(event) if told else _MADE_BY[type(event)]


def check(complaint: Complaint, command: Command) -> None:
    """Raise the `Refused` that applies if this actor may not send this command now."""
    spec = COMMANDS[type(command)]
    if spec.guard:
        spec.guard(complaint, command)
    if complaint.state not in spec.states:
        raise _not_now(complaint, command.verb, spec.states)
    if complaint.feedback and not spec.of_feedback:
        raise WrongState(
            f"{complaint.reference} is feedback, and no complaint.",
            "Answer it with answer_feedback; what is to be looked into is opened as a complaint.",
        )
    _check_room(complaint, command)
    _check_role(complaint, command, spec)
    # Whoever acts is the same person in every role: a role is claimed, what they did is on record.
    if not spec.passes_on:
        check_independence(complaint, command.actor)
    if spec.barred is Barred.CONFLICTED:
        check_conflict(complaint, command.actor)
    elif spec.barred is Barred.KEPT_AWAY:
        check_conflict(complaint, command.actor, complaint.kept_away)


def check_pace(complaint: Complaint, command: Command, now: datetime) -> None:
    """Raise `RateLimited` where whoever sends this from outside has sent as much within the hour as is taken in.

    Whoever repeats one message endlessly holds up nobody else's. What ends the complaint is taken all the same.
    """
    actor = command.actor
    few = len(complaint.commands) < HOURLY
    if few or actor.role not in CUSTOMERS_OWN or command.verb in _ALWAYS:
        return
    since = now - _HOUR
    sent = sorted(
        done.at
        for done in complaint.commands.values()
        if done.at > since and done.by.casefold() == actor.identity
    )
    if len(sent) >= HOURLY:
        again = complaint.rules.calendar.in_local_time(sent[-HOURLY] + _HOUR)
        raise RateLimited(
            f"{HOURLY} messages about {complaint.reference} came from one sender within an hour.",
            f"The next is taken in from {again:%H:%M} on.",
        )


def _check_room(complaint: Complaint, command: Command) -> None:
    """Raise `RecordFull` where so much has happened that no more is taken in from whoever sends this."""
    if complaint.events < FULL_FOR_CUSTOMERS:
        return
    outside = command.actor.role in CUSTOMERS_OWN
    if (outside or complaint.events >= FULL) and command.verb not in _ALWAYS:
        raise RecordFull(
            f"{complaint.reference} has {complaint.events} events on record; no more is taken in.",
            f"What it still takes: {', '.join(_ALWAYS)}.",
        )


OPENERS = (
    Role.UPSTREAM_APP, Role.CASE_HANDLER, Role.MANAGER, Role.COMPLAINTS_TEAM, Role.ADMINISTRATOR,
)  # fmt: skip
"""Who may open a complaint, where it is asked who does: the first that somebody is."""


def check_ever(verb: str, actor: Actor) -> None:
    """Raise `WrongRole` if that role may send the verb to no complaint at all, whatever its stage."""
    who = TABLE[verb].who
    if actor.role not in who and not (REVIEWER in who and actor.role in REVIEWERS):
        named = REVIEWERS if REVIEWER in who else frozenset[Role]()
        roles = dict.fromkeys([*(Role(each) for each in who if each != REVIEWER), *sorted(named)])
        raise WrongRole(
            f"{actor.role.somebody} may not {_spoken(verb).lower()}.",
            f"Roles that may: {', '.join(roles)}.",
        )


def _not_now(complaint: Complaint, verb: str, states: tuple[State, ...]) -> Refused:
    """What a verb hears that does not fit the present state."""
    if complaint.closed:
        return refusal_after_end(complaint)
    allowed = f"{_spoken(verb)} is possible when it is {_either(states)}."
    return WrongState(f"Complaint {complaint.reference} is {complaint.state}.", allowed)


def roles_of(complaint: Complaint, permission: Permission | CommandSpec) -> tuple[Role, ...]:
    """The roles that may, with `reviewer` resolved for the present stage."""
    return _resolved(permission.who, complaint.reviewer)


@cache
def _resolved(who: tuple[Role | str, ...], reviewer: Role | None) -> tuple[Role, ...]:
    named = (reviewer if one == REVIEWER else Role(one) for one in who)
    return tuple(dict.fromkeys(role for role in named if role))


def _check_role(complaint: Complaint, command: Command, spec: CommandSpec) -> None:
    actor, allowed = command.actor, roles_of(complaint, spec)
    if actor.role not in allowed:
        raise WrongRole(
            f"{actor.role.somebody} may not {_spoken(command.verb).lower()} at stage {complaint.stage}.",
            f"Roles that may: {', '.join(allowed)}.",
        )
    represents = actor.role is Role.REPRESENTATIVE and not spec.without_authority
    if represents and not may_act(complaint, actor):
        nobody = f"{actor.name} is not" if complaint.acting else "Nobody is"
        raise NotAuthorised(
            f"{nobody} authorised to act for the customer on {complaint.reference}.",
            "The customer has to give their authority first, or act themselves.",
        )


def _spoken(verb: str) -> str:
    return verb.replace("_", " ").capitalize()


def _either(states: tuple[State, ...]) -> str:
    names = [str(state) for state in states]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
