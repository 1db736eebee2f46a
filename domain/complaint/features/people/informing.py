"""Informing: who keeps the customer up to date where a professional acts for them.

Owns `hear_directly`, and the record and letter that say whose task it is. Which promises are not made to a
professional is the charter's (`exempt`); they are made again to a customer who asks. Source:
`001_52f8d27437deebc1.txt` (professionals are responsible for keeping their customers up to date).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from domain import value
from domain.complaint.commands import Entered
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, Moves, Policy, following, made
from domain.complaint.features.people.representation.named import said_again
from domain.complaint.notify.compose import ask_reviewer, write_to
from domain.complaint.notify.recipients import everyone
from domain.complaint.policies.applicability import exemptions, informers
from domain.complaint.policies.suspension import promised_again
from domain.complaint.state import Complaint
from domain.errors import WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import ANY, STAFF, NoticesTo, Role


class HearDirectly(Entered):
    """The customer wants to hear from us directly, beside whoever acts for them."""

    verb = "hear_directly"


@value(frozen=True, slots=True, kw_only=True)
class InformerNoted(Happened):
    """A professional acts, and keeps the customer up to date."""

    kind: Literal["informer-noted"] = "informer-noted"
    who: str


@value(frozen=True, slots=True, kw_only=True)
class HeardDirectly(Happened):
    """The customer hears from us directly from now on."""

    kind: Literal["heard-directly"] = "heard-directly"
    who: str
    """Who acts for them."""
    promised: tuple[str, ...] = ()
    """The promises that are made again."""
    received_at: datetime | None = None


def _note(complaint: Complaint, now: datetime) -> tuple[Any, ...]:
    found = [each.who.name for each in informers(complaint)]
    if complaint.closed or not found or found[-1] == complaint.informed_by:
        return ()
    return following(InformerNoted, complaint, now, who=found[-1])


def _hear(complaint: Complaint, command: HearDirectly, now: datetime) -> tuple[Any, ...]:
    acting = [each.who for each in complaint.acting]
    if not acting or complaint.heard_directly:
        raise WrongState(
            f"The customer hears from us directly on {complaint.reference} already.",
            "Nothing more is needed.",
        )
    who = ", ".join(each.name for each in acting)
    again = () if complaint.closed else exemptions(complaint.rules, acting)
    return made(HeardDirectly, complaint, command, now, who=who, promised=again)


def _fold(complaint: Complaint, _: HeardDirectly) -> dict[str, Any]:
    alone, both = NoticesTo.REPRESENTATIVE, NoticesTo.BOTH
    helpers = tuple(
        replace(each, notices_to=both) if each.notices_to is alone else each
        for each in complaint.helpers
    )
    return {"heard_directly": True, "helpers": helpers}


def _tell(complaint: Complaint, event: InformerNoted) -> Iterator[Notice]:
    yield from write_to(
        everyone(complaint), complaint, event, NoticeKind.INFORMER_NOTED,
        representative_name=event.who,
    )  # fmt: skip


def _confirm(complaint: Complaint, event: HeardDirectly) -> Iterator[Notice]:
    promises = complaint.rules.promises
    yield from write_to(
        everyone(complaint), complaint, event, NoticeKind.HEARD_DIRECTLY,
        representative_name=event.who, notices_to="both" if any(each.hears for each in complaint.acting) else "customer",
        promised_again=[promises[key].promise.text for key in event.promised if key in promises],
    )  # fmt: skip
    yield from ask_reviewer(complaint, event, NoticeKind.PREFERENCES_CHANGED)


def _line(event: HeardDirectly) -> str:
    again = said_again(event.promised)
    return f"The customer hears from us directly, beside {event.who}.{again}"


FEATURE = Feature(
    commands={
        HearDirectly: CommandSpec(
            (Role.CUSTOMER, Role.UPSTREAM_APP, *STAFF), ANY, (HeardDirectly,), _hear,
            passes_on=True, answers=lambda complaint, _: (
                complaint.opened.received_at, "the complaint was received"
            ),
        ),
    },
    events={
        InformerNoted: EventSpec(
            lambda e: f"{e.who} acts as a professional, and keeps the customer up to date.",
            lambda _, e: {"informed_by": e.who}, _tell, owed=(NoticeKind.INFORMER_NOTED,),
        ),
        HeardDirectly: EventSpec(
            _line, _fold, _confirm, owed=(NoticeKind.HEARD_DIRECTLY, NoticeKind.PREFERENCES_CHANGED),
            turn=promised_again, moves=Moves.RENEWS_EXEMPT,
        ),
    },
    policies={
        "give_authority": Policy((InformerNoted,), lambda complaint, _, now: _note(complaint, now)),
    },
    of_opening=(InformerNoted,),
    at_opening=_note,
)  # fmt: skip
