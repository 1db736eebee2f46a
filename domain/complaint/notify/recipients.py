"""Whom a notice goes to on the customer's side.

Owns who they are, how each is reached and on which day a letter reaches them. Notices to staff go to the mailboxes of roles (`compose`).
"""

from __future__ import annotations

import re
from datetime import date, datetime

from domain.complaint.contact_limits import closed_channels, open_details, open_ways
from domain.complaint.opening import Helper
from domain.complaint.policies.applicability import sender_of
from domain.complaint.state import Complaint, while_same
from domain.complaint.values import Contact
from domain.notices import Recipient, RecipientKind
from domain.vocabulary import Channel, FromWhom, NoticesTo


@while_same("opening", "complainant", "helpers", "restriction", "unreached")
def customer_side(complaint: Complaint) -> tuple[Recipient, ...]:
    """Who hears about the case: the customer and, only with authority, whoever acts for them.

    Source: `000_2dfa29253c41a6cc.txt`: a representative is dealt with once authorised.
    """
    if not complaint.helpers:
        return (customer_of(complaint),)
    hearing = [each for each in complaint.helpers if each.hears]
    instead = any(each.notices_to is NoticesTo.REPRESENTATIVE for each in hearing)
    others = tuple(helper_as(complaint, each) for each in hearing)
    return others if instead else (customer_of(complaint), *others)


def readers(complaint: Complaint) -> tuple[str, ...]:
    """What each of them is known by: their kind and name, in the same order."""
    return tuple(f"{each.kind}:{each.name.casefold()}" for each in customer_side(complaint))


def sender_side(complaint: Complaint, contact: Contact) -> tuple[Recipient, ...]:
    """Who hears of one contact: whoever sent it and the customer, but nobody else who acts for them."""
    if contact.from_whom is FromWhom.CUSTOMER:
        return customer_side(complaint)
    sender = sender_of(complaint, contact.from_whom, contact.who)
    if sender is None or not sender.hears:
        return (customer_of(complaint),)
    own = helper_as(complaint, sender)
    alone = sender.notices_to is NoticesTo.REPRESENTATIVE
    return (own,) if alone else (customer_of(complaint), own)


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
    acting = (helper_as(complaint, each) for each in complaint.acting)
    return (customer_of(complaint), *acting)


def customer_and_helper(complaint: Complaint) -> tuple[Recipient, ...]:
    """The customer always, and whoever acts for them unless all notices go to the customer."""
    hearing = (helper_as(complaint, each) for each in complaint.helpers if each.hears)
    return (customer_of(complaint), *hearing)


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
    if complaint.unreached:
        email, phone, address = (
            None if each and same_address(each) in complaint.unreached else each
            for each in (email, phone, address)
        )
    return Recipient(
        RecipientKind.CUSTOMER, who.name, email, phone, address, channel, who.language,
        who.adjustments,
    )  # fmt: skip


def same_address(address: str) -> str:
    """An address or number, the same however it is written."""
    return "".join(address.casefold().split())


def helper_as(complaint: Complaint, helper: Helper) -> Recipient:
    """Somebody who acts for the customer, as they are reached. Whether they may read it is for others to say."""
    who = helper.who
    return Recipient(
        RecipientKind.REPRESENTATIVE, who.name, who.email, who.phone, who.address,
        Channel.EMAIL if who.email else Channel.LETTER, complaint.customer.language,
    )  # fmt: skip
