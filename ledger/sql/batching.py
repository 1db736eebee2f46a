"""Group commit: what is waiting to be written goes into one transaction.

Owns who waits for which write. While one transaction is under way, what comes in gathers for the
next, so fifty complaints at once cost little more than one. Nothing waits for company.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from ledger.entries import EntryRows
from ledger.errors import LedgerUnavailable
from ledger.port import NoticeState
from ledger.sql.writing import Job, Outcome

Write = Callable[[Sequence[Job]], Awaitable[Sequence[Outcome]]]

Written = asyncio.Future[NoticeState | None]
Waiting = tuple[Job, Written]

MOST_AT_ONCE = 200
"""Bounds how long one transaction holds its locks."""


class Batches:
    """Writes jobs in batches, in the order they came, one batch at a time."""

    def __init__(self, write: Write) -> None:
        """`write` writes one batch and returns what `write_jobs` does."""
        self._write = write
        self._waiting: list[Waiting] = []
        self._draining: asyncio.Task[None] | None = None

    async def add(self, job: Job) -> NoticeState | None:
        """Returns, when the job is committed, what a mark replaced. Raises what kept it out."""
        written: Written = asyncio.get_running_loop().create_future()
        self._waiting.append((job, written))
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._drain())
        return await written

    async def finish(self) -> None:
        """Returns when nothing is waiting any more."""
        if self._draining is not None:
            await self._draining

    async def _drain(self) -> None:
        while batch := self._next_batch():
            await self._write_batch(batch)

    def _next_batch(self) -> list[Waiting]:
        # One job a complaint: each is checked against what is on record before it.
        batch: dict[tuple[type[Job], str], Waiting] = {}
        later = []
        for job, written in self._waiting:
            subject = job.reference if isinstance(job, EntryRows) else job.key
            if len(batch) < MOST_AT_ONCE and (type(job), subject) not in batch:
                batch[type(job), subject] = (job, written)
            else:
                later.append((job, written))
        self._waiting = later
        return list(batch.values())

    async def _write_batch(self, batch: list[Waiting]) -> None:
        try:
            outcomes = await self._write([job for job, _ in batch])
        except LedgerUnavailable as error:
            for _, written in batch:
                _settle(written, LedgerUnavailable(str(error)))
        except Exception as error:  # noqa: BLE001 - whatever it is, the one who waits has to hear it
            if len(batch) == 1:
                _settle(batch[0][1], error)
                return
            # One bad job must not keep the others out.
            for one in batch:
                await self._write_batch([one])
        else:
            for (_, written), outcome in zip(batch, outcomes, strict=True):
                _settle(written, outcome)


def _settle(written: Written, outcome: Outcome | Exception) -> None:
    if written.done():  # whoever waited has given up; what was written stays written
        return
    if isinstance(outcome, Exception):
        written.set_exception(outcome)
    else:
        written.set_result(outcome)
