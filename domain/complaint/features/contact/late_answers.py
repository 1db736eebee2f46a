"""Late answers: what the customer was asked comes when the complaint has been answered or closed.

Owns that it is then a contact like any other: received with its clocks, told to staff, with ground to reopen where the
charter gives time, and heard in time if it was. Source: `003_0c0e7b8081a12964.txt` (the time to go on is the customer's).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.complaint.feature import Feature, Policy
from domain.complaint.features.contact.contacts import ContactReceived, RecordContact, record
from domain.complaint.state import Complaint
from domain.vocabulary import FromWhom, Role


def _as_contact(complaint: Complaint, command: Any, now: datetime) -> tuple[Any, ...]:
    """The answer as a contact, by the channel that is named or else as the complaint came."""
    if complaint.closed is None and complaint.reply is None:
        return ()
    actor, by_helper = command.actor, command.actor.role is Role.REPRESENTATIVE
    said = RecordContact(
        command_id=command.command_id, actor=actor, summary=command.summary,
        channel=command.channel or complaint.opened.channel,
        from_whom=FromWhom.REPRESENTATIVE if by_helper else FromWhom.CUSTOMER,
        received_at=command.acted_at(now), who=actor.name if by_helper else None,
    )  # fmt: skip
    (event,) = record(complaint, said, now)
    return (replace(event, actor=None, command_id=None),)


FEATURE = Feature(
    policies={"record_information": Policy((ContactReceived,), _as_contact)},
)
