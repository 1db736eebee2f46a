"""What each verb says on the real server unless a story says otherwise.

Owns the words alone; who says them, and when, is the story's.
"""

from __future__ import annotations

from typing import Any

SAID: dict[str, dict[str, Any]] = {
    "allocate": {"handler": {"id": "h.jones", "name": "H Jones", "phone": "0300 1"}},
    "update": {"message": "We have asked the bank for its papers."},
    "pause": {"reason": "It checks its records.", "third_party": "The bank"},
    "record_contact": {"channel": "email", "from_whom": "customer", "summary": "Any news?"},
    "answer_contact": {"contact": 1, "summary": "It is in hand."},
    "escalate": {"grounds": "Nobody called back."},
    "reply": {
        "findings": "We were slow.",
        "outcome": "upheld",
        "remedies": [],
        "heard": ["customer", "staff"],
        "evidence": ["The case file"],
        "cause": "workload",
        "changes": ["Somebody looks every week at what waits"],
    },
    "ask_information": {"questions": ["On which day did you ring?"]},
    "record_information": {"summary": "It was 3 May."},
    "arrange_appointment": {"officer": {"id": "p.officer", "name": "P Officer"}},
    "cancel_appointment": {"reason": "The officer is ill."},
    "record_appointment": {"held": "on-time"},
    "withdraw": {"reason": "It is settled."},
    "reopen": {"reason": "New papers came."},
    "close": {
        "reason": "It was a question, and we have answered it.",
        "ground": "no-complaint",
        "findings": "A question about opening hours.",
        "approved_by": {"id": "a.second", "name": "A Second", "role": "manager"},
    },
}
"""What each verb says unless a story says otherwise."""
