"""What a letter may offer: each from the very rule that will be asked when somebody takes it up.

Owns the facts on which a letter's offers depend. A letter that offers what is refused is worse than none.
Sources: `004_223f6b270ec16c9f.txt` (direct contact, limits of contact), `000_2dfa29253c41a6cc.txt` (the way
to the ombudsman through a member of a parliament).
"""

from __future__ import annotations

from typing import Any

from domain.complaint.contact_limits import closed_channels
from domain.complaint.policies.windows import last_day_to_reopen
from domain.complaint.state import Complaint
from domain.notices import Recipient, RecipientKind
from domain.vocabulary import ContactLimit, Correspondent


def offers(complaint: Complaint) -> dict[str, Any]:
    """By which ways the customer may not reach us, through whom they have to, and who is outside.

    `outside` are the names of those who look at it once our own procedure has ended.
    """
    limits = complaint.restriction.limits if complaint.restriction else ()
    named = (limit for limit in limits if limit.kind is ContactLimit.NAMED_PERSON)
    one = next(named, None)
    return {
        "closed_ways": sorted(closed_channels(limits)),
        "one_person": one.text if one else None,
        **({"one_person_cy": one.text_cy} if one and one.text_cy else {}),
        "outside": [
            stage.signpost.name
            for stage in complaint.rules.charter.stages
            if stage.external and stage.signpost
        ],
    }


def for_whom(complaint: Complaint, recipient: Recipient, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts for this reader: limits bind the customer alone, and some gates are open to some."""
    if recipient.kind is RecipientKind.CUSTOMER:
        return facts
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


def for_a_member(complaint: Complaint, name: str | None = None) -> bool:
    """Whether that person, or anybody who acts for the customer, sits in a parliament."""
    members = (each for each in complaint.helpers if each.who.kind is Correspondent.MP)
    return any(name is None or each.named(name) for each in members)
