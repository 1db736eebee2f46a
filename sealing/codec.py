"""The codec between Uphold and Temporal's server: what is stored there is sealed.

Owns which key a payload is sealed with and the form in which it travels. A payload of a complaint is bound to
that complaint; texts marked as clear, and what operators ask a workflow about itself, stay readable. What was
written before there was a key ring is read as it is. No message and no trace of a failure stays readable, nor of whatever
caused it; its kind does, a name of the program's. What nobody sealed for a workflow stays shut: whoever wants it
read is told so, and a message that is only looked at is one that says nothing, and stops nobody.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Final, Self

from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.common import RawValue
from temporalio.converter import (
    CompositePayloadConverter,
    DefaultFailureConverter,
    DefaultPayloadConverter,
    PayloadCodec,
    PayloadConverter,
    SerializationContext,
    WithSerializationContext,
)

from domain.vocabulary import complaint_of
from sealing.cipher import DataKey
from sealing.clear import MARK
from sealing.data_keys import DataKeys
from sealing.errors import KeyDestroyed, RingKeyMissing, SealBroken
from sealing.port import ORGANISATION

SEALED: Final = b"binary/sealed"
_KEY: Final = "key"
_PLACE: Final = "payload"
_SHUT: Final = "uphold-shut"
"""Beside what is left as it came: why it was not read."""
_ABOUT_A_WORKFLOW: Final = b"temporal.api.sdk.v1.WorkflowMetadata"
_SQUEEZED, _AS_IT_IS = b"z", b"-"
LARGEST: Final = 16 << 20
"""Bytes of a payload once it is no longer squeezed, at most: eight times what the server takes of one."""


class SealingCodec(PayloadCodec, WithSerializationContext):
    """Seals payloads, and reads sealed ones."""

    def __init__(self, keys: DataKeys, subject: str | None = None) -> None:
        """`subject` is whose payloads they are, where that is known."""
        self.keys, self._subject = keys, subject

    def with_context(self, context: SerializationContext) -> Self:
        """The codec for the payloads of that workflow."""
        subject = subject_of(getattr(context, "workflow_id", None))
        return self if subject == self._subject else type(self)(self.keys, subject)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """The payloads, sealed. Raises what `DataKeys.of` does."""
        if all(_stays(each) for each in payloads):
            return list(payloads)
        key = await self.keys.of(self._subject or ORGANISATION)
        return [each if _stays(each) else _sealed(each, key) for each in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """The payloads as they were, and shut what nobody sealed for this workflow.

        Raises what `DataKeys.named` does of the workflow's own key, and of every key where no workflow is known.
        """
        return [await self._read(each) for each in payloads]

    async def _read(self, payload: Payload) -> Payload:
        key_id = key_named_by(payload)
        if key_id is None:
            return payload
        try:
            key = await self.keys.named(key_id)
        except (SealBroken, KeyDestroyed, RingKeyMissing) as error:
            if self._subject is None or self._is_ours(await self.keys.whose(key_id)):
                raise
            return _shut(payload, error)
        try:
            self._require_own(key)
            return unsealed(payload, key)
        except SealBroken as error:
            if self._subject is None:
                raise
            return _shut(payload, error)

    def _is_ours(self, reference: str | None) -> bool:
        """Whether this workflow's payloads are sealed with the key of that reference."""
        return reference in {self._subject, ORGANISATION}

    def _require_own(self, key: DataKey) -> None:
        if self._subject is not None and not self._is_ours(key.subject):
            raise SealBroken(
                f"Something that was sealed for complaint {key.subject} stands in the history of"
                f" {self._subject or 'no complaint'}. It is not used."
            )


class OpensAll(CompositePayloadConverter):
    """A converter that says of what is shut why it is, and reads nothing of it."""

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[Any]:
        """The values. Raises `SealBroken` for one that is shut, unless it is asked for as it came."""
        for payload, kind in zip_longest(payloads, type_hints or ()):
            if payload is not None and kind is not RawValue and _SHUT in payload.metadata:
                raise SealBroken(payload.metadata[_SHUT].decode(errors="replace"))
        return super().from_payloads(payloads, type_hints)


class PlainConverter(OpensAll, DefaultPayloadConverter):
    """The SDK's own, for whoever sends and reads JSON alone."""


class SealedFailures(DefaultFailureConverter):
    """As the SDK's own with encoded attributes, but for causes that came from elsewhere as well."""

    def __init__(self) -> None:
        super().__init__(encode_common_attributes=True)

    def to_failure(
        self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure
    ) -> None:
        """Turn the exception into a failure that says nothing in the clear but its kind."""
        super().to_failure(exception, payload_converter, failure)
        # The SDK hands on the causes of a failure that it was given as it read them: in the clear.
        words = failure.message
        while failure.HasField("cause"):
            failure = failure.cause
            if failure.message != words or failure.stack_trace:
                told = {"message": failure.message, "stack_trace": failure.stack_trace}
                failure.encoded_attributes.CopyFrom(payload_converter.to_payloads([told])[0])
                failure.message, failure.stack_trace = words, ""


def _shut(payload: Payload, why: Exception) -> Payload:
    return Payload(metadata={**payload.metadata, _SHUT: str(why).encode()}, data=payload.data)


def subject_of(workflow_id: str | None) -> str | None:
    """Whose payloads those of a workflow are: a complaint's reference, or the organisation's."""
    reference = complaint_of(workflow_id)
    return ORGANISATION if reference is None and workflow_id is not None else reference


def key_named_by(payload: Payload) -> str | None:
    """The id of the data key that a payload is sealed with; none where it is not sealed."""
    if payload.metadata.get("encoding") != SEALED:
        return None
    return payload.metadata.get(_KEY, b"").decode(errors="replace")


def unsealed(payload: Payload, key: DataKey) -> Payload:
    """The payload as it was. Raises `SealBroken`."""
    plain = key.read(payload.data, _PLACE)
    try:
        return Payload.FromString(_spread(plain[1:]) if plain[:1] == _SQUEEZED else plain[1:])
    except (DecodeError, zlib.error):
        raise SealBroken("What was sealed is no payload.") from None


def _spread(squeezed: bytes) -> bytes:
    """What was squeezed: nobody who may seal can fill the memory of whoever reads it. Raises `SealBroken`."""
    stream = zlib.decompressobj()
    body = stream.decompress(squeezed, LARGEST)
    if not stream.eof:
        raise SealBroken(f"It is cut short, or more than {LARGEST >> 20} MB.")
    return body


def _stays(payload: Payload) -> bool:
    """Whether it is to be read by anybody, or is sealed already."""
    if payload.metadata.get("encoding") == SEALED:
        return True
    return MARK in payload.metadata or payload.metadata.get("messageType") == _ABOUT_A_WORKFLOW


def _sealed(payload: Payload, key: DataKey) -> Payload:
    body = payload.SerializeToString()
    plain = _AS_IT_IS + body
    if not payload.metadata.get("encoding", b"").startswith(b"binary/"):  # those are packed already
        squeezed = _SQUEEZED + zlib.compress(body, 1)
        plain = min(plain, squeezed, key=len)
    return Payload(
        metadata={"encoding": SEALED, _KEY: key.id.encode()}, data=key.seal(plain, _PLACE)
    )
