"""To whom a promise is made now: the stage, the channel, the correspondent, and who is exempt.

Owns whether a promise applies to a complaint as it stands. Which clocks follow is in
`decider.clock_events`.
"""

from __future__ import annotations

from domain.calendar.budget import Budget
from domain.calendar.interval import NO_UPDATES, Interval
from domain.charter.rules import PromiseRule, Rules
from domain.charter.tables import Promise
from domain.complaint.opening import Representative
from domain.complaint.policies.service_times import service_for
from domain.complaint.state import Complaint
from domain.complaint.values import Contact
from domain.vocabulary import Channel, Correspondent, FromWhom, Trigger


def applies(complaint: Complaint, rule: PromiseRule, contact: Contact | None = None) -> bool:
    """Whether the promise is made at this stage, on this channel and to this correspondent.

    `contact` is what came in, where a clock would start for it. What a reply ends does not start
    again while that reply stands; a new contact is a new matter.
    """
    promise = rule.promise
    if contact is None and answered(complaint, rule):
        return False
    if rule.stages and complaint.stage not in rule.stages:
        return False
    if promise.while_deciding not in (None, complaint.deciding):
        return False
    channel, correspondent = _whence(complaint, contact)
    if not _of_kind(promise, contact) or (promise.channels and channel not in promise.channels):
        return False
    if promise.correspondents and correspondent not in promise.correspondents:
        return False
    unwanted = rule.agreed and complaint.customer.update_interval == NO_UPDATES
    return not unwanted and not exempted(rule, complaint.representative)


def answered(complaint: Complaint, rule: PromiseRule) -> bool:
    """Whether the reply that stands has ended the promise.

    Source: `001_52f8d27437deebc1.txt`: some go on until the case itself is closed.
    """
    if complaint.reply is None:
        return False
    case_open = complaint.case_open or complaint.deciding
    return Trigger.REPLIED in rule.until or (rule.while_case_open and not case_open)


def _of_kind(promise: Promise, contact: Contact | None) -> bool:
    """Whether the promise is for that kind of contact; a contact of unknown kind counts."""
    kind = contact.kind if contact else None
    return kind is None or not promise.contact_kinds or kind in promise.contact_kinds


def exempted(rule: PromiseRule, representative: Representative | None) -> bool:
    """Whether the promise is not made because of who acts for the customer, with authority.

    Source: `001_52f8d27437deebc1.txt`: a professional keeps their customer up to date themselves.
    """
    return bool(
        representative and representative.authorised and representative.kind in rule.promise.exempt
    )


def own_budget(complaint: Complaint, rule: PromiseRule) -> Budget | None:
    """The time that replaces the promise's for this complaint: an agreed one, or its service's.

    Source: `001_52f8d27437deebc1.txt`: monthly, unless it is agreed differently.
    """
    interval = complaint.customer.update_interval
    if rule.agreed and isinstance(interval, Interval):
        return interval.budget
    service = service_for(complaint, rule)
    return service.within.budget if service else None


def exemptions(rules: Rules, representative: Representative | None) -> tuple[str, ...]:
    """The keys of the promises that are not made because of who acts for the customer."""
    if representative is None:
        return ()
    return tuple(key for key, rule in rules.promises.items() if exempted(rule, representative))


def _whence(complaint: Complaint, contact: Contact | None) -> tuple[Channel, Correspondent]:
    helper = complaint.representative
    if contact is None:
        return complaint.opened.channel, complaint.correspondent
    if contact.from_whom is FromWhom.MP:
        return contact.channel, Correspondent.MP
    if contact.from_whom is FromWhom.REPRESENTATIVE and helper:
        return contact.channel, helper.kind
    return contact.channel, Correspondent.CUSTOMER
