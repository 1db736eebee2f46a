"""Logging in from a terminal at an OpenID Connect provider: the device flow (RFC 8628), and renewal (RFC 6749, 6).

Owns what is asked of the provider, how often, and what its refusals mean. Which of its tokens is sent to workers is
a setting; who it proves is checked by `identity.proving` as a worker would.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Literal

from domain.errors import UpholdError
from identity.provider.asking import Answer, Away, ask
from identity.provider.discovery import Provider

_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
_EVERY: Final = 5
"""Seconds between two questions where the provider names none, and by how many they grow when it asks for that."""
_SELDOM: Final = 60
_GOOD_FOR: Final = 600
_LONGEST: Final = 300
"""Characters of what a provider says that are shown."""

Wait = Callable[[float], None]
Sends = Literal["id-token", "access-token"]


class LoginFailed(UpholdError):
    """Nobody was logged in, or a login was not renewed: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person does in a browser, and until when (seconds from now)."""

    address: str
    code: str
    whole_address: str
    """With the code in it; empty where the provider gives none."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Given:
    """What a login gave: the token that proves who acts, and what renews it, if anything does."""

    token: str
    renewal: str | None


class DeviceLogin:
    """One login, from the code to the token."""

    def __init__(
        self, provider: Provider, client_id: str, scopes: str, sends: Sends = "id-token"
    ) -> None:
        """Ask for a code. Raises `LoginFailed`, and `Away`."""
        if not provider.device or not provider.token:
            raise LoginFailed(
                f"{provider.issuer} lets nobody log in from a terminal: it names no device_authorization_endpoint."
                " Get a token in another way, and write it to the file of UPHOLD_TOKEN_FILE."
            )
        self._provider, self._client, self._sends = provider, client_id, sends
        said = _told(ask(provider.device, {"client_id": client_id, "scope": scopes}))
        self._device = _text(said, "device_code")
        self.asked = Asked(
            _shown(said, "verification_uri"),
            _shown(said, "user_code"),
            _shown(said, "verification_uri_complete")
            if "verification_uri_complete" in said
            else "",
            _seconds(said, "expires_in", _GOOD_FOR),
        )
        self._every = _seconds(said, "interval", _EVERY)

    def wait(self, wait: Wait = time.sleep) -> Given:
        """What the provider gives once the person has agreed. Raises `LoginFailed`."""
        left, every = self.asked.seconds, self._every
        form = {"grant_type": _GRANT, "device_code": self._device, "client_id": self._client}
        while left > 0:
            wait(every)
            left -= max(every, 1)
            try:
                answer = ask(self._provider.token, form)
                refused = _error(answer)
            except Away:
                every = min(2 * max(every, 1), _SELDOM)
                continue
            except ValueError as fault:
                where = self._provider.token
                raise LoginFailed(f"Nobody was logged in, by {where}: {fault}.") from None
            match refused:
                case "":
                    return _given(_told(answer), self._sends)
                case "authorization_pending":
                    continue
                case "slow_down":
                    every += _EVERY
                case "access_denied":
                    raise LoginFailed("Nobody was logged in: it was refused in the browser.")
                case "expired_token":
                    break
                case _:
                    _told(answer)
        raise LoginFailed("Nobody was logged in: nobody entered the code in time. Begin anew.")


def renew(token_address: str, client_id: str, renewal: str, sends: Sends) -> Given:
    """What a login before gives anew. Raises `LoginFailed` where it gives nothing more, and `Away`."""
    form = {"grant_type": "refresh_token", "refresh_token": renewal, "client_id": client_id}
    given = _given(_told(ask(token_address, form)), sends)
    return Given(given.token, given.renewal or renewal)


def _given(said: dict[str, Any], sends: Sends) -> Given:
    token = said.get(sends.replace("-", "_"))
    if not isinstance(token, str) or not token:
        raise LoginFailed(
            f"The provider gave no {sends.replace('-', ' ')}. Ask for the scope `openid` (UPHOLD_IDENTITY_SCOPES),"
            " or send another (UPHOLD_IDENTITY_SENDS)."
        )
    renewal = said.get("refresh_token")
    return Given(token, renewal if isinstance(renewal, str) else None)


def _error(answer: Answer) -> str:
    """The name of what the provider refuses; empty where it refuses nothing. Raises `ValueError`."""
    said = answer.told()
    return "" if answer.status == HTTPStatus.OK else str(said.get("error") or answer.status)


def _told(answer: Answer) -> dict[str, Any]:
    said = answer.told()
    if answer.status == HTTPStatus.OK:
        return said
    why = " ".join(
        str(said[name])[:_LONGEST] for name in ("error", "error_description") if said.get(name)
    )
    raise LoginFailed(f"The provider refuses: {why or answer.status}.")


def _text(said: dict[str, Any], name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str) or not found:
        raise LoginFailed(f"The provider does not say {name}.")
    return found


def _shown(said: dict[str, Any], name: str) -> str:
    found = _text(said, name)
    if not found.isprintable() or len(found) > _LONGEST:
        raise LoginFailed(f"The provider's {name} is nothing that one could type.")
    return found


def _seconds(said: dict[str, Any], name: str, otherwise: float) -> float:
    found = said.get(name)
    return float(found) if isinstance(found, int | float) and found >= 0 else float(otherwise)
