"""To whom a promise is made now: the stage, the channel, the correspondent, and who is exempt.

Owns whether a promise applies to a complaint as it stands. Which clocks follow is in
`decider.clock_events`.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.calendar.budget import Budget
from domain.calendar.interval import NO_UPDATES, Interval
from domain.charter.rules import PromiseRule, Rules
from domain.charter.tables import Promise
from domain.complaint.opening import Helper, Representative
from domain.complaint.policies.service_times import service_for
from domain.complaint.state import Complaint, while_same
from domain.complaint.values import Contact
from domain.vocabulary import Channel, Correspondent, FromWhom, Trigger


def applies(complaint: Complaint, rule: PromiseRule, contact: Contact | None = None) -> bool:
    """Whether the promise is made at this stage, on this channel and to this correspondent.

    `contact` is what came in, where a clock would start for it. What a reply ends does not start
    again while that reply stands; a new contact is a new matter.
    """
    promise = rule.promise
    elsewhere = rule.stages and complaint.stage not in rule.stages
    if elsewhere or (contact is None and complaint.reply and answered(complaint, rule)):
        return False
    if promise.while_deciding not in (None, complaint.deciding):
        return False
    if promise.contact_kinds and not _of_kind(complaint, promise, contact):
        return False
    brought = promise.channels or promise.correspondents
    if brought and not _brought_so(complaint, promise, contact):
        return False
    unwanted = rule.agreed and complaint.customer.update_interval == NO_UPDATES
    if unwanted or not complaint.helpers or complaint.heard_directly:
        return not unwanted
    return not any(exempted(rule, each.who) for each in complaint.helpers)


def informers(complaint: Complaint) -> tuple[Helper, ...]:
    """The professionals who keep the customer up to date, as the charter says they do.

    None once the customer has asked to hear directly. Source: `001_52f8d27437deebc1.txt`.
    """
    if complaint.heard_directly or not complaint.rules.charter.representation.professional_informs:
        return ()
    kind = Correspondent.PROFESSIONAL
    return tuple(each for each in complaint.acting if each.who.kind is kind)


def answered(complaint: Complaint, rule: PromiseRule) -> bool:
    """Whether the reply that stands has ended the promise.

    Source: `001_52f8d27437deebc1.txt`: some go on until the case itself is closed.
    """
    if complaint.reply is None:
        return False
    case_open = complaint.case_open or complaint.deciding
    return Trigger.REPLIED in rule.until or (rule.while_case_open and not case_open)


def _of_kind(complaint: Complaint, promise: Promise, contact: Contact | None) -> bool:
    """Whether the promise is for that kind of contact; a contact of unknown kind counts."""
    kind = contact.kind if contact else complaint.opened.contact_kind
    return kind is None or kind in promise.contact_kinds


def exempted(rule: PromiseRule, representative: Representative) -> bool:
    """Whether the promise is not made because of who acts for the customer, with authority.

    Source: `001_52f8d27437deebc1.txt`: a professional keeps their customer up to date themselves.
    """
    return representative.authorised and representative.kind in rule.promise.exempt


def wish_kept(complaint: Complaint) -> bool:
    """Whether a clock goes by how often the customer asked to hear, or will once it starts.

    To hear nothing regular is kept unless a rhythm that nobody may change is running.
    """
    promises, wish = complaint.rules.promises, complaint.customer.update_interval
    if wish == NO_UPDATES:
        running = [promises[clock.promise] for clock in complaint.clocks if clock.live]
        return not any(rule.repeats and not rule.agreed for rule in running)
    return wish is None or any(
        rule.agreed and applies(complaint, rule) for rule in promises.values()
    )


def unkept_interval(complaint: Complaint) -> Interval | None:
    """How often the customer asked to hear, where nothing keeps it: no clock does, or all is over."""
    wish = complaint.customer.update_interval
    over = complaint.closed is not None or not wish_kept(complaint)
    return wish if isinstance(wish, Interval) and over else None


def own_budget(complaint: Complaint, rule: PromiseRule) -> Budget | None:
    """The time that replaces the promise's for this complaint: an agreed one, or its service's.

    Source: `001_52f8d27437deebc1.txt`: monthly, unless it is agreed differently.
    """
    if rule.agreed and isinstance(interval := complaint.customer.update_interval, Interval):
        return interval.budget
    service = service_for(complaint, rule)
    return service.within.budget if service else None


def exemptions(rules: Rules, acting: Iterable[Representative]) -> tuple[str, ...]:
    """The keys of the promises that are not made because of who acts for the customer."""
    who = tuple(acting)
    return tuple(
        key
        for key, rule in (rules.promises.items() if who else ())
        if any(exempted(rule, each) for each in who)
    )


def sender_of(complaint: Complaint, from_whom: FromWhom, name: str | None = None) -> Helper | None:
    """Which of those on record wrote, or none: the one of that name, or the only one whom it can be."""
    found = possible_senders(complaint, from_whom, name)
    return found[0] if len(found) == 1 else None


def possible_senders(
    complaint: Complaint, from_whom: FromWhom, name: str | None = None
) -> list[Helper]:
    """Those on record who may have written, beside the customer: by name, or whoever it can be."""
    helpers, member = list(complaint.helpers), from_whom is FromWhom.MP
    if from_whom is FromWhom.CUSTOMER:
        return []
    if name:
        return [each for each in helpers if each.named(name)]
    found = [each for each in helpers if (each.who.kind is Correspondent.MP) is member]
    return found or ([] if member else helpers)


def answered_by_reply(complaint: Complaint, number: int | None) -> bool:
    """Whether the reply reaches whoever sent that contact: a member who is not on record hears nothing of it.

    Source: `000_2dfa29253c41a6cc.txt`: a member of a parliament who writes is answered.
    """
    if number is None:
        return True
    contact = complaint.contact(number)
    unknown = sender_of(complaint, contact.from_whom, contact.who) is None
    return not (contact.from_whom is FromWhom.MP and unknown)


def _brought_so(complaint: Complaint, promise: Promise, contact: Contact | None) -> bool:
    """Whether it came by a channel, and from somebody, for whom the promise is made."""
    channel, kinds = _whence(complaint, contact) if contact else _brought_by(complaint)
    return (not promise.channels or channel in promise.channels) and (
        not promise.correspondents or not kinds.isdisjoint(promise.correspondents)
    )


def _whence(complaint: Complaint, contact: Contact) -> tuple[Channel, frozenset[Correspondent]]:
    """By which channel the contact came, and from which kind of person."""
    if contact.from_whom is FromWhom.MP:
        return contact.channel, frozenset({Correspondent.MP})
    sender = sender_of(complaint, contact.from_whom, contact.who)
    return contact.channel, frozenset({sender.who.kind if sender else Correspondent.CUSTOMER})


@while_same("opening", "helpers")
def _brought_by(complaint: Complaint) -> tuple[Channel, frozenset[Correspondent]]:
    """The same of the complaint itself: several may bring it."""
    opening = complaint.opened
    brings = {
        each.who.kind
        for each in complaint.helpers
        if each.who.authorised or (each.wrote and each.who.kind is Correspondent.MP)
    }
    return opening.channel, frozenset(brings or {opening.correspondent})
