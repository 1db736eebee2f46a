"""Apps with neither key ring nor ledger: they seal and read with keys that the service gives them."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from typer.testing import CliRunner

from domain.errors import Unproven, UpholdError, WrongRole
from engine.connect import connect_here
from engine.dev_server import free_port
from engine.plugin import UpholdPlugin
from engine.settings import Settings
from identity.sending import token_of_file
from keyservice.at_url import keys_at
from keyservice.serving import Listening, served
from ledger.keys import data_keys
from sealing.codec import SEALED
from sealing.data_keys import DataKeys
from sealing.errors import BadKeyService, KeyDestroyed, KeysAway, SealBroken
from starter.admin import app as the_script
from starter.client import Complaints
from starter.wire.keys import keys_for
from tests.identity.tokens import ISSUER
from tests.keyservice.conftest import Service, a_service
from tests.workflows.player import PEOPLE, an_office, eventually, opening

SAID = "The branch lost my late sister's file"
PATIENCE = timedelta(seconds=30)


def yesterday() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)


async def test_an_app_opens_a_complaint_with_the_key_service_alone_and_a_worker_takes_it_up(
    env: WorkflowEnvironment, service: Service, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text(service.token("upstream-app"))
    theirs = Settings(
        key_service=service.url, token_file=tmp_path / "token", ledger_url="memory://"
    )
    token = token_of_file(theirs.token_file)
    keys = keys_for(theirs, token)
    assert keys is not None
    worker = Client(**(env.client.config() | {"plugins": [UpholdPlugin(service.keys)]}))
    proven: dict[str, Any] = {
        "identity": "tokens", "identity_issuer": ISSUER, "identity_keys": str(service.published),
    }  # fmt: skip
    async with an_office(env, client=worker, ledger=service.ledger, **proven) as office:
        address = env.client.service_client.config.target_host
        app = Complaints(
            await connect_here(address, PATIENCE, keys), office.task_queue, token=token
        )
        reference = office.reference()
        argument = opening(reference, details=SAID, received_at=yesterday())
        assert not (await app.open(argument)).already
        await eventually(lambda: _on_record(service, reference))
        again = await app.open(argument)
        assert (again.already, again.differs) == (True, False)
        (tmp_path / "staff").write_text(service.token("case-handler"))
        script = {
            "TEMPORAL_ADDRESS": address,
            "UPHOLD_KEY_SERVICE": service.url,
            "UPHOLD_TOKEN_FILE": str(tmp_path / "staff"),
        }
        told = await asyncio.to_thread(
            CliRunner().invoke, the_script, ["update", reference, "--message", SAID], env=script
        )
        assert told.exit_code == 0, told.output
        who = PEOPLE["upstream-app"]
        await app.send("withdraw", reference, who, fields={"reason": "It is settled."})
        history = await worker.get_workflow_handle(f"complaint:{reference}").fetch_history()
    started = history.events[0].workflow_execution_started_event_attributes
    assert started.input.payloads[0].metadata["encoding"] == SEALED
    opened, *_ = await service.ledger.events(reference)
    assert opened.opening.details == SAID
    assert await service.told(reference) == [
        ("made", "the.upstream-app", "upstream-app"),
        ("given", "the.case-handler", "case-handler"),
    ]


async def _on_record(service: Service, reference: str) -> bool:
    return await service.ledger.standing(reference) is not None


def asking(service: Service, token: str | None) -> DataKeys:
    return keys_at(service.url, lambda _: token)


async def test_an_app_seals_and_reads_with_the_same_key_as_a_worker(service: Service) -> None:
    keys = asking(service, service.token("upstream-app"))
    key = await keys.of("NEW-1")
    assert key == await keys.named(key.id) == await service.keys.of("NEW-1")
    with pytest.raises(SealBroken, match="no such key"):
        await asking(service, service.token("manager")).named("nobody's")


async def test_whoever_is_refused_is_told_so_as_the_service_tells_it(service: Service) -> None:
    key = await service.keys.of("A-1")
    faults: list[tuple[str | None, type[UpholdError], str]] = [
        (None, Unproven, "No token proves"),
        (service.token("manager", exp=1), Unproven, "has expired"),
        (service.token("customer", complaint="A-1"), WrongRole, "reads nothing here"),
        (service.token("upstream-app"), WrongRole, "A-1 is none of them"),
    ]
    for token, kind, words in faults:
        for asked in (asking(service, token).of("A-1"), asking(service, token).named(key.id)):
            with pytest.raises(kind, match=words) as refused:
                await asked
            assert not isinstance(refused.value, ApplicationError), "it would end a complaint"


async def test_an_app_is_told_what_was_erased(service: Service) -> None:
    await service.keys.of("A-1")
    kept = await service.ledger.data_key(reference="A-1")
    assert kept
    await service.ledger.writing(
        lambda c: data_keys.destroy(c, kept, datetime.now(UTC), "d.lee", "She asked.")
    )
    with pytest.raises(KeyDestroyed, match="A-1 was erased"):
        await asking(service, service.token("manager")).of("A-1")


@asynccontextmanager
async def answering(answer: Any, port: int = 0) -> AsyncIterator[str]:
    """Something at an address that answers like this."""
    app = Starlette(routes=[Route("/keys", answer, methods=["POST"])])
    async with served(app, Listening(port=port)) as (address, _):
        yield address


async def test_a_service_that_was_away_is_asked_again_until_it_answers(service: Service) -> None:
    port, token = free_port(), service.token("manager")
    asked = asyncio.create_task(keys_at(f"http://127.0.0.1:{port}", lambda _: token).of("A-1"))
    answers = iter([503, 502, 500])

    async def passed_on(request: Request) -> Response:
        if status := next(answers, None):
            return JSONResponse({"error": "LedgerError", "message": "away"}, status)
        given = await service.ask("/keys", await request.body(), token)
        return Response(given.content, given.status_code)

    async with answering(passed_on, port):
        assert (await asked).secret == (await service.keys.of("A-1")).secret


async def test_a_service_that_stays_away_is_named_in_an_error_that_ends_no_complaint() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(KeysAway, match=f"{url} does not answer") as away:
        await keys_at(url, lambda _: None).of("A-1")
    assert not isinstance(away.value, ApplicationError)


async def test_no_redirect_is_followed_and_no_other_page_is_taken_for_a_key_service(
    service: Service,
) -> None:
    followed: list[str] = []

    async def elsewhere(request: Request) -> Response:
        followed.append(request.url.path)
        if len(followed) > 1:
            return JSONResponse({"message": "Not Found"}, 404)
        return RedirectResponse(f"{service.url}/keys", 307)

    async with answering(elsewhere) as url:
        for _ in range(2):
            with pytest.raises(KeysAway, match="no key service answers"):
                await keys_at(url, lambda _: service.token("manager")).of("A-1")
    assert len(followed) == 2
    assert await service.told("A-1") == []


@pytest.mark.parametrize("url", [
    "http://keys.council.example", "http://192.0.2.7:8088", "ftp://127.0.0.1", "keys.example", "",
    "http://127.0.0.1.elsewhere.example", "http://127.0.0.1@elsewhere.example",
    "https://[keys.example", "https://", "https://keys.example:none",
])  # fmt: skip
def test_keys_do_not_travel_in_the_clear(url: str) -> None:
    with pytest.raises(BadKeyService, match="do not travel in the clear"):
        keys_at(url, lambda _: None)


async def test_keys_travel_by_https_from_whom_this_machine_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    certificate, private_key = tmp_path / "certificate.pem", tmp_path / "private.pem"
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(private_key)
    async with a_service(tmp_path, certificate=certificate, private_key=private_key) as service:
        assert service.url.startswith("https://")
        with pytest.raises(KeysAway, match="certificate verify failed"):
            await asking(service, service.token("manager")).of("A-1")
        authority.cert_pem.write_to_path(tmp_path / "authority.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        assert ssl.get_default_verify_paths().cafile == str(tmp_path / "authority.pem")
        key = await asking(service, service.token("manager")).of("A-1")
        assert key == await service.keys.of("A-1")


def test_whoever_has_the_key_ring_asks_the_ledger_and_without_either_nothing_is_sealed(
    tmp_path: Path,
) -> None:
    def no_token(*_: object) -> None:
        return None

    assert keys_for(Settings(), no_token) is None
    with pytest.raises(UpholdError, match="key ring"):
        keys_for(Settings(key_ring=tmp_path / "none", key_service="http://127.0.0.1:1"), no_token)
