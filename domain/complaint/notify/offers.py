"""What a letter may offer: each from the very rule that will be asked when somebody takes it up.

Owns the facts on which a letter's offers depend, and where to turn. A letter that offers what is refused is worse than none.
Sources: `004_223f6b270ec16c9f.txt` (direct contact, limits of contact), `000_2dfa29253c41a6cc.txt` (the way
to the ombudsman through a member of a parliament).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from domain.charter.rules import Rules
from domain.charter.tables import Charter, Signpost
from domain.complaint.contact_limits import closed_channels
from domain.complaint.policies.after_end import came_to_reopen
from domain.complaint.policies.windows import last_day_to_reopen, reopens_until
from domain.complaint.state import Complaint
from domain.complaint.values import Contact
from domain.notices import Recipient, RecipientKind
from domain.vocabulary import TOO_LATE, ContactLimit, Correspondent, Topic


def offers(complaint: Complaint) -> dict[str, Any]:
    """By which ways the customer may not reach us, and through whom they have to."""
    if complaint.restriction is None:
        return {"closed_ways": [], "one_person": None}
    limits = complaint.restriction.limits
    named = (limit for limit in limits if limit.kind is ContactLimit.NAMED_PERSON)
    one = next(named, None)
    return {
        "closed_ways": sorted(closed_channels(limits)),
        "one_person": one.text if one else None,
        **({"one_person_cy": one.text_cy} if one and one.text_cy else {}),
    }


@lru_cache(maxsize=512)
def organisation_facts(rules: Rules, *, ended: bool) -> dict[str, Any]:
    """Who the organisation is, how it is reached, and where else to turn (once the ladder is climbed)."""
    charter = rules.charter
    return {
        "organisation": charter.charter.organisation,
        "charter_title": charter.charter.title,
        "contact": charter.contact.model_dump(),
        "post_room": charter.mailboxes.get("post-room", charter.contact.email),
        "further": _further(charter, ended=ended),
        # Who looks at it once our own procedure has ended.
        "outside": [s.signpost.name for s in charter.stages if s.external and s.signpost],
    }


def _further(charter: Charter, *, ended: bool) -> list[dict[str, str | None]]:
    """The charter's signposts, after those of the outside stages once the ladder is climbed."""
    outside = [stage.signpost for stage in charter.stages if stage.external and stage.signpost]
    shown = outside if ended else []
    named = {post.name for post in shown}
    return signposts((*shown, *(post for post in charter.signposts if post.name not in named)))


def for_whom(complaint: Complaint, recipient: Recipient, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts for this reader: limits bind the customer alone, and some gates are open to some."""
    if recipient.kind is RecipientKind.CUSTOMER:
        one, handler = facts["one_person"], facts["handler"]
        # Nobody is named to them beside the one who deals with them.
        return (
            facts | {"handler": None, "direct": None}
            if one and handler and handler not in one
            else facts
        )
    free: dict[str, Any] = {"closed_ways": [], "one_person": None}
    if not for_a_member(complaint, recipient.name):
        return facts | free
    stages = complaint.rules.charter.stages
    posts = (*complaint.rules.charter.signposts, *(s.signpost for s in stages if s.signpost))
    gates = {post.name: post.gate_for_mp for post in posts if post.gate_for_mp}
    further = [post | {"gate": gates.get(post["name"], post["gate"])} for post in facts["further"]]
    return facts | free | {"further": further}


def reopen_by(complaint: Complaint) -> str | None:
    """The last day on which the closed complaint may be opened again, as ISO text, or none."""
    day = last_day_to_reopen(complaint)
    return day.isoformat() if day else None


def reopening(complaint: Complaint, at: datetime, contact: Contact | None = None) -> dict[str, Any]:
    """Until when staff may open it again at that instant (UTC), or on this contact, and whether a manager has to."""
    until, closed = reopens_until(complaint), complaint.closed
    came = bool(contact and came_to_reopen(complaint, contact))
    by = reopen_by(complaint) if until and (came or at < until) else None
    manager = bool(by and closed and closed.how in TOO_LATE)
    return {"reopen_by": by, "manager": manager, "in_time": came}


def for_a_member(complaint: Complaint, name: str | None = None) -> bool:
    """Whether that person, or anybody who acts for the customer, sits in a parliament."""
    members = (each for each in complaint.helpers if each.who.kind is Correspondent.MP)
    return any(name is None or each.named(name) for each in members)


def signposts(posts: Iterable[Signpost]) -> list[dict[str, str | None]]:
    """Where else to turn, as facts."""
    return [post.model_dump(exclude={"gate_for_mp"}) for post in posts]


def scope_signposts(complaint: Complaint) -> list[dict[str, str | None]]:
    """Where those topics of this complaint are dealt with that the charter leaves out."""
    terms = complaint.rules.charter.scope
    return signposts(term.signpost for term in terms if term.topic in complaint.opened.about)


def remit(complaint: Complaint) -> dict[str, Any] | None:
    """What can be looked into here and what cannot, with the way there; none where all can.

    Source: `004_223f6b270ec16c9f.txt` (what we can and cannot do, and why).
    """
    return _remit(complaint.rules)


@lru_cache(maxsize=512)
def _remit(rules: Rules) -> dict[str, Any] | None:
    scope = rules.charter.scope
    if not scope:
        return None
    elsewhere = {term.topic for term in scope}
    return {
        "can": topic_words(
            tuple(topic for topic in Topic if topic not in elsewhere | {Topic.FEEDBACK})
        ),
        "cannot": [
            {"topic": words, **term.signpost.model_dump()}
            for term in scope
            for words in topic_words((term.topic,))
        ],
    }


def topic_words(topics: tuple[Topic, ...]) -> list[str]:
    """The topics as facts."""
    return [str(topic).replace("-", " ") for topic in topics]
