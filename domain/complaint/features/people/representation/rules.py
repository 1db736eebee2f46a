"""Representation: somebody acts for the customer, with their authority and not before.

Owns the rules: authority is asked for, with a reminder, and no clock stops for it. A representative without authority is sent nothing at all: that there is a complaint is confidential, too. All of it can be said after the closing as well, because letters may still follow; but nobody is reminded then, and no promise begins.
Sources: `000_2dfa29253c41a6cc.txt` (only whoever is authorised is dealt with), `001_52f8d27437deebc1.txt` (promises that do not apply where a professional acts).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from typing import Any

from domain.calendar.counting import due_day
from domain.calendar.pinned import BeyondCalendar
from domain.clocks.clock import Clock
from domain.complaint.commands import Actor, check_reason
from domain.complaint.feature import CommandSpec, EventSpec, Feature, Moves, Timer, following, made
from domain.complaint.features.people.representation import events as ev
from domain.complaint.features.people.representation import letters
from domain.complaint.features.people.representation.named import (
    MOST,
    exempted_by,
    not_promised,
    said_again,
    the_one,
    with_one,
)
from domain.complaint.opening import Helper
from domain.complaint.policies.suspension import falling_silent, promised_again, silenced
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand, NotAuthorised, WrongState
from domain.notices import NoticeKind
from domain.vocabulary import ANY, CUSTOMERS_OWN, STAFF, Correspondent, FromWhom, NoticesTo, Role
from domain.wire import sentence

_FOR_THE_CUSTOMER = (Role.CUSTOMER, Role.UPSTREAM_APP, *STAFF)
"""Who may pass on what the customer said. Nobody gives themselves authority."""


def _remind_on(complaint: Complaint, now: datetime) -> date | None:
    """The day on which the customer is reminded, if the charter has one and the calendar reaches it."""
    after = complaint.rules.charter.representation.remind_after
    if after is not None and not complaint.closed:
        calendar = complaint.rules.calendar
        with suppress(BeyondCalendar):  # no promise hangs on it: then nobody is reminded
            today = calendar.local_day(now)
            day = due_day(calendar, today, after.budget)
            return day if day > today else calendar.next_working_day(today)
    return None


def _name(complaint: Complaint, command: ev.NameRepresentative, now: datetime) -> tuple[Any, ...]:
    named = command.representative
    present = next((each for each in complaint.helpers if each.named(named.name)), None)
    if named.authorised:
        raise InvalidCommand(
            "representative.authorised: to be named is not to be authorised.",
            "Leave it out; give_authority says how authority was given.",
        )
    if present and present.who.model_copy(update={"authorised": False}) == named:
        raise WrongState(
            f"{named.name} is the representative on {complaint.reference} already.",
            "Name somebody else, or give them authority (give_authority).",
        )
    if not present and len(complaint.helpers) >= MOST:
        raise InvalidCommand(
            f"representative: {MOST} people are named already.", "No more can be named."
        )
    remind_on, again = _remind_on(complaint, now), _promised_again(complaint, present)
    return made(
        ev.RepresentativeNamed, complaint, command, now, remind_on=remind_on, promised=again
    )


def _promised_again(complaint: Complaint, without: Helper | None) -> tuple[str, ...]:
    """The promises that are made again once that helper has no authority; none after the end."""
    after = exempted_by(complaint, without, authorised=False)
    return tuple(k for k in exempted_by(complaint) if k not in after and not complaint.closed)


def _ask(complaint: Complaint, command: ev.AskAuthority, now: datetime) -> tuple[Any, ...]:
    helper = the_one(complaint, command.who, may=False).who
    if helper.authorised:
        raise WrongState(f"{helper.name} has the customer's authority.", "There is nothing to ask.")
    day = _remind_on(complaint, now)
    return made(ev.AuthorityAsked, complaint, command, now, who=helper.name, remind_on=day)


def _at_opening(complaint: Complaint, now: datetime) -> tuple[Any, ...]:
    helper, terms = complaint.opened.representative, complaint.rules.charter.representation
    if complaint.closed or helper is None or helper.authorised or not terms.ask_authority:
        return ()
    day = _remind_on(complaint, now)
    return following(ev.AuthorityAsked, complaint, now, who=helper.name, remind_on=day)


def _give(complaint: Complaint, command: ev.GiveAuthority, now: datetime) -> tuple[Any, ...]:
    given = the_one(complaint, command.who, may=False)
    helper = given.who
    reached = helper.email or helper.phone or helper.address
    if command.notices_to is NoticesTo.REPRESENTATIVE and not reached:
        raise InvalidCommand(
            "notices_to: nothing on record says how the representative is reached.",
            f"{NoticesTo.CUSTOMER} or {NoticesTo.BOTH}, or name them with their address.",
        )
    before, after = exempted_by(complaint), exempted_by(complaint, given, authorised=True)
    return made(
        ev.AuthorityGiven, complaint, command, now, who=helper.name, whose=helper.kind,
        exempted=tuple(k for k in after if k not in before and not complaint.heard_directly),
    )  # fmt: skip


def _answers(complaint: Complaint, _: Any) -> tuple[datetime, str]:
    """A form may come before anybody has been named, but not before the complaint."""
    return complaint.opened.received_at, "the complaint was received"


def _withdraw(
    complaint: Complaint, command: ev.WithdrawAuthority, now: datetime
) -> tuple[Any, ...]:
    own, actor = _acts_beside_others(complaint, command.actor), command.actor
    taken = the_one(complaint, command.who or (actor.name if own else None), may=True)
    helper = taken.who
    if own and not taken.named(actor.name):
        raise NotAuthorised(
            f"{actor.name} may lay down their own authority, and not that of {helper.name}.",
            "The customer takes that back, or they lay it down themselves.",
        )
    if not helper.authorised:
        raise WrongState(
            f"{helper.name} has no authority on {complaint.reference} to withdraw.",
            "Nothing of the case is sent to them.",
        )
    check_reason(command.reason, "Say why; it goes on record.")
    gone = {"who": helper.name, "promised": _promised_again(complaint, taken)}
    return made(ev.AuthorityWithdrawn, complaint, command, now, **gone)


def _acts_beside_others(complaint: Complaint, actor: Actor) -> bool:
    return actor.role is Role.REPRESENTATIVE and len(complaint.helpers) > 1


# --- what follows -----------------------------------------------------------------------------------


def _named(complaint: Complaint, event: ev.RepresentativeNamed) -> dict[str, Any]:
    who = event.representative
    present = next((each for each in complaint.helpers if each.named(who.name)), None)
    member = who.kind is Correspondent.MP
    wrote = any(each.from_whom is FromWhom.MP for each in complaint.contacts) and member
    if present:
        anew = Helper(who, authority_due=event.remind_on, wrote=wrote or present.wrote)
        return {"helpers": tuple(anew if e is present else e for e in complaint.helpers)}
    return {
        "helpers": (*complaint.helpers, Helper(who, authority_due=event.remind_on, wrote=wrote))
    }


def _asked(complaint: Complaint, event: ev.AuthorityAsked) -> dict[str, Any]:
    return with_one(complaint, event.who, authority_due=event.remind_on)


def _still_missing(complaint: Complaint, event: ev.AuthorityReminded) -> bool:
    without = (each for each in complaint.helpers if not each.who.authorised)
    return complaint.closed is None and any(each.named(event.who) for each in without)


def _reminded(complaint: Complaint, event: ev.AuthorityReminded) -> dict[str, Any]:
    return with_one(complaint, event.who, authority_due=None)


def _given(complaint: Complaint, event: ev.AuthorityGiven) -> dict[str, Any]:
    who = the_one(complaint, event.who).who.model_copy(update={"authorised": True})
    changes = {"who": who, "notices_to": event.notices_to, "authority_due": None}
    silent = complaint.silenced | falling_silent(complaint, event.exempted)
    return with_one(complaint, event.who, **changes) | {"silenced": silent}


def _withdrawn(complaint: Complaint, event: ev.AuthorityWithdrawn) -> dict[str, Any]:
    who = the_one(complaint, event.who).who.model_copy(update={"authorised": False})
    return with_one(complaint, event.who, who=who, notices_to=NoticesTo.BOTH)


def _stop(complaint: Complaint, event: ev.AuthorityGiven) -> tuple[Clock, ...]:
    return silenced(complaint, event, complaint.silenced) if event.exempted else complaint.clocks


def _timers(complaint: Complaint) -> Iterator[Timer]:
    for each in complaint.helpers:
        if each.authority_due:
            yield Timer(
                complaint.rules.calendar.opening_time(each.authority_due),
                "the customer's authority is waited for",
                partial(ev.AuthorityReminded, who=each.who.name),
            )


def _given_line(event: ev.AuthorityGiven) -> str:
    scope = f" They may: {sentence(event.scope)}" if event.scope else ""
    exempt = not_promised(event.whose, event.exempted)
    return (
        f"{event.who} may act for the customer ({event.how}); letters go to {event.notices_to}."
        f"{scope}{exempt}"
    )


_KIND = NoticeKind
FEATURE = Feature(
    commands={
        ev.NameRepresentative: CommandSpec(
            _FOR_THE_CUSTOMER, ANY, (ev.RepresentativeNamed,), _name, passes_on=True, answers=_answers,
        ),
        ev.AskAuthority: CommandSpec(STAFF, ANY, (ev.AuthorityAsked,), _ask, passes_on=True),
        ev.GiveAuthority: CommandSpec(
            _FOR_THE_CUSTOMER, ANY, (ev.AuthorityGiven,), _give, passes_on=True, answers=_answers,
        ),
        ev.WithdrawAuthority: CommandSpec(
            (*CUSTOMERS_OWN, *STAFF), ANY, (ev.AuthorityWithdrawn,), _withdraw, passes_on=True,
            answers=_answers,
        ),
    },
    events={
        ev.RepresentativeNamed: EventSpec(
            lambda e: (
                f"{e.representative.name} ({e.representative.kind}) is to act for the customer, "
                f"who was asked for authority.{said_again(e.promised)}"
            ),
            _named, letters.requested, owed=(_KIND.AUTHORITY_REQUEST,), turn=promised_again, moves=Moves.RENEWS_EXEMPT,
        ),
        ev.AuthorityAsked: EventSpec(
            lambda e: f"The customer was asked whether {e.who} may act for them.", _asked, letters.requested,
            owed=(_KIND.AUTHORITY_REQUEST,),
        ),
        ev.AuthorityReminded: EventSpec(
            lambda e: f"The customer's authority for {e.who} has not come; reminded.",
            _reminded, letters.reminded, owed=(_KIND.AUTHORITY_REMINDER, _KIND.AUTHORITY_MISSING),
            stands=_still_missing,
        ),
        ev.AuthorityGiven: EventSpec(
            _given_line, _given, letters.given, owed=(_KIND.AUTHORITY_GIVEN,), turn=_stop, moves=Moves.SILENCES_EXEMPT,
        ),
        ev.AuthorityWithdrawn: EventSpec(
            lambda e: (
                f"{e.who} may act for the customer no longer: {sentence(e.reason)}{said_again(e.promised)}"
            ),
            _withdrawn, letters.withdrawn, owed=(_KIND.AUTHORITY_WITHDRAWN,), turn=promised_again, moves=Moves.RENEWS_EXEMPT,
        ),
    },
    timers=_timers,
    timers_need="helpers",
    of_time=(ev.AuthorityReminded,),
    of_opening=(ev.AuthorityAsked,),
    at_opening=_at_opening,
)  # fmt: skip
