"""Runs the commands of the deployment as plain processes, with real servers in place of containers.

`COVERED` says for each command how far that goes: those of images whose programs cannot be had
here are only read by a shell, or not at all.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from engine.dev_server import free_port, start_dev_server
from tests.fixtures.deployment import ROOT, commands, environment
from tests.fixtures.postgres import Cluster

COVERED = {
    "postgresql command": "not run: the server of the tests stands in for the image's",
    "postgresql healthcheck": "run",
    "temporal-schema command": "read by a shell: temporal-sql-tool comes with its image only",
    "temporal healthcheck": "not run: nc of the server's image",
    "temporal-namespace command": "run",
    "temporal-ui healthcheck": "not run: nc of the page's image",
    "mailpit healthcheck": "not run: mailpit comes with its image only",
    "uphold-setup command": "run",
    "worker command": "run",
    "worker healthcheck": "run",
    "image command": "run",
    "image healthcheck": "run",
}
COMMANDS = {command.name: command.words for command in commands()}
PASSWORDS = {
    "POSTGRES_PASSWORD": "unused",
    "TEMPORAL_DB_PASSWORD": "it's temporal's",
    "LEDGER_OWNER_PASSWORD": "owner1",
    "LEDGER_DB_PASSWORD": "ledger1",
}
PATIENCE_SECONDS = 60


def words(name: str) -> list[str]:
    """A command of the deployment, with our script found beside this interpreter."""
    given = list(COMMANDS[name])
    if given[0] != "uphold":
        return given
    script = Path(sysconfig.get_path("scripts")) / "uphold"
    if script.exists():
        return [str(script), *given[1:]]
    return [sys.executable, "-c", "from starter.admin import main; main()", *given[1:]]


def run(
    command: list[str], variables: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=process_environment(variables),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS * 2,
    )


def process_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """This machine's paths and the given variables: nothing else that may be set here leaks in."""
    programs = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
    kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    return {**kept, "PATH": programs, "PYTHONPATH": str(ROOT), **variables}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def temporal_address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Where an empty Temporal server listens that stands in for the cluster."""
    database = tmp_path_factory.mktemp("temporal") / "temporal.sqlite3"
    async with start_dev_server(database) as server:
        yield server.address


@pytest.fixture(scope="session")
def databases(postgres: Cluster) -> Cluster:
    """The cluster after the image's first start has run our script, as its entry point does."""
    script = ROOT / "deploy" / "postgres" / "databases.sql"
    done = postgres.psql("--set=ON_ERROR_STOP=1", f"--file={script}", **PASSWORDS)
    assert done.returncode == 0, done.stderr
    return postgres


@pytest.fixture(scope="module")
def mail_port() -> Iterator[int]:
    """Where a mail server listens that takes every message."""
    server = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    server.start()
    yield server.port
    server.stop()


@pytest.fixture(scope="module")
def surroundings(databases: Cluster, temporal_address: str, mail_port: int) -> dict[str, str]:
    """The worker's environment, with the names of containers replaced by addresses of here."""
    given = environment("worker", PASSWORDS | {"UPHOLD_IDENTITY": "off"})
    return {
        **given,
        "TEMPORAL_ADDRESS": temporal_address,
        "UPHOLD_LEDGER_URL": here(given["UPHOLD_LEDGER_URL"], databases),
        "UPHOLD_SMTP_HOST": "127.0.0.1",
        "UPHOLD_SMTP_PORT": str(mail_port),
        "UPHOLD_HEALTH_PORT": str(free_port()),
    }


def here(ledger: str, databases: Cluster) -> str:
    """The ledger's URL, with the name of the container replaced by the address of this cluster."""
    assert "@postgresql:5432/" in ledger
    return ledger.replace("@postgresql:5432/", f"@127.0.0.1:{databases.port}/")


@pytest.fixture(scope="module")
def owners(surroundings: dict[str, str], databases: Cluster) -> dict[str, str]:
    """The environment of the set-up: that of the worker, but for who it is in the ledger."""
    given = environment("uphold-setup", PASSWORDS)
    own = given.pop("UPHOLD_LEDGER_URL")
    theirs = environment("worker", PASSWORDS)
    assert own != theirs.pop("UPHOLD_LEDGER_URL")
    assert given == theirs
    return {**surroundings, "UPHOLD_LEDGER_URL": here(own, databases)}


def create_namespace(address: str, folder: Path) -> subprocess.CompletedProcess[str]:
    given = environment("temporal-namespace", PASSWORDS)
    script = str(ROOT / "deploy" / "temporal" / "namespace.sh")
    return run(["/bin/sh", script], {**given, "TEMPORAL_ADDRESS": address}, folder)


