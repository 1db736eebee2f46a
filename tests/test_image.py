"""The image is built, run and scanned where there is what that needs: a container engine, and a scanner."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.fixtures.deployment import ROOT


def _engine() -> str | None:
    """The first that is installed and answers."""
    found = filter(None, map(shutil.which, ("docker", "podman")))
    answers = (
        each
        for each in found
        if not subprocess.run([each, "info"], capture_output=True, check=False).returncode
    )
    return next(answers, None)


ENGINE = _engine()
SCANNER = shutil.which("trivy")
TAG = "uphold:under-test"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(ENGINE is None, reason="no container engine answers (docker or podman)"),
]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, capture_output=True, text=True, check=False, cwd=ROOT, timeout=1800
    )


@pytest.fixture(scope="module")
def image() -> Iterator[str]:
    """The image, built of this checkout; removed at the end."""
    engine = str(ENGINE)
    built = run(engine, "build", "--tag", TAG, ".")
    assert built.returncode == 0, built.stdout + built.stderr
    yield TAG
    run(engine, "rmi", "--force", TAG)


def test_it_runs_without_root_and_writes_nothing_into_itself(image: str) -> None:
    done = run(
        str(ENGINE), "run", "--rm", "--read-only", "--network", "none", image, "charter", "list"
    )
    assert done.returncode == 0, done.stderr
    assert "financial-ombudsman" in done.stdout
    who = run(str(ENGINE), "run", "--rm", "--entrypoint", "id", image, "-u")
    assert who.stdout.strip() == "10001"


@pytest.mark.skipif(SCANNER is None, reason="no scanner of images was found (trivy)")
def test_nothing_in_it_has_a_critical_fault_that_is_mended_elsewhere(image: str) -> None:
    found = run(
        str(SCANNER), "image", "--quiet", "--severity", "CRITICAL", "--ignore-unfixed",
        "--exit-code", "1", image,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
