"""Owns the SDK's runtime of this process: where the log lines of its Rust core go.

Left alone the core writes to standard output, in the middle of what a command prints as JSON.
"""

from __future__ import annotations

import logging
from functools import cache

from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

CORE_LOGGER = "temporalio.core"


@cache
def runtime() -> Runtime:
    """The one runtime of this process; its core's warnings go to Python's logging."""
    forwarding = LogForwardingConfig(
        logger=logging.getLogger(CORE_LOGGER),
        append_target_to_name=False,
        prepend_target_on_message=False,
    )
    chosen = TelemetryFilter(core_level="WARN", other_level="ERROR")
    logs = LoggingConfig(filter=chosen, forwarding=forwarding)
    return Runtime(telemetry=TelemetryConfig(logging=logs))
