"""Temporal's command line shows what is inside to those who may read it, and to nobody else."""

from __future__ import annotations

import asyncio
import re
from asyncio.subprocess import PIPE
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from engine.dev_server import server_binary
from engine.plugin import UpholdPlugin
from ledger.keys.keeping.erasing import erase
from starter.client import Complaints
from tests.identity.tokens import ISSUER
from tests.keyservice.conftest import Service
from tests.ledger.samples import an_erasure
from tests.workflows.player import PEOPLE, Office, an_office, eventually, opening

SAID = "The branch lost my late sister's file"
NOTE = "We asked the branch for her file."


async def shown(env: WorkflowEnvironment, reference: str, *words: str) -> tuple[int, str]:
    """Exit code of Temporal's command line for that complaint, and all that it prints, payloads as text."""
    process = await asyncio.create_subprocess_exec(
        *(str(server_binary()), *words, "--workflow-id", f"complaint:{reference}"),
        *("--address", str(env.client.service_client.config.target_host)),
        stdout=PIPE,
        stderr=PIPE,
    )
    out, error = await process.communicate()
    said = out + error
    inside = [b64decode(each) for each in re.findall(rb'"data": "([^"]+)"', said)]
    return process.returncode or 0, b"\n".join([said, *inside]).decode(errors="replace")


def through(service: Service, token: str | None) -> tuple[str, ...]:
    """What asks the key service, with that token."""
    endpoint = ("--codec-endpoint", f"{service.url}/{{namespace}}")
    return endpoint if token is None else (*endpoint, "--codec-auth", f"Bearer {token}")


async def on_record(service: Service, office: Office, client: Client) -> tuple[str, str]:
    """A complaint that an app opened and somebody acted on, and the token that they did it with."""
    handler, app = service.token("case-handler"), service.token("upstream-app")
    complaints = Complaints(
        client, office.task_queue, token=lambda _, actor: handler if actor else app
    )
    reference, received = office.reference(), datetime.now(UTC) - timedelta(days=1)
    await complaints.open(opening(reference, details=SAID, received_at=received))

    async def opened() -> bool:
        return await service.ledger.standing(reference) is not None

    await eventually(opened)
    who = PEOPLE["case-handler"]
    await complaints.send("update", reference, who, fields={"message": NOTE})
    return reference, handler


async def test_whoever_may_read_sees_what_is_inside_and_nobody_else(
    env: WorkflowEnvironment, service: Service, tmp_path: Path
) -> None:
    client = Client(**(env.client.config() | {"plugins": [UpholdPlugin(service.keys)]}))
    proven: dict[str, Any] = {
        "identity": "tokens", "identity_issuer": ISSUER, "identity_keys": str(service.published),
    }  # fmt: skip
    async with an_office(env, client=client, ledger=service.ledger, **proven) as office:
        reference, acted_with = await on_record(service, office, client)
        show = ("workflow", "show", "--output", "json")
        manager = through(service, service.token("manager"))
        code, told = await shown(env, reference, *show, *manager)
        assert (code, SAID in told, NOTE in told) == (0, True, True), told
        assert not [part for part in acted_with.split(".") if part in told]
        for token in (None, service.token("customer")):
            code, told = await shown(env, reference, *show, *through(service, token))
            assert not {text for text in (SAID, NOTE, acted_with) if text in told}, told
        reader = ("workflow", "query", "--type", "status", "--output", "json")
        code, told = await shown(env, reference, *reader, *manager)
        assert (code, reference in told) == (0, True), told
        sent = ("workflow", "signal", "--name", "withdraw", "--input", '{"reason": "secret"}')
        code, told = await shown(env, reference, *sent, *manager)
        assert (code != 0, "nobody says for which complaint" in told) == (True, True), told
    assert {what for what, *_ in await service.told(reference)} == {"read", "refused"}
    now = datetime(2026, 11, 29, tzinfo=UTC)
    await service.ledger.writing(lambda c: erase(c, an_erasure(reference, now)))
    code, told = await shown(env, reference, *show, *manager)
    assert (code, SAID in told, NOTE in told) == (0, False, False)
    assert f"{reference} was erased on 29 November 2026" in told, told


@pytest.mark.parametrize("ending", ["decode", "encode"])
async def test_only_the_end_of_an_address_says_what_is_asked(service: Service, ending: str) -> None:
    for before in ("", "/uphold", "/codec/of/uphold"):
        answer = await service.ask(f"{before}/{ending}", {"payloads": []}, service.token("manager"))
        assert (answer.status_code, answer.json()) == (200, {})
