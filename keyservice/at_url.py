"""Data keys of a key service, for whoever has neither key ring nor ledger.

Owns how it is asked: over TLS or on this machine, patiently while it is away, never somewhere else than it is.
What it gives is the key itself, so there is nothing to unwrap here.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

import httpx

from domain.errors import REFUSALS, UpholdError
from identity.provider.asking import fault_of
from sealing.data_keys import DataKeys
from sealing.errors import BadKeyService, KeyDestroyed, KeysAway, SealingError
from sealing.port import KeptKey, KeyRing, KeyStore

_ANSWER_WITHIN: Final = timedelta(seconds=5)
_PAUSES: Final = (0.1, 0.3, 0.8, 2.0, None)
"""Seconds before it is asked again; the last time there is no more asking."""
_AWAY: Final = frozenset({429, 500, 502, 503, 504})
_OK: Final = 200

TokenFor = Callable[[str], str | None]
"""The token to ask with, by the complaint's reference where that is known."""


class _AsItCame(KeyRing):
    """Wraps nothing."""

    current = ""
    ids = frozenset({""})

    def wrap(self, secret: bytes, about: str) -> bytes:
        del about
        return secret

    def unwrap(self, ring_key: str, wrapped: bytes, about: str) -> bytes:
        del ring_key, about
        return wrapped


@dataclass(frozen=True)
class KeysOfService(KeyStore):
    """The data keys that the service at that address gives to whoever holds the token."""

    url: str
    token: TokenFor = field(repr=False)

    def __post_init__(self) -> None:
        if fault_of(self.url):
            raise BadKeyService(
                f"key_service = {self.url!r}: keys do not travel in the clear."
                " Allowed: https://…, or http://127.0.0.1:PORT."
            )

    async def data_key(
        self, *, reference: str | None = None, key_id: str | None = None
    ) -> KeptKey | None:
        """The key of that reference, which the service makes where there is none, or of that id.

        Raises `KeysAway`, `KeyDestroyed`, or the refusal that says why this token is given none.
        """
        wanted = {"reference": reference} if key_id is None else {"id": key_id}
        status, told = await self._answer(wanted, self.token(reference or ""))
        if status == _OK:
            secret = base64.b64decode(told["secret"])
            return KeptKey(
                reference=told["reference"], id=told["id"], ring_key="", wrapped=secret,
                made_at=datetime.now(UTC),
            )  # fmt: skip
        if told["error"] == "UnknownKey":
            return None
        raise _refusal(told)

    async def keep_data_key(self, key: KeptKey) -> KeptKey:
        """The key of that reference: the service makes its own."""
        return await self.data_key(reference=key.reference) or key

    async def _answer(
        self, wanted: Mapping[str, str | None], token: str | None
    ) -> tuple[int, dict[str, str]]:
        what = ""
        for pause in _PAUSES:
            try:
                status, told = await self._asked(wanted, token)
                if status not in _AWAY:
                    return status, told
                what = told.get("message", f"it answers {status}")
            except (httpx.HTTPError, OSError) as error:
                what = str(error) or type(error).__name__
            if pause is not None:
                await asyncio.sleep(pause)
        raise KeysAway(
            f"The key service at {self.url} does not answer, and nothing is sealed or read: {what}."
        )

    async def _asked(
        self, wanted: Mapping[str, str | None], token: str | None
    ) -> tuple[int, dict[str, str]]:
        """What is answered once. Raises `KeysAway` for what no key service would say."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient(
            verify=self._trusted, trust_env=False, timeout=_ANSWER_WITHIN.total_seconds()
        ) as client:
            answer = await client.post(f"{self.url.rstrip('/')}/keys", json=wanted, headers=headers)
        try:
            told = answer.json()
        except ValueError:
            told = None
        expected = "secret" if answer.status_code == _OK else "error"
        if answer.status_code in _AWAY or (isinstance(told, dict) and expected in told):
            return answer.status_code, told if isinstance(told, dict) else {}
        raise KeysAway(
            f"At {self.url} no key service answers ({answer.status_code}). No other address is followed."
        )

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """Whose certificates count: those of this machine, or of SSL_CERT_FILE."""
        return ssl.create_default_context()


def keys_at(url: str, token: TokenFor) -> DataKeys:
    """The data keys that the key service at that address gives. Raises `BadKeyService`."""
    return DataKeys(_AsItCame(), KeysOfService(url, token))


def _refusal(told: Mapping[str, str]) -> UpholdError:
    """What the service refused, as the error that it was there."""
    name, message = told["error"], told.get("message", "")
    if name == KeyDestroyed.__name__:
        return KeyDestroyed(message)
    if kind := REFUSALS.get(name):
        return kind(message, told.get("allowed", ""))
    return SealingError(f"The key service refused it ({name}): {message}")
