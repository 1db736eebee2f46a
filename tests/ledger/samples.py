"""Entries for the tests of the ledger: small, and different where it matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from activities.contracts import LedgerEntry
from domain.complaint.commands import Actor
from domain.complaint.decider.registry import Event
from domain.complaint.features.handling.acknowledging import Acknowledged
from domain.complaint.features.handling.receiving import Opened
from domain.complaint.features.handling.updating import Updated
from domain.complaint.opening import Complainant, Opening
from domain.complaint.views.standings import ClockStanding, RemedyStanding, Standing
from domain.notices import Notice, NoticeKind, Recipient, RecipientKind
from domain.vocabulary import Channel, Role, Topic
from ledger.keys.holds import Act
from ledger.port import Ledger, Listing, every

REFERENCE = "FO-2026-000123"
RECEIVED = datetime(2026, 11, 20, 16, 45, tzinfo=UTC)
HANDLER = Actor(id="h.jones", name="H Jones", role=Role.CASE_HANDLER)


def at(number: int) -> datetime:
    """When the event of that number happened."""
    return RECEIVED + timedelta(hours=number)


def opened(reference: str = REFERENCE, details: str = "Nobody rang back.") -> Opened:
    opening = Opening(
        reference=reference,
        charter="financial-ombudsman",
        received_at=RECEIVED,
        channel=Channel.EMAIL,
        about=(Topic.DELAY,),
        details=details,
        complainant=Complainant(name="Siân Ôl", email="sian@example.org", language="cy"),
    )
    return Opened(number=1, at=at(1), opening=opening, stage="case-handler", digest="0123abcd")


def updated(number: int, message: str = "We are still waiting for the bank.") -> Updated:
    return Updated(
        number=number, at=at(number), actor=HANDLER, command_id=f"c-{number}", message=message
    )


def acknowledged(number: int) -> Acknowledged:
    return Acknowledged(number=number, at=at(number), actor=HANDLER, command_id=f"c-{number}")


def standing(events: int, reference: str = REFERENCE, **changes: Any) -> Standing:
    known = Standing(
        reference=reference,
        charter="financial-ombudsman",
        charter_version="2026-04",
        digest="0123abcd",
        channel="email",
        correspondent="customer",
        stage="case-handler",
        state="acknowledged" if events > 1 else "received",
        handler_id="h.jones" if events > 1 else None,
        handler_name="H Jones" if events > 1 else None,
        received_at=RECEIVED,
        next_due=None if changes.get("state") == "closed" else RECEIVED + timedelta(days=events),
        missed=0,
        outcome=None,
        closed_at=None,
        closed_how=None,
        events=events,
    )
    return replace(known, **changes)


def clock(clock_id: str = "FO-8/reply#1", **changes: Any) -> ClockStanding:
    known = ClockStanding(
        id=clock_id,
        promise="FO-8",
        part="reply",
        stage="manager",
        contact=None,
        state="running",
        budget="10 working days",
        started_at=RECEIVED,
        due_on=date(2026, 12, 4),
        due_at=datetime(2026, 12, 4, 17, 0, tzinfo=UTC),
        ended_at=None,
        fulfilled_late_at=None,
        extensions=1,
        renewal=False,
        superseded=(date(2026, 12, 1), date(2026, 12, 2)),
        proof="Ten working days from 20 November 2026.",
    )
    return replace(known, **changes)


def remedy(number: int = 1, reference: str = REFERENCE, **changes: Any) -> RemedyStanding:
    known = RemedyStanding(
        reference=reference,
        number=number,
        charter="financial-ombudsman",
        stage="manager",
        kind="payment",
        text="Refund of £40",
        owner_id="k.lee",
        owner_name="K Lee",
        owner_role="case-handler",
        due_on=date(2026, 12, 18),
        waits_for=date(2026, 12, 18),
        next_due=datetime(2026, 12, 18, 17, 0, tzinfo=UTC),
        state="owed",
        promised_at=RECEIVED,
        ended_at=None,
        reason=None,
        missed=0,
        reminders=0,
    )
    return replace(known, **changes)


def notice(event: int, reference: str = REFERENCE, what: str = "progress") -> Notice:
    return Notice(
        key=f"{reference}/{event}/{what}",
        kind=NoticeKind.PROGRESS,
        reference=reference,
        event=event,
        recipient=Recipient(
            kind=RecipientKind.CUSTOMER,
            name="Siân Ôl",
            email="sian@example.org",
            language="cy",
            adjustments=("large print",),
        ),
        facts={"message": "“Diolch”", "due": "2026-12-04", "steps": [1, 2], "more": None},
    )


def entry(*events: Event, reference: str = REFERENCE, **parts: Any) -> LedgerEntry:
    """What these events add: two clocks and a notice unless the parts say otherwise."""
    last = events[-1].number
    given: dict[str, Any] = {
        "standing": standing(last, reference),
        "clocks": (
            clock(extensions=last),
            clock("FO-2#1", promise="FO-2", part=None, started_at=RECEIVED + timedelta(days=1)),
        ),
        "notices": (notice(last, reference),),
    }
    return LedgerEntry(reference=reference, events=events, **{**given, **parts})


async def references(ledger: Ledger) -> tuple[str, ...]:
    """The reference of every complaint on record, in order."""
    found = every(ledger.complaints, Listing(ended=None))
    return tuple(sorted([one.reference async for one in found]))


def an_erasure(
    reference: str, when: datetime, what: str = "erase", reason: str = "Asked for"
) -> Act:
    """That D Lee erases it, or does something else about its keeping."""
    return Act(
        reference=reference, what=what, at=when, actor_id="d.lee", actor_name="D Lee",
        actor_role=Role.ADMINISTRATOR, reason=reason,
    )  # fmt: skip
