"""Who may do what, and in which states: the table that decisions and the documentation share.

Owns the table and the checks on the role: who has it, with whose authority, and that only the
customer's word ends the time which a reply gives them. Who is impartial is in `impartiality`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from domain.calendar.counting import in_words
from domain.complaint import events as ev
from domain.complaint.commands import Actor, Command
from domain.complaint.decider.verbs import VERBS
from domain.complaint.feature import (
    CUSTOMER_SIDE,
    CUSTOMERS_OWN,
    HELD,
    OPEN,
    REVIEWER,
    STAFF,
    WORKING,
    Permission,
)
from domain.complaint.features.registry import MATTERS
from domain.complaint.policies.eligibility import check_conflict, check_independence
from domain.complaint.policies.windows import reopens_until, window_after_reply
from domain.errors import (
    ComplaintClosed,
    NotAuthorised,
    WrongRole,
    WrongState,
)
from domain.vocabulary import REVIEWERS, ClosedHow, Role, State

if TYPE_CHECKING:
    from domain.complaint.state import Complaint

TABLE: dict[str, Permission] = {
    "open": Permission(
        (),
        (),
        (
            ev.Opened,
            ev.Signposted,
            ev.Closed,
            *(kind for matter in MATTERS for kind in matter.of_opening),
        ),
    ),
    "allocate": Permission((*STAFF, Role.UPSTREAM_APP), OPEN, (ev.Allocated,)),
    "introduce": Permission((REVIEWER,), HELD, (ev.Introduced,)),
    "acknowledge": Permission((REVIEWER,), OPEN, (ev.Acknowledged, ev.ContactAcknowledged)),
    "update": Permission((REVIEWER, Role.CASE_HANDLER), OPEN, (ev.Updated,)),
    "extend": Permission((REVIEWER, Role.MANAGER), WORKING, (ev.Extended,)),
    "pause": Permission((REVIEWER, Role.MANAGER), WORKING, (ev.Paused,)),
    "resume": Permission((REVIEWER, Role.MANAGER), (State.PAUSED,), (ev.Resumed,)),
    "record_contact": Permission(
        (*CUSTOMER_SIDE, Role.CASE_HANDLER, Role.MANAGER, Role.ADMINISTRATOR),
        OPEN,
        (ev.ContactReceived,),
        passes_on=True,
    ),
    "answer_contact": Permission((REVIEWER, Role.CASE_HANDLER), OPEN, (ev.ContactAnswered,)),
    "escalate": Permission(CUSTOMER_SIDE, OPEN, (ev.Escalated,), passes_on=True),
    "reassign": Permission(STAFF, OPEN, (ev.Reassigned,)),
    "reply": Permission((REVIEWER,), WORKING, (ev.Replied, ev.Closed)),
    "accept": Permission(CUSTOMER_SIDE, (State.REPLIED,), (ev.Closed,)),
    "withdraw": Permission(CUSTOMER_SIDE, OPEN, (ev.Closed,)),
    "reopen": Permission(STAFF, (State.REPLIED, State.CLOSED), (ev.Reopened,)),
    "close": Permission(STAFF, OPEN, (ev.Closed,)),
    "pass_to_decision": Permission(
        (REVIEWER, Role.CASE_HANDLER, Role.UPSTREAM_APP),
        OPEN,
        (ev.PassedToDecision,),
        passes_on=True,
    ),
    "conclude_case": Permission(
        (REVIEWER, Role.CASE_HANDLER, Role.UPSTREAM_APP),
        OPEN,
        (ev.CaseConcluded,),
        passes_on=True,
    ),
    "refresh": Permission((Role.ADMINISTRATOR,), OPEN, (ev.CharterRefreshed,), passes_on=True),
    **{kind.verb: asked.permission for matter in MATTERS for kind, asked in matter.verbs.items()},
    "tick": Permission(
        (),
        tuple(State),
        (
            ev.PromiseWarned,
            ev.PromiseMissed,
            ev.ReviewFellDue,
            ev.Closed,
            *(kind for matter in MATTERS for kind in matter.of_time),
        ),
    ),
    "report_undeliverable": Permission((), tuple(State), (ev.NoticeUndeliverable,)),
    "report_refusal": Permission((), tuple(State), (ev.CommandRefused,)),
}
"""Every verb, and what the shell reports by itself (`tick` and the two reports have no actor)."""

_MADE_BY = {
    event: verb
    for verb in reversed(VERBS)
    for event in TABLE[verb].events
    if event is not ev.Closed
}
for _matter in MATTERS:
    for _verb, _follows in _matter.follows.items():
        _row = TABLE[_verb.verb]
        _more = tuple(kind for kind in _follows.events if kind not in _row.events)
        TABLE[_verb.verb] = replace(_row, events=(*_row.events, *_more))
_ENDED = tuple(kind for matter in MATTERS for kind in matter.ended)
for _name, _row in list(TABLE.items()):
    if ev.Closed in _row.events and _name not in ("open", "tick"):
        TABLE[_name] = replace(_row, events=(*_row.events, *_ENDED))

_CLOSED_BY = {
    ClosedHow.ACCEPTED: "accept",
    ClosedHow.WITHDRAWN: "withdraw",
    ClosedHow.BY_STAFF: "close",
    ClosedHow.MERGED: "merge",
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
    if not permission.passes_on:
        check_independence(complaint, command.actor)
    # Whoever was only set aside has no conflict yet, and can still say that they have one.
    own = command.verb == "declare_conflict" and command.actor.identity in complaint.set_aside
    if command.verb != "record_contact" and not own:
        check_conflict(complaint, command.actor)
    if complaint.state is State.REPLIED:
        _check_customers_time(complaint, command)


def check_ever(verb: str, actor: Actor) -> None:
    """Raise `WrongRole` if that role may send the verb to no complaint at all, whatever its stage."""
    who = TABLE[verb].who
    if actor.role not in who and not (REVIEWER in who and actor.role in REVIEWERS):
        named = REVIEWERS if REVIEWER in who else frozenset[Role]()
        roles = dict.fromkeys([*(Role(each) for each in who if each != REVIEWER), *sorted(named)])
        raise WrongRole(
            f"A {actor.role} may not {_spoken(verb).lower()}.",
            f"Roles that may: {', '.join(roles)}.",
        )


def check_state(complaint: Complaint, verb: str, permission: Permission) -> None:
    """Raise `ComplaintClosed` or `WrongState` if the verb does not fit the present state."""
    if complaint.state in permission.states:
        return
    allowed = f"{_spoken(verb)} is possible when it is {_either(permission.states)}."
    if complaint.closed:
        closed = complaint.closed
        raise ComplaintClosed(
            f"Complaint {complaint.reference} was closed on {closed.at:%d %B %Y} ({closed.how}).",
            "Reopen is possible, for as long as the charter gives."
            if reopens_until(complaint)
            else "Its charter gives no time to reopen it: it stays closed.",
        )
    raise WrongState(f"Complaint {complaint.reference} is {complaint.state}.", allowed)


def _check_customers_time(complaint: Complaint, command: Command) -> None:
    """Raise if staff would end the time that the reply gives the customer, without their word."""
    role, verb = command.actor.role, command.verb
    if verb in ("accept", "withdraw") and role not in CUSTOMERS_OWN and not complaint.heard:
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
    return _resolved(permission.who, complaint.rules.stage(complaint.stage).role)


@cache
def _resolved(who: tuple[Role | str, ...], reviewer: Role | None) -> tuple[Role, ...]:
    named = (reviewer if one == REVIEWER else Role(one) for one in who)
    return tuple(dict.fromkeys(role for role in named if role))


def _check_role(complaint: Complaint, command: Command, permission: Permission) -> None:
    actor: Actor = command.actor
    allowed = may(complaint, permission)
    if actor.role not in allowed:
        raise WrongRole(
            f"A {actor.role} may not {_spoken(command.verb).lower()} at stage {complaint.stage}.",
            f"Roles that may: {', '.join(allowed)}.",
        )
    representative = complaint.representative
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
