"""What is in hand on a complaint beside its clocks: its service, appointments, questions to the customer.

Owns what the status says of them. Nothing personal: what they are about stands in the timeline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


def in_hand(complaint: Complaint) -> dict[str, Any]:
    """`service`, `appointments` and `requests`, as JSON has them."""
    return {
        "service": complaint.opened.service,
        "appointments": [
            {
                "number": each.number,
                "state": str(each.state),
                "starts_at": each.at.isoformat() if each.at else None,
                "officer": each.officer.name if each.officer else None,
                "place": each.place,
            }
            for each in complaint.appointments
        ],
        "requests": [
            {
                "number": each.number,
                "state": str(each.state),
                "answer_by": each.answer_by.isoformat(),
                "closes_on": each.closes_on.isoformat() if each.closes_on else None,
                "stops_clock": each.stops_clock,
                "heard": each.heard,
            }
            for each in complaint.requests
        ],
    }
