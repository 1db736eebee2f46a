"""What all tests share: the real servers, each started when the first test asks for it."""

from __future__ import annotations

pytest_plugins = ["tests.fixtures.postgres", "tests.fixtures.temporal"]
