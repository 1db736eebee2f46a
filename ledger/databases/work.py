"""What a ledger asks of a database: work in a transaction, and errors in the ledger's words.

Owns what a database's errors mean. Knows no table, and neither of the two databases.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy import exc as sa

from ledger.databases.urls import hide_password
from ledger.errors import LedgerFault, LedgerUnavailable

T = TypeVar("T")
Work = Callable[[Connection], T]

LEAVES_NOTHING: Final = "leaves_nothing"
"""What work notes with its connection where old bytes are to go: also those in a file's write-ahead log."""

_TABLE_MISSING = ("no such table", "no such column", "does not exist")
_ABOUT_THE_DATA = ("22", "23")  # SQLSTATE classes: data exception, integrity constraint
_NO_TEXT = "Could not decode to UTF-8"  # SQLite's words for a text that is none


class Database(Protocol):
    """Somewhere to do work in a transaction."""

    shown: str
    """The URL without its password."""

    async def write(self, work: Work[T]) -> T:
        """What the work returns, once committed; nothing is kept when it raises."""
        ...

    async def read(self, work: Work[T]) -> T:
        """What the work returns, all of it seen at one instant."""
        ...

    async def close(self) -> None:
        """Lets go of every connection."""
        ...


@contextlib.contextmanager
def telling(shown: str, driver: Any, *unavailable: type[Exception]) -> Iterator[None]:
    """Turns a database's errors into the ledger's, which name the URL but no password or row.

    They come from the driver itself, or as what SQLAlchemy makes of them. `unavailable` are the driver's own that say
    that no connection is to be had.
    """
    away: tuple[type[Exception], ...] = (sa.TimeoutError, OSError, *unavailable)
    try:
        yield
    except (sa.DBAPIError, driver.Error) as error:
        said = getattr(error, "orig", None) or error
        fault = LedgerFault if _is_about_the_data(said, driver) else LedgerUnavailable
        raise fault(_message(shown, said)) from None
    except away as error:
        raise LedgerUnavailable(_message(shown, error)) from None


def _is_about_the_data(error: BaseException, driver: Any) -> bool:
    state = str(getattr(error, "sqlstate", None) or "")
    return (
        isinstance(error, driver.DataError | driver.IntegrityError)
        or state[:2] in _ABOUT_THE_DATA
        or _NO_TEXT in str(error)
    )


def _message(shown: str, error: BaseException) -> str:
    said = str(error).strip() or type(error).__name__
    reason = hide_password(said.splitlines()[0].rpartition(">: ")[2])
    hint = " `uphold setup` creates what is missing." if _looks_missing(reason) else ""
    return f"The ledger at {shown} cannot be used: {reason}.{hint}"


def _looks_missing(reason: str) -> bool:
    return "unable to open" in reason or any(words in reason for words in _TABLE_MISSING)
