"""Services with timescales of their own: which one holds for a complaint, and what people are told of it.

Owns the look-ups. Source: `002_b4e25913c9de5f70.txt`: other or statutory timescales apply to some services,
and the customer is told so. Imports no matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.errors import InvalidCommand
from domain.matter_terms import Service
from domain.rules import PromiseRule, Rules

if TYPE_CHECKING:
    from domain.complaint import Complaint


def check_service(rules: Rules, asked: str | None) -> None:
    """Raise `InvalidCommand`, naming those there are, for a service that the charter does not have."""
    known = [service.id for service in rules.charter.services]
    if asked is not None and asked not in known:
        raise InvalidCommand(
            f"service: {rules.charter.id} has no such service.",
            f"Services: {', '.join(known)}." if known else "Leave it out: it names no services.",
        )


def service_named(rules: Rules, service_id: str | None) -> Service | None:
    """The charter's service of that id, or none."""
    return next((each for each in rules.charter.services if each.id == service_id), None)


def service_for(complaint: Complaint, rule: PromiseRule) -> Service | None:
    """The service whose timescale goes before that of the promise, or none."""
    service = service_named(complaint.rules, complaint.opened.service)
    return service if service and rule.key in service.replaces else None


def service_facts(complaint: Complaint) -> dict[str, str] | None:
    """The service whose timescale a running clock is on, for the acknowledgement, or none."""
    for clock in complaint.clocks:
        service = service_named(complaint.rules, clock.service) if clock.live else None
        if service:
            return {"name": service.name, "text": service.text}
    return None
