"""What people are told of representation.

Owns the notices of each event. The customer hears of every step; whoever has no authority hears of nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.complaint.features.people.representation import events as ev
from domain.complaint.features.people.representation.named import the_one
from domain.complaint.notify.compose import ask_reviewer, write_to
from domain.complaint.notify.recipients import customer_of, helper_as
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind


def requested(
    complaint: Complaint, event: ev.AuthorityAsked | ev.RepresentativeNamed
) -> Iterator[Notice]:
    """The customer is asked whether somebody may act for them."""
    who = event.who if isinstance(event, ev.AuthorityAsked) else event.representative.name
    yield from _to_customer(complaint, event, NoticeKind.AUTHORITY_REQUEST, who)


def reminded(complaint: Complaint, event: ev.AuthorityReminded) -> Iterator[Notice]:
    """The customer is asked once more; staff hear that nobody may act yet."""
    yield from _to_customer(complaint, event, NoticeKind.AUTHORITY_REMINDER, event.who)
    yield from ask_reviewer(
        complaint, event, NoticeKind.AUTHORITY_MISSING, representative_name=event.who
    )


def given(complaint: Complaint, event: ev.AuthorityGiven) -> Iterator[Notice]:
    """Both hear what was given, and where letters go."""
    own = helper_as(complaint, the_one(complaint, event.who))
    yield from write_to(
        (customer_of(complaint), own), complaint, event, NoticeKind.AUTHORITY_GIVEN,
        representative_name=event.who, scope=event.scope, notices_to=str(event.notices_to),
    )  # fmt: skip


def withdrawn(complaint: Complaint, event: ev.AuthorityWithdrawn) -> Iterator[Notice]:
    """The customer hears who acts no longer, and who still does."""
    kind, others = NoticeKind.AUTHORITY_WITHDRAWN, [each.who.name for each in complaint.acting]
    yield from _to_customer(complaint, event, kind, event.who, still_acting=others)


def _to_customer(
    complaint: Complaint, event: Any, kind: NoticeKind, name: str, **more: Any
) -> Iterator[Notice]:
    """A notice to the customer alone, and not to a representative without authority."""
    alone = (customer_of(complaint),)
    yield from write_to(alone, complaint, event, kind, representative_name=name, **more)
