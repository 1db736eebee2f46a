"""Composing notices: to the customer's side, or to the mailboxes of roles.

Owns the keys of notices: made again for the same event, they are the same. Which notices an event owes
is with its feature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from domain.charter.translations import for_reader
from domain.complaint.notify.facts import common_facts, day_of, staff_facts, without_passed
from domain.complaint.notify.offers import for_whom
from domain.complaint.notify.own_words import in_own_words, in_welsh
from domain.complaint.notify.recipients import customer_side, helper_as
from domain.complaint.notify.urgency import may_wait
from domain.complaint.opening import Helper
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind, Recipient, RecipientKind
from domain.vocabulary import Correspondent, Role


def tell(complaint: Complaint, event: Any, kind: NoticeKind, **facts: Any) -> list[Notice]:
    """One notice to each on the customer's side."""
    return write_to(customer_side(complaint), complaint, event, kind, **facts)


def write_to(
    recipients: tuple[Recipient, ...], complaint: Complaint, event: Any, kind: NoticeKind,
    **facts: Any,
) -> list[Notice]:  # fmt: skip
    """One notice to each of these."""
    common = without_passed(complaint, common_facts(complaint), event.at)
    given = {**common, "acted_on": _acted_on(complaint, event), **facts}
    welsh = in_welsh(given if complaint.restriction else facts)
    made: list[Notice] = []
    told: list[RecipientKind] = []
    for recipient in recipients:
        theirs = for_whom(complaint, recipient, given)
        own = in_own_words(complaint, event, recipient.language, theirs, welsh)
        said = for_reader(complaint.rules.charter, recipient.language, own)
        before = told.count(recipient.kind)
        to = f"{recipient.kind}-{before + 1}" if before else str(recipient.kind)
        made.append(_notice(complaint, event, kind, recipient, to, said))
        told.append(recipient.kind)
    return made


def _acted_on(complaint: Complaint, event: Any) -> str | None:
    """The local day of what somebody did, where it was put on record on a later one."""
    if event.acted_at == event.at:
        return None
    done, entered = day_of(complaint, event.acted_at), day_of(complaint, event.at)
    return done.isoformat() if done < entered else None


_NOTHING_OF_THE_CASE: dict[str, Any] = {
    "handler": None, "direct": None, "stage_title": "", "next_step": None, "due": None,
    "proof": None, "window": None, "further": [], "outside": [],
}  # fmt: skip


def answer_apart(complaint: Complaint, event: Any, helpers: tuple[Helper, ...]) -> Iterator[Notice]:
    """An answer that tells nothing of the case, to a member who wrote and whom letters do not go to.

    Source: `000_2dfa29253c41a6cc.txt`: a member's letter is answered, and only who is authorised is dealt with.
    """
    apart = [e for e in helpers if e.wrote and not e.hears and e.who.kind is Correspondent.MP]
    kind = NoticeKind.ANSWERED_DIRECTLY
    for at, each in enumerate(apart, 1):
        reader = helper_as(complaint, each)
        given = common_facts(complaint) | _NOTHING_OF_THE_CASE
        given = for_whom(complaint, reader, given | {"authorised": each.who.authorised})
        said = for_reader(complaint.rules.charter, reader.language, given)
        yield _notice(complaint, event, kind, reader, f"representative-apart-{at}", said)


def ask(
    complaint: Complaint, event: Any, kind: NoticeKind, roles: tuple[Role | None, ...], **facts: Any
) -> list[Notice]:
    """One notice to the mailbox of each of these roles, once per mailbox; routine waits for its digest."""
    boxes = {complaint.rules.mailbox(role): role for role in reversed(roles) if role}
    said = staff_facts(complaint) | facts
    waits = may_wait(complaint, event.at, kind, said)
    return [
        _notice(complaint, event, kind, _staff(role, mailbox), role, said, waits)
        for mailbox, role in reversed(boxes.items())
        if mailbox
    ]


@cache
def _staff(role: Role, mailbox: str) -> Recipient:
    return Recipient(RecipientKind.STAFF, str(role), mailbox)


def ask_reviewer(complaint: Complaint, event: Any, kind: NoticeKind, **facts: Any) -> list[Notice]:
    """One notice to the mailbox of the role that reviews the present stage."""
    return ask(complaint, event, kind, (complaint.reviewer,), **facts)


def in_charge(complaint: Complaint) -> tuple[Role | None, ...]:
    """The role responsible for a date that passed, and the next one up the ladder."""
    following = complaint.rules.next_stage(complaint.stage)
    return complaint.reviewer, following.role if following else Role.MANAGER


def with_fields(
    kind: NoticeKind, *fields: str, facts: Callable[[Complaint, Any], dict[str, Any]] | None = None
) -> Callable[[Complaint, Any], list[Notice]]:
    """A reaction: a notice to the customer's side with these facts, and these fields of the event."""

    def reaction(complaint: Complaint, event: Any) -> list[Notice]:
        given = facts(complaint, event) if facts else {}
        said = {field: as_fact(getattr(event, field)) for field in fields}
        return tell(complaint, event, kind, **given, **said)

    return reaction


def as_fact(value: Any) -> Any:
    """A date as ISO text; anything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _notice(
    complaint: Complaint, event: Any, kind: NoticeKind, recipient: Recipient, to: str,
    facts: dict[str, Any], waits: bool = False,
) -> Notice:  # fmt: skip
    reference = complaint.opened.reference
    key = f"{reference}/{event.number}/{kind}/{to}"
    return Notice(key, kind, reference, event.number, recipient, facts, waits)
