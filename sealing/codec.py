"""The codec between Uphold and Temporal's server: what is stored there is sealed.

Owns which key a payload is sealed with and the form in which it travels. A payload of a complaint is bound to
that complaint; texts marked as clear, and what operators ask a workflow about itself, stay readable. What was
written before there was a key ring is read as it is.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final, Self

from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec, SerializationContext, WithSerializationContext

from sealing.cipher import DataKey
from sealing.clear import MARK
from sealing.data_keys import DataKeys
from sealing.errors import SealBroken
from sealing.port import ORGANISATION

SEALED: Final = b"binary/sealed"
_KEY: Final = "key"
_PLACE: Final = "payload"
_OF_COMPLAINT: Final = "complaint:"
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
        """The payloads as they were. Raises what `DataKeys.named` does, and `SealBroken`."""
        return [await self._read(each) for each in payloads]

    async def _read(self, payload: Payload) -> Payload:
        key_id = key_named_by(payload)
        if key_id is None:
            return payload
        key = await self.keys.named(key_id)
        if self._subject is not None and key.subject not in {self._subject, ORGANISATION}:
            raise SealBroken(
                f"Something that was sealed for complaint {key.subject} stands in the history of"
                f" {self._subject or 'no complaint'}. It is not used."
            )
        return unsealed(payload, key)


def subject_of(workflow_id: str | None) -> str | None:
    """Whose payloads those of a workflow are: a complaint's reference, or the organisation's."""
    if workflow_id is None:
        return None
    if workflow_id.startswith(_OF_COMPLAINT):
        return workflow_id.removeprefix(_OF_COMPLAINT)
    return ORGANISATION


def key_named_by(payload: Payload) -> str | None:
    """The id of the data key that a payload is sealed with; none where it is not sealed."""
    if payload.metadata.get("encoding") != SEALED:
        return None
    return payload.metadata.get(_KEY, b"").decode(errors="replace")


def unsealed(payload: Payload, key: DataKey) -> Payload:
    """The payload as it was. Raises `SealBroken`."""
    plain = key.read(payload.data, _PLACE)
    return Payload.FromString(_spread(plain[1:]) if plain[:1] == _SQUEEZED else plain[1:])


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
