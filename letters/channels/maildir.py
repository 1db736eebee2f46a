"""A mail folder on disk: each notice becomes a file that any mail reader opens.

Owns the files of one Maildir. A message is written under `tmp`, made durable, and moved to `new`
in one step, under a name that follows from its Message-ID: delivering it twice leaves one file.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import re
from pathlib import Path

from letters.channels.port import Mail, TemporaryFailure, Way

_UNFIT = re.compile(r"[^A-Za-z0-9@=_+-]+")


class MaildirChannel:
    """Delivers into the mail folder at `folder`, which is made when it is first needed."""

    name = "maildir"
    ways = frozenset({Way.EMAIL})

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def send(self, mail: Mail, *, patience_seconds: float | None = None) -> None:
        """Return once the message is on disk; a message that is there already is left alone.

        A disk waits for nobody, so patience makes no difference. Raises `TemporaryFailure` when
        the folder cannot be written.
        """
        del patience_seconds
        # A thread cannot be stopped half-way: should the waiting be given up, the file is
        # completed all the same, and found by the next attempt.
        await asyncio.to_thread(self._deliver, mail)

    async def find(self, message_id: str, key: str = "") -> bool | None:
        """Whether the message lies in the folder, read or unread."""
        del key
        return await asyncio.to_thread(self._find, file_name(message_id))

    async def close(self) -> None:
        """Nothing is kept open."""

    def _deliver(self, mail: Mail) -> None:
        name, content = file_name(mail.message_id), mail.content.replace(b"\r\n", b"\n")
        try:
            if self._find(name):
                return
            # Its own name under `tmp`, for two workers may deliver the same notice at once.
            draft = self.folder / "tmp" / f"{name}.{os.getpid()}.{os.urandom(8).hex()}"
            try:
                _write_durably(draft, content)
            except FileNotFoundError:
                self._make_folders()
                _write_durably(draft, content)
            draft.replace(self.folder / "new" / name)
            _make_durable(self.folder / "new")
        except OSError as error:
            code = errno.errorcode.get(error.errno or 0, "disk")
            raise TemporaryFailure(f"the mail folder: {error.strerror or error}", code) from error

    def _find(self, name: str) -> bool:
        if (self.folder / "new" / name).exists():
            return True
        # A mail reader moves what it has seen to `cur` and adds flags behind a colon.
        try:
            with os.scandir(self.folder / "cur") as seen:
                return any(one.name.partition(":")[0] == name for one in seen)
        except (FileNotFoundError, NotADirectoryError):
            return False

    def _make_folders(self) -> None:
        for part in ("new", "cur", "tmp"):  # the last one says that all are there
            (self.folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)


def file_name(message_id: str) -> str:
    """The name of a message's file: readable, and different for different Message-IDs."""
    readable = _UNFIT.sub(".", message_id).strip(".")[:120]
    return f"{readable}.{hashlib.sha256(message_id.encode()).hexdigest()[:16]}"


def _write_durably(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            file.write(content)
            os.fsync(descriptor)
    except OSError:
        path.unlink()
        raise


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
