"""The keys of an installation, as `uphold setup` sees to them.

Owns that a key is made only where somebody asks for it, that no ring is made beside what an older one has sealed,
and what is said of those there are.
"""

from __future__ import annotations

from pathlib import Path

from engine.errors import SettingsError
from engine.settings import Settings
from ledger.evidence.keys import make_key
from ledger.opening import open_ledger
from sealing.beside import place_beside
from sealing.errors import BadKeyRing
from sealing.ring import missing, new_ring, read_ring


async def see_to_ring(settings: Settings, *, new: bool) -> str:
    """What is said of the key ring, which is made first where a `new` one is wanted.

    Raises `BadKeyRing` and `RingKeyMissing` for one that cannot be made, or used, and `SettingsError` where it is
    not set where it goes.
    """
    async with open_ledger(settings.ledger_url) as ledger:
        needed = await ledger.ring_keys()
    file = settings.key_ring
    if new:
        file = file or place_beside(settings.ledger_url)
        _make_ring(file, needed)
    if file is None:
        lost = f", but the ledger has what is sealed under {', '.join(sorted(needed))}"
        return (
            f"key ring: none is set{lost if needed else ': nothing is sealed'}."
            " Set UPHOLD_KEY_RING; `uphold setup --new-ring` makes one"
        )
    ring = read_ring(file)
    if needed - ring.ids:
        raise missing(needed, ring)
    return f"key ring: {file}, {'made now' if new else 'there already'}; its current key is {ring.current}"


def see_to_seal_key(file: Path | None, *, new: bool) -> str:
    """The same of the key of seals. Raises `SealKeyFault` and `SettingsError`."""
    if new:
        if file is None:
            raise SettingsError(
                "It is not set where the key of seals goes: set UPHOLD_SEAL_KEY_FILE."
            )
        make_key(file)
    if file is None:
        return "key of seals: none here; see docs/operations.md for where it is best kept"
    return f"key of seals: {file}, {'made now' if new else 'there already' if file.exists() else 'MISSING; `--new-key` makes it'}"


def _make_ring(file: Path | None, needed: frozenset[str]) -> None:
    if file is None:
        raise SettingsError("It is not set where the key ring goes: set UPHOLD_KEY_RING.")
    if needed:
        raise BadKeyRing(
            f"No key ring was made: the ledger has what is sealed under {', '.join(sorted(needed))}, which a new ring"
            " could not read. Put that ring back; `uphold keys rotate` puts a new key into it."
        )
    new_ring(file)
