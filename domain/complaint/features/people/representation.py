"""Representation: somebody acts for the customer, with their authority and not before.

Owns the rules: authority is asked for and reminded of, nothing of the case goes to a representative
without it, and no clock stops for it. It can be withdrawn when the complaint is closed, too: its remedies
and the survey are written of for longer. To whoever has none nothing is sent at all: that a customer has
a complaint is of the case already. Sources: `000_2dfa29253c41a6cc.txt` (only whoever is authorised is
dealt with), `001_52f8d27437deebc1.txt` (promises that do not apply where a professional acts).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from domain.calendar.counting import BeyondCalendar, due_day
from domain.clocks.clock import Clock
from domain.complaint.feature import (
    ANY,
    CUSTOMERS_OWN,
    OPEN,
    STAFF,
    Asked,
    Matter,
    Moment,
    Permission,
    Told,
    stamp,
)
from domain.complaint.features.people import representation_events as ev
from domain.complaint.notify.recipients import ask, customer_of, everyone, write_to
from domain.complaint.opening import Representative
from domain.complaint.policies.applicability import exemptions
from domain.complaint.policies.suspension import begun, falling_silent, silenced
from domain.errors import InvalidCommand, WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import NoticesTo, Role

if TYPE_CHECKING:
    from domain.complaint.state import Complaint

_FOR_THE_CUSTOMER = (Role.CUSTOMER, Role.UPSTREAM_APP, *STAFF)
"""Who may pass on what the customer said. Nobody gives themselves authority."""


def _helper(complaint: Complaint) -> Representative:
    """Who is to act for the customer. Raises `WrongState` if nobody is."""
    if complaint.representative is None:
        raise WrongState(
            f"Nobody represents the customer on {complaint.reference}.",
            "Name somebody first (name_representative).",
        )
    return complaint.representative


def _remind_on(complaint: Complaint, now: datetime) -> date | None:
    """The day on which the customer is reminded, if the charter has one and the calendar reaches it."""
    after = complaint.rules.charter.representation.remind_after
    if after is not None:
        calendar = complaint.rules.calendar
        with suppress(BeyondCalendar):  # no promise hangs on it: then nobody is reminded
            today = calendar.local_day(now)
            day = due_day(calendar, today, after.budget)
            return day if day > today else calendar.next_working_day(today)
    return None


def _name(complaint: Complaint, command: ev.NameRepresentative, now: datetime) -> tuple[Any, ...]:
    named, present = command.representative, complaint.representative
    if named.authorised:
        raise InvalidCommand(
            "representative.authorised: to be named is not to be authorised.",
            "Leave it out; give_authority says how authority was given.",
        )
    if present and present.model_copy(update={"authorised": False}) == named:
        raise WrongState(
            f"{named.name} is the representative on {complaint.reference} already.",
            "Name somebody else, or give them authority (give_authority).",
        )
    return (
        ev.RepresentativeNamed(
            **stamp(complaint, command, now), representative=named,
            remind_on=_remind_on(complaint, now), promised=exemptions(complaint.rules, present),
        ),
    )  # fmt: skip


def _ask(complaint: Complaint, command: ev.AskAuthority, now: datetime) -> tuple[Any, ...]:
    helper = _helper(complaint)
    if helper.authorised:
        raise WrongState(f"{helper.name} has the customer's authority.", "There is nothing to ask.")
    remind_on = _remind_on(complaint, now)
    stamped = stamp(complaint, command, now)
    return (ev.AuthorityAsked(**stamped, who=helper.name, remind_on=remind_on),)


def _at_opening(complaint: Complaint, now: datetime) -> Iterator[Any]:
    helper, terms = complaint.representative, complaint.rules.charter.representation
    if complaint.closed or helper is None or helper.authorised or not terms.ask_authority:
        return
    yield ev.AuthorityAsked(
        number=complaint.events + 1, at=now, who=helper.name, remind_on=_remind_on(complaint, now)
    )


def _give(complaint: Complaint, command: ev.GiveAuthority, now: datetime) -> tuple[Any, ...]:
    helper, rules = _helper(complaint), complaint.rules
    reached = helper.email or helper.phone or helper.address
    if command.notices_to is NoticesTo.REPRESENTATIVE and not reached:
        raise InvalidCommand(
            "notices_to: nothing on record says how the representative is reached.",
            f"{NoticesTo.CUSTOMER} or {NoticesTo.BOTH}, or name them with their address.",
        )
    before = exemptions(rules, helper)
    after = exemptions(rules, helper.model_copy(update={"authorised": True}))
    return (
        ev.AuthorityGiven(
            **stamp(complaint, command, now), who=helper.name, whose=helper.kind, how=command.how,
            scope=command.scope, notices_to=command.notices_to,
            exempted=tuple(key for key in after if key not in before),
        ),
    )  # fmt: skip


def _withdraw(
    complaint: Complaint, command: ev.WithdrawAuthority, now: datetime
) -> tuple[Any, ...]:
    helper = _helper(complaint)
    if not helper.authorised:
        raise WrongState(
            f"{helper.name} has no authority on {complaint.reference} to withdraw.",
            "Nothing of the case is sent to them.",
        )
    if not command.reason:
        raise InvalidCommand("reason: it is empty.", "Say why; it goes on record.")
    promised = () if complaint.closed else exemptions(complaint.rules, helper)
    return (
        ev.AuthorityWithdrawn(
            **stamp(complaint, command, now), who=helper.name, reason=command.reason,
            promised=promised,
        ),
    )  # fmt: skip


# --- what follows -----------------------------------------------------------------------------------


def _named(_: Complaint, event: ev.RepresentativeNamed) -> dict[str, Any]:
    return {"representative": event.representative, "authority_due": event.remind_on}


def _asked(_: Complaint, event: ev.AuthorityAsked) -> dict[str, Any]:
    return {"authority_due": event.remind_on}


def _reminded(_: Complaint, __: ev.AuthorityReminded) -> dict[str, Any]:
    return {"authority_due": None}


def _given(complaint: Complaint, event: ev.AuthorityGiven) -> dict[str, Any]:
    return {
        "representative": _helper(complaint).model_copy(update={"authorised": True}),
        "notices_to": event.notices_to,
        "authority_due": None,
        "silenced": complaint.silenced | falling_silent(complaint, event.exempted),
    }


def _withdrawn(complaint: Complaint, _: ev.AuthorityWithdrawn) -> dict[str, Any]:
    return {
        "representative": _helper(complaint).model_copy(update={"authorised": False}),
        "notices_to": NoticesTo.BOTH,
    }


def _stop(complaint: Complaint, event: ev.AuthorityGiven) -> tuple[Clock, ...]:
    return silenced(complaint, event, complaint.silenced) if event.exempted else complaint.clocks


def _begin(
    complaint: Complaint, event: ev.RepresentativeNamed | ev.AuthorityWithdrawn
) -> tuple[Clock, ...]:
    return begun(complaint, event, complaint.clocks, event.promised)


def _moments(complaint: Complaint) -> Iterator[Moment]:
    helper, due = complaint.representative, complaint.authority_due
    if helper and due:
        yield Moment(
            complaint.rules.calendar.opening_time(due), "the customer's authority is waited for",
            lambda number, now: ev.AuthorityReminded(number=number, at=now, who=helper.name),
        )  # fmt: skip


def _request(
    complaint: Complaint, event: ev.AuthorityAsked | ev.RepresentativeNamed
) -> Iterator[Notice]:
    yield from _to_customer(complaint, event, NoticeKind.AUTHORITY_REQUEST)


def _remind(complaint: Complaint, event: ev.AuthorityReminded) -> Iterator[Notice]:
    yield from _to_customer(complaint, event, NoticeKind.AUTHORITY_REMINDER)
    role = complaint.rules.stage(complaint.stage).role
    yield from ask(
        complaint, event, NoticeKind.AUTHORITY_MISSING, (role,), representative_name=event.who
    )


def _confirm(complaint: Complaint, event: ev.AuthorityGiven) -> Iterator[Notice]:
    yield from write_to(
        everyone(complaint), complaint, event, NoticeKind.AUTHORITY_GIVEN,
        representative_name=event.who, scope=event.scope, notices_to=str(event.notices_to),
    )  # fmt: skip


def _end(complaint: Complaint, event: ev.AuthorityWithdrawn) -> Iterator[Notice]:
    yield from _to_customer(complaint, event, NoticeKind.AUTHORITY_WITHDRAWN)


def _to_customer(complaint: Complaint, event: Any, kind: NoticeKind) -> Iterator[Notice]:
    """To the customer alone: whoever has no authority is told nothing."""
    helper = _helper(complaint)
    customer = (customer_of(complaint),)
    yield from write_to(customer, complaint, event, kind, representative_name=helper.name)


def _given_line(event: ev.AuthorityGiven) -> str:
    scope = f" They may: {event.scope}." if event.scope else ""
    exempt = f" Not promised, as a {event.whose} acts: {', '.join(event.exempted)}."
    return (
        f"{event.who} may act for the customer ({event.how}); letters go to {event.notices_to}."
        f"{scope}{exempt if event.exempted else ''}"
    )


def _again(promised: tuple[str, ...]) -> str:
    return f" Promised again: {', '.join(promised)}." if promised else ""


_KIND = NoticeKind
MATTER = Matter(
    verbs={
        ev.NameRepresentative: Asked(
            Permission(_FOR_THE_CUSTOMER, OPEN, (ev.RepresentativeNamed,), passes_on=True), _name
        ),
        ev.AskAuthority: Asked(
            Permission(STAFF, OPEN, (ev.AuthorityAsked,), passes_on=True), _ask
        ),
        ev.GiveAuthority: Asked(
            Permission(_FOR_THE_CUSTOMER, OPEN, (ev.AuthorityGiven,), passes_on=True), _give
        ),
        ev.WithdrawAuthority: Asked(
            Permission(
                (*CUSTOMERS_OWN, *STAFF), ANY, (ev.AuthorityWithdrawn,), passes_on=True
            ),
            _withdraw,
        ),
    },
    events={
        ev.RepresentativeNamed: Told(
            _named,
            lambda e: (
                f"{e.representative.name} ({e.representative.kind}) is to act for the customer, "
                f"who was asked for authority.{_again(e.promised)}"
            ),
            _request, owed=(_KIND.AUTHORITY_REQUEST,), turn=_begin,
        ),
        ev.AuthorityAsked: Told(
            _asked, lambda e: f"The customer was asked whether {e.who} may act for them.",
            _request, owed=(_KIND.AUTHORITY_REQUEST,),
        ),
        ev.AuthorityReminded: Told(
            _reminded, lambda e: f"The customer's authority for {e.who} has not come; reminded.",
            _remind, owed=(_KIND.AUTHORITY_REMINDER, _KIND.AUTHORITY_MISSING),
        ),
        ev.AuthorityGiven: Told(
            _given, _given_line, _confirm, owed=(_KIND.AUTHORITY_GIVEN,), turn=_stop
        ),
        ev.AuthorityWithdrawn: Told(
            _withdrawn,
            lambda e: (
                f"{e.who} may act for the customer no longer: {e.reason}{_again(e.promised)}"
            ),
            _end, owed=(_KIND.AUTHORITY_WITHDRAWN,), turn=_begin,
        ),
    },
    moments=_moments,
    of_time=(ev.AuthorityReminded,),
    of_opening=(ev.AuthorityAsked,),
    at_opening=_at_opening,
)  # fmt: skip
