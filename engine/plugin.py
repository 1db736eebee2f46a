"""Owns what client, worker and replayer must agree on: the data converter, its seal, the headers, the sandbox."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, ClassVar, Final, Self

from temporalio.api.common.v1 import Payload
from temporalio.client import ClientConfig
from temporalio.common import HeaderCodecBehavior, RawValue
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import DataConverter, DefaultFailureConverter
from temporalio.plugin import SimplePlugin
from temporalio.worker import ReplayerConfig, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from identity.interceptors import ReadsTokens
from sealing.clear import MARK, InTheClear
from sealing.codec import OpensAll, SealedFailures, SealingCodec
from sealing.data_keys import DataKeys
from sealing.errors import SealBroken

PASSED_THROUGH: Final = (
    # Re-imported for each open complaint, these would cost it megabytes, and the sandbox's
    # stand-ins for datetime break them. What the sandbox would guard in them is held by the
    # linter and the layering test.
    "domain",
    # Whole packages: passed through alone, a submodule is missing from its re-imported parent.
    "activities",
    "engine",
    "sealing",
    "identity",
    "telemetry",
    # Without this an open complaint costs 0.09 MB more.
    "workflows",
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "typing_extensions",
    "typing_inspection",
    "structlog",
    "opentelemetry",
)


def _with_modules_passed_through(runner: WorkflowRunner | None) -> WorkflowRunner:
    if runner is None:
        runner = SandboxedWorkflowRunner()
    if not isinstance(runner, SandboxedWorkflowRunner):
        # Chosen on purpose, by a debugger or a measurement: there is no sandbox to open.
        return runner
    opened = runner.restrictions.with_passthrough_modules(*PASSED_THROUGH)
    return dataclasses.replace(runner, restrictions=opened)


class SharedConverter(OpensAll, PydanticPayloadConverter):
    """One converter for all workflows of the process: each would else make its own type adapters."""

    _one: ClassVar[Any] = None

    def __new__(cls) -> Self:
        """The one there is."""
        if cls._one is None:
            cls._one = super().__new__(cls)
        one: Self = cls._one
        return one

    def __init__(self) -> None:
        if not hasattr(self, "converters"):
            super().__init__()

    def to_payloads(self, values: Sequence[Any]) -> list[Payload]:
        """The payloads; a text that is `InTheClear` says so of itself."""
        payloads = super().to_payloads(values)
        for value, payload in zip(values, payloads, strict=True):
            if isinstance(value, InTheClear):
                payload.metadata[MARK] = b"1"
        return payloads

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[Any]:
        """The values; where nobody says the types, one that cannot be read stays as it came, a `RawValue`.

        A workflow whose argument could not be read would never begin, nor answer how it stands. Raises `SealBroken`
        for one that is shut: that key may come back, and the workflow waits for it.
        """
        if type_hints:
            return super().from_payloads(payloads, type_hints)
        return [self._read(each) for each in payloads]

    def _read(self, payload: Payload) -> Any:
        try:
            return super().from_payloads([payload])[0]
        except SealBroken:
            raise
        except Exception:  # noqa: BLE001 - anybody may have sent it
            return RawValue(payload)


class UpholdPlugin(SimplePlugin):
    """Gives a client, a worker or a replayer the converter, the headers and the sandbox of Uphold.

    Give it to the client: a worker made of that client takes it over. Give it to a
    `temporalio.worker.Replayer` directly.
    """

    def __init__(self, keys: DataKeys | None = None) -> None:
        """With `keys`, whatever reaches the server is sealed under them."""
        super().__init__(
            "uphold",
            data_converter=DataConverter(
                payload_converter_class=SharedConverter,
                payload_codec=SealingCodec(keys) if keys else None,
                failure_converter_class=SealedFailures if keys else DefaultFailureConverter,
            ),
            workflow_runner=_with_modules_passed_through,
            interceptors=[ReadsTokens()],
        )
        self._headers = HeaderCodecBehavior.CODEC if keys else HeaderCodecBehavior.NO_CODEC

    def configure_client(self, config: ClientConfig) -> ClientConfig:
        """As the SDK asks; tokens in headers are sealed as whatever else is sent."""
        config = super().configure_client(config)
        config["header_codec_behavior"] = self._headers
        return config

    def configure_replayer(self, config: ReplayerConfig) -> ReplayerConfig:
        """As the SDK asks; headers are read as they were sealed."""
        config = super().configure_replayer(config)
        config["header_codec_behavior"] = self._headers
        return config
