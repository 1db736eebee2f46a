"""Whom a notice goes to on the customer's side.

Owns who they are, how each is reached and on which day a letter reaches them. Notices to staff go to the mailboxes of roles (`compose`).
"""

from __future__ import annotations

import re
from datetime import date, datetime

from domain.complaint.contact_limits import closed_channels, open_details, open_ways
from domain.complaint.state import Complaint
from domain.notices import Recipient, RecipientKind
from domain.vocabulary import Channel, NoticesTo


def customer_side(complaint: Complaint) -> tuple[Recipient, ...]:
    """Who hears about the case: the customer and, only with authority, the representative.

    Source: `000_2dfa29253c41a6cc.txt`: a representative is dealt with once authorised.
    """
    customer, representative = customer_of(complaint), _representative_of(complaint)
    if representative is None:
        return (customer,)
    wanted = {NoticesTo.CUSTOMER: (customer,), NoticesTo.REPRESENTATIVE: (representative,)}
    return wanted.get(complaint.notices_to, (customer, representative))


_ONE_ADDRESS = re.compile(r"[^@\s,;]+@[^@\s,;]+")
_BY_EMAIL = (Channel.EMAIL, Channel.WEB_FORM)


def reached_on(complaint: Complaint, sent_at: datetime) -> date:
    """The local day on which a letter sent then (UTC) has reached everybody on the customer's side.

    An e-mail does on the day it is sent, anything else as the charter says of posted letters.
    Raises `BeyondCalendar`.
    """
    day = complaint.rules.calendar.local_day(sent_at)
    if all(by_email(each) for each in customer_side(complaint)):
        return day
    takes = complaint.rules.charter.delivery.letter
    return complaint.rules.calendar.add_working_days(day, takes)


def by_email(person: Recipient) -> bool:
    """Whether a letter surely goes to them by e-mail; where that is in doubt it is posted."""
    one = person.email and _ONE_ADDRESS.fullmatch(person.email)
    other = person.address or person.phone
    return bool(one and (person.channel in _BY_EMAIL or not other))


def everyone(complaint: Complaint) -> tuple[Recipient, ...]:
    """The customer and whoever they have authorised, wherever notices go otherwise."""
    representative = _representative_of(complaint)
    return (customer_of(complaint), *((representative,) if representative else ()))


def customer_and_helper(complaint: Complaint) -> tuple[Recipient, ...]:
    """The customer always, and their representative unless all notices go to the customer."""
    if complaint.notices_to is NoticesTo.CUSTOMER:
        return (customer_of(complaint),)
    return everyone(complaint)


def customer_of(complaint: Complaint) -> Recipient:
    """The customer, reached as they prefer or, where that channel is closed to them, by an open one.

    Addresses of a closed channel are left out, so that no letter goes there.
    """
    who, channel = complaint.customer, complaint.customer.preferred_channel
    email, phone, address = who.email, who.phone, who.address
    if complaint.restriction:
        closed = closed_channels(complaint.restriction.limits)
        reached = open_details(who, closed)
        email, phone, address = reached["email"], reached["phone"], reached["address"]
        ways = open_ways(who, closed) if closed else ()
        if ways and channel not in ways:
            channel = ways[0]
    return Recipient(
        RecipientKind.CUSTOMER, who.name, email, phone, address, channel, who.language,
        who.adjustments,
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
