"""What a complaint takes along when its history is cut: its first rules and all its events.

Owns the packed form. Folding the events gives the same complaint again, with every command id.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from domain.charter.rules import unpack
from domain.complaint.decider.evolve import fold
from domain.complaint.decider.record import EVENTS
from domain.complaint.state import Complaint


def carry(pinned: bytes, events: tuple[Any, ...], fault: str | None = None) -> bytes:
    """The rules that the complaint was opened under, its events and the ledger's fault, packed."""
    content = {
        "pinned": base64.b64encode(pinned).decode(),
        "events": EVENTS.dump_python(events, mode="json"),
        "fault": fault,
    }
    return zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 9)


def restore(carried: bytes) -> tuple[bytes, tuple[Any, ...], Complaint, str | None]:
    """The pinned rules, the events, the complaint and the fault that `carry` packed."""
    content = json.loads(zlib.decompress(carried))
    pinned = base64.b64decode(content["pinned"])
    events = EVENTS.validate_python(content["events"], strict=False)
    return pinned, events, fold(unpack(pinned), events), content["fault"]
