"""What a complaint takes along when its history is cut: its first rules and all its events.

Owns the packed form. Folding the events gives the same complaint again, with every command id.
"""

from __future__ import annotations

import base64
import json

from domain.charter.rules import unpack
from domain.complaint.decider.evolve import fold
from domain.complaint.decider.registry import EVENTS_JSON
from domain.complaint.state import Complaint
from domain.complaint.views.record import Record, size_of
from domain.packing import canonical, pack_json, unpack_json


def carry(pinned: bytes, record: Record, fault: str | None = None) -> bytes:
    """The rules that the complaint was opened under, what it keeps of its events and the ledger's fault, packed."""
    content = {
        "pinned": base64.b64encode(pinned).decode(),
        "events": EVENTS_JSON.dump_python(record.events, mode="json"),
        "fault": fault,
    }
    return pack_json(canonical(content))


def restore(carried: bytes) -> tuple[bytes, Record, Complaint, str | None]:
    """The pinned rules, the record, the complaint and the fault that `carry` packed."""
    content = json.loads(unpack_json(carried))
    pinned = base64.b64decode(content["pinned"])
    events = EVENTS_JSON.validate_python(content["events"], strict=False)
    record = Record(events, sum(size_of(event) for event in events))
    return pinned, record, fold(unpack(pinned), events), content["fault"]
