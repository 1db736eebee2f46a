"""Talking to GOV.UK Notify by HTTP: the token, the requests, and what its errors mean.

Owns the conversation. Why the official client is not used: docs/decisions/notify-by-http.md. Source: GOV.UK
Notify's documentation of its API.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

from letters.channels.notify.outcomes import LIVE
from letters.channels.port import PermanentRefusal, TemporaryFailure

_KEY = re.compile(
    r"(?:.*-)?(?P<service>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"-(?P<secret>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
A_MINUTE = timedelta(seconds=60)
"""After which a limit of requests a minute is open again."""
_WAITS = frozenset({429})
_OF_THE_MESSAGE = frozenset({400, 413, 422})
"""Answers that may be about the message. Any other is about us, as a wrong key, or about the server."""
_TOO_LONG = ("character count", "cannot be longer", "too long")
_OF_SETTINGS = (
    *("template", "missing personalisation", "not allowed to send", "trial mode", "trial-mode"),
    *("team-only", "team api key", "reply_to_id", "sender_id"),
)
"""What is said where every message would be refused alike, and none is to blame."""


class NotifyClient:
    """One service of GOV.UK Notify."""

    def __init__(self, api_key: str, *, url: str = LIVE, timeout_seconds: float = 20.0) -> None:
        """Raises `ValueError` for a key that does not have the form `name-SERVICE-SECRET`."""
        found = _KEY.fullmatch(api_key)
        if found is None:
            raise ValueError("it is no key of GOV.UK Notify: name-SERVICE-SECRET, both as UUIDs")
        self._service, self._secret = found["service"], OctKey.import_key(found["secret"])
        self._http = httpx.AsyncClient(base_url=url, timeout=timeout_seconds)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def post(self, kind: str, message: dict[str, Any]) -> str:
        """Hand a message of that kind (an e-mail, a text, a letter) over, and return Notify's id of it.

        Raises `PermanentRefusal` or `TemporaryFailure`.
        """
        answer = await self._ask("POST", f"/v2/notifications/{kind}", json=message)
        return str(answer["id"])

    async def of_reference(self, reference: str) -> list[dict[str, Any]]:
        """The messages of that reference of about the last seven days; Notify keeps it not unique, and no longer."""
        answer = await self._ask("GET", "/v2/notifications", params={"reference": reference})
        return [each for each in answer["notifications"] if each.get("reference") == reference]

    async def in_states(self, states: tuple[str, ...]) -> AsyncIterator[dict[str, Any]]:
        """Every message of about the last seven days that is in one of these states, the latest first."""
        params: list[tuple[str, str]] = [("status", state) for state in states]
        before: list[tuple[str, str]] = []
        while True:
            answer = await self._ask("GET", "/v2/notifications", params=[*params, *before])
            found = answer["notifications"]
            for each in found:
                yield each
            if not found or not answer.get("links", {}).get("next"):
                return
            before = [("older_than", found[-1]["id"])]

    async def _ask(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token()}"}
        try:
            answer = await self._http.request(method, path, headers=headers, **given)
        except httpx.HTTPError as error:
            raise TemporaryFailure(
                f"GOV.UK Notify: {type(error).__name__}", "notify-away"
            ) from error
        if answer.is_success:
            found: dict[str, Any] = answer.json()
            return found
        raise _meaning(answer)

    def _token(self) -> str:
        claims = {"iss": self._service, "iat": int(time.time())}
        return jwt.encode({"typ": "JWT", "alg": "HS256"}, claims, self._secret)


def _meaning(answer: httpx.Response) -> PermanentRefusal | TemporaryFailure:
    """What an error of Notify means: only what it says of this message is for good."""
    kind, said = _first_error(answer)
    reason = f"GOV.UK Notify: {said}"
    if answer.status_code in _WAITS:
        if kind == "TooManyRequestsError":
            return TemporaryFailure(reason, "notify-today", _until_tomorrow())
        return TemporaryFailure(reason, "notify-minute", A_MINUTE)
    if answer.status_code not in _OF_THE_MESSAGE:
        return TemporaryFailure(reason, f"notify-{answer.status_code}")
    told = said.casefold()
    # What is too long may be told with the word "template"; it is this message all the same.
    if not any(each in told for each in _TOO_LONG) and any(each in told for each in _OF_SETTINGS):
        return TemporaryFailure(reason, "notify-settings")
    bad = said.startswith(("email_address", "phone_number"))
    return PermanentRefusal(reason, f"notify-{answer.status_code}", address_bad=bad)


def _until_tomorrow() -> timedelta:
    """How long the limit of a day lasts: it is counted anew from midnight (UTC)."""
    now = datetime.now(UTC)
    return timedelta(days=1) - timedelta(hours=now.hour, minutes=now.minute) + A_MINUTE


def _first_error(answer: httpx.Response) -> tuple[str, str]:
    try:
        error = answer.json()["errors"][0]
        return str(error["error"]), str(error["message"])
    except (ValueError, LookupError, TypeError):
        return "", f"HTTP {answer.status_code}"
