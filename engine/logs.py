"""Owns what a log line of Uphold looks like: console or JSON, on standard error, one form for all.

Standard output belongs to what a command answers. A line names a complaint by its reference and
an event by its number, never a customer.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger
from temporalio import activity, workflow
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from domain.vocabulary import complaint_of
from engine.settings import Settings
from telemetry import traces

_CHATTY: Final = (
    "asyncio", "sqlalchemy.engine", "alembic", "mail.log", "httpx", "httpcore", "uvicorn",
)  # fmt: skip
"""Libraries that tell at `info` what only their authors want to read, SQL parameters among it."""


def configure_logs(settings: Settings, stream: TextIO | None = None) -> None:
    """Makes structlog and the standard library's logging write one form of line.

    To standard error, unless there is a `stream`. May be called again; the last call counts.
    """
    as_json = settings.log_format == "json" or (
        settings.log_format == "auto" and not sys.stderr.isatty()
    )
    structlog.configure(
        processors=[*_enrichment(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_enrichment(), _with_reference],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(as_json=as_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    # The SDK appends a dictionary to each message; what matters of it is bound as fields.
    activity.logger.activity_info_on_message = False
    workflow.logger.workflow_info_on_message = False
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


class ActivityLogContext(Interceptor):
    """Binds reference, activity and attempt to every line that is logged within an activity."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's name
        """An interceptor that binds the context around `next`."""
        return _Binding(next)


class _Binding(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        info = activity.info()
        context: dict[str, object] = {"activity": info.activity_type, "attempt": info.attempt}
        if reference := complaint_of(info.workflow_id):
            context["reference"] = reference
        with structlog.contextvars.bound_contextvars(**context):
            return await self.next.execute_activity(input)


def _enrichment() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        _with_trace,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _rendering(*, as_json: bool) -> list[Processor]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]


def _with_trace(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Names the trace that the line belongs to, where there are traces."""
    del logger, method
    for name, value in traces.current_ids().items():
        event.setdefault(name, value)
    return event


def _with_reference(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Names the complaint in what is logged within a workflow, where no context is bound."""
    del logger, method
    details = getattr(event.get("_record"), "temporal_workflow", None) or {}
    if reference := complaint_of(details.get("workflow_id")):
        event.setdefault("reference", reference)
    return event
