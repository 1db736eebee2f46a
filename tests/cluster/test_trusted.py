"""A cluster that lets in only whom it knows: by certificate, and by token for a namespace."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import trustme
from joserfc import jwt
from joserfc.jwk import RSAKey
from temporalio.client import Client, TLSConfig
from temporalio.testing import WorkflowEnvironment

from engine.plugin import UpholdPlugin
from ledger.opening import open_ledger
from letters.channels.maildir import MaildirChannel
from tests.cluster.conftest import NAMESPACE, surroundings, uphold
from tests.cluster.nodes import TemporalCluster, prepare, running
from tests.cluster.programs import Programs
from tests.faults.breakable import worker_process
from tests.faults.persistent import assert_complete, cases_of, persist
from tests.fixtures import postgres as databases
from tests.fixtures.deployment import services
from tests.workflows.player import Office

NAME = "temporal.internal"


@dataclass(frozen=True, slots=True)
class Guarded:
    """A cluster that asks who one is, and what is needed to be let in."""

    cluster: TemporalCluster
    folder: Path
    key: RSAKey

    def token(self, *permissions: str) -> Path:
        """A file with a token that gives those permissions."""
        claims = {"sub": "worker", "permissions": list(permissions), "exp": int(time.time()) + 3600}
        header = {"alg": "RS256", "kid": self.key.kid}
        file = self.folder / f"token-{'-'.join(permissions).replace(':', '-') or 'none'}"
        file.write_text(jwt.encode(header, claims, self.key, algorithms=["RS256"]))
        return file

    def entrance(self, *, certificate: bool = True) -> dict[str, str]:
        """What the environment says of certificates."""
        known = {
            "TEMPORAL_TLS": "true",
            "TEMPORAL_TLS_SERVER_CA_CERT_PATH": str(self.folder / "ca.pem"),
            "TEMPORAL_TLS_SERVER_NAME": NAME,
        }
        if certificate:
            known["TEMPORAL_TLS_CLIENT_CERT_PATH"] = str(self.folder / "client.pem")
            known["TEMPORAL_TLS_CLIENT_KEY_PATH"] = str(self.folder / "client.key")
        return known

    def process(self, *permissions: str, role: str = "uphold") -> dict[str, str]:
        """The environment of a process with a certificate and those permissions."""
        own = {"UPHOLD_API_KEY_FILE": str(self.token(*permissions))} if permissions else {}
        return surroundings(self.cluster, role) | self.entrance() | own


@pytest.fixture(scope="module")
def guarded(programs: Programs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """The cluster behind certificates and tokens, with databases of its own."""
    tools = databases.find_programs()
    if tools is None:
        pytest.skip(databases.MISSING)
    folder = tmp_path_factory.mktemp("trust")
    authority, key = trustme.CA(), RSAKey.generate_key(2048, auto_kid=True)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    for name, identity in (("server", NAME), ("client", "worker.internal")):
        issued = authority.issue_cert(identity)
        issued.cert_chain_pems[0].write_to_path(folder / f"{name}.pem")
        issued.private_key_pem.write_to_path(folder / f"{name}.key")
    published = {"keys": [key.as_dict(private=False) | {"use": "sig", "alg": "RS256"}]}
    (folder / "keys.json").write_text(json.dumps(published))
    place = {kind: str(folder / f"server.{kind}") for kind in ("pem", "key")}
    asking = {
        "TEMPORAL_TLS_REQUIRE_CLIENT_AUTH": "true",
        "TEMPORAL_TLS_SERVER_CA_CERT": str(folder / "ca.pem"),
        "TEMPORAL_TLS_SERVER_CERT": place["pem"],
        "TEMPORAL_TLS_SERVER_KEY": place["key"],
        "TEMPORAL_TLS_INTERNODE_SERVER_NAME": NAME,
        "TEMPORAL_TLS_FRONTEND_CERT": place["pem"],
        "TEMPORAL_TLS_FRONTEND_KEY": place["key"],
        "TEMPORAL_TLS_FRONTEND_SERVER_NAME": NAME,
        "TEMPORAL_TLS_CLIENT1_CA_CERT": str(folder / "ca.pem"),
        "TEMPORAL_TLS_CLIENT2_CA_CERT": str(folder / "ca.pem"),
        "USE_INTERNAL_FRONTEND": "true",
        "TEMPORAL_AUTH_AUTHORIZER": "default",
        "TEMPORAL_AUTH_CLAIM_MAPPER": "default",
        "TEMPORAL_JWT_KEY_SOURCE1": (folder / "keys.json").as_uri(),
    }
    with (
        databases.running_cluster(tools, *services()["postgresql"]["command"][1:]) as server,
        running(prepare(server, programs), programs, **asking) as cluster,
    ):
        found = Guarded(cluster, folder, key)
        done = uphold(
            "setup", "--grant", "uphold",
            **found.process("temporal-system:admin", f"{NAMESPACE}:admin", role="uphold_owner"),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        yield found


async def test_complaints_run_behind_certificates_and_tokens(
    guarded: Guarded, tmp_path: Path
) -> None:
    given = guarded.process(f"{NAMESPACE}:write") | {"UPHOLD_TASK_QUEUE": "guarded"}
    client = await Client.connect(
        guarded.cluster.address,
        namespace=NAMESPACE,
        api_key=guarded.token(f"{NAMESPACE}:write").read_text(),
        tls=TLSConfig(
            server_root_ca_cert=(guarded.folder / "ca.pem").read_bytes(),
            domain=NAME,
            client_cert=(guarded.folder / "client.pem").read_bytes(),
            client_private_key=(guarded.folder / "client.key").read_bytes(),
        ),
        plugins=[UpholdPlugin()],
    )
    async with (
        open_ledger(given["UPHOLD_LEDGER_URL"]) as ledger,
        worker_process(tmp_path, **given),
    ):
        env = WorkflowEnvironment.from_client(client)
        office = Office(env, ledger, MaildirChannel(tmp_path / "outbox"), "guarded")
        async with asyncio.timeout(timedelta(minutes=2).total_seconds()):
            [case] = await cases_of(office, client, 1)
            await persist(case, asyncio.Semaphore(0))
        await assert_complete([case], tmp_path)


def test_nobody_is_let_in_without_a_certificate(guarded: Guarded) -> None:
    given = guarded.process(f"{NAMESPACE}:write")
    for name in ("TEMPORAL_TLS_CLIENT_CERT_PATH", "TEMPORAL_TLS_CLIENT_KEY_PATH"):
        del given[name]
    done = uphold("list", "--from", "temporal", **given, UPHOLD_CONNECT_TIMEOUT_SECONDS="5")
    assert done.returncode == 69, done.stderr
    assert "TEMPORAL_TLS_CLIENT_CERT_PATH" in done.stderr


@pytest.mark.parametrize(
    "permissions", [(), ("other:write",)], ids=["no token", "another namespace"]
)
def test_nobody_is_let_in_without_a_token_for_the_namespace(
    guarded: Guarded, permissions: tuple[str, ...]
) -> None:
    done = uphold("list", "--from", "temporal", **guarded.process(*permissions))
    assert done.returncode == 77, done.stderr
    assert NAMESPACE in done.stderr


def test_whoever_may_read_the_namespace_lists_its_complaints(guarded: Guarded) -> None:
    done = uphold("list", "--from", "temporal", **guarded.process(f"{NAMESPACE}:read"))
    assert done.returncode == 0, done.stderr
