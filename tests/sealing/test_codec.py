"""What reaches the server is sealed, for one complaint each, and read by nobody else."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.converter import (
    ActivitySerializationContext,
    DataConverter,
    DefaultFailureConverter,
    WorkflowSerializationContext,
)
from temporalio.exceptions import ActivityError, ApplicationError, RetryState

from domain.packing import pack_json
from engine.plugin import SharedConverter
from ledger.memory import MemoryLedger
from sealing.clear import InTheClear
from sealing.codec import LARGEST, SEALED, SealedFailures, SealingCodec
from sealing.data_keys import REMEMBERED, DataKeys
from sealing.errors import KeyDestroyed, RingKeyMissing, SealBroken
from sealing.port import KeptKey
from sealing.ring import FileRing, with_new_key

SECRET = "Ann Price lives at 4 High Street"


def ring() -> FileRing:
    return with_new_key(None, "first")


def converter(keys: DataKeys) -> DataConverter:
    return DataConverter(
        payload_converter_class=SharedConverter,
        payload_codec=SealingCodec(keys),
        failure_converter_class=SealedFailures,
    )


def of_complaint(keys: DataKeys, reference: str) -> DataConverter:
    return converter(keys).with_context(WorkflowSerializationContext("n", f"complaint:{reference}"))


async def test_what_is_sealed_says_nothing_and_is_read_again() -> None:
    keys = DataKeys(ring(), MemoryLedger())
    mine = of_complaint(keys, "A-1")
    [payload] = await mine.encode([{"details": SECRET}])
    assert payload.metadata["encoding"] == SEALED
    assert SECRET.encode() not in payload.SerializeToString()
    assert await mine.decode([payload]) == [{"details": SECRET}]


async def test_an_activity_of_a_complaint_and_whoever_reads_without_context_have_its_key() -> None:
    keys = DataKeys(ring(), MemoryLedger())
    context = ActivitySerializationContext(
        "n", "1", "record", "q", "complaint:A-1", "Complaint", is_local=False
    )
    [payload] = await converter(keys).with_context(context).encode([SECRET])
    assert (await keys.of("A-1")).id.encode() == payload.metadata["key"]
    assert await of_complaint(keys, "A-1").decode([payload]) == [SECRET]
    assert await converter(keys).decode([payload]) == [SECRET]


async def test_what_was_sealed_for_one_complaint_is_not_read_in_another() -> None:
    keys = DataKeys(ring(), MemoryLedger())
    [payload] = await of_complaint(keys, "A-1").encode([SECRET])
    with pytest.raises(SealBroken, match="A-1"):
        await of_complaint(keys, "A-2").decode([payload])
    renamed = Payload()
    renamed.CopyFrom(payload)
    renamed.metadata["key"] = (await keys.of("A-2")).id.encode()
    with pytest.raises(SealBroken, match="altered"):
        await of_complaint(keys, "A-2").decode([renamed])


async def test_what_was_altered_is_not_read() -> None:
    mine = of_complaint(DataKeys(ring(), MemoryLedger()), "A-1")
    [payload] = await mine.encode([SECRET])
    for at in (0, 20, len(payload.data) - 1):
        altered = Payload()
        altered.CopyFrom(payload)
        altered.data = bytes(
            byte ^ 1 if number == at else byte for number, byte in enumerate(payload.data)
        )
        with pytest.raises(SealBroken):
            await mine.decode([altered])


async def test_what_operators_read_stays_readable_and_what_was_written_before_is_read() -> None:
    mine = of_complaint(DataKeys(ring(), MemoryLedger()), "A-1")
    [payload] = await mine.encode([InTheClear("Record event 1")])
    assert payload.data == b'"Record event 1"'
    [before] = await DataConverter(payload_converter_class=SharedConverter).encode([SECRET])
    assert await mine.decode([before]) == [SECRET]


async def test_long_json_is_compressed_and_what_was_packed_is_not_again() -> None:
    mine = of_complaint(DataKeys(ring(), MemoryLedger()), "A-1")
    [long] = await mine.encode([SECRET * 100])
    assert len(long.data) < len(SECRET) * 10
    packed = pack_json(b'{"details": "none"}')
    [again] = await mine.encode([packed])
    assert await mine.decode([again]) == [packed]


async def test_nobody_who_may_seal_can_fill_the_memory_of_who_reads_it() -> None:
    mine = of_complaint(DataKeys(ring(), MemoryLedger()), "A-1")
    [payload] = await mine.encode(["0" * (LARGEST + 1)])
    assert len(payload.data) < LARGEST / 200
    with pytest.raises(SealBroken, match="more than 16 MB"):
        await mine.decode([payload])


async def test_each_complaint_has_a_key_of_its_own_and_two_processes_find_the_same() -> None:
    one, store = ring(), MemoryLedger()
    first, second = DataKeys(one, store), DataKeys(one, store)
    assert (await first.of("A-1")).secret == (await second.of("A-1")).secret
    assert (await first.of("A-1")).secret != (await first.of("A-2")).secret
    assert (await first.of("")).secret != (await first.of("A-1")).secret


async def test_a_wrapped_key_stands_nowhere_but_in_the_ledger() -> None:
    store = MemoryLedger()
    keys = DataKeys(ring(), store)
    [payload] = await of_complaint(keys, "A-1").encode([SECRET])
    kept = await store.data_key(reference="A-1")
    assert kept
    assert kept.wrapped
    assert kept.wrapped not in payload.SerializeToString()
    assert (await keys.of("A-1")).secret not in kept.wrapped


async def test_a_lost_key_of_the_ring_is_named() -> None:
    store = MemoryLedger()
    await DataKeys(ring(), store).of("A-1")
    other = with_new_key(None, "second")
    with pytest.raises(RingKeyMissing, match="wrapped with first"):
        await DataKeys(other, store).of("A-1")


class _Destroyed(MemoryLedger):
    gone = False

    async def data_key(
        self, *, reference: str | None = None, key_id: str | None = None
    ) -> KeptKey | None:
        kept = await super().data_key(reference=reference, key_id=key_id)
        if kept is None or not self.gone:
            return kept
        return KeptKey(
            reference=kept.reference, id=kept.id, ring_key="", wrapped=None, made_at=kept.made_at,
            destroyed_at=datetime(2026, 11, 28, tzinfo=UTC), destroyed_by="d.lee", reason="Asked for.",
        )  # fmt: skip


async def test_a_destroyed_key_is_forgotten_within_minutes_and_never_made_again() -> None:
    store, seconds = _Destroyed(), [0.0]
    keys = DataKeys(ring(), store, clock=lambda: seconds[0])
    mine = of_complaint(keys, "A-1")
    [payload] = await mine.encode([SECRET])
    store.gone = True
    seconds[0] = REMEMBERED.total_seconds()
    with pytest.raises(KeyDestroyed, match="28 November 2026"):
        await mine.decode([payload])
    with pytest.raises(KeyDestroyed):
        await mine.encode([SECRET])


class _Away(MemoryLedger):
    async def data_key(
        self, *, reference: str | None = None, key_id: str | None = None
    ) -> KeptKey | None:
        del reference, key_id
        raise ConnectionError("the ledger is away")


async def test_a_store_that_is_away_raises_what_is_tried_again() -> None:
    with pytest.raises(ConnectionError):
        await of_complaint(DataKeys(ring(), _Away()), "A-1").encode([SECRET])
    for kind in (KeyDestroyed, RingKeyMissing, SealBroken):
        assert not issubclass(kind, ApplicationError)


async def test_no_words_of_a_failure_or_of_its_causes_stay_readable() -> None:
    mine = of_complaint(DataKeys(ring(), MemoryLedger()), "A-1")
    came = Failure()
    await mine.encode_failure(ApplicationError(SECRET, SECRET, type="Refused"), came)
    cause = await mine.decode_failure(came)
    assert isinstance(cause, ApplicationError)
    assert cause.message == SECRET
    around = ActivityError(
        "it failed", scheduled_event_id=1, started_event_id=2, identity="w", activity_type="record",
        activity_id="1", retry_state=RetryState.TIMEOUT,
    )  # fmt: skip
    around.__cause__ = cause
    handed_on: Any = ApplicationError(SECRET, type="Refused")
    handed_on.__cause__ = await _as_given(mine, around)
    failure = Failure()
    await mine.encode_failure(handed_on, failure)
    assert SECRET.encode() not in failure.SerializeToString()
    assert failure.application_failure_info.type == "Refused"
    read = await mine.decode_failure(failure)
    assert isinstance(read, ApplicationError)
    assert read.message == SECRET


async def _as_given(mine: DataConverter, error: BaseException) -> BaseException:
    """As a workflow is given it: read, with a failure that says everything."""
    failure = Failure()
    DefaultFailureConverter().to_failure(error, mine.payload_converter, failure)
    return DefaultFailureConverter().from_failure(failure, mine.payload_converter)


async def test_one_key_seals_the_same_text_with_never_the_same_bytes() -> None:
    key = await DataKeys(ring(), MemoryLedger()).of("A-1")
    plain = os.urandom(64)
    assert len({key.seal(plain, "here") for _ in range(1000)}) == 1000
