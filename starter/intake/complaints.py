"""Opening the complaints of a file: each once, a bounded number at a time.

What is wrong with one row refuses that row and goes on; what is wrong with the server, the keys or
whoever opens them stops it, and it can be run again: nothing is started twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import suppress
from threading import Event, Semaphore, Thread
from typing import Final, Protocol

from domain.complaint.opening import Opening
from domain.errors import Refused, Unproven, UpholdError
from engine.errors import EngineError
from ledger.errors import LedgerError
from sealing.errors import KeysAway, RingKeyMissing
from starter.client import Started, digest_of, parse_opening
from starter.intake.rows import Row, Taking
from starter.wire.errors import AlreadyClosed, NotAnswered

AT_ONCE: Final = 20
_READ_AHEAD: Final = 200
_OF_NO_ROW: Final = (
    EngineError, NotAnswered, LedgerError, KeysAway, RingKeyMissing, Unproven,
)  # fmt: skip
"""What is wrong with the server, the keys that an opening is sealed with, or whoever opens it."""


class Opens(Protocol):
    """Whatever complaints can be opened with: `starter.client.Complaints`."""

    async def open(self, opening: Opening) -> Started:
        """Start the complaint, once."""
        ...


class Intake:
    """Opens rows, each once; `complaints` is none for a dry run."""

    def __init__(
        self, complaints: Opens | None, check: Callable[[Opening], None], taking: Taking
    ) -> None:
        """`check` raises what an opening is refused for."""
        self.complaints, self._check, self._taking = complaints, check, taking
        self._tally = taking.tally
        self._seen: dict[str, str] = {}

    async def take(self, rows: AsyncIterator[Row]) -> None:
        """Open every row.

        Raises what keeps every further row from being opened, after those under way have ended.
        """
        under_way: set[asyncio.Task[None]] = set()
        try:
            async for row in rows:
                under_way.add(asyncio.create_task(self._take_one(row)))
                if len(under_way) >= AT_ONCE:
                    done, under_way = await asyncio.wait(
                        under_way, return_when=asyncio.FIRST_COMPLETED
                    )
                    for task in done:
                        task.result()
        finally:
            if under_way:
                await asyncio.wait(under_way)
        for task in under_way:
            task.result()

    async def _take_one(self, row: Row) -> None:
        self._tally["rows"] += 1
        try:
            opening = self._checked(row)
            if opening is not None:
                await self._open(opening)
        except _OF_NO_ROW:
            self._tally["rows"] -= 1
            raise
        except UpholdError as error:
            self._taking.refuse(row, error)
        self._taking.moved()

    def _checked(self, row: Row) -> Opening | None:
        """The row's opening; nothing if the file held the same before."""
        if row.fault is not None:
            raise Refused(row.fault)
        opening = parse_opening(row.fields)
        self._check(opening)
        digest = digest_of(opening)
        if opening.reference not in self._seen:
            self._seen[opening.reference] = digest
            return opening
        if self._seen[opening.reference] != digest:
            raise Refused(
                f"reference: {opening.reference} stands earlier in the file with another content.",
                "Allowed: a reference of its own for each complaint.",
            )
        self._tally["repeated"] += 1
        return None

    async def _open(self, opening: Opening) -> None:
        became, differs = "opened", False
        if self.complaints is not None:
            try:
                started = await self.complaints.open(opening)
            except AlreadyClosed as error:
                became, differs = "already_closed", error.differs
            else:
                became = "already_open" if started.already else "opened"
                differs = started.differs
        if differs:
            raise Refused(
                f"reference: {opening.reference} was opened before with another content;"
                " that one stands.",
                "Allowed: a reference of its own for each complaint.",
            )
        self._tally[became] += 1


async def in_background(rows: Iterator[Row]) -> AsyncGenerator[Row, None]:
    """The same rows, read by a thread, so that waiting for input holds up no complaint.

    Close it (`contextlib.aclosing`): the thread ends with it, unless it waits for input.
    """
    loop = asyncio.get_running_loop()
    ahead: asyncio.Queue[Row | Exception | None] = asyncio.Queue()
    room, closed = Semaphore(_READ_AHEAD), Event()

    def hand_over(item: Row | Exception | None) -> None:
        # The loop may be gone when input comes at last: then nobody waits for it.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(ahead.put_nowait, item)

    def read() -> None:
        try:
            for row in rows:
                room.acquire()
                if closed.is_set():
                    return
                hand_over(row)
        except Exception as error:  # noqa: BLE001 - raised again where the rows are taken
            hand_over(error)
        else:
            hand_over(None)

    Thread(target=read, name="intake", daemon=True).start()
    try:
        while (item := await ahead.get()) is not None:
            if isinstance(item, Exception):
                raise item
            room.release()
            yield item
    finally:
        closed.set()
        room.release()
