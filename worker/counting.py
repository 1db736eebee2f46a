"""What a worker counts: decisions and refusals as they pass, and how things stand, read from the ledger now and then.

Owns when it is counted and by which label. The names are in `telemetry.metrics`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from temporalio import worker, workflow
from temporalio.exceptions import ApplicationError

from activities.counting import OPENING, label_of
from engine.settings import Settings
from ledger.quality.figures import Figures
from telemetry import metrics

_log = structlog.stdlib.get_logger("worker")
_COMPLAINT: Final = "Complaint"
_UNPROVEN: Final = "Unproven"

Count = Callable[[datetime, datetime], Awaitable[Figures]]
"""How things stand now, given when the day ends."""
_Gauge = tuple[metrics.Metric, tuple[str, ...]]
"""A metric, and the values of its labels."""


class CountsDecisions(worker.Interceptor):
    """Counts what complaints decide and refuse, once: not again when a history is replayed."""

    def workflow_interceptor_class(
        self,
        input: worker.WorkflowInterceptorClassInput,  # noqa: A002, ARG002 - the SDK's
    ) -> type[worker.WorkflowInboundInterceptor]:
        """The interceptor of every workflow."""
        return _Counting


class _Counting(worker.WorkflowInboundInterceptor):
    async def execute_workflow(self, input: worker.ExecuteWorkflowInput) -> Any:  # noqa: A002
        try:
            return await self.next.execute_workflow(input)
        except ApplicationError as refused:
            if workflow.info().workflow_type == _COMPLAINT:
                _refused(OPENING, refused)
            raise

    def handle_update_validator(self, input: worker.HandleUpdateInput) -> None:  # noqa: A002
        try:
            self.next.handle_update_validator(input)
        except ApplicationError as refused:
            _refused(input.update, refused)
            raise

    async def handle_update_handler(self, input: worker.HandleUpdateInput) -> Any:  # noqa: A002
        try:
            answer = await self.next.handle_update_handler(input)
        except ApplicationError as refused:
            _refused(input.update, refused)
            raise
        _decided(input.update)
        return answer

    async def handle_signal(self, input: worker.HandleSignalInput) -> None:  # noqa: A002
        await self.next.handle_signal(input)
        _decided(input.signal)


def _decided(verb: str) -> None:
    if not workflow.unsafe.is_replaying():
        metrics.instruments().count(metrics.DECISIONS, label_of(verb))


def _refused(verb: str, refused: ApplicationError) -> None:
    if workflow.unsafe.is_replaying():
        return
    metrics.instruments().count(metrics.REFUSALS, label_of(verb), refused.type or "none")
    if refused.type == _UNPROVEN:
        metrics.instruments().count(metrics.TOKENS_REFUSED, "update")


async def keep_counting(count: Count, settings: Settings) -> None:
    """Shows how things stand, again and again; where the ledger is away, as they stood last."""
    shown: Iterable[_Gauge] = [
        (metric, (settings.channel,)) for metric in (metrics.WAITING, metrics.FAILED)
    ]
    while True:
        now = datetime.now(UTC)
        try:
            found = await count(now, _day_ends(now, settings.digest_time_zone))
        except Exception as error:  # noqa: BLE001 - the ledger is looked at again; readiness says what is wrong
            _log.warning("figures not read", because=type(error).__name__)
        else:
            shown = _show(found, shown)
        await asyncio.sleep(settings.metrics_interval_seconds)


def _show(found: Figures, before: Iterable[_Gauge]) -> Iterable[_Gauge]:
    """Sets every gauge; one whose label is gone would else keep its last value for ever."""
    values: dict[_Gauge, int] = dict.fromkeys(before, 0)
    for each in found.standings:
        for metric, value in (
            (metrics.OPEN, each.open), (metrics.DUE_TODAY, each.due_today),
            (metrics.LATE, each.late), (metrics.OVERDUE, each.overdue),
        ):  # fmt: skip
            values[metric, (each.charter, each.stage)] = value
    for letters in found.letters:
        values[metrics.WAITING, (letters.channel,)] = letters.waiting
        values[metrics.FAILED, (letters.channel,)] = letters.failed
    for (metric, labels), value in values.items():
        metrics.instruments().show(metric, value, *labels)
    metrics.instruments().show(metrics.COUNTED_AT, int(time.time()))
    return values.keys()


def _day_ends(now: datetime, zone: str) -> datetime:
    local = now.astimezone(ZoneInfo(zone))
    tomorrow = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return tomorrow.astimezone(UTC)
