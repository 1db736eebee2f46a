"""The key service on a port of this machine, with a ledger, a ring and an issuer of its own."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from google.protobuf import json_format
from joserfc.jwk import Key
from temporalio.api.common.v1 import Payload, Payloads

from identity.proving import Doorkeeper
from keyservice.app import application
from keyservice.desk import Desk
from keyservice.serving import Listening, served
from ledger.evidence.key_uses import uses_of
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.sql.ledger import SqlLedger
from sealing.codec import SealingCodec
from sealing.data_keys import DataKeys
from sealing.ring import FileRing, with_new_key
from tests.identity.tokens import claims_for, door, new_key, publish, signed
from tests.workflows.player import PEOPLE

PAGE = "http://127.0.0.1:8233"
"""Where Temporal's page is."""
RING = with_new_key(None, "first")
TRUSTED = ssl.create_default_context()
"""Made once: it takes longer than all that is asked."""


@dataclass(slots=True)
class Service:
    """A key service that runs, and what it keeps its keys in."""

    url: str
    ledger: SqlLedger
    keys: DataKeys
    issuer: Key
    published: Path

    def token(self, role: str, **other: Any) -> str:
        """A good token for one of `PEOPLE`."""
        return signed(self.issuer, claims_for(PEOPLE[role].model_dump(), **other))

    async def ask(self, path: str, body: Any, token: str | None, **headers: str) -> httpx.Response:
        """The answer to what is sent with that token."""
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with a_client() as client:
            return await client.post(f"{self.url}{path}", content=content, headers=headers)

    async def sealed(self, reference: str, text: str) -> dict[str, Any]:
        """What Temporal's page sends: a text that was sealed for that complaint."""
        plain = Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(text).encode())
        return as_sent(await SealingCodec(self.keys, reference).encode([plain]))

    async def told(self, reference: str) -> list[tuple[str, str, str]]:
        """What is on record of who asked for it."""
        uses = await self.ledger.reading(lambda c: uses_of(c, reference))
        return [(use.what, use.who, use.role) for use in uses]


def a_client() -> httpx.AsyncClient:
    """Somebody who asks on this machine."""
    return httpx.AsyncClient(trust_env=False, verify=TRUSTED)


def as_sent(payloads: list[Payload]) -> dict[str, Any]:
    """The payloads as JSON."""
    return json_format.MessageToDict(Payloads(payloads=payloads))


def texts_in(answer: httpx.Response) -> list[Any]:
    """The texts that were read."""
    read = json_format.Parse(answer.content, Payloads()).payloads
    return [json.loads(payload.data) for payload in read]


@asynccontextmanager
async def a_service(
    folder: Path, *, keeper: Doorkeeper | None = None, ring: FileRing = RING, **listening: Any
) -> AsyncIterator[Service]:
    """A key service whose ledger is in the folder, until the block ends."""
    url, published, key = f"sqlite:///{folder / 'ledger.sqlite3'}", folder / "keys.json", new_key()
    await upgrade(url)
    publish(published, key)
    async with open_sql_ledger(url, ring) as ledger:
        keys = DataKeys(ring, ledger)
        app = application(Desk(ledger, keys), keeper or door(published), [PAGE])
        async with served(app, Listening(port=0, **listening)) as (address, _):
            yield Service(address, ledger, keys, key, published)


@pytest_asyncio.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A key service."""
    async with a_service(tmp_path) as running:
        yield running
