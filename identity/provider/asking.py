"""Asking an issuer over HTTP, so that nobody else can answer in its place.

Owns what may be asked (`https`, or this machine), how long and how much an answer may be. Follows no redirect:
whoever could make one would publish keys of their own.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

LARGEST_BYTES: Final = 500_000
_WITHIN: Final = timedelta(seconds=5)
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class Away(OSError):
    """No answer, or none now: asking later is of use."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: its HTTP status, and its body as it came."""

    status: int
    body: bytes

    def told(self) -> dict[str, Any]:
        """The JSON object in the body. Raises `ValueError`."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise ValueError(f"what it answers ({self.status}) is no JSON object")
        return found


def is_address(place: str) -> bool:
    """Whether it is asked for over HTTP; anything else is a file."""
    return place.lower().startswith(("http:", "https:"))


def fault_of(address: str) -> str | None:
    """Why this address is not asked; nothing where it may be."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises where it is none
    except ValueError as error:
        return f"it is no address: {error}"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "it is no address: one begins with https://"
    if parts.scheme == "http" and parts.hostname not in _HERE:
        return "what comes in the clear may be anybody's. Allowed: https://…"
    if parts.username is not None or parts.password is not None:
        return "a name or password in an address ends in logs"
    return None


def ask(address: str, form: Mapping[str, str] | None = None) -> Answer:
    """What is answered at the address, to a form where one is given.

    Raises `Away` where nobody answers, too slowly, or an answer may be had later; `ValueError` for an address that
    is not asked, a redirect, or more than `LARGEST_BYTES`.
    """
    if fault := fault_of(address):
        raise ValueError(fault)
    # The machine's own certificates count, and SSL_CERT_FILE: an organisation may have an authority of its own.
    asker = httpx.Client(
        timeout=_WITHIN.total_seconds(), follow_redirects=False,
        verify=ssl.create_default_context(), trust_env=urlsplit(address).hostname not in _HERE,
    )  # fmt: skip
    # Unpacked, a small answer could be a large one.
    plainly = {"Accept": "application/json", "Accept-Encoding": "identity"}
    method = "GET" if form is None else "POST"
    try:
        with asker, asker.stream(method, address, data=form, headers=plainly) as answer:
            if answer.has_redirect_location:
                raise ValueError(
                    f"it redirects to {answer.headers['location'][:200]}, which is not followed"
                )
            body = _all_of(answer)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Away(str(error) or type(error).__name__) from None
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or (
        answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    ):
        raise Away(f"it answers {answer.status_code}")
    return Answer(answer.status_code, body)


def read(address: str) -> Answer:
    """As `ask`; raises `ValueError` for whatever is not there."""
    answer = ask(address)
    if answer.status != HTTPStatus.OK:
        raise ValueError(f"it answers {answer.status}")
    return answer


def _all_of(answer: httpx.Response) -> bytes:
    until, body = time.monotonic() + _WITHIN.total_seconds(), b""
    for part in answer.iter_raw():
        body += part
        if len(body) > LARGEST_BYTES:
            raise ValueError(f"it answers more than {LARGEST_BYTES:,} bytes")
        if time.monotonic() > until:
            raise Away(f"it has not answered within {_WITHIN.total_seconds():g} s")
    return body
