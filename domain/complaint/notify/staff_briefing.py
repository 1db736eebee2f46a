"""The briefing: what a handler has to mind about the people in a case, a line each.

Owns the words for staff: wishes, help, who acts, limits of contact. What the customer is told is in the
letters.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.calendar.interval import NO_UPDATES
from domain.calendar.pinned import in_words
from domain.complaint.contact_limits import said
from domain.complaint.policies.applicability import informers, wish_kept
from domain.complaint.state import Complaint
from domain.vocabulary import Topic


def to_mind(complaint: Complaint) -> list[str]:
    """What is out of the ordinary about the people in the case, and nothing else."""
    who, limited = complaint.customer, complaint.restriction
    lines = [f"Prefers {who.preferred_channel}, in the language {who.language!r}"]
    if who.adjustments:
        lines.append(f"Asked for: {'; '.join(who.adjustments)}")
    often = who.update_interval
    if often is not None and not complaint.closed:  # no regular updates follow an end in any case
        wish = "no regular updates" if often == NO_UPDATES else f"to hear every {often}"
        lines.append(f"Wants {wish}{_how_kept(complaint)}")
    lines += _about(complaint)
    if complaint.helpers or complaint.heard_directly:
        lines += _acting(complaint)
    if complaint.linked:
        others = ", ".join(complaint.linked)
        lines.append(f"Linked with {others}, about the same matter: tell no customer of another's")
    if complaint.rules.charter.handler.direct_contact and not (
        complaint.handler or complaint.closed
    ):
        lines.append(
            "Nobody has it in hand yet, and the customer is promised somebody's direct line"
        )
    if limited:
        limits = "; ".join(said(limit) for limit in limited.limits)
        lines.append(f"Contact is limited until {in_words(limited.review_on)} at least: {limits}")
    return lines


def _how_kept(complaint: Complaint) -> str:
    if wish_kept(complaint):
        return ""
    return ", which nothing keeps at present: the charter's times hold"


def _about(complaint: Complaint) -> Iterator[str]:
    opening = complaint.opened
    if opening.complained_of:
        names = ", ".join(each.name for each in opening.complained_of)
        yield f"It is about {names}: they are given nothing of it to do"
    elif Topic.CONDUCT in opening.about and not complaint.conflicted:
        yield "It is about how somebody was treated, and nobody is named: find out by whom"


def _acting(complaint: Complaint) -> Iterator[str]:
    for each in complaint.helpers:
        helper = each.who
        if helper.authorised:
            yield f"{helper.name} ({helper.kind}) acts; letters go to {each.notices_to}"
        else:
            yield f"{helper.name} ({helper.kind}) has NO authority: tell them nothing"
    for each in informers(complaint):
        yield f"{each.who.name} keeps the customer up to date"
    if complaint.heard_directly:
        yield "The customer has asked to hear from us directly as well"
