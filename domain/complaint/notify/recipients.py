"""Whom a notice goes to: the customer's side, or the mailboxes of roles.

Owns who is on the customer's side and the keys of notices. Which notice an event owes is in
`reactions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from domain.charter.translations import for_reader
from domain.complaint.notify.contact_limits import closed_channels, open_details, open_ways
from domain.complaint.notify.facts import common_facts, staff_facts
from domain.notices import Notice, NoticeKind, Recipient, RecipientKind
from domain.vocabulary import Channel, NoticesTo, Role

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


def customer_side(complaint: Complaint) -> tuple[Recipient, ...]:
    """Who hears about the case: the customer and, only with authority, the representative.

    Source: `000_2dfa29253c41a6cc.txt`: a representative is dealt with once authorised.
    """
    customer, representative = customer_of(complaint), _representative_of(complaint)
    if representative is None:
        return (customer,)
    wanted = {NoticesTo.CUSTOMER: (customer,), NoticesTo.REPRESENTATIVE: (representative,)}
    return wanted.get(complaint.notices_to, (customer, representative))


def everyone(complaint: Complaint) -> tuple[Recipient, ...]:
    """The customer and whoever they have authorised, wherever notices go otherwise."""
    representative = _representative_of(complaint)
    return (customer_of(complaint), *((representative,) if representative else ()))


def customer_and_helper(complaint: Complaint) -> tuple[Recipient, ...]:
    """The customer wherever notices go, and who acts for them unless they want notices themselves."""
    if complaint.notices_to is NoticesTo.CUSTOMER:
        return (customer_of(complaint),)
    return everyone(complaint)


def customer_of(complaint: Complaint) -> Recipient:
    """The customer, reached as they prefer or, where that is closed to them, by what is open.

    What leads to them by a closed channel is left out, or it would be the way out.
    """
    who, channel = complaint.customer, complaint.customer.preferred_channel
    closed = closed_channels(complaint.restriction.limits) if complaint.restriction else frozenset()
    reached = open_details(who, closed)
    ways = open_ways(who, closed) if closed else ()
    if ways and channel not in ways:
        channel = ways[0]
    return Recipient(
        RecipientKind.CUSTOMER, who.name, reached["email"], reached["phone"], reached["address"],
        channel, who.language, who.adjustments,
    )  # fmt: skip


def _representative_of(complaint: Complaint) -> Recipient | None:
    """Who acts for the customer with authority, or none."""
    helper = complaint.representative
    if helper is None or not helper.authorised:
        return None
    return Recipient(
        RecipientKind.REPRESENTATIVE, helper.name, helper.email, helper.phone, helper.address,
        Channel.EMAIL if helper.email else Channel.LETTER, complaint.customer.language,
    )  # fmt: skip


def tell(complaint: Complaint, event: Any, kind: NoticeKind, **facts: Any) -> Iterator[Notice]:
    """One notice to each on the customer's side."""
    yield from write_to(customer_side(complaint), complaint, event, kind, **facts)


def write_to(
    recipients: tuple[Recipient, ...], complaint: Complaint, event: Any, kind: NoticeKind,
    **facts: Any,
) -> Iterator[Notice]:  # fmt: skip
    """One notice to each of these."""
    given = common_facts(complaint) | facts
    for recipient in recipients:
        said = for_reader(complaint.rules.charter, recipient.language, given)
        yield _notice(complaint, event, kind, recipient, recipient.kind, said)


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
