"""The effects of a complaint, performed beside its clocks.

Owns their order: events are recorded one entry after the other, and each person's notices go out
in the order in which they were owed, once they are recorded. An effect is tried promptly and all
in one, and patiently, each by itself, when that fails.

No effect is a local activity: that would run before the decision it follows from is in history.
A worker that died just then would decide again, at another instant and perhaps in another order,
and the ledger would keep, and people would have read, what never happened.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities import contracts
from activities.contracts import Delivery, Fate, LedgerEntry, Unsent
from domain.complaint.views.timeline import notice_summary
from domain.notices import Notice
from sealing.clear import InTheClear
from workflows import options

contracts.make_ready()  # whoever has this module runs workflows, whose tasks may wait for nothing


class Effects:
    """What is still owed to the outside, and the lanes in which it leaves."""

    def __init__(self, undeliverable: Callable[[Notice, str, str | None], None]) -> None:
        """`undeliverable` is told of each notice that was refused for good, why, and of the address if that is why."""
        self._undeliverable = undeliverable
        self._lanes: dict[str, deque[Callable[[], Coroutine[Any, Any, None]]]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self.fault: str | None = None
        """What the ledger could not take, where that needs somebody to look."""

    @property
    def idle(self) -> bool:
        """Whether everything owed so far has left."""
        return not self._running

    def owe(self, entry: LedgerEntry) -> None:
        """Record the entry, then send its notices; returns at once."""
        self._enter("ledger", lambda: self._record(entry))

    def _enter(self, lane: str, effect: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if lane in self._lanes:
            self._lanes[lane].append(effect)
            return
        self._lanes[lane] = deque([effect])
        task = asyncio.create_task(self._drain(lane))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _drain(self, lane: str) -> None:
        queue = self._lanes[lane]
        while queue:
            try:
                await queue.popleft()()
            except Exception as error:  # noqa: BLE001 - a lane that stopped would stop for ever
                self._look(f"an effect for {lane.partition('/')[0]} broke: {error!r}")
        del self._lanes[lane]

    async def _record(self, entry: LedgerEntry) -> None:
        """Record the entry and try its notices at once; what did not go out waits in its lane.

        A notice whose lane is busy is held back: nobody gets a later notice before an earlier one.
        """
        held = tuple(
            notice.key for notice in entry.prompt if contracts.lane_of(notice) in self._lanes
        )
        try:
            unsent: list[Unsent] = await workflow.execute_activity(
                contracts.RECORD_AND_SEND,
                args=[contracts.pack_entry(entry), *([held] if held else [])],
                **options.PROMPTLY,
                priority=options.priority_of(entry.standing.next_due, workflow.now()),
                result_type=list[Unsent],
                summary=_summary(entry),
            )
        except ActivityError:
            await self._record_patiently(entry)
            unsent = [Unsent(notice.key, Fate.DEFERRED) for notice in entry.prompt]
        else:
            self._is_repaired()
        left = {one.key: one for one in unsent}
        for notice in entry.prompt:
            if notice.key in left:
                self._follow_up(notice, left[notice.key])

    def _follow_up(self, notice: Notice, unsent: Unsent) -> None:
        if unsent.fate is Fate.REFUSED:
            self._undeliverable(notice, unsent.detail, unsent.address)
        else:
            self._enter(contracts.lane_of(notice), lambda: self._send(notice))

    async def _record_patiently(self, entry: LedgerEntry) -> None:
        summary = _summary(entry)
        try:
            await workflow.execute_activity(
                contracts.RECORD,
                contracts.pack_entry(entry),
                **options.PATIENTLY,
                summary=summary,
            )
            self._is_repaired()
        except ActivityError as error:
            self._look(f"{summary}: {error.cause or error}")

    def _is_repaired(self) -> None:
        """What followed without a gap shows that a gap, if there was one, has been filled."""
        if self.fault and "LedgerGap" in self.fault:
            self.fault = None

    def _look(self, fault: str) -> None:
        self.fault = fault
        workflow.logger.error("somebody has to look: %s", fault)

    async def _send(self, notice: Notice) -> None:
        try:
            delivery = await workflow.execute_activity(
                contracts.SEND_NOTICE,
                notice,
                task_queue=contracts.letters_queue(workflow.info().task_queue),
                **options.BY_POST,
                result_type=Delivery,
                summary=InTheClear(notice_summary(notice)),
            )
        except ActivityError as error:
            delivery = Delivery(Fate.REFUSED, f"it could not be sent within a week: {error.cause}")
        if delivery.fate is Fate.REFUSED:
            self._undeliverable(notice, delivery.detail, delivery.address)


def _summary(entry: LedgerEntry) -> InTheClear:
    first, last = entry.events[0].number, entry.events[-1].number
    numbers = f"event {first}" if first == last else f"events {first} to {last}"
    return InTheClear(f"Record {numbers}")
