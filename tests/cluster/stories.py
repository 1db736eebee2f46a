"""The stories of the suite on a real cluster: `python -m tests.cluster.stories [WHAT PYTEST TAKES …]`.

Owns that one cluster is started for all of pytest's processes; each has a namespace of its own there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final

from tests.cluster.nodes import prepare, running
from tests.cluster.programs import MISSING, find
from tests.fixtures.deployment import ROOT, services
from tests.fixtures.postgres import MISSING as NO_POSTGRES
from tests.fixtures.postgres import find_programs, running_cluster
from tests.fixtures.temporal import RUNNING

STORIES: Final = ("tests/workflows", "tests/contract", "tests/identity", "tests/sealing")


def main() -> int:
    """Start the cluster, run the tests there, and end it; returns pytest's code."""
    programs, tools = find(), find_programs()
    if programs is None or tools is None:
        sys.exit(MISSING if programs is None else NO_POSTGRES)
    with (
        running_cluster(tools, *services()["postgresql"]["command"][1:]) as postgres,
        running(prepare(postgres, programs), programs) as cluster,
    ):
        print(f"A cluster of {len(cluster.nodes)} nodes listens on {cluster.address}.", flush=True)
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal"]
            + (sys.argv[1:] or list(STORIES)),
            env=os.environ | {RUNNING: cluster.address},
            cwd=ROOT,
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
