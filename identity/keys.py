"""The keys that an issuer publishes, kept and read anew.

Owns where they are read (a file, or an address), for how long they are good, and how often an unknown
one makes them be read again. Never holds up whoever asks for longer than a second.
"""

from __future__ import annotations

import json
import time
import urllib.request
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from engine.errors import SettingsError

_log = structlog.stdlib.get_logger("identity")
_OURS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_WAITING: Final = timedelta(seconds=1)
"""A workflow task that takes two seconds is thought to hang."""
_FETCHING: Final = timedelta(seconds=5)
_LARGEST_BYTES: Final = 500_000
_GOOD_FOR: Final = timedelta(minutes=5)
"""A key that its issuer takes back is no longer good after that."""


class PublishedKeys:
    """The keys at one place, by their ids."""

    def __init__(self, place: str, again_after: timedelta) -> None:
        """`place` is a file or an `https` address; an unknown key is looked for again after `again_after`.

        Raises `SettingsError` for an address from which keys could be put in by others.
        """
        self.place, self._again_after = place, again_after
        self._address = _address(place)
        self._keys: dict[str | None, Any] = {}
        self._read_at = self._asked_at = float("-inf")
        self._lock = Lock()
        self._reading: Future[None] | None = None
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="identity-keys")

    def require(self) -> None:
        """Read them now. Raises `SettingsError` where they cannot be read."""
        try:
            self._read()
        except (OSError, ValueError, JoseError) as error:
            raise SettingsError(f"identity_keys: {self.place} cannot be read: {error}.") from None

    def get(self, key_id: str | None) -> Any:
        """The key of that id, or the only one where none is named; none where it is not published."""
        known = self._found(key_id)
        now = time.monotonic()
        stale = now - self._read_at > _GOOD_FOR.total_seconds()
        if known is not None and not stale:
            return known
        reading = self._read_again(now, _GOOD_FOR if known is not None else self._again_after)
        if reading is None:
            return known
        try:
            reading.result(_WAITING.total_seconds())
        except NotInTime:
            return known
        except (OSError, ValueError, JoseError) as error:
            _log.warning("published keys not read", place=self.place, reason=str(error))
        return self._found(key_id)

    def _found(self, key_id: str | None) -> Any:
        keys = self._keys
        if key_id is None:
            return next(iter(keys.values())) if len(keys) == 1 else None
        return keys.get(key_id)

    def _read_again(self, now: float, again_after: timedelta) -> Future[None] | None:
        """The reading that goes on, or begins now; none where it is too soon for another."""
        with self._lock:
            if self._reading and not self._reading.done():
                return self._reading
            if now - self._asked_at < min(again_after, self._again_after).total_seconds():
                return None
            self._asked_at = now
            self._reading = self._reader.submit(self._read)
            return self._reading

    def _read(self) -> None:
        self._keys = _keys_in(self._text())
        self._read_at = time.monotonic()

    def _text(self) -> bytes:
        if self._address is None:
            return Path(self.place).read_bytes()
        with urllib.request.urlopen(self._address, timeout=_FETCHING.total_seconds()) as answer:  # noqa: S310 - checked by `_address`
            text: bytes = answer.read(_LARGEST_BYTES)
            return text


def _address(place: str) -> str | None:
    parts = urlsplit(place)
    if parts.scheme not in {"http", "https"}:
        return None
    if parts.scheme == "http" and parts.hostname not in _OURS:
        raise SettingsError(
            f"identity_keys: {place}: keys that come in the clear may be anybody's. Allowed: https://…, or a file."
        )
    return place


def _keys_in(text: bytes) -> dict[str | None, Any]:
    """Every key for signatures in a published set (RFC 7517), by its id. Raises `ValueError`."""
    published = json.loads(text)
    listed = published.get("keys") if isinstance(published, dict) else None
    if not isinstance(listed, list):
        msg = "it is no JSON Web Key Set"
        raise ValueError(msg)
    found: dict[str | None, Key] = {}
    for each in listed:
        if isinstance(each, dict) and each.get("use", "sig") == "sig":
            try:
                found[each.get("kid")] = JWKRegistry.import_key(each)
            except (JoseError, ValueError, TypeError, KeyError):
                continue  # of a kind that is not known here, beside others that are
    if not found:
        msg = "there is no key for signatures in it"
        raise ValueError(msg)
    return found
