"""A cluster that the tests of this room share, and Uphold set up on it as the deployment does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import Client
from temporalio.envconfig import ClientConnectConfig

from engine.connect import connect_as
from ledger.opening import open_ledger
from ledger.port import Ledger
from tests.cluster.nodes import TemporalCluster, prepare, running
from tests.cluster.programs import MISSING, Programs, find
from tests.fixtures import postgres as databases
from tests.fixtures.deployment import ROOT, services
from tests.fixtures.postgres import Cluster

NAMESPACE = "uphold"


@pytest.fixture(scope="session")
def programs() -> Programs:
    """The programs of Temporal, where they were built."""
    found = find()
    if found is None:
        pytest.skip(MISSING)
    return found


@pytest.fixture(scope="session")
def databases_of_the_deployment(programs: Programs) -> Iterator[Cluster]:
    """A PostgreSQL server with roles, databases and schemas as the deployment makes them."""
    tools = databases.find_programs()
    if tools is None:
        pytest.skip(databases.MISSING)
    with databases.running_cluster(tools, *services()["postgresql"]["command"][1:]) as server:
        yield prepare(server, programs)


@pytest.fixture(scope="session")
def cluster(databases_of_the_deployment: Cluster, programs: Programs) -> Iterator[TemporalCluster]:
    """Frontend, two histories, matching and worker, each a process of its own."""
    with running(databases_of_the_deployment, programs) as cluster:
        yield cluster


def uphold(*words: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    """Run the script in those surroundings and nothing else that may be set here."""
    return subprocess.run(
        [sys.executable, "-c", "from starter.admin import main; main()", *words],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "UPHOLD_IDENTITY": "off"}
        | surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def surroundings(cluster: TemporalCluster, role: str = "uphold") -> dict[str, str]:
    """The environment of a process of Uphold's beside the cluster."""
    return {
        "TEMPORAL_ADDRESS": cluster.address,
        "TEMPORAL_NAMESPACE": NAMESPACE,
        "UPHOLD_LEDGER_URL": cluster.ledger(role),
    }


@pytest.fixture(scope="session")
def set_up(cluster: TemporalCluster) -> subprocess.CompletedProcess[str]:
    """What `uphold setup` said when it was run for the first time."""
    return uphold("setup", "--grant", "uphold", **surroundings(cluster, "uphold_owner"))


@pytest.fixture
def here(
    cluster: TemporalCluster, set_up: subprocess.CompletedProcess[str], tmp_path: Path
) -> Mapping[str, str]:
    """The environment of a worker of this test alone."""
    assert set_up.returncode == 0, set_up.stderr
    return surroundings(cluster) | {"UPHOLD_TASK_QUEUE": f"cluster-{tmp_path.name}"}


@pytest_asyncio.fixture
async def client(cluster: TemporalCluster, here: Mapping[str, str]) -> Client:
    """A client of the namespace."""
    profile = ClientConnectConfig(target_host=cluster.address, namespace=NAMESPACE)
    return await connect_as(profile, timedelta(seconds=30))


@pytest_asyncio.fixture
async def ledger(here: Mapping[str, str]) -> AsyncIterator[Ledger]:
    """The ledger of the deployment, read beside the workers that write it."""
    async with open_ledger(here["UPHOLD_LEDGER_URL"]) as ledger:
        yield ledger
