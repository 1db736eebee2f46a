"""What waited for a digest, as its facts have it."""

from __future__ import annotations

from typing import Any

WAITED: list[dict[str, Any]] = [
    {
        "name": "today",
        "notes": [
            {
                "reference": "FO-2026-000123",
                "kind": "promise-warning",
                "facts": {"reference": "FO-2026-000123", "promise": "FO-8/reply"},
                "handler": "H Jones",
                "by": "2026-10-16",
                "verb": "reply",
                "options": {},
            }
        ],
    },
    {
        "name": "undated",
        "notes": [
            {
                "reference": "FO-2026-000124",
                "kind": "answer-awaited",
                "facts": {
                    "reference": "FO-2026-000124",
                    "contact_number": 3,
                    "received_on": "2026-10-05",
                },
                "handler": None,
                "by": None,
                "verb": "answer_contact",
                "options": {"contact": 3},
            }
        ],
    },
]
