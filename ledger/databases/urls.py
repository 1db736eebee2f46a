"""Which database a ledger's URL names.

Owns the spellings that are accepted, and that no password is ever shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from ledger.errors import BadLedgerUrl

ALLOWED = "sqlite:///FOLDER/FILE, postgresql://USER:PASSWORD@HOST:PORT/DATABASE, memory://"
_POSTGRES = frozenset({"postgres", "postgresql", "postgresql+asyncpg"})
_POSTGRES_OPTIONS = frozenset({"ssl", "sslmode", "host", "port", "prepared_statement_cache_size"})


@dataclass(frozen=True, slots=True)
class SqliteAddress:
    """A file."""

    file: Path
    shown: str


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """A database on a PostgreSQL server."""

    url: URL
    shown: str


Address = SqliteAddress | PostgresAddress


def parse_address(url: str) -> Address | None:
    """The database that the URL names; None for `memory://`, a ledger that ends with its process.

    Raises `BadLedgerUrl`, which names the URL without its password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise _bad(hide_password(url), "it is not a URL") from None
    shown = hide_password(parsed.render_as_string(hide_password=True))
    if parsed.drivername == "memory":
        return None
    if parsed.drivername == "sqlite":
        return _sqlite(parsed, shown)
    if parsed.drivername in _POSTGRES:
        return _postgres(parsed, shown)
    raise _bad(shown, f"there is no ledger on {parsed.drivername!r}")


def hide_password(text: str) -> str:
    """The text with every password of a URL in it starred out, also of a URL that is wrong."""
    starred = re.sub(r"(//[^/:@\s]*):[^\s]*@", r"\1:***@", text)
    return re.sub(r"(?i)(password=)[^&\s]*", r"\1***", starred)


def _sqlite(parsed: URL, shown: str) -> SqliteAddress:
    if parsed.host:
        raise _bad(shown, "a file takes three slashes, and four before an absolute path")
    if not parsed.database or parsed.database == ":memory:":
        raise _bad(shown, "it names no file; a ledger without one is memory://")
    if parsed.query:
        raise _bad(shown, "a file takes no options")
    return SqliteAddress(Path(parsed.database).absolute(), shown)


def _postgres(parsed: URL, shown: str) -> PostgresAddress:
    if not parsed.database:
        raise _bad(shown, "it names no database")
    if unknown := set(parsed.query) - _POSTGRES_OPTIONS:
        allowed = ", ".join(sorted(_POSTGRES_OPTIONS))
        raise _bad(shown, f"unknown options {', '.join(sorted(unknown))} (there are: {allowed})")
    query = dict(parsed.query)
    if "sslmode" in query:  # the name that PostgreSQL's own tools use
        query["ssl"] = query.pop("sslmode")
    return PostgresAddress(parsed.set(drivername="postgresql+asyncpg", query=query), shown)


def _bad(shown: str, what: str) -> BadLedgerUrl:
    return BadLedgerUrl(f"The ledger's URL {shown!r} cannot be used: {what}. Allowed: {ALLOWED}.")
