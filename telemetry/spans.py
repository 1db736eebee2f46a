"""The spans of a trace, made by the SDK's interceptor and sent by OTLP over HTTP.

Owns what leaves of them: names, ids and kinds. An error's words and its stack may hold what somebody wrote,
and stay here. Loaded by `telemetry.traces` alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status
from temporalio import worker
from temporalio.api.common.v1 import Payload
from temporalio.contrib.opentelemetry import TracingInterceptor, TracingWorkflowInboundInterceptor
from temporalio.converter import DefaultPayloadConverter, PayloadConverter

_TOLD: Final = frozenset(
    {
        "temporalWorkflowID", "temporalRunID", "temporalActivityID", "temporalActivityType",
        "uphold.channel",
    }
)  # fmt: skip
"""The attributes that leave: ids and kinds."""
_NAME: Final = re.compile(r"[A-Za-z]{1,40}(:[A-Za-z][A-Za-z0-9_-]{0,60})?")
"""Whoever sends a signal names it as they like."""


class Tracing:
    """Makes spans and sends them, in the background."""

    def __init__(self, endpoint: str) -> None:
        """`endpoint` is the whole address, such as `http://collector:4318/v1/traces`."""
        self._provider = TracerProvider(
            resource=Resource.create({SERVICE_NAME: "uphold"}), shutdown_on_exit=False
        )
        exporter = _WithoutWords(OTLPSpanExporter(endpoint=endpoint))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("uphold")
        self.interceptor = _Interceptor(self._tracer)

    def span(self, name: str, attributes: Mapping[str, str]) -> AbstractContextManager[Any]:
        """A span within the one that goes on."""
        told = {f"uphold.{key}": value for key, value in attributes.items()}
        return self._tracer.start_as_current_span(name, attributes=told, record_exception=False)

    def current_ids(self) -> dict[str, str]:
        """The ids of the span that goes on, as collectors write them."""
        context = trace.get_current_span().get_span_context()
        if not context.is_valid:
            return {}
        return {
            "trace_id": trace.format_trace_id(context.trace_id),
            "span_id": trace.format_span_id(context.span_id),
        }

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


class _Forgiving(DefaultPayloadConverter):
    """Reads where a trace comes from. What is no such thing says nothing: anybody may have sent it."""

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[Any]:
        try:
            (found,) = super().from_payloads(payloads, type_hints)
        except Exception:  # noqa: BLE001 - whatever it is, the complaint goes on
            return [{}]
        kept = found.items() if isinstance(found, dict) else ()
        return [{name: text for name, text in kept if isinstance(text, str)}]


FORGIVING: Final[PayloadConverter] = _Forgiving()


class _Interceptor(TracingInterceptor):
    """The SDK's, which fails at no header."""

    def __init__(self, tracer: trace.Tracer) -> None:
        super().__init__(tracer)
        self.payload_converter = FORGIVING

    def workflow_interceptor_class(
        self,
        input: worker.WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's name
    ) -> type[TracingWorkflowInboundInterceptor]:
        super().workflow_interceptor_class(input)
        return _InWorkflows


class _InWorkflows(TracingWorkflowInboundInterceptor):
    def __init__(self, next: worker.WorkflowInboundInterceptor) -> None:  # noqa: A002 - the SDK's name
        super().__init__(next)
        self.payload_converter = FORGIVING


class _WithoutWords(SpanExporter):
    """Sends spans on without anything that somebody may have written."""

    def __init__(self, onward: SpanExporter) -> None:
        self._onward = onward

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._onward.export([_bare(span) for span in spans])

    def shutdown(self) -> None:
        self._onward.shutdown()


def _bare(span: ReadableSpan) -> ReadableSpan:
    name = span.name if _NAME.fullmatch(span.name) else f"{span.name.partition(':')[0][:40]}:other"
    told = {key: value for key, value in (span.attributes or {}).items() if key in _TOLD}
    kind = (span.status.description or "").partition(":")[0]
    return ReadableSpan(
        name=name, context=span.context, parent=span.parent, resource=span.resource, attributes=told,
        links=span.links, kind=span.kind, start_time=span.start_time, end_time=span.end_time,
        status=Status(span.status.status_code, kind if kind.isidentifier() else None),
        instrumentation_scope=span.instrumentation_scope,
    )  # fmt: skip
