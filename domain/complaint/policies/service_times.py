"""Services with timescales of their own: which one holds for a complaint, and what people are told of it.

Owns the look-ups. Source: `002_b4e25913c9de5f70.txt`: other or statutory timescales apply to some services,
and the customer is told so.
"""

from __future__ import annotations

from typing import Any

from domain.calendar.budget import Budget, Unit
from domain.charter.feature_tables import Service
from domain.charter.rules import PromiseRule, Rules
from domain.clocks.clock import Clock
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand


def check_service(rules: Rules, asked: str | None) -> None:
    """Raise `InvalidCommand`, naming those there are, for a service that the charter does not have."""
    if asked is not None and asked not in rules.services:
        known = list(rules.services)
        raise InvalidCommand(
            f"service: {rules.charter.id} has no such service.",
            f"Services: {', '.join(known)}." if known else "Leave it out: it names no services.",
        )


def service_for(complaint: Complaint, rule: PromiseRule) -> Service | None:
    """The service whose timescale goes before that of the promise, or none."""
    asked = complaint.opened.service
    service = complaint.rules.services.get(asked) if asked else None
    return service if service and rule.key in service.replaces else None


def time_of_its_own(complaint: Complaint, clock: Clock) -> dict[str, Any] | None:
    """The time that replaces the promise's for the clock, or for the one that it renews; or none.

    A letter that quotes the promise has to say it, or it states a time that does not hold.
    """
    first = _renewed(complaint, clock)
    if first.budget is None:
        return None
    rule = complaint.rules.promises[clock.promise]
    service = complaint.rules.services.get(first.service or "")
    if first.together:
        return _spoken(first.budget, None) | {"together": True}
    if service is None and not rule.agreed:
        service = service_for(complaint, rule)
    return _spoken(first.budget, service)


def _renewed(complaint: Complaint, clock: Clock) -> Clock:
    """The clock of which this is a new date given after a miss; itself, if it is none."""
    subject = (clock.promise, clock.contact, clock.appointment)
    before = complaint.clocks[: complaint.clocks.index(clock) + 1]
    for each in reversed(before):
        if (each.promise, each.contact, each.appointment) == subject and not each.renewal:
            return each
    return clock


def _spoken(budget: Budget, service: Service | None) -> dict[str, Any]:
    unit, amount = str(budget.unit), budget.amount
    if budget.unit is Unit.END_OF_NEXT_WORKING_DAY:
        unit = str(Unit.WORKING_DAYS)
    elif budget.unit is Unit.CALENDAR_DAYS and amount % 7 == 0:
        unit, amount = "weeks", amount // 7
    return {"service": service.name if service else None, "unit": unit, "amount": amount}


def service_facts(complaint: Complaint) -> dict[str, str] | None:
    """The service whose timescale a running clock is on, for the acknowledgement, or none."""
    for clock in complaint.clocks:
        service = complaint.rules.services.get(clock.service or "")
        if service and clock.live:
            return {"name": service.name, "text": service.text}
    return None
