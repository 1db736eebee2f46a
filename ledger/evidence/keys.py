"""The key that seals are signed with, and the public keys that they are checked with.

Owns the files: a private Ed25519 key that only its owner may read, and beside it, with `.pub` behind its name,
every public key that was ever used, so that old seals can still be checked. The one is kept from whoever may write
the ledger, the other is given to whoever checks it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.errors import SealKeyFault

_PUBLIC: Final = re.compile(rb"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)
_WHAT: Final = b"uphold seal "
"""Goes before a root that is signed, so that the signature says nothing of anything else."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """A key to sign with."""

    name: str
    """The beginning of the public key's SHA-256, in hexadecimal digits."""
    private: Ed25519PrivateKey

    def sign(self, root: str) -> str:
        """The signature of a seal's root, in hexadecimal digits."""
        return self.private.sign(_WHAT + root.encode()).hex()


def make_key(file: Path) -> SealKey:
    """A new key in that file (mode 0600), its public key beside it. Raises `SealKeyFault` where one is there."""
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(text)
    except FileExistsError:
        raise SealKeyFault(
            f"There is a key in {file} already, and none is overwritten. To seal with another from now on,"
            " move it away first; its public key stays."
        ) from None
    except OSError as error:
        raise SealKeyFault(f"No key can be written to {file}: {error.strerror}.") from None
    return _published(SealKey(_name(key.public_key()), key), file)


def read_key(file: Path) -> SealKey:
    """The key in that file; its public key is put beside it where it is missing. Raises `SealKeyFault`."""
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), None)
    except FileNotFoundError:
        raise SealKeyFault(
            f"There is no key to seal with in {file}. `uphold ledger seal --new-key` makes one."
        ) from None
    except (OSError, ValueError, TypeError) as error:
        raise SealKeyFault(f"The key in {file} cannot be read: {error}.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SealKeyFault(f"The key in {file} is of another kind: seals take an Ed25519 key.")
    return _published(SealKey(_name(key.public_key()), key), file)


def public_file(file: Path) -> Path:
    """Where the public keys are, beside that private one."""
    return file.with_name(f"{file.name}.pub")


def read_public_keys(file: Path) -> dict[str, Ed25519PublicKey]:
    """The public keys in that file, by name. Raises `SealKeyFault`, also where there is none."""
    if keys := _public_keys(file):
        return keys
    raise SealKeyFault(f"There is no public key in {file}.")


def _public_keys(file: Path) -> dict[str, Ed25519PublicKey]:
    keys: dict[str, Ed25519PublicKey] = {}
    try:
        for block in _PUBLIC.findall(file.read_bytes()):
            key = serialization.load_pem_public_key(block)
            if isinstance(key, Ed25519PublicKey):
                keys[_name(key)] = key
    except (OSError, ValueError) as error:
        raise SealKeyFault(f"The public keys in {file} cannot be read: {error}.") from None
    return keys


def is_signed(keys: Mapping[str, Ed25519PublicKey], key: str, root: str, signature: str) -> bool:
    """Whether that signature of the root was made with the key of that name, which has to be among these."""
    try:
        keys[key].verify(bytes.fromhex(signature), _WHAT + root.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _published(key: SealKey, file: Path) -> SealKey:
    public = public_file(file)
    if not public.exists() or key.name not in _public_keys(public):
        text = key.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        try:
            with public.open("ab") as out:
                out.write(text)
        except OSError as error:
            raise SealKeyFault(
                f"The public key cannot be written to {public}: {error.strerror}."
            ) from None
    return key


def _name(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
