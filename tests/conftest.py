"""What all tests share: the real servers, each started when the first test asks for it.

Ten thousand tests are half a million values. Looked through for garbage again and again, they hold up everything for
seconds: long enough for the SDK to take a workflow for stuck, on a machine with much else to do.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest

# What a test is about is not who acts, but where it says so.
os.environ["UPHOLD_IDENTITY"] = "off"

pytest_plugins = ["tests.fixtures.logs", "tests.fixtures.postgres", "tests.fixtures.temporal"]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is gathered stays until the end: it is set aside, and only what tests make is looked through."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
