"""Where the key ring of a ledger in a file is, unless the settings say otherwise: beside it.

Owns the name. `uphold dev` makes the ring there, and the script, an app and a worker on the same machine find it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

RING: Final = "key-ring.toml"
"""Its name, in the folder of the ledger."""
_FILE: Final = "sqlite:///"
LEDGER: Final = f"{_FILE}var/ledger.sqlite3"
"""The ledger where no setting names one."""


def place_beside(ledger_url: str) -> Path | None:
    """Where the key ring of the ledger at that URL belongs; none where the ledger is in no file."""
    place = Path(ledger_url.removeprefix(_FILE))
    return place.with_name(RING) if ledger_url.startswith(_FILE) and place.name else None


def ring_beside(ledger_url: str) -> Path | None:
    """The key ring beside the ledger at that URL, if one is there."""
    ring = place_beside(ledger_url)
    try:
        return ring if ring and ring.is_file() else None
    except (OSError, ValueError):
        return None


def of_settings(read: Mapping[str, Any]) -> Path | None:
    """The same for settings as far as they are read; none where a key service is asked instead."""
    if read.get("key_service"):
        return None
    return ring_beside(read.get("ledger_url", ""))
