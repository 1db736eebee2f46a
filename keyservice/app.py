"""The two faces of the key service over HTTP: Temporal's remote codec, and keys for apps.

Owns paths, headers, sizes and what is logged. Nothing but references, ids and counts is.

    POST /decode, /NAMESPACE/decode    {"payloads": [...]}, read; as Temporal's page and command line ask
    POST /encode, /NAMESPACE/encode    refused where there is anything: nobody says for which complaint
    POST /keys                         {"reference": R}, made where there is none, or {"id": K}
    GET  /live, /ready                 whether it turns over, and whether its ledger answers
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from google.protobuf import json_format
from pydantic import TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from temporalio.api.common.v1 import Payload, Payloads

from domain.errors import UpholdError
from domain.wire import Reference
from identity.header import METADATA
from identity.proving import Doorkeeper
from keyservice.asking import Asker, asker_of
from keyservice.desk import Desk
from keyservice.errors import ForeignOrigin, Malformed, NotSealedHere, TooLarge, status_of, told
from ledger.errors import LedgerError

LARGEST_BYTES: Final = 12_000_000
"""Of what is asked: a payload of Temporal's has two megabytes at most, and a page asks for an event's together."""
_TOKEN: Final = re.compile(rb"\bey[\w-]{8,}\.ey[\w-]{8,}\.[\w-]*")
_REFERENCE: Final = TypeAdapter[str](Reference)
_HEADERS: Final = ("Authorization", "Authorization-Extras", "X-Namespace")
"""Those that Temporal's page sends beside the usual ones."""
_log = structlog.stdlib.get_logger("keyservice")

Answer = Callable[[Asker, bytes], Awaitable[dict[str, Any]]]


def application(desk: Desk, door: Doorkeeper, origins: Sequence[str] = ()) -> Starlette:
    """The service. `door` knows who is let through, `origins` are the places whose pages may ask."""
    service = _Service(desk, door, frozenset(origins))
    answers = {"keys": service.keys, "decode": service.decode, "encode": service.encode}
    asked = {name: service.answering(answer) for name, answer in answers.items()}
    return Starlette(
        routes=[
            *(Route(f"/{name}", answer, methods=["POST"]) for name, answer in asked.items()),
            *(
                Route(f"/{{namespace:path}}/{name}", asked[name], methods=["POST"])
                for name in ("decode", "encode")
            ),
            Route("/ready", service.ready),
            Route("/live", service.live),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=tuple(origins),
                allow_methods=("POST",),
                allow_headers=_HEADERS,
                allow_credentials=True,
            )
        ],
        exception_handlers={UpholdError: _refused},
    )


@dataclass(frozen=True, slots=True)
class _Service:
    desk: Desk
    door: Doorkeeper
    origins: frozenset[str]

    def answering(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """What answers a request of somebody who may ask at all."""

        async def answered(request: Request) -> Response:
            origin = request.headers.get("origin")
            if origin is not None and origin not in self.origins:
                raise ForeignOrigin(f"Pages of {origin[:200]} may not ask here.")
            header = request.headers.get("authorization")
            asker = await asyncio.to_thread(asker_of, self.door, header)
            with structlog.contextvars.bound_contextvars(
                who=asker.who, roles=asker.roles, token=asker.token
            ):
                try:
                    return _json(200, await answer(asker, await _body(request)))
                except UpholdError as error:
                    return await _refused(request, error)

        return answered

    async def keys(self, asker: Asker, body: bytes) -> dict[str, Any]:
        """The key of a reference, or of an id."""
        wanted = _wanted_in(body)
        if "id" in wanted:
            key = await self.desk.key_named(asker, wanted["id"])
        else:
            key = await self.desk.key_of(asker, wanted["reference"])
        _log.info("key given", reference=key.subject, key=key.id)
        secret = base64.b64encode(key.secret).decode()
        return {"id": key.id, "reference": key.subject, "secret": secret}

    async def decode(self, asker: Asker, body: bytes) -> dict[str, Any]:
        """The payloads as they were."""
        read = await self.desk.read(asker, _payloads_in(body))
        _log.info("payloads read", payloads=len(read))
        shown = Payloads(payloads=[_without_tokens(each) for each in read])
        found: dict[str, Any] = json_format.MessageToDict(shown)
        return found

    async def encode(self, _: Asker, body: bytes) -> dict[str, Any]:
        """Nothing, where there is nothing: payloads may be of any complaint, and are refused."""
        if not _payloads_in(body):
            return {}
        raise NotSealedHere(
            "Nothing is sealed here, since nobody says for which complaint. Send it with `uphold` or starter.client."
        )

    async def ready(self, _: Request) -> Response:
        """Whether the ledger takes what has to be put on record."""
        await self.desk.ledger.require_ready(to_write=True)
        return _json(200, {"ready": True})

    async def live(self, _: Request) -> Response:
        """That it turns over."""
        return _json(200, {"live": True})


async def _refused(_: Request, error: Exception) -> Response:
    """The answer to whoever is refused. A ledger's address is no part of it."""
    if not isinstance(error, UpholdError):
        raise error
    status = status_of(error)
    _log.warning("refused", status=status, error=type(error).__name__)
    if isinstance(error, LedgerError):
        _log.warning("the ledger is away", reason=str(error))
        error = LedgerError("The ledger does not answer. Ask again in a moment.")
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004
    return _json(status, told(error), headers)


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(body, status, {"Cache-Control": "no-store", **(headers or {})})


async def _body(request: Request) -> bytes:
    """What is sent. Raises `TooLarge` before more of it is taken."""
    taken = bytearray()
    async for part in request.stream():
        taken += part
        if len(taken) > LARGEST_BYTES:
            raise TooLarge(f"More than {LARGEST_BYTES:,} bytes are not taken at once.")
    return bytes(taken)


def _payloads_in(body: bytes) -> list[Payload]:
    try:
        return list(json_format.Parse(body, Payloads()).payloads)
    except (json_format.ParseError, ValueError, RecursionError):
        raise Malformed('It is not of the form {"payloads": [...]}.') from None


def _wanted_in(body: bytes) -> dict[str, str]:
    try:
        given = json.loads(body)
        if isinstance(given, dict) and given.keys() == {"reference"}:
            return {"reference": _REFERENCE.validate_python(given["reference"], strict=True)}
        if isinstance(given, dict) and given.keys() == {"id"} and isinstance(given["id"], str):
            return given
    except (ValueError, ValidationError, RecursionError):
        pass
    raise Malformed('It is neither {"reference": "FO-2026-000123"} nor {"id": "…"}.')


def _without_tokens(payload: Payload) -> Payload:
    """The payload, in which a token that somebody acted with shows no more than that it was one."""
    marked = METADATA.keys() <= payload.metadata.keys()
    payload.data = b'"[token]"' if marked else _TOKEN.sub(b"[token]", payload.data)
    return payload
