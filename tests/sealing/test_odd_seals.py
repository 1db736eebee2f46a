"""With a key ring too nothing that anybody sends stops a complaint: what cannot be read is refused by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest
import pytest_asyncio
from temporalio.api.common.v1 import Header, Payload, Payloads, WorkflowExecution
from temporalio.api.workflowservice.v1 import SignalWorkflowExecutionRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.common import RawValue
from temporalio.converter import DataConverter, WorkflowSerializationContext
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from engine.plugin import SharedConverter, UpholdPlugin
from identity.header import HEADER
from ledger.memory import MemoryLedger
from sealing.codec import SEALED, SealingCodec
from sealing.data_keys import DataKeys
from sealing.errors import KeyDestroyed, SealBroken
from sealing.port import KeptKey
from sealing.ring import with_new_key
from starter.client import Complaints
from tests.sealing.test_at_rest import yesterday
from tests.workflows.player import an_office, as_json, eventually, opening, refusal
from workflows.complaint import ComplaintWorkflow

OF_ANOTHER = "ANOTHER-1"
JSON = {"encoding": b"json/plain"}
CONTACT = {
    "command_id": "c-1",
    "actor": {"id": "w", "name": "W", "role": "upstream-app"},
    "channel": "email",
    "from_whom": "customer",
    "summary": "She asks",
    "received_at": yesterday(),
}


@dataclass
class Sealed:
    """A complaint that runs under a key of its own, and somebody who sends to it without any."""

    keys: DataKeys
    complaints: Complaints
    client: Client
    plain: Client
    reference: str

    async def odd(self, kind: str) -> Payload:
        """Something that is no message of this complaint."""
        own = await self.keys.of(self.reference)
        if kind == "an unknown key":
            return Payload(metadata={"encoding": SEALED, "key": b"nobody's"}, data=b"x" * 40)
        if kind == "no key":
            return Payload(metadata={"encoding": SEALED}, data=b"")
        if kind == "its key and nothing that it sealed":
            return Payload(metadata={"encoding": SEALED, "key": own.id.encode()}, data=b"x" * 40)
        if kind == "nothing that can be spread":
            sealed = own.seal(b"zgarbage", "payload")
            return Payload(metadata={"encoding": SEALED, "key": own.id.encode()}, data=sealed)
        if kind == "no payload":
            sealed = own.seal(b"-\xff\xff\xff", "payload")
            return Payload(metadata={"encoding": SEALED, "key": own.id.encode()}, data=sealed)
        codec, plain = SealingCodec(self.keys, OF_ANOTHER), Payload(metadata=JSON, data=b"1")
        return (await codec.encode([plain]))[0]

    def handle(self, client: Client) -> WorkflowHandle[Any, Any]:
        """The complaint."""
        return client.get_workflow_handle(f"complaint:{self.reference}")


ODD = (
    "an unknown key",
    "no key",
    "its key and nothing that it sealed",
    "nothing that can be spread",
    "no payload",
    "what another complaint sealed",
)


@pytest_asyncio.fixture
async def sealed(env: WorkflowEnvironment) -> AsyncIterator[Sealed]:
    keys = DataKeys(with_new_key(None, "first"), MemoryLedger())
    ours = Client(**(env.client.config() | {"plugins": [UpholdPlugin(keys)]}))
    async with an_office(env, client=ours) as office:
        complaints, reference = Complaints(ours, office.task_queue), office.reference()
        with env.with_time_skipping_disabled():
            await complaints.open(opening(reference, received_at=yesterday()))
        await eventually(lambda: _is_open(complaints, reference))
        yield Sealed(keys, complaints, ours, env.client, reference)


async def _is_open(complaints: Complaints, reference: str) -> bool:
    return (await complaints.status(reference)).state == "received"


@pytest.mark.parametrize("kind", ODD)
async def test_a_message_that_cannot_be_read_is_refused_and_the_complaint_goes_on(
    sealed: Sealed, kind: str
) -> None:
    payload, handle = await sealed.odd(kind), sealed.handle(sealed.plain)
    await handle.signal("record_contact", RawValue(payload))
    refused = await refusal(
        sealed.handle(sealed.plain).execute_update("acknowledge", RawValue(payload))
    )
    assert refused.type == "InvalidCommand"
    await sealed.handle(sealed.client).signal("record_contact", as_json(CONTACT))

    async def timeline() -> list[str] | None:
        told = [each.kind for each in (await sealed.complaints.status(sealed.reference)).timeline]
        return told if "contact-received" in told else None

    assert (await eventually(timeline))[-2:] == ["command-refused", "contact-received"]
    history = await sealed.handle(sealed.client).fetch_history()
    replayer = Replayer(workflows=[ComplaintWorkflow], plugins=[UpholdPlugin(sealed.keys)])
    await replayer.replay_workflow(history)


@pytest.mark.parametrize("kind", ODD)
async def test_a_token_that_cannot_be_read_proves_nobody_and_stops_nothing(
    sealed: Sealed, kind: str
) -> None:
    payload = await sealed.odd(kind)
    request: Any = await _signal(sealed, payload)
    await sealed.plain.workflow_service.signal_workflow_execution(request)

    async def timeline() -> list[str] | None:
        told = [each.kind for each in (await sealed.complaints.status(sealed.reference)).timeline]
        return told if {"command-refused", "contact-received"} & {*told} else None

    assert await eventually(timeline)


async def _signal(sealed: Sealed, token: Payload) -> Any:
    [argument] = await sealed.plain.data_converter.encode([as_json(CONTACT)])
    return SignalWorkflowExecutionRequest(
        namespace=sealed.plain.namespace,
        workflow_execution=WorkflowExecution(workflow_id=f"complaint:{sealed.reference}"),
        signal_name="record_contact",
        input=Payloads(payloads=[argument]),
        header=Header(fields={HEADER: token}),
    )


class _Erasing(MemoryLedger):
    """Keys of which some were destroyed."""

    erased: ClassVar[set[str]] = set()

    async def data_key(
        self, *, reference: str | None = None, key_id: str | None = None
    ) -> KeptKey | None:
        kept = await super().data_key(reference=reference, key_id=key_id)
        if kept and kept.reference in self.erased:
            return replace(kept, wrapped=None, ring_key="", destroyed_at=yesterday())
        return kept


async def test_what_its_own_lost_or_erased_key_sealed_is_never_passed_over() -> None:
    """What the complaint itself stands on is waited for; what was sealed for another is nothing to it."""
    keys = DataKeys(with_new_key(None, "first"), _Erasing())
    context = WorkflowSerializationContext("n", "complaint:OWN-1")
    shared = DataConverter(SharedConverter, payload_codec=SealingCodec(keys)).with_context(context)
    [own] = await SealingCodec(keys, "OWN-1").encode([Payload(metadata=JSON, data=b"1")])
    [other] = await SealingCodec(keys, OF_ANOTHER).encode([Payload(metadata=JSON, data=b"1")])
    lost = Payload(metadata={"encoding": SEALED, "key": b"nobody's"}, data=b"x" * 40)
    for each in (other, lost):
        with pytest.raises(SealBroken):
            await shared.decode([each])
        [raw] = await shared.decode([each], [RawValue])
        assert raw.payload.data == each.data
    _Erasing.erased |= {"OWN-1", OF_ANOTHER}
    keys.forget()
    [raw] = await shared.decode([other], [RawValue])
    assert raw.payload.data == other.data
    with pytest.raises(KeyDestroyed):
        await shared.decode([own], [RawValue])
