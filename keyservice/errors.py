"""Owns what the key service refuses, and the number with which each refusal is answered.

    ServiceError
    ├── ForeignOrigin    a page of another place asks
    ├── Malformed        what is asked cannot be read
    ├── TooLarge         it is more than is taken
    ├── UnknownKey       no such key was ever kept
    └── NotSealedHere    what is to be sealed, where nobody says for which complaint

Beside them: `Unproven` and `WrongRole` of the domain, and what sealing and ledger raise.
"""

from __future__ import annotations

from typing import Final

from domain.errors import Refused, Unproven, UpholdError, WrongRole
from ledger.errors import LedgerError
from sealing.errors import KeyDestroyed, RingKeyMissing, SealBroken


class ServiceError(UpholdError):
    """The key service does not answer this."""


class ForeignOrigin(ServiceError):
    """A page of a place that is not allowed asks."""


class Malformed(ServiceError):
    """What is asked cannot be read."""


class TooLarge(ServiceError):
    """More is sent than is taken."""


class UnknownKey(ServiceError):
    """No key of that id was ever kept."""


class NotSealedHere(ServiceError):
    """Something is to be sealed for nobody knows which complaint."""


_STATUS: Final[dict[type[UpholdError], int]] = {
    Unproven: 401,
    WrongRole: 403,
    ForeignOrigin: 403,
    NotSealedHere: 403,
    Malformed: 400,
    SealBroken: 400,
    UnknownKey: 404,
    KeyDestroyed: 410,
    TooLarge: 413,
    RingKeyMissing: 503,
    LedgerError: 503,
}


def status_of(error: UpholdError) -> int:
    """The HTTP status that the error is answered with."""
    return next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)


def told(error: UpholdError) -> dict[str, str]:
    """What is said of the error: its name, and in words."""
    words = (
        {"message": error.message, "allowed": error.allowed} if isinstance(error, Refused) else {}
    )
    return {"error": type(error).__name__, "message": str(error)} | words
