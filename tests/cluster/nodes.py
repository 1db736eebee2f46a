"""Owns a Temporal cluster of several processes on this machine: its databases, its nodes, and their ends.

It is what `docker-compose.yml` describes, with a process for each service instead of one for all: the same
databases, roles, schemas, settings and number of shards, read from the files of the deployment.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import yaml

from engine.dev_server import HOST, free_port, port_fault
from tests.cluster.programs import Programs
from tests.fixtures.deployment import ROOT, environment
from tests.fixtures.postgres import Cluster

NODES = ("frontend", "history", "history", "matching", "worker")
PASSWORDS = {
    "POSTGRES_PASSWORD": "unused",
    "TEMPORAL_DB_PASSWORD": "temporal1",
    "LEDGER_OWNER_PASSWORD": "owner1",
    "LEDGER_DB_PASSWORD": "ledger1",
}
SKIPPED_TIME = {
    "frontend.WorkflowTimeSkippingEnabled": [{"value": True}],
    "history.timerProcessorMaxTimeShift": [{"value": "10ms"}],
}
PATIENCE_SECONDS = 120
_LOOK_AGAIN_SECONDS = 0.1


@dataclass(slots=True)
class Node:
    """One process of the cluster."""

    name: str
    services: tuple[str, ...]
    program: Path
    environment: dict[str, str] = field(repr=False)
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it listens."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, "start", *(f"--service={each}" for each in self.services)],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while port_fault(self.port) is None:  # nobody has it yet
            if self.process.poll() is not None or time.monotonic() > deadline:
                msg = f"{self.name} did not start:\n{self.said()}"
                raise AssertionError(msg)
            time.sleep(_LOOK_AGAIN_SECONDS)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, in order or at once, and return when it has ended."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def said(self) -> str:
        """The end of what it logged."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


@dataclass(frozen=True, slots=True)
class TemporalCluster:
    """A cluster that runs, and the PostgreSQL on which it does."""

    nodes: tuple[Node, ...]
    postgres: Cluster

    @property
    def address(self) -> str:
        """Where clients find it."""
        return f"{HOST}:{self.nodes[0].port}"

    def ledger(self, role: str = "uphold") -> str:
        """The URL of the ledger's database, for that role of the deployment."""
        secret = "LEDGER_OWNER_PASSWORD" if role.endswith("owner") else "LEDGER_DB_PASSWORD"
        return self.postgres.url("uphold", role, PASSWORDS[secret])


def prepare(postgres: Cluster, programs: Programs) -> Cluster:
    """The server, with roles, databases and schemas made as the deployment makes them."""
    script = ROOT / "deploy/postgres/databases.sql"
    done = postgres.psql("--set=ON_ERROR_STOP=1", f"--file={script}", **PASSWORDS)
    assert done.returncode == 0, done.stderr
    given = environment("temporal-schema", PASSWORDS)
    here = {"SQL_HOST": postgres.host, "SQL_PORT": str(postgres.port)}
    done = subprocess.run(
        ["/bin/sh", ROOT / "deploy/temporal/schema.sh"],
        env={
            **given,
            **here,
            "PATH": f"{programs.folder}{os.pathsep}{os.environ['PATH']}",
            "TEMPORAL_SCHEMAS": str(programs.schemas),
        },
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return postgres


@contextmanager
def running(postgres: Cluster, programs: Programs, **extra: str) -> Iterator[TemporalCluster]:
    """A cluster on prepared databases until the block ends; `extra` is added to every node's environment."""
    with tempfile.TemporaryDirectory(prefix="uphold-cluster-") as folder:
        home = Path(folder)
        settings = ROOT / "deploy/temporal/dynamicconfig/server.yaml"
        dynamic = home / "dynamic.yaml"
        dynamic.write_text(yaml.safe_dump(yaml.safe_load(settings.read_text()) | SKIPPED_TIME))
        here = environment("temporal", PASSWORDS) | {
            "POSTGRES_SEEDS": postgres.host,
            "DB_PORT": str(postgres.port),
            "BIND_ON_IP": HOST,
            "TEMPORAL_BROADCAST_ADDRESS": HOST,
            "DYNAMIC_CONFIG_FILE_PATH": str(dynamic),
            "LOG_LEVEL": "warn",
            **extra,
        }
        frontend = {"FRONTEND_GRPC_PORT": str(free_port()), "FRONTEND_HTTP_PORT": str(free_port())}
        nodes = tuple(
            _node(number, service, here | frontend, home, programs)
            for number, service in enumerate(NODES, start=1)
        )
        try:
            for node in nodes:
                node.start()
            yield TemporalCluster(nodes, postgres)
        finally:
            for node in reversed(nodes):
                node.stop()


def _node(
    number: int, service: str, given: Mapping[str, str], home: Path, programs: Programs
) -> Node:
    """A node with ports of its own; the frontend's are known to all.

    Where the cluster proves who calls it, the nodes have an entrance of their own beside the public one.
    """
    own = dict(given)
    for each in (*set(NODES), "internal-frontend"):
        prefix = each.upper().replace("-", "_")
        own[f"{prefix}_MEMBERSHIP_PORT"] = str(_low_port())
        if each != "frontend":
            own[f"{prefix}_GRPC_PORT"] = str(free_port())
    own["INTERNAL_FRONTEND_HTTP_PORT"] = str(free_port())
    services = [service]
    if service == "frontend" and "USE_INTERNAL_FRONTEND" in own:
        services.append("internal-frontend")
    name = f"{service}-{number}"
    port = int(own[f"{service.upper()}_GRPC_PORT"])
    return Node(name, tuple(services), programs.server, own, port, home / f"{name}.log")


def _low_port() -> int:
    """A free port that fits the column of 15 bits in which PostgreSQL keeps those of members."""
    return next(
        port
        for port in iter(partial(random.randrange, 20_000, 2**15), 0)
        if port_fault(port) is None
    )
