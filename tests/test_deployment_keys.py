"""Each service of the deployment that is told of a key ring can read it, the set-up too: it ends where it cannot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.fixtures.deployment import ROOT, environment, services
from tests.test_deployment import VARIABLES


@pytest.mark.parametrize(
    "service",
    [name for name, given in services().items() if str(given["image"]).startswith("uphold:")],
)
def test_whoever_is_told_of_a_key_ring_finds_it(service: str) -> None:
    example = (ROOT / ".env.example").read_text()
    (named,) = re.findall(r"such as (/\S+\.toml)", example)
    assert "UPHOLD_KEY_RING" in environment(service, VARIABLES)
    folders = {Path(mount.split(":")[1]) for mount in services()[service].get("volumes", ())}
    assert folders & set(Path(named).parents), "the volume in which the ring lies"
