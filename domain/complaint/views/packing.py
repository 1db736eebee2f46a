"""What a complaint takes along when its history is cut, and hands out when it is asked: its first rules and all its events.

Owns both forms. Folding the events gives the same complaint again, with every command id.
"""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from domain.charter.rules import unpack
from domain.complaint.decider.evolve import fold
from domain.complaint.decider.registry import EVENT_JSON, EVENTS_JSON
from domain.complaint.state import Complaint
from domain.complaint.views.record import Record, size_of
from domain.packing import canonical, pack_json, unpack_json

ANSWER: Final = 200_000
"""Characters of JSON after which an answer takes no further event: a tenth of what a server lets through."""


def carry(pinned: bytes, record: Record, fault: str | None = None) -> bytes:
    """The rules that the complaint was opened under, what it keeps of its events and the ledger's fault, packed.

    Each in the order in which its fields were written: so the words know them.
    """
    events, said = EVENTS_JSON.dump_json(record.events), json.dumps(fault).encode()
    text = b'{"pinned":%s,"events":%s,"fault":%s}' % (unpack_json(pinned), events, said)
    return pack_json(text)


def restore(carried: bytes) -> tuple[bytes, Record, Complaint, str | None]:
    """The pinned rules, the record, the complaint and the fault that `carry` packed."""
    content = json.loads(unpack_json(carried))
    pinned = pack_json(canonical(content["pinned"]))
    events = EVENTS_JSON.validate_python(content["events"], strict=False)
    record = Record(events, sum(size_of(event) for event in events))
    return pinned, record, fold(unpack(pinned), events), content["fault"]


def handed_out(pinned: bytes, record: Record, number: int) -> dict[str, Any]:
    """The events from that number on, as many as one answer holds, and the rules that the first was made under.

    As JSON: `pinned` (base64), `events`, and `of`, the number of the last event that there is.
    """
    told: list[Any] = []
    room = ANSWER
    for event in record.events[max(number, 1) - 1 :]:
        told.append(EVENT_JSON.dump_python(event, mode="json"))
        room -= len(json.dumps(told[-1]))
        if room < 0:
            break
    return {
        "pinned": base64.b64encode(pinned).decode(),
        "events": told,
        "of": len(record.events),
    }
