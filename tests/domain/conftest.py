"""How hard the properties are tried: enough to find faults, and the same on every machine."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "core",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("thorough", parent=settings.get_profile("core"), derandomize=False)
settings.load_profile(os.environ.get("UPHOLD_HYPOTHESIS", "core"))
