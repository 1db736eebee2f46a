"""What became of a message that GOV.UK Notify took: each of its states, and what follows from it.

Owns the table. Source: GOV.UK Notify's documentation of its API, "Get message status".
"""

from __future__ import annotations

from dataclasses import dataclass

LIVE = "https://api.notifications.service.gov.uk"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a final state comes to."""

    arrived: bool
    reason: str
    """For staff, as a whole sentence."""
    address_bad: bool = False
    """Whether that address leads to nobody: no later letter goes there."""


OUTCOMES: dict[str, Outcome] = {
    "delivered": Outcome(arrived=True, reason="It was delivered."),
    "sent": Outcome(arrived=True, reason="It was sent abroad, from where nobody hears more."),
    "permanent-failure": Outcome(
        arrived=False,
        reason="Whoever carries it says that this address or number does not exist.",
        address_bad=True,
    ),
    "temporary-failure": Outcome(
        arrived=False,
        reason="It could not be delivered for days: the mailbox is full, or the telephone off.",
    ),
    "technical-failure": Outcome(
        arrived=False,
        reason="It was not sent: something failed between Notify and whoever carries it.",
    ),
    "validation-failed": Outcome(
        arrived=False, reason="It was not printed: its pages or its address did not fit."
    ),
    "virus-scan-failed": Outcome(
        arrived=False, reason="It was not printed: the scan for viruses found something in it."
    ),
    "cancelled": Outcome(arrived=False, reason="Somebody cancelled it before it was printed."),
    "returned-letter": Outcome(
        arrived=False,
        reason="The letter came back: nobody there is of that name.",
        address_bad=True,
    ),
}
"""Every final state. Another one, or one that nobody here knows, is no delivery and no failure: a letter is `received`
once it is printed and posted, and says no more."""
FAILED = tuple(state for state, outcome in OUTCOMES.items() if not outcome.arrived)
