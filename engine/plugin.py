"""Owns what client, worker and replayer must agree on: the data converter and the sandbox."""

from __future__ import annotations

import dataclasses
from typing import Final

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

PASSED_THROUGH: Final = (
    # Re-imported for each open complaint, these would cost it megabytes, and the sandbox's
    # stand-ins for datetime break them. What the sandbox would guard in them is held by the
    # linter and the layering test.
    "domain",
    # Whole packages: passed through alone, a submodule is missing from its re-imported parent.
    "activities",
    "engine",
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "typing_extensions",
    "typing_inspection",
    "structlog",
)


def _with_modules_passed_through(runner: WorkflowRunner | None) -> WorkflowRunner:
    if runner is None:
        runner = SandboxedWorkflowRunner()
    if not isinstance(runner, SandboxedWorkflowRunner):
        # Chosen on purpose, by a debugger or a measurement: there is no sandbox to open.
        return runner
    opened = runner.restrictions.with_passthrough_modules(*PASSED_THROUGH)
    return dataclasses.replace(runner, restrictions=opened)


class UpholdPlugin(SimplePlugin):
    """Gives a client, a worker or a replayer the converter and the sandbox of Uphold.

    Give it to the client: a worker made of that client takes it over. Give it to a `Replayer`
    directly.
    """

    def __init__(self) -> None:
        super().__init__(
            "uphold",
            data_converter=pydantic_data_converter,
            workflow_runner=_with_modules_passed_through,
        )
