"""Owns the health page: `/live` (the process turns over) and `/ready` (it can do its work).

A strict minimum of HTTP/1.1, so that a probe needs no web framework: one GET a connection.
"""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPException
from typing import Final

from engine.errors import EngineError, SettingsError

Check = Callable[[], Awaitable[None]]
"""Returns when the thing is well; raises an error that says what is wrong otherwise."""

_REQUEST_LIMIT_BYTES: Final = 8192
_READING: Final = timedelta(seconds=5)
_CHECKING: Final = timedelta(seconds=3)
_FETCHING: Final = timedelta(seconds=5)


@asynccontextmanager
async def health_page(
    host: str, port: int, checks: Mapping[str, Check], **says: str
) -> AsyncIterator[str]:
    """Serves the page until the block ends, and yields its address, such as `http://127.0.0.1:8089`.

    `checks` may gain entries while it is served; `says` stands beside them. Raises `SettingsError` if it cannot listen there.
    """

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            writer.write(await _reply(reader, checks, says))
            await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    try:
        server = await asyncio.start_server(answer, host, port, limit=_REQUEST_LIMIT_BYTES)
    except (OSError, UnicodeError) as error:  # the last for a name that is none
        raise SettingsError(
            f"The health page cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}."
            " Set UPHOLD_HEALTH_HOST and UPHOLD_HEALTH_PORT (0 takes any free port)."
        ) from None
    async with server:
        bound_host, bound_port = server.sockets[0].getsockname()[:2]
        yield f"http://{f'[{bound_host}]' if ':' in bound_host else bound_host}:{bound_port}"


async def readiness(checks: Mapping[str, Check]) -> dict[str, str]:
    """What each check found: `ok`, or what is wrong. All are run at once, for three seconds."""
    found = await asyncio.gather(*(_outcome(check) for check in checks.values()))
    return dict(zip(checks, found, strict=True))


def check_health(url: str) -> tuple[bool, str]:
    """Whether the worker whose health page is at `url` is ready, and what it says of itself."""
    address = f"{url.rstrip('/')}/ready"
    if not address.startswith(("http://", "https://")):
        return False, f"{url} is no address of a health page; one begins with http://."
    try:
        with urllib.request.urlopen(address, timeout=_FETCHING.total_seconds()) as response:  # noqa: S310 - checked above
            return True, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return False, error.read().decode(errors="replace")
    except (OSError, ValueError, HTTPException) as error:
        return False, f"No health page answers at {address}: {getattr(error, 'reason', error)}"


async def _outcome(check: Check) -> str:
    try:
        async with asyncio.timeout(_CHECKING.total_seconds()):
            await check()
    except TimeoutError:
        return f"no answer within {_CHECKING.total_seconds():g} s"
    except EngineError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever is wrong is what the page is asked for
        return type(error).__name__
    return "ok"


async def _reply(
    reader: asyncio.StreamReader, checks: Mapping[str, Check], says: Mapping[str, str]
) -> bytes:
    try:
        async with asyncio.timeout(_READING.total_seconds()):
            head = await reader.readuntil(b"\r\n\r\n")
    except (TimeoutError, asyncio.LimitOverrunError, asyncio.IncompleteReadError):
        return _response(
            HTTPStatus.BAD_REQUEST, {"error": "the request is too long, or has no end"}
        )
    match head.split(b"\r\n", 1)[0].split(b" "):
        case [b"GET", path, b"HTTP/1.1" | b"HTTP/1.0"]:
            return await _page(path, checks, says)
        case [_, _, b"HTTP/1.1" | b"HTTP/1.0"]:
            return _response(HTTPStatus.METHOD_NOT_ALLOWED, {"error": "only GET is answered"})
        case _:
            return _response(HTTPStatus.BAD_REQUEST, {"error": "this is not HTTP/1.1"})


async def _page(path: bytes, checks: Mapping[str, Check], says: Mapping[str, str]) -> bytes:
    if path == b"/live":
        return _response(HTTPStatus.OK, {"live": True})
    if path != b"/ready":
        return _response(HTTPStatus.NOT_FOUND, {"error": "the pages are /live and /ready"})
    found = await readiness(checks)
    ready = all(outcome == "ok" for outcome in found.values())
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return _response(status, {"ready": ready, "checks": found, **says})


def _response(status: HTTPStatus, body: Mapping[str, object]) -> bytes:
    content = json.dumps(body, ensure_ascii=False).encode() + b"\n"
    allow = ("Allow: GET",) if status is HTTPStatus.METHOD_NOT_ALLOWED else ()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: application/json; charset=utf-8",
        f"Content-Length: {len(content)}",
        "Cache-Control: no-store",
        "Connection: close",
        *allow,
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + content
