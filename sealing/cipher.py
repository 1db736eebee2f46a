"""AES-256-GCM under one data key: sealing bytes and reading them again.

Owns the form of what is sealed: 12 random bytes, the cipher's text and its tag. What is sealed is bound to its
subject, to its key and to the place where it stands, and is read nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sealing.errors import SealBroken

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one subject: of a complaint by its reference, or of the organisation."""

    id: str
    subject: str
    secret: bytes = field(repr=False)

    def seal(self, plain: bytes, place: str) -> bytes:
        """The bytes, for nobody but who holds this key; `place` is where they will stand."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self.secret).encrypt(nonce, plain, self._bound_to(place))

    def read(self, sealed: bytes, place: str) -> bytes:
        """What was sealed. Raises `SealBroken` where it is not what was sealed for that place."""
        nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return AESGCM(self.secret).decrypt(nonce, text, self._bound_to(place))
        except (InvalidTag, ValueError):
            raise SealBroken(
                f"What stands at {place} was altered, or was sealed for another place."
                " It is not used."
            ) from None

    def digest(self, text: bytes) -> str:
        """A digest by which the same text is known again, and that nobody without the key can guess at."""
        own = hmac.digest(self.secret, b"uphold digest", "sha256")
        return hmac.new(own, text, hashlib.sha256).hexdigest()[:32]

    def derived(self, purpose: str) -> bytes:
        """Another key of 32 bytes, for that purpose alone (HKDF-SHA256): nobody who has it comes to this one."""
        return HKDF(SHA256(), KEY_BYTES, None, f"uphold {purpose}".encode()).derive(self.secret)

    def _bound_to(self, place: str) -> bytes:
        return f"uphold\n{place}\n{self.subject}\n{self.id}".encode()
