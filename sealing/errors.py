"""Owns what can be wrong with keys and with what they seal.

    SealingError
    ├── BadKeyRing       the file of the key ring cannot be used
    ├── RingKeyMissing   the key ring lacks a key that the ledger's data keys need
    ├── KeyDestroyed     what is asked for was erased, and nobody can read it any more
    ├── SealBroken       what was sealed was altered, or belongs to another complaint
    ├── BadKeyService    keys would travel in the clear from that address
    └── KeysAway         the key service does not answer

None of them is one that Temporal takes for final: that would end a complaint, and these are to be tried again.
No message carries a key.
"""

from __future__ import annotations

from domain.errors import UpholdError


class SealingError(UpholdError):
    """Something cannot be sealed or read."""


class BadKeyRing(SealingError):
    """The file of the key ring is missing, readable by others, or not as it must be."""


class RingKeyMissing(SealingError):
    """The key ring lacks a key that data keys are wrapped with."""


class KeyDestroyed(SealingError):
    """The data key was destroyed: what it sealed is erased."""


class SealBroken(SealingError):
    """What was sealed was altered, or belongs to another complaint."""


class BadKeyService(SealingError):
    """The address of the key service is none that keys may come from."""


class KeysAway(SealingError):
    """The key service does not answer, and was asked for as long as is waited."""
