"""What a ledger can say no with.

No message carries a password, or anything about a customer.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import UpholdError


class LedgerError(UpholdError):
    """The root of everything that a ledger refuses or cannot do."""


class BadLedgerUrl(LedgerError):
    """The URL names no ledger that there can be."""


class LedgerNotReady(LedgerError):
    """The ledger's tables are missing, or of another version than this program's."""


class CharterNotKept(LedgerError):
    """No charter of that digest was kept."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"No charter with the digest {digest!r} was kept in this ledger.")


class BadListing(LedgerError):
    """No page of a list can be asked for like this."""


class LedgerFault(LedgerError):
    """The database did not take it; trying again may help."""


class LedgerUnavailable(LedgerFault):
    """The database cannot be reached, is locked, or went away."""


class NotRecorded(LedgerError):
    """The entry can never be recorded as it is; nothing of it was written."""

    def __init__(self, reference: str, number: int, message: str) -> None:
        """`number` is the event at which it failed."""
        self.reference, self.number = reference, number
        super().__init__(message)


class ConflictingRecord(NotRecorded):
    """Another event is on record under the same number."""

    def __init__(self, reference: str, number: int) -> None:
        """`number` is the event whose record differs."""
        super().__init__(
            reference,
            number,
            f"{reference}: event {number} is on record with other content. Nothing was overwritten.",
        )


class LedgerGap(NotRecorded):
    """The number does not follow the last one on record."""

    def __init__(self, reference: str, expected: int, given: int) -> None:
        """`expected` is the number that would have followed."""
        self.expected, self.given = expected, given
        super().__init__(
            reference,
            given,
            f"{reference}: event {expected} was expected, but event {given} was given."
            " Nothing was recorded.",
        )


class MalformedEntry(NotRecorded):
    """The entry contradicts itself."""


class SealKeyFault(LedgerError):
    """There is no key to seal with or to check seals with, or it cannot be read or written."""


class BrokenChain(LedgerError):
    """The record of a complaint is broken, so nothing is made of it."""

    def __init__(self, reference: str, broken: Sequence[str]) -> None:
        """`broken` says where, in words."""
        super().__init__(
            f"{reference}: its record is broken, so nothing was made of it: {' '.join(broken)}"
        )


class CannotGrant(LedgerError):
    """These rights cannot be given to that role."""
