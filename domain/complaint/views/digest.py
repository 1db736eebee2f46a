"""The digest: what waits for a mailbox on one morning, as one note to it.

Owns what stands in it: what is still to be done of all that waited, the most urgent first, each with its
day and the verb that acts. Which notes wait is in `notify.urgency`, the words are the template's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from domain.complaint.decider.registry import COMMANDS, EVENTS, VERBS
from domain.complaint.features.contact.limited_answers import waiting_together
from domain.complaint.notify.facts import staff_facts
from domain.complaint.notify.offers import organisation_facts
from domain.complaint.notify.urgency import REPEATED, ROUTINE
from domain.complaint.state import Complaint
from domain.notices import OF_A_DIGEST, Notice, NoticeKind, Recipient, RecipientKind

Act = tuple[str, dict[str, Any]]
"""A verb, and the options that name what it is about; `show` where there is nothing to do but read."""
LOOK: Final[Act] = ("show", {})
GROUPS: Final = ("late", "today", "later", "undated")
"""How urgent something is, the most urgent first."""


class Item(NamedTuple):
    """One note that waited and still stands: in which group, by when, and its facts for the template."""

    group: str
    by: date | None
    fact: dict[str, Any]


def item_of(complaint: Complaint, event: Any, notice: Notice, today: date) -> Item | None:
    """What the digest of that day says of a note of that event; none where it is done by now."""
    if not EVENTS[type(event)].stands(complaint, event):
        return None
    by, (verb, options) = _by(complaint, notice), act_of(complaint, event, notice)
    group = _group(notice, by, today)
    handler = notice.facts.get("handler")
    if not notice.kind.startswith("remedy-"):  # of a remedy it is whoever sees to it
        handler = complaint.handler.name if complaint.handler else None
    fact = {
        "reference": notice.reference,
        "kind": str(notice.kind),
        "facts": notice.facts,
        "handler": handler,
        "by": by.isoformat() if by else None,
        "verb": verb,
        "options": options,
    }
    return Item(group, by, fact)


def digest_key(mailbox: str, day: date) -> str:
    """The key of a mailbox's digest: one a day, however often it is made."""
    return f"{OF_A_DIGEST}{day.isoformat()}/{mailbox}"


def digest_of(
    mailbox: str, day: date, complaint: Complaint, role: str, items: Sequence[Item]
) -> Notice:
    """The note to the mailbox. `complaint` is any of those in it: whose organisation it is."""
    ordered = sorted(items, key=_urgency)
    groups = [
        {"name": name, "notes": [each.fact for each in ordered if each.group == name]}
        for name in GROUPS
    ]
    facts: dict[str, Any] = {
        **organisation_facts(complaint.rules, ended=False),
        "day": day.isoformat(),
        "count": len(items),
        "pressing": sum(each.group in GROUPS[:2] for each in items),
        "groups": [each for each in groups if each["notes"]],
        # What every notice is addressed with; a digest is about no one complaint.
        "reference": "",
        "customer_name": "",
        "next_step": None,
        "proof": None,
    }
    return Notice(
        digest_key(mailbox, day), NoticeKind.DIGEST, "digest", 0,
        Recipient(RecipientKind.STAFF, role, mailbox), facts,
    )  # fmt: skip


def _urgency(item: Item) -> tuple[int, date, str]:
    return GROUPS.index(item.group), item.by or date.max, str(item.fact["reference"])


def _group(notice: Notice, by: date | None, today: date) -> str:
    if notice.kind in REPEATED or (by and by < today):
        return "late"
    if by is None:
        return "undated"
    return "today" if by == today else "later"


def _by(complaint: Complaint, notice: Notice) -> date | None:
    """The day on which it binds: its own, or that on which the complaint's next date runs out."""
    name = (ROUTINE.get(notice.kind) or REPEATED.get(notice.kind)) or ""
    fact = notice.facts.get(name) if name else staff_facts(complaint)["due"]
    return date.fromisoformat(fact) if fact else None


# --- the verb that acts -----------------------------------------------------------------------------


def act_of(complaint: Complaint, event: Any, notice: Notice) -> Act:
    """The verb by which staff deal with it, and what it is about."""
    found = _ACTS.get(notice.kind)
    return found(complaint, event) if found else LOOK


@cache
def _verbs() -> Mapping[str, str]:
    """By each trigger, the first verb in the order of the help that brings it."""
    found: dict[str, str] = {}
    for verb, command in VERBS.items():
        for event in COMMANDS[command].events:
            for trigger in EVENTS[event].triggers:
                found.setdefault(trigger, verb)
    return found


def _keeps(complaint: Complaint, event: Any) -> Act:
    """What keeps the promise of a clock: an acknowledgement, a reply, an answer."""
    clock = complaint.clock(event.clock)
    if clock.together:
        first: Iterable[int] = (each.number for each in waiting_together(complaint))
        return "answer_contact", {"contact": next(iter(first), 1)}
    rule = complaint.rules_of(clock).promises[clock.promise]
    verb = next((_verbs()[each] for each in rule.promise.meets if each in _verbs()), LOOK[0])
    named = {"contact": clock.contact, "appointment": clock.appointment}
    fields = VERBS[verb].model_fields if verb in VERBS else {}
    return verb, {name: number for name, number in named.items() if number and name in fields}


def _answers(complaint: Complaint, event: Any) -> Act:
    contact, following = complaint.contact(event.contact), None
    if contact.asks_next_stage and not complaint.closed:
        following = complaint.rules.next_stage(complaint.stage)
    if following:
        return "escalate", {"to": following.id}
    return "answer_contact", {"contact": contact.number}


def _sees_to(complaint: Complaint, event: Any) -> Act:
    remedy = complaint.remedies[event.remedy - 1]
    verb = "accept_remedy" if remedy.awaits_answer else "do_remedy"
    return verb, {"remedy": remedy.number}


_ACTS: Final[Mapping[NoticeKind, Callable[[Complaint, Any], Act]]] = {
    NoticeKind.PROMISE_WARNING: _keeps,
    NoticeKind.PROMISE_MISSED: _keeps,
    NoticeKind.ANSWER_AWAITED: _answers,
    NoticeKind.REMEDY_DUE: _sees_to,
    NoticeKind.REMEDY_OVERDUE: _sees_to,
    NoticeKind.REVIEW_DUE: lambda _, __: ("resume", {}),
    NoticeKind.CASE_OPEN: lambda _, __: ("conclude_case", {}),
    NoticeKind.APPOINTMENT_OUTCOME_DUE: lambda _, e: (
        "record_appointment", {"appointment": e.appointment},
    ),
    NoticeKind.INFORMATION_AWAITED: lambda _, e: ("record_information", {"request": e.request}),
    NoticeKind.AUTHORITY_MISSING: lambda _, __: ("give_authority", {}),
    NoticeKind.LIMITS_REVIEW_DUE: lambda _, __: ("review_restriction", {}),
    NoticeKind.UNDELIVERABLE: lambda _, __: ("prefer", {}),
}  # fmt: skip
"""What is done about each kind that can wait; of all others there is nothing to do but read."""
