"""The doctor's look at the ledger: whether it answers, its tables, its rights, its keys and its clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from engine.settings import Settings
from ledger.errors import BadLedgerUrl, LedgerError
from ledger.migrations.schema import SchemaState, schema_state
from ledger.opening import open_sql_ledger
from ledger.sql import tables
from operations.doctor.findings import Finding, note, well, wrong
from sealing.errors import BadKeyRing, SealingError
from sealing.ring import FileRing, missing, read_ring

APART: Final = timedelta(seconds=5)
"""By how much clocks may differ: an act at the last minute of a promise is on one side of it or the other."""
_SCHEMA: Final[dict[SchemaState, str]] = {
    "missing": "It has no tables yet.",
    "behind": "It has the tables of an earlier version.",
    "ahead": "It was set up by a newer version than this one.",
}
_SET_UP: Final = "Operators run `uphold setup` of this version, as who owns the tables."


async def look_at_ledger(settings: Settings) -> AsyncIterator[Finding]:
    """Everything about the ledger, as far as it answers."""
    try:
        state = await schema_state(settings.ledger_url)
        if state != "current":
            todo = "Operators run that version, or restore a copy." if state == "ahead" else _SET_UP
            yield wrong("ledger", _SCHEMA[state], todo)
            return
        ring = read_ring(settings.key_ring) if settings.key_ring else None
        if settings.ledger_url == "memory://":
            return
        async with open_sql_ledger(settings.ledger_url, ring) as ledger:
            await ledger.require_ready(to_write=True)
            yield well(
                "ledger", f"{ledger.shown} answers, takes changes, and has this version's tables."
            )
            yield await ledger.reading(_rights)
            if at := await ledger.reading(_clock):
                yield apart("the ledger's", at - datetime.now(UTC))
            yield _keys(ring, await ledger.ring_keys())
    except BadLedgerUrl as error:
        yield wrong("ledger", str(error), "Operators correct UPHOLD_LEDGER_URL.")
    except LedgerError as error:
        yield wrong(
            "ledger", str(error), "Operators look at its database. What happens waits meanwhile."
        )
    except BadKeyRing as error:
        yield wrong(
            "key ring", str(error), "Operators put the file right: no worker starts without."
        )
    except SealingError as error:
        yield wrong(
            "key ring", str(error), "Operators put the key back from where it is kept safe."
        )


def _rights(connection: Connection) -> Finding:
    if connection.dialect.name != "postgresql":
        return note(
            "rights",
            "The ledger is a file: whoever may write it may write anything into it.",
            "Operators who need evidence keep the ledger in PostgreSQL, and seal it.",
        )
    asked = text(
        "SELECT has_table_privilege(:name, 'UPDATE') OR has_table_privilege(:name, 'DELETE')"
    )
    open_tables = [
        table.name
        for table in tables.APPEND_ONLY
        if connection.execute(asked, {"name": table.name}).scalar_one()
    ]
    if not open_tables:
        return well("rights", "This role may add to the record and alter nothing of it.")
    return note(
        "rights",
        f"This role may alter what is on record ({', '.join(open_tables)}).",
        "Operators let workers be another role than the owner: `uphold setup --grant ROLE`. For the"
        " owner, who runs the set-up, it is right.",
    )


def _clock(connection: Connection) -> datetime | None:
    """What time it is by the ledger's server; none where there is no server."""
    if connection.dialect.name != "postgresql":
        return None
    at: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return at


def apart(whose: str, difference: timedelta) -> Finding:
    """What there is to say of a clock that is ahead of this machine's by so much."""
    seconds = difference.total_seconds()
    if abs(difference) <= APART:
        return well("clocks", f"This machine's and {whose} agree.")
    which = "ahead of" if seconds > 0 else "behind"
    return wrong(
        "clocks",
        f"{whose[0].upper()}{whose[1:]} is {abs(seconds):.0f} seconds {which} this machine's: dates are counted by"
        " the server, tokens by the worker.",
        "Operators let every machine take the time from one source (NTP).",
    )


def _keys(ring: FileRing | None, needed: frozenset[str]) -> Finding:
    if ring is None and needed:
        return wrong(
            "key ring",
            f"What is in the ledger is sealed under {', '.join(sorted(needed))}, and UPHOLD_KEY_RING names no ring.",
            "Operators set it to the file that holds them: no worker starts without.",
        )
    if ring is None:
        return well("key ring", "There is none, and nothing on record is sealed.")
    if needed - ring.ids:
        return wrong(
            "key ring", str(missing(needed, ring)), "Operators do so: no worker starts without."
        )
    return well("key ring", f"It holds every key that is needed; {ring.current} is current.")
