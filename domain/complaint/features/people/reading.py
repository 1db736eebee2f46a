"""Reading: whoever comes to hear of the case after the reply is sent the reply as well.

Owns that event. Authority may be given, or taken back, when the answer is out: it is theirs to read. Nobody's time to go on
changes by that. Source: `000_2dfa29253c41a6cc.txt` (whoever is authorised is dealt with).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from domain import value
from domain.complaint.commands import Command
from domain.complaint.events import Happened
from domain.complaint.feature import EventSpec, Feature, Policy, following
from domain.complaint.features.handling.replying import findings_of, letter_of
from domain.complaint.features.remedies.promise import facts_by_now, remedies_said
from domain.complaint.notify.compose import write_to
from domain.complaint.notify.facts import common_facts, day_of
from domain.complaint.notify.recipients import customer_side, readers
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind


@value(frozen=True, slots=True, kw_only=True)
class ReplyPassedOn(Happened):
    """Somebody hears of the case from now on, and was sent the reply that had been given before."""

    kind: Literal["reply-passed-on"] = "reply-passed-on"
    readers: tuple[str, ...]
    """Who they are, as `readers` names them."""


def _pass_on(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    """Nothing where the reply itself has not arrived: it is sent again to all of them."""
    reply = complaint.reply
    if reply is None or reply.unread or reply.said is None:
        return ()
    new = tuple(each for each in readers(complaint) if each not in reply.readers)
    return following(ReplyPassedOn, complaint, now, readers=new) if new else ()


def _fold(complaint: Complaint, event: ReplyPassedOn) -> dict[str, Any]:
    reply = complaint.reply
    have = (*reply.readers, *event.readers) if reply else ()
    return {"reply": replace(reply, readers=have)} if reply else {}


def _send(complaint: Complaint, event: ReplyPassedOn) -> Iterator[Notice]:
    reply, window = complaint.reply, common_facts(complaint)["window"]
    if reply is None:
        return
    said, side = reply.said, zip(readers(complaint), customer_side(complaint), strict=True)
    yield from write_to(
        tuple(reader for name, reader in side if name in event.readers),
        complaint, event, letter_of(complaint, said), **findings_of(said),
        **remedies_said(said, facts_by_now(complaint, said)),
        answered_on=day_of(complaint, reply.at).isoformat(),
        # How the last day was counted is about the letter that others had.
        window=window and window | {"proof": None},
    )  # fmt: skip


FEATURE = Feature(
    events={
        ReplyPassedOn: EventSpec(
            lambda _: "Whoever hears of the case from now on was sent the reply.", _fold, _send,
            owed=(NoticeKind.REPLY, NoticeKind.FINAL_REPLY),
        ),
    },
    policies=dict.fromkeys(
        ("give_authority", "withdraw_authority", "hear_directly"),
        Policy((ReplyPassedOn,), _pass_on),
    ),
)  # fmt: skip
