"""What a login leaves on a machine: the token that is sent, and beside it what renews it.

Owns both files, for their owner's eyes alone, and when a token is renewed. Loads HTTP only where one is.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from identity.claims import claims_of
from sealing.whole_files import write_whole

if TYPE_CHECKING:
    from identity.provider.device import Given, Sends

_BEFORE: Final = 30
"""Seconds before its end in which a token is renewed: it has to be good when it arrives."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """What renews a token: where, for which client, and by what."""

    issuer: str
    address: str
    client_id: str
    sends: Sends
    secret: str


def keep(token: str, file: Path, renewal: Renewal | None = None) -> None:
    """Write them where only their owner reads them; what renewed another token goes."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = _beside(file)
    if renewal is None:
        beside.unlink(missing_ok=True)
    else:
        write_whole(beside, json.dumps(asdict(renewal)))
    write_whole(file, token + "\n")


def good_token(file: Path) -> str | None:
    """The token in the file, renewed where it has ended and can be; none where there is no such file.

    Raises `LoginFailed` where it cannot be read, or has ended and the provider renews it no longer or does not answer.
    """
    token = _read(file)
    if token is None or not _is_over(token) or not _beside(file).exists():
        return token
    with locked(file.parent):
        token = _read(file)  # another process may have renewed it meanwhile
        return _renewed(file) if token and _is_over(token) else token


def _renewed(file: Path) -> str:
    from identity.provider.device import LoginFailed

    try:
        had = Renewal(**json.loads(_beside(file).read_text(encoding="utf-8")))
        given = _given(had)
    except (LoginFailed, OSError, ValueError, TypeError) as error:
        raise LoginFailed(
            f"Nothing was sent: your login has ended, and is not renewed. {error} Log in again: uphold login"
        ) from None
    keep(given.token, file, replace(had, secret=given.renewal or had.secret))
    return given.token


def _given(had: Renewal) -> Given:
    from identity.provider.asking import Away
    from identity.provider.device import LoginFailed, renew

    try:
        return renew(had.address, had.client_id, had.secret, had.sends)
    except Away as error:
        raise LoginFailed(f"{had.issuer} does not answer ({error}).") from None


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Within the block no other process is within its own, for the same folder."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.renewal")


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        from identity.provider.device import LoginFailed

        raise LoginFailed(
            f"The token in {file} cannot be read: {error}. `uphold login` writes one, to the file of UPHOLD_TOKEN_FILE."
        ) from None


def _is_over(token: str) -> bool:
    ends = claims_of(token).get("exp")
    return isinstance(ends, int | float) and ends - _BEFORE <= time.time()
