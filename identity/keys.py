"""The keys that an issuer publishes, kept and read anew.

Owns where they are read (a file, an address, or where a provider says), for how long they are good, and how often
an unknown one makes them be read again. Never holds up whoever asks for a key longer than a second.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Final

import structlog
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from engine.errors import IssuerUnreachable, SettingsError
from identity.provider.asking import Away, fault_of, is_address, read
from identity.provider.discovery import described_at, discover

_log = structlog.stdlib.get_logger("identity")
_WAITING: Final = timedelta(seconds=1)
"""A workflow task that takes two seconds is thought to hang."""
_GOOD_FOR: Final = timedelta(minutes=5)
"""A key that its issuer takes back is no longer good after that."""
_FAULTS: Final = (OSError, ValueError, JoseError)


class PublishedKeys:
    """The keys at one place, by their ids."""

    def __init__(self, place: str, again_after: timedelta, *, issuer: str | None = None) -> None:
        """`place` is a file or an HTTPS address; an unknown key is looked for again after `again_after`.

        Raises `SettingsError` for an address from which keys could be put in by others.
        """
        self.place, self._again_after, self._issuer = place, again_after, issuer
        self.remote = is_address(place)
        """Whether it is read over the network, so that it may be away."""
        if self.remote and (fault := fault_of(place)):
            raise SettingsError(
                f"{'identity_issuer' if issuer else 'identity_keys'}: {place}: {fault}."
            )
        self.fault = ""
        """Why they could not be read the last time; empty where they could."""
        self._keys: dict[str | None, Any] = {}
        self._read_at = self._asked_at = float("-inf")
        self._read_on: datetime | None = None
        self._lock = Lock()
        self._reading: Future[None] | None = None
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="identity-keys")

    @classmethod
    def of(cls, issuer: str, again_after: timedelta) -> PublishedKeys:
        """Those of an OpenID Connect provider, wherever it says at each reading that they are."""
        return cls(described_at(issuer), again_after, issuer=issuer)

    @property
    def told(self) -> str:
        """Which keys are known, for whoever shows another."""
        if not self.fault:
            return f"those at {self.place}"
        if self._read_on is None:
            return f"none: those at {self.place} cannot be read: {self.fault}"
        read = f"those at {self.place}, read {self._read_on:at %H:%M UTC on %-d %B %Y}"
        return f"{read}; since then they cannot be read: {self.fault}"

    def require(self) -> None:
        """Return when they were read lately, or can be read now.

        Raises `IssuerUnreachable` where they may be later, and `SettingsError` where something is wrong there.
        """
        if not self._stale(time.monotonic()):
            return
        reading = self._read_again(time.monotonic(), timedelta())
        try:
            if reading:
                reading.result()
        except Away as error:
            known = " Those that are known go on being good." if self._keys else ""
            raise IssuerUnreachable(
                f"The keys of the issuer at {self.place} cannot be read: {error}.{known}"
            ) from None
        except _FAULTS as error:
            which = "identity_issuer" if self._issuer else "identity_keys"
            raise SettingsError(f"{which}: {self.place} cannot be read: {error}.") from None

    def get(self, key_id: str | None, *, other_than: Any = None) -> Any:
        """The key of that id, or the only one where none is named; none where it is not published.

        `other_than` is what a signature does not fit: an issuer may have put another in its place.
        """
        found = self._get(key_id, other_than)
        return None if found is other_than else found

    def _get(self, key_id: str | None, other_than: Any) -> Any:
        known = self._found(key_id)
        known = None if known is other_than else known
        now = time.monotonic()
        if known is not None and not self._stale(now):
            return known
        reading = self._read_again(now, _GOOD_FOR if known is not None else self._again_after)
        if reading is None:
            return known
        try:
            reading.result(_WAITING.total_seconds())
        except NotInTime:
            return known
        except _FAULTS as error:
            _log.warning("published keys not read", place=self.place, reason=str(error))
        return self._found(key_id)

    def _stale(self, now: float) -> bool:
        return now - self._read_at > _GOOD_FOR.total_seconds()

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
        try:
            self._keys = _keys_in(self._text())
        except _FAULTS as error:
            self.fault = str(error)
            raise
        self.fault, self._read_at, self._read_on = "", time.monotonic(), datetime.now(UTC)

    def _text(self) -> bytes:
        if self._issuer is not None:
            return read(discover(self._issuer).keys).body
        return read(self.place).body if self.remote else Path(self.place).read_bytes()


def _keys_in(text: bytes) -> dict[str | None, Any]:
    """Every key for signatures in a published set (RFC 7517), by its id. Raises `ValueError`."""
    published = json.loads(text)
    listed = published.get("keys") if isinstance(published, dict) else None
    if not isinstance(listed, list):
        msg = "it is no JSON Web Key Set"
        raise ValueError(msg)
    found: dict[str | None, Key] = {}
    for each in listed:
        if isinstance(each, dict) and each.get("use", "sig") == "sig" and not _is_over(each):
            try:
                found[each.get("kid")] = JWKRegistry.import_key(each)
            except (JoseError, ValueError, TypeError, KeyError):
                continue  # of a kind that is not known here, beside others that are
    if not found:
        msg = "there is no key for signatures in it"
        raise ValueError(msg)
    return found


def _is_over(key: dict[str, Any]) -> bool:
    """Whether its issuer said until when it is good, and that is past: nobody has to take it out on the minute."""
    ends = key.get("exp")
    return isinstance(ends, int | float) and ends < time.time()
