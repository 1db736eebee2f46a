"""What all tests share: the real servers, each started when the first test asks for it."""

from __future__ import annotations

import os

# What a test is about is not who acts, but where it says so.
os.environ["UPHOLD_IDENTITY"] = "off"

pytest_plugins = ["tests.fixtures.logs", "tests.fixtures.postgres", "tests.fixtures.temporal"]
