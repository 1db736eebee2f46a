"""The key ring as a file: several keys by their ids, of which one is current.

    current = "2026-11-28"

    [keys]
    "2026-11-28" = "wMwz…="

Owns the file: its form, that nobody else can read it, and that it is never half written.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sealing.cipher import KEY_BYTES, DataKey
from sealing.errors import BadKeyRing, RingKeyMissing
from sealing.port import KeyRing
from sealing.whole_files import write_whole

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_OTHERS: Final = 0o077


@dataclass(frozen=True, slots=True)
class FileRing:
    """The keys that a file holds."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    @property
    def ids(self) -> frozenset[str]:
        """Their ids."""
        return frozenset(self.keys)

    def wrap(self, secret: bytes, about: str) -> bytes:
        """The secret, wrapped with the current key."""
        return self._key(self.current).seal(secret, about)

    def unwrap(self, ring_key: str, wrapped: bytes, about: str) -> bytes:
        """The secret. Raises `RingKeyMissing` or `SealBroken`."""
        return self._key(ring_key).read(wrapped, about)

    def _key(self, ring_key: str) -> DataKey:
        if ring_key not in self.keys:
            raise missing({ring_key}, self)
        return DataKey(ring_key, "key ring", self.keys[ring_key])


def missing(needed: AbstractSet[str], ring: KeyRing) -> RingKeyMissing:
    """The error for keys that a ring lacks."""
    lost, held = ", ".join(sorted(needed - ring.ids)), ", ".join(sorted(ring.ids))
    return RingKeyMissing(
        f"The key ring holds {held}, but the ledger has data keys that are wrapped with {lost}. What they seal"
        f" cannot be read without it: put {lost} back into the file of the ring, from where it is kept safe."
    )


def read_ring(file: Path) -> FileRing:
    """The ring of that file. Raises `BadKeyRing`, which names what is wrong and never a key."""
    try:
        mode = file.stat().st_mode
        if mode & _OTHERS:
            raise _bad(file, f"others may read it (mode {mode & 0o777:04o}). Do: chmod 600 {file}")
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise _bad(
            file, f"it cannot be read: {error.strerror}. `uphold setup --new-ring` makes one"
        ) from None
    except ValueError:
        raise _bad(file, "it is no TOML") from None
    return _checked(file, table)


def _checked(file: Path, table: dict[str, Any]) -> FileRing:
    kept, current = table.get("keys"), table.get("current")
    if not isinstance(kept, dict) or not kept or set(table) != {"keys", "current"}:
        raise _bad(file, "it has to hold `current` and a table `keys`, and nothing else")
    keys: dict[str, bytes] = {}
    for name, text in kept.items():
        try:
            keys[name] = base64.b64decode(str(text), validate=True)
        except (binascii.Error, ValueError):
            raise _bad(file, f"the key {name!r} is not in base64") from None
        if len(keys[name]) != KEY_BYTES or not _NAME.fullmatch(name):
            raise _bad(
                file, f"the key {name!r} has to be {KEY_BYTES} bytes, under a short plain name"
            )
    if current not in keys:
        raise _bad(file, f"`current` is {current!r}, and there is no such key")
    return FileRing(str(current), keys)


def write_ring(file: Path, ring: FileRing) -> None:
    """Put the ring into the file, readable by its owner alone, as a whole or not at all."""
    lines = [f'current = "{ring.current}"', "", "[keys]"]
    lines += [f'"{name}" = "{base64.b64encode(key).decode()}"' for name, key in ring.keys.items()]
    write_whole(file, "\n".join([*lines, ""]))


def with_new_key(ring: FileRing | None, name: str) -> FileRing:
    """The ring with a new key of that name, which is current from now on. Raises `BadKeyRing`."""
    keys = dict(ring.keys) if ring else {}
    if name in keys or not _NAME.fullmatch(name):
        raise BadKeyRing(
            f"A key of the ring cannot be called {name!r}: it is there, or no short plain name. Give another (--name)."
        )
    return FileRing(name, keys | {name: os.urandom(KEY_BYTES)})


def new_ring(file: Path) -> FileRing:
    """Make a ring of one key in that file. Raises `BadKeyRing` where a file is there: none is overwritten."""
    if file.exists():
        raise _bad(file, "it is there already, and is not replaced")
    ring = with_new_key(None, f"{datetime.now(UTC):%Y-%m-%d}")
    write_ring(file, ring)
    return ring


def _bad(file: Path, what: str) -> BadKeyRing:
    return BadKeyRing(f"The key ring {file} cannot be used: {what}.")
