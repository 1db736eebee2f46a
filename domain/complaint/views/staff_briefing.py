"""What a handler has to mind about the people in a case: wishes, help, who acts, limits of contact.

Owns how that stands, for status, and how it is said to staff. What the customer is told is in the
letters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.calendar.counting import in_words
from domain.calendar.interval import NO_UPDATES
from domain.complaint.notify.contact_limits import said
from domain.vocabulary import NoticesTo

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


def people_of(complaint: Complaint) -> dict[str, Any]:
    """Preferences, representation, restriction and who is barred, as JSON; without names."""
    who, helper, limited = complaint.customer, complaint.representative, complaint.restriction
    interval = who.update_interval
    return {
        "preferences": {
            "channel": str(who.preferred_channel),
            "language": who.language,
            "adjustments": list(who.adjustments),
            "update_interval": None if interval is None else str(interval),
        },
        "representation": helper
        and {
            "kind": str(helper.kind),
            "authorised": helper.authorised,
            "notices_to": str(complaint.notices_to if helper.authorised else NoticesTo.CUSTOMER),
        },
        "restriction": limited
        and {
            "limits": [said(limit) for limit in limited.limits],
            "since": limited.since.isoformat(),
            "review_on": limited.review_on.isoformat(),
        },
        "barred": sorted(complaint.conflicted),
    }


def to_mind(complaint: Complaint) -> list[str]:
    """The same for staff, a line each: what is out of the ordinary, and nothing else."""
    who, helper, limited = complaint.customer, complaint.representative, complaint.restriction
    lines = [f"Prefers {who.preferred_channel}, in the language {who.language!r}"]
    if who.adjustments:
        lines.append(f"Asked for: {'; '.join(who.adjustments)}")
    if who.update_interval == NO_UPDATES:
        lines.append("Wants no regular updates")
    elif who.update_interval is not None:
        lines.append(f"Wants to hear every {who.update_interval}")
    if helper and helper.authorised:
        lines.append(f"{helper.name} ({helper.kind}) acts; letters go to {complaint.notices_to}")
    elif helper:
        lines.append(f"{helper.name} ({helper.kind}) has NO authority: tell them nothing")
    if limited:
        limits = "; ".join(said(limit) for limit in limited.limits)
        lines.append(f"Contact is limited until {in_words(limited.review_on)} at least: {limits}")
    return lines
