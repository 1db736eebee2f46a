"""Which notices an event of a remedy owes, to whom, with which facts.

Owns `react`. The customer hears what became of each thing that was undertaken; staff hear of it
before its date, and again and again once that has passed. How a notice is worded is the templates'
business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from domain.charter.translations import for_reader
from domain.clocks.proof import count_facts
from domain.complaint.features.remedies import remedy_events as rev
from domain.complaint.features.remedies.remedy import Remedy
from domain.complaint.features.remedies.remedy_promise import count_of
from domain.complaint.notify.facts import organisation_facts, signposts
from domain.notices import Notice, NoticeKind, Recipient, RecipientKind
from domain.vocabulary import Role

OWED: dict[type, tuple[NoticeKind, ...]] = {
    rev.RemedyPromised: (NoticeKind.REMEDY_OWED,),
    rev.RemedyAccepted: (NoticeKind.REMEDY_ACCEPTED, NoticeKind.REMEDY_ANSWERED),
    rev.RemedyDone: (NoticeKind.REMEDY_DONE, NoticeKind.REMEDY_ANSWERED),
    rev.RemedyRefused: (NoticeKind.REMEDY_REFUSED, NoticeKind.REMEDY_ANSWERED),
    rev.RemedyReassigned: (NoticeKind.REMEDY_OWED,),
    rev.RemedyPostponed: (NoticeKind.REMEDY_POSTPONED,),
    rev.RemedyWarned: (NoticeKind.REMEDY_DUE,),
    rev.RemedyMissed: (NoticeKind.REMEDY_MISSED, NoticeKind.REMEDY_OVERDUE),
    rev.RemedyReminded: (NoticeKind.REMEDY_OVERDUE,),
    rev.RemedyFollowed: (),
    rev.RemedyUndeliverable: (NoticeKind.UNDELIVERABLE,),
}
"""Every kind of notice that an event can owe; what `react` gives is always among these."""


def react(remedy: Remedy, event: Any) -> tuple[Notice, ...]:
    """The notices owed because of the event, which has been folded into the remedy already.

    Keys are `<reference>/remedy-<number>/<event number>/<kind>/<recipient>`: made again, they are
    the same, and never those of the complaint.
    """
    reaction = _REACTIONS.get(type(event))
    return tuple(reaction(remedy, event)) if reaction else ()


def event_of(key: str) -> int:
    """The number of the remedy's event that owes the notice of that key; 0 for another's notice."""
    _, _, number, *_ = (*key.split("/"), "", "", "")
    return int(number) if number.isdecimal() else 0


def _tell(remedy: Remedy, event: Any, kind: NoticeKind, **facts: Any) -> Iterator[Notice]:
    common = _facts(remedy) | facts
    for recipient in remedy.whom.recipients:
        said = for_reader(remedy.rules.charter, recipient.language, common)
        yield _notice(remedy, event, kind, recipient, str(recipient.kind), said)


def _ask(
    remedy: Remedy, event: Any, kind: NoticeKind, roles: tuple[Role | None, ...], **facts: Any
) -> Iterator[Notice]:
    """One notice to the mailbox of each of these roles, once per mailbox."""
    boxes = {remedy.rules.mailbox(role): role for role in reversed(roles) if role}
    common = _staff_facts(remedy) | facts
    for mailbox, role in reversed(boxes.items()):
        if mailbox:
            recipient = Recipient(RecipientKind.STAFF, str(role), mailbox)
            yield _notice(remedy, event, kind, recipient, str(role), common)


def _notice(
    remedy: Remedy, event: Any, kind: NoticeKind, recipient: Recipient, to: str,
    facts: dict[str, Any],
) -> Notice:  # fmt: skip
    opening = remedy.opened
    key = f"{opening.reference}/remedy-{opening.commitment.number}/{event.number}/{kind}/{to}"
    return Notice(key, kind, opening.reference, opening.event, recipient, facts)


def _facts(remedy: Remedy) -> dict[str, Any]:
    """What every notice about a remedy is given; dates are local ISO texts."""
    opening, rules = remedy.opened, remedy.rules
    stage = rules.stage(opening.stage)
    outside = () if rules.next_stage(stage.id) else rules.charter.stages
    further = [one.signpost for one in outside if one.external and one.signpost]
    day = remedy.waits_for
    return {
        **organisation_facts(rules),
        "reference": opening.reference,
        "handler": remedy.owner.name if remedy.owner else None,
        "direct": None,
        "stage_title": stage.title,
        "next_step": _next_step(remedy),
        # The layout of letters names this as the day of the full answer, which is given already.
        "due": None,
        "proof": None,
        "further": signposts((*further, *rules.charter.signposts)),
        "window": None,
        "customer_name": remedy.whom.customer_name,
        "remedy": remedy.commitment.text,
        "remedy_kind": str(remedy.commitment.kind),
        "remedy_number": remedy.commitment.number,
        "remedy_due": day.isoformat() if day else None,
    }


def _staff_facts(remedy: Remedy) -> dict[str, Any]:
    """The same for a note to staff, with the day by which something has to be done."""
    day = remedy.waits_for
    count = count_of(remedy.commitment, remedy.rules) if day == remedy.commitment.due else None
    return {
        **_facts(remedy),
        "due": day.isoformat() if day else None,
        "proof": count_facts(count) if count else None,
    }


def _next_step(remedy: Remedy) -> dict[str, str]:
    if remedy.settled:
        return {"kind": "remedy-settled"}
    day = remedy.waits_for
    on = {"on": day.isoformat()} if day else {}
    return {"kind": "remedy-answer" if _awaits_answer(remedy) else "remedy-owed"} | on


def _awaits_answer(remedy: Remedy) -> bool:
    return remedy.recommended and remedy.state == "owed"


def _stage_role(remedy: Remedy) -> Role | None:
    """Who recommended it, and has to hear what becomes of that."""
    return remedy.rules.stage(remedy.opened.stage).role if remedy.recommended else None


def _promised(remedy: Remedy, event: rev.RemedyPromised) -> Iterator[Notice]:
    yield from _ask(remedy, event, NoticeKind.REMEDY_OWED, (remedy.owner_role,))


def _accepted(remedy: Remedy, event: rev.RemedyAccepted) -> Iterator[Notice]:
    yield from _tell(remedy, event, NoticeKind.REMEDY_ACCEPTED)
    yield from _answered(remedy, event, "")


def _done(remedy: Remedy, event: rev.RemedyDone) -> Iterator[Notice]:
    yield from _tell(remedy, event, NoticeKind.REMEDY_DONE, how=event.how)
    yield from _answered(remedy, event, event.how)


def _refused(remedy: Remedy, event: rev.RemedyRefused) -> Iterator[Notice]:
    yield from _tell(remedy, event, NoticeKind.REMEDY_REFUSED, reason=event.reason)
    yield from _answered(remedy, event, event.reason)


def _answered(remedy: Remedy, event: Any, said: str) -> Iterator[Notice]:
    roles = (_stage_role(remedy),)
    answer = str(remedy.state)
    yield from _ask(remedy, event, NoticeKind.REMEDY_ANSWERED, roles, answer=answer, said=said)


def _reassigned(remedy: Remedy, event: rev.RemedyReassigned) -> Iterator[Notice]:
    yield from _ask(remedy, event, NoticeKind.REMEDY_OWED, (remedy.owner_role,))


def _postponed(remedy: Remedy, event: rev.RemedyPostponed) -> Iterator[Notice]:
    yield from _tell(
        remedy, event, NoticeKind.REMEDY_POSTPONED, old_due=event.old_due.isoformat(),
        new_due=event.new_due.isoformat(), reason=event.reason,
    )  # fmt: skip


def _warned(remedy: Remedy, event: rev.RemedyWarned) -> Iterator[Notice]:
    yield from _ask(remedy, event, NoticeKind.REMEDY_DUE, (remedy.owner_role,))


def _missed(remedy: Remedy, event: rev.RemedyMissed) -> Iterator[Notice]:
    """An apology to the customer, and word to whoever has to see to it and to the manager."""
    new_due = event.new_due.isoformat() if event.new_due else None
    missed_due = event.due.isoformat()
    yield from _tell(
        remedy, event, NoticeKind.REMEDY_MISSED, missed_due=missed_due, new_due=new_due
    )
    yield from _overdue(remedy, event)


def _overdue(remedy: Remedy, event: rev.RemedyMissed | rev.RemedyReminded) -> Iterator[Notice]:
    yield from _ask(
        remedy, event, NoticeKind.REMEDY_OVERDUE, (remedy.owner_role, Role.MANAGER),
        missed_due=event.due.isoformat(), next_reminder=event.remind_on.isoformat(),
    )  # fmt: skip


def _undeliverable(remedy: Remedy, event: rev.RemedyUndeliverable) -> Iterator[Notice]:
    """A task for staff; none if it was a note to staff itself that bounced, to end the circle."""
    if f"/{NoticeKind.UNDELIVERABLE}/" in event.notice:
        return
    to_staff = event.notice.rsplit("/", 1)[-1] not in tuple(RecipientKind)
    roles = (Role.ADMINISTRATOR if to_staff else remedy.owner_role,)
    yield from _ask(
        remedy, event, NoticeKind.UNDELIVERABLE, roles, notice=event.notice, reason=event.reason
    )


_REACTIONS: dict[type, Callable[[Any, Any], Iterator[Notice]]] = {
    rev.RemedyPromised: _promised,
    rev.RemedyAccepted: _accepted,
    rev.RemedyDone: _done,
    rev.RemedyRefused: _refused,
    rev.RemedyReassigned: _reassigned,
    rev.RemedyPostponed: _postponed,
    rev.RemedyWarned: _warned,
    rev.RemedyMissed: _missed,
    rev.RemedyReminded: _overdue,
    rev.RemedyUndeliverable: _undeliverable,
}
