"""The traces of a complaint hang together, from the client's call to the letter, and say nothing personal."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from temporalio.api.common.v1 import Payload
from temporalio.contrib.opentelemetry._interceptor import default_text_map_propagator

from domain.complaint.commands import Actor
from domain.errors import WrongState
from domain.vocabulary import Role
from engine.connect import connect_here
from engine.dev_server import DevServer
from starter.client import Complaints
from telemetry import traces
from telemetry.spans import FORGIVING
from tests.fixtures.collector import Collector, collecting
from tests.worker.conftest import PATIENCE_SECONDS, Start
from tests.worker.test_build import _opening

HANDLER = Actor(id="h.jones", name="Huw Jones", role=Role.CASE_HANDLER)


def hanging_together(spans: list[Span]) -> int:
    """Into how many pieces the spans fall, joined by their parents and links."""
    of = {span.span_id: span.span_id for span in spans}

    def root(one: bytes) -> bytes:
        while of[one] != one:
            one = of[one]
        return one

    for span in spans:
        for other in (span.parent_span_id, *(link.span_id for link in span.links)):
            if other in of:
                of[root(span.span_id)] = root(other)
    return len({root(span.span_id) for span in spans})


async def arrived(collector: Collector, *names: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not all(collector.named(name) for name in names):  # noqa: ASYNC110 - another process sends it
            await asyncio.sleep(0.1)


async def test_the_spans_of_a_complaint_hang_together_from_the_call_to_the_letter(
    dev_server: DevServer, start: Start, tmp_path: Path
) -> None:
    queue, reference = f"traced-{uuid4()}", f"FO-{uuid4()}"
    async with collecting() as collector:
        service = await start(
            "worker",
            UPHOLD_TASK_QUEUE=queue,
            UPHOLD_LEDGER_URL="memory://",
            UPHOLD_MAILDIR=str(tmp_path / "outbox"),
            UPHOLD_TRACES_ENDPOINT=collector.endpoint,
        )
        await service.until("started")
        traces.use(collector.endpoint)
        try:
            client = await connect_here(dev_server.address, timedelta(seconds=10))
            complaints = Complaints(client, queue)
            await complaints.open(_opening(reference))
            line = await service.until("notice-sent")
            await complaints.acknowledge(reference, HANDLER)
            with pytest.raises(WrongState):
                await complaints.resume(reference, HANDLER)
            await service.until("notice-sent")
            await client.get_workflow_handle(f"complaint:{reference}").signal("Rao, Asha: help")
        finally:
            await asyncio.to_thread(traces.stop)
        service.tell(signal.SIGTERM)
        assert await service.code() == 0
        await arrived(collector, "StartWorkflow:Complaint", "Letter:acknowledgement")
    names = {span.name for span in collector.spans}
    assert names >= {
        "StartWorkflow:Complaint", "RunWorkflow:Complaint", "StartActivity:record_and_send",
        "RunActivity:record_and_send", "StartWorkflowUpdate:acknowledge", "HandleUpdate:acknowledge",
        "ValidateUpdate:resume", "SignalWorkflow:other", "HandleSignal:other",
    }  # fmt: skip
    assert hanging_together(collector.spans) == 1
    opening = collector.named("StartWorkflow:Complaint")[0]
    letters = [span for span in collector.spans if span.name.startswith("Letter:")]
    assert {span.trace_id for span in letters} == {opening.trace_id}
    assert line["trace_id"] == opening.trace_id.hex()
    sent = b"".join(collector.raw)
    for personal in (b"Asha", b"asha", b"jones", b"Jones", b"six weeks", b"Resume is possible"):
        assert personal not in sent


@pytest.mark.parametrize("data", [b"[1, {", b"[1]", b'{"traceparent": 7}', b'"x"', b"null"])
def test_a_header_that_is_no_trace_stops_no_complaint(data: bytes) -> None:
    payload = Payload(metadata={"encoding": b"json/plain"}, data=data)
    (found,) = FORGIVING.from_payloads([payload])
    default_text_map_propagator.extract(found)


def test_without_an_address_nothing_of_traces_is_loaded() -> None:
    modules = "worker.build, worker.service, starter.client, starter.admin, engine.connect"
    check = (
        f"import sys, {modules}; sys.exit(any(n.startswith('opentelemetry') for n in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
    assert traces.interceptors() == []
    assert traces.current_ids() == {}
