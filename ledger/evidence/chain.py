"""The chain: what is recorded later vouches for all that was recorded before.

Owns the hash that each event on record carries: of the link before it, of itself, and of the letters that it
owes, as the ledger keeps their texts. Whoever alters, adds, takes away or moves a row breaks it from there on.
Pure: touches no database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Row = Mapping[Any, Any]


def first_link(reference: str) -> str:
    """What the chain of a complaint begins from, in hexadecimal digits."""
    return hashed(reference)


def next_link(before: str, event: Row, letters: Sequence[Row]) -> str:
    """The link of an event behind `before`, with the letters that it owes in their order.

    Rows are those of the tables `events` and `notices`.
    """
    at = _told(event["at"])
    owed = (
        text
        for letter in letters
        for text in (letter["key"], _told(letter["owed_at"]), letter["body"])
    )
    return hashed(
        before, event["reference"], str(event["number"]), event["kind"], at, event["body"], *owed
    )


def link_up(head: str, events: Iterable[dict[str, Any]], letters: Iterable[Row]) -> str:
    """Give each of these events its link, the first behind `head`; returns the last one."""
    owed: dict[int, list[Row]] = {}
    for letter in letters:
        owed.setdefault(letter["event"], []).append(letter)
    for event in events:
        head = event["link"] = next_link(head, event, owed.get(event["number"], []))
    return head


def _told(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def hashed(*texts: str) -> str:
    """In hexadecimal digits the SHA-256 of these texts, each with its length before it: no two lists of texts read alike."""
    made = hashlib.sha256()
    for text in texts:
        given = text.encode()
        made.update(b"%d:" % len(given))
        made.update(given)
    return made.hexdigest()
