"""Owns opening the complaints of a file: each once, a bounded number at a time.

What is wrong with one row refuses that row and goes on; what is wrong with the server stops it,
and it can be run again: nothing is started twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Semaphore, Thread
from typing import Final, Protocol

from domain.complaint.opening import Opening
from domain.errors import Refused, UpholdError
from engine.errors import EngineError
from starter.client import Started, digest_of, parse_opening
from starter.errors import AlreadyClosed, NotAnswered
from starter.rows import Row

AT_ONCE: Final = 20
_READ_AHEAD: Final = 200

Refuse = Callable[[Row, str], None]
Moved = Callable[[], None]


class Opens(Protocol):
    """Whatever complaints can be opened with: `starter.client.Complaints`."""

    async def open(self, opening: Opening) -> Started:
        """Start the complaint, once."""
        ...


@dataclass(slots=True)
class Tally:
    """What became of the rows so far."""

    rows: int = 0
    opened: int = 0
    """Or, in a dry run, what would be opened unless it already runs."""
    already_open: int = 0
    already_closed: int = 0
    repeated: int = 0
    """The same complaint again, within the file."""
    refused: int = 0


class Intake:
    """Opens rows and counts; `complaints` is none for a dry run."""

    def __init__(
        self, complaints: Opens | None, check: Callable[[Opening], None], refuse: Refuse
    ) -> None:
        """`check` raises what an opening is refused for; `refuse` is told of each refused row."""
        self.complaints = complaints
        self._check = check
        self._refuse = refuse
        self._seen: dict[str, str] = {}
        self.tally = Tally()

    async def take(self, rows: AsyncIterator[Row], moved: Moved = lambda: None) -> None:
        """Open every row. `moved` is called after each.

        Raises what keeps every further row from being opened, after those under way have ended.
        """
        under_way: set[asyncio.Task[None]] = set()
        try:
            async for row in rows:
                under_way.add(asyncio.create_task(self._take_one(row, moved)))
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

    async def _take_one(self, row: Row, moved: Moved) -> None:
        self.tally.rows += 1
        try:
            opening = self._checked(row)
            if opening is not None:
                await self._open(opening)
        except (EngineError, NotAnswered):
            self.tally.rows -= 1
            raise
        except UpholdError as error:
            self.tally.refused += 1
            self._refuse(row, str(error))
        moved()

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
        self.tally.repeated += 1
        return None

    async def _open(self, opening: Opening) -> None:
        if self.complaints is None:
            self.tally.opened += 1
            return
        try:
            started = await self.complaints.open(opening)
        except AlreadyClosed as error:
            if error.differs:
                raise _taken(opening.reference) from None
            self.tally.already_closed += 1
            return
        if started.differs:
            raise _taken(opening.reference)
        if started.already:
            self.tally.already_open += 1
        else:
            self.tally.opened += 1


def _taken(reference: str) -> Refused:
    return Refused(
        f"reference: {reference} was opened before with another content; that one stands.",
        "Allowed: a reference of its own for each complaint.",
    )


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
