"""Status: how a complaint stands, as JSON for whoever asks.

Owns the answers to the query `status` and to every update. Nothing personal beyond names of staff stands
outside the timeline.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from domain.calendar.pinned import Calendar
from domain.complaint.contact_limits import said
from domain.complaint.opening import Helper, customer_key
from domain.complaint.policies.applicability import informers, unkept_interval, wish_kept
from domain.complaint.state import Complaint
from domain.complaint.views.read_model import clock_standing, dated, remedy_standing, standing_of
from domain.complaint.views.timeline import row
from domain.vocabulary import NoticesTo

BRIEF = (
    "reference", "stage", "state", "handler_id", "next_due", "missed", "outcome", "closed_how",
    "events", "remedies_owed",
)  # fmt: skip
"""What of a standing every update answers with; the `status` query has the rest."""


def status_of(complaint: Complaint, events: tuple[Any, ...]) -> dict[str, Any]:
    """The answer to the `status` query: standing, every clock with its proof, the timeline."""
    calendar = complaint.rules.calendar
    return (
        _as_json(standing_of(complaint), calendar)
        | _people(complaint)
        | _in_hand(complaint)
        | {"taken_in": list(complaint.taken_in), "linked": list(complaint.linked)}
        | {"customer_key": customer_key(complaint.customer)}
        | ({"merged_into": complaint.closed.into} if complaint.closed else {})
        | {
            "clocks": [
                _as_json(clock_standing(clock, complaint.rules_of(clock)), calendar)
                for clock in complaint.clocks
            ],
            "contacts": [_as_json(contact, calendar) for contact in complaint.contacts],
            "remedies": [
                _as_json(remedy_standing(complaint, each), calendar) for each in complaint.remedies
            ],
            "timeline": [row(event, calendar) for event in events],
        }
    )


def brief_of(complaint: Complaint) -> dict[str, Any]:
    """The answer to an update: the standing and what is due, short enough for every history."""
    calendar = complaint.rules.calendar
    standing = _as_json(standing_of(complaint), calendar)
    return {
        **{name: standing[name] for name in BRIEF if standing[name] is not None},
        "due": {
            clock.id: _iso(dated(clock, complaint.rules)[0], calendar)
            for clock in complaint.clocks
            if clock.live
        },
    }


def _as_json(value: Any, calendar: Calendar, *names: str) -> dict[str, Any]:
    """These fields of a value, or all of them; instants are by the organisation's own clock."""
    shown = names or tuple(field.name for field in fields(value))
    return {name: _iso(getattr(value, name), calendar) for name in shown}


def _iso(value: Any, calendar: Calendar) -> Any:
    if isinstance(value, tuple):
        return [_iso(item, calendar) for item in value]
    if isinstance(value, datetime):
        return calendar.in_local_time(value).isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else value


def _people(complaint: Complaint) -> dict[str, Any]:
    """Preferences, representation, restriction and who is barred, as JSON; without names."""
    who, limited = complaint.customer, complaint.restriction
    helpers = [_helper(complaint, each) for each in complaint.helpers]
    acting = [each for each in helpers if each["authorised"]]
    interval = who.update_interval
    return {
        "preferences": {
            "channel": str(who.preferred_channel),
            "language": who.language,
            "adjustments": list(who.adjustments),
            "update_interval": None if interval is None else str(interval),
            "interval_kept": wish_kept(complaint) and unkept_interval(complaint) is None,
        },
        "representation": next(iter((*acting, *reversed(helpers))), None),
        "representatives": helpers,
        "restriction": limited
        and {
            "limits": [said(limit) for limit in limited.limits],
            "since": _iso(limited.since, complaint.rules.calendar),
            "review_on": limited.review_on.isoformat(),
        },
        "barred": sorted(complaint.conflicted),
    }


def _helper(complaint: Complaint, helper: Helper) -> dict[str, Any]:
    may = helper.who.authorised
    return {
        "kind": str(helper.who.kind),
        "authorised": may,
        "notices_to": str(helper.notices_to if may else NoticesTo.CUSTOMER),
        "keeps_informed": helper in informers(complaint),
    }


def _in_hand(complaint: Complaint) -> dict[str, Any]:
    """`service`, `appointments` and `requests`, as JSON has them."""
    calendar = complaint.rules.calendar
    return {
        "service": complaint.opened.service,
        "appointments": [
            _as_json(each, calendar, "number", "state", "place")
            | {
                "starts_at": _iso(each.at, calendar),
                "officer": each.officer.name if each.officer else None,
            }
            for each in complaint.appointments
        ],
        "requests": [
            _as_json(
                each, calendar, "number", "state", "answer_by", "closes_on", "stops_clock", "heard"
            )
            for each in complaint.requests
        ],
    }
