"""Runs the commands of the deployment as plain processes, with real servers in place of containers.

How far that goes for each command is in `test_deployment_covered`.
"""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from engine.dev_server import free_port, start_dev_server
from sealing.ring import with_new_key, write_ring
from tests.fixtures.deployment import ROOT, environment
from tests.fixtures.postgres import Cluster
from tests.fixtures.processes import (
    COMMANDS,
    PATIENCE_SECONDS,
    assert_healthy_until_it_is_stopped,
    run,
    started,
    words,
)
from tests.letters.channels.notify_server import KEY, notify

PASSWORDS = {
    "POSTGRES_PASSWORD": "unused",
    "TEMPORAL_DB_PASSWORD": "it's temporal's",
    "LEDGER_OWNER_PASSWORD": "owner1",
    "LEDGER_DB_PASSWORD": "ledger1",
}


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

    command, health = words("worker command"), words("worker healthcheck")
    assert_healthy_until_it_is_stopped(command, health, surroundings, tmp_path)


@pytest.mark.postgres
def test_a_key_service_is_healthy_until_it_is_told_to_stop(
    surroundings: dict[str, str], owners: dict[str, str], temporal_address: str, tmp_path: Path
) -> None:
    assert create_namespace(temporal_address, tmp_path).returncode == 0
    done = run(words("uphold-setup command"), owners, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    given = environment("codec-server", PASSWORDS)
    assert given["UPHOLD_CODEC_HOST"] == "0.0.0.0"  # noqa: S104 - within its container
    ring, port = tmp_path / "keys.toml", str(free_port())
    write_ring(ring, with_new_key(None, "first"))
    own = {
        **surroundings,
        "UPHOLD_KEY_RING": str(ring),
        "UPHOLD_CODEC_ORIGINS": given["UPHOLD_CODEC_ORIGINS"],
        "UPHOLD_CODEC_PORT": port,
    }
    health = [each.replace("8088", port) for each in words("codec-server healthcheck")]
    assert_healthy_until_it_is_stopped(words("codec-server command"), health, own, tmp_path)


@pytest.fixture
def mail(
    surroundings: dict[str, str], owners: dict[str, str], temporal_address: str, tmp_path: Path
) -> dict[str, str]:
    """The environment of whatever deals with mail, where all is set up."""
    assert create_namespace(temporal_address, tmp_path).returncode == 0
    done = run(words("uphold-setup command"), owners, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    return environment("mail-read", PASSWORDS) | surroundings


def until(process: subprocess.Popen[str], folder: Path, holds: Callable[[], object]) -> None:
    """Waits for what a service does, which goes on meanwhile."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        said = (folder / "service.log").read_text()
        assert process.poll() is None, said
        assert time.monotonic() < deadline, said


@pytest.mark.postgres
def test_mail_that_comes_in_is_read_until_the_service_is_stopped(
    mail: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "inbox"
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)
    (folder / "new" / "1.mail").write_bytes(
        b"Message-ID: <1@c.example>\r\nFrom: a@b.example\r\n\r\nHi"
    )
    given = mail | {"UPHOLD_MAIL_FOLDER": str(folder), "UPHOLD_MAIL_KEPT": str(tmp_path / "kept")}
    tray = [*words("mail-read command")[:2], "tray"]
    with started(words("mail-read command"), given, tmp_path) as process:
        until(process, tmp_path, lambda: "a@b.example" in run(tray, given, tmp_path).stdout)
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


@pytest.mark.postgres
def test_whoever_listens_to_notify_is_healthy_until_it_is_told_to_stop(
    mail: dict[str, str], tmp_path: Path
) -> None:
    port, name = str(free_port()), "UPHOLD_NOTIFY_CALLBACK_TOKEN"
    token = environment("mail-listen", PASSWORDS | {name: "a-token-for-notify-calls"})[name]
    command, health = (
        [each.replace("8090", port) for each in words(f"mail-listen {kind}")]
        for kind in ("command", "healthcheck")
    )
    given = mail | {name: token}
    assert run(health, given, tmp_path).returncode != 0
    with started(command, given, tmp_path) as process:
        until(process, tmp_path, lambda: run(health, given, tmp_path).returncode == 0)
        page = f"http://127.0.0.1:{port}/notify"
        shown = [{"Authorization": f"Bearer {each}"} for each in (token, "another")]
        answers = [httpx.post(page, json={}, headers=each).status_code for each in shown]
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)
    assert answers == [204, 401]


@pytest.mark.postgres
async def test_notify_is_asked_until_it_does_not_answer(
    mail: dict[str, str], tmp_path: Path
) -> None:
    shell, option, script = COMMANDS["mail-outcomes command"]
    assert "sleep 14400;" in script
    command = [shell, option, script.replace("sleep 14400", "exit 0")]
    async with notify() as desk:
        given = mail | {"UPHOLD_NOTIFY_API_KEY": KEY, "UPHOLD_NOTIFY_URL": desk.url}
        asked = await asyncio.to_thread(run, command, given, tmp_path)
    assert asked.returncode == 0, asked.stdout + asked.stderr
    assert "0 letters" in asked.stdout
    assert desk.asked == ["GET"]
    away = await asyncio.to_thread(run, command, given, tmp_path)
    assert away.returncode == 1
    assert "Notify" in away.stdout + away.stderr


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