@contextmanager
def worker(surroundings: Mapping[str, str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The worker as its container starts it; it has ended afterwards, whatever happened."""
    with (folder / "worker.log").open("w") as log:
        process = subprocess.Popen(
            words("worker command"),
            env=process_environment(surroundings),
            cwd=folder,
            stdout=log,
            stderr=log,
            text=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def test_every_command_of_the_deployment_is_accounted_for() -> None:
    assert COMMANDS.keys() == COVERED.keys()


def test_the_image_does_by_itself_what_the_worker_service_does() -> None:
    assert COMMANDS["image command"] == COMMANDS["worker command"]
    assert COMMANDS["image healthcheck"] == COMMANDS["worker healthcheck"]


@pytest.mark.parametrize("name", ["temporal-schema command", "temporal-namespace command"])
def test_a_script_of_the_deployment_can_be_read_by_a_shell(name: str, tmp_path: Path) -> None:
    shell, script = COMMANDS[name]
    file = ROOT / "deploy" / "temporal" / Path(script).name
    done = run([shell, "-n", str(file)], {}, tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("script", ["schema.sh", "namespace.sh"])
def test_a_script_of_the_deployment_stops_at_a_missing_variable(
    script: str, tmp_path: Path
) -> None:
    done = run(["/bin/sh", str(ROOT / "deploy" / "temporal" / script)], {}, tmp_path)
    assert done.returncode != 0
    assert "SQL_HOST" in done.stderr or "TEMPORAL_ADDRESS" in done.stderr


@pytest.mark.postgres
def test_each_role_reaches_its_own_databases_and_no_others(databases: Cluster) -> None:
    allowed = {
        ("temporal", PASSWORDS["TEMPORAL_DB_PASSWORD"]): {"temporal", "temporal_visibility"},
        ("uphold_owner", PASSWORDS["LEDGER_OWNER_PASSWORD"]): {"uphold"},
        ("uphold", PASSWORDS["LEDGER_DB_PASSWORD"]): set(),
    }
    for (role, password), own in allowed.items():
        for database in ("temporal", "temporal_visibility", "uphold"):
            statement = "--command=CREATE TABLE mine (a int); DROP TABLE mine"
            done = databases.psql(statement, database=database, user=role, password=password)
            assert (done.returncode == 0) == (database in own), f"{role} {database}: {done.stderr}"


@pytest.mark.postgres
def test_temporal_may_add_the_extension_that_its_visibility_schema_needs(
    databases: Cluster,
) -> None:
    statement = "--command=CREATE EXTENSION IF NOT EXISTS btree_gin"
    password = PASSWORDS["TEMPORAL_DB_PASSWORD"]
    done = databases.psql(
        statement, database="temporal_visibility", user="temporal", password=password
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.postgres
def test_the_databases_are_not_made_without_their_passwords(postgres: Cluster) -> None:
    script = ROOT / "deploy" / "postgres" / "databases.sql"
    done = postgres.psql(f"--file={script}")
    assert done.returncode != 0


@pytest.mark.postgres
def test_postgresqls_health_check_tells_up_from_down(databases: Cluster, tmp_path: Path) -> None:
    program, *rest = COMMANDS["postgresql healthcheck"]
    command = [str(databases.programs / program), *rest]
    assert run(command, {"PGPORT": str(databases.port)}, tmp_path).returncode == 0
    assert run(command, {"PGPORT": str(free_port())}, tmp_path).returncode != 0


def test_the_namespace_is_created_once_and_found_the_second_time(
    temporal_address: str, tmp_path: Path
) -> None:
    first = create_namespace(temporal_address, tmp_path)
    assert first.returncode == 0, first.stderr
    second = create_namespace(temporal_address, tmp_path)
    assert second.returncode == 0, second.stderr
    assert "namespace uphold is there" in second.stdout


@pytest.mark.postgres
def test_set_up_then_a_worker_that_is_healthy_until_it_is_told_to_stop(
    surroundings: dict[str, str], owners: dict[str, str], temporal_address: str, tmp_path: Path
) -> None:
    done = create_namespace(temporal_address, tmp_path)
    assert done.returncode == 0, done.stderr
    for _ in range(2):
        done = run(words("uphold-setup command"), owners, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr

    health = words("worker healthcheck")
    assert run(health, surroundings, tmp_path).returncode != 0
    with worker(surroundings, tmp_path) as process:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (asked := run(health, surroundings, tmp_path)).returncode != 0:
            said = (tmp_path / "worker.log").read_text()
            assert process.poll() is None, said
            assert time.monotonic() < deadline, f"{asked.stdout}{asked.stderr}\n{said}"
        process.terminate()
        assert process.wait(timeout=PATIENCE_SECONDS) == 0, (tmp_path / "worker.log").read_text()
    assert run(health, surroundings, tmp_path).returncode != 0


@pytest.mark.postgres
def test_a_worker_does_not_start_where_nothing_is_set_up(
    surroundings: dict[str, str], databases: Cluster, tmp_path: Path
) -> None:
    name = databases.create_database()
    bare = {
        **surroundings,
        "TEMPORAL_NAMESPACE": "default",
        "UPHOLD_LEDGER_URL": databases.url(name),
    }
    done = run(words("worker command"), bare, tmp_path)
    databases.drop_database(name)
    assert done.returncode not in {0, -6}
    assert "uphold setup" in done.stdout + done.stderr
