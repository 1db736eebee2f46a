"""Whom a notice goes to: the customer's side, or the mailboxes of roles.

Owns who is on the customer's side and the keys of notices. Which notice an event owes is in
`reactions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from domain.facts import common_facts, staff_facts
from domain.notices import Notice, NoticeKind, Recipient, RecipientKind
from domain.vocabulary import Channel, Role

if TYPE_CHECKING:
    from domain.complaint import Complaint


def customer_side(complaint: Complaint) -> tuple[Recipient, ...]:
    """Who hears about the case: the customer and, only with authority, the representative.

    Source: `000_2dfa29253c41a6cc.txt`: a representative is dealt with once authorised.
    """
    who, representative = complaint.opened.complainant, complaint.opened.representative
    customer = Recipient(
        RecipientKind.CUSTOMER, who.name, who.email, who.phone, who.address,
        who.preferred_channel, who.language, who.adjustments,
    )  # fmt: skip
    if representative is None or not representative.authorised:
        return (customer,)
    return (
        customer,
        Recipient(
            RecipientKind.REPRESENTATIVE, representative.name, representative.email,
            representative.phone, representative.address,
            Channel.EMAIL if representative.email else Channel.LETTER, who.language,
        ),
    )  # fmt: skip


def tell(complaint: Complaint, event: Any, kind: NoticeKind, **facts: Any) -> Iterator[Notice]:
    """One notice to each on the customer's side."""
    common = common_facts(complaint)
    for recipient in customer_side(complaint):
        yield _notice(complaint, event, kind, recipient, recipient.kind, common | facts)


def ask(
    complaint: Complaint, event: Any, kind: NoticeKind, roles: tuple[Role | None, ...], **facts: Any
) -> Iterator[Notice]:
    """One notice to the mailbox of each of these roles, once per mailbox."""
    boxes = {complaint.rules.mailbox(role): role for role in reversed(roles) if role}
    common = staff_facts(complaint)
    for mailbox, role in reversed(boxes.items()):
        if mailbox:
            recipient = Recipient(RecipientKind.STAFF, str(role), mailbox)
            yield _notice(complaint, event, kind, recipient, str(role), common | facts)


def _notice(
    complaint: Complaint, event: Any, kind: NoticeKind, recipient: Recipient, to: str,
    facts: dict[str, Any],
) -> Notice:  # fmt: skip
    key = f"{complaint.reference}/{event.number}/{kind}/{to}"
    return Notice(key, kind, complaint.reference, event.number, recipient, facts)
