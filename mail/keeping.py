"""What is kept of mail: attachments by the digest of their content, what nobody can place, and who opened how much.

Owns these folders, and the words that are put on record in place of a message. Everything is written whole or not at
all, and writing it again changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from domain.complaint.views.keeping import FILES_BELOW
from mail.message import Attachment, Incoming
from sealing.whole_files import write_whole

SAID_LIMIT = 9_000
"""Characters of a message's words that are put on record."""
HEAD_LIMIT = 500
LISTED = 20
"""Files that are kept and put on record by name; with more, the whole message is kept, which holds them all."""
NUMBER = 10
"""How many figures of a message's digest it is asked for by in the tray."""
DAYS = 7
"""For how many days it is kept who opened complaints."""


class Attachments:
    """A folder of files, each under the SHA-256 of its content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, attachment: Attachment) -> Path:
        """Keep the file, and return where it is."""
        digest = attachment.sha256
        path = self._folder / digest[:2] / digest
        if not path.exists():
            _write(path, attachment.content)
        return path

    def on_record(self, message: Incoming) -> str:
        """The message in words, and what is attached. Its files are kept, and the whole where not all of it is told."""
        name, address = message.sender
        who = f"{name or address} ({address})" if address else name or "somebody unnamed"
        head = f"E-mail from {who}: {message.header('Subject')}"
        words, files, sure = _contents(message)
        listed = [f"- {_short(each.name, 100)}: {self.keep(each).name}" for each in files[:LISTED]]
        if len(files) > LISTED:
            listed.append(f"- and {len(files) - LISTED} more, which are in the whole message")
        untold = len(words) > SAID_LIMIT or len(head) > HEAD_LIMIT or len(files) > LISTED
        if untold or not sure or not (words or files):
            whole = self.keep(Attachment("", message.content)).name
            listed.append(f"- the whole message: {whole}")
        if len(words) > SAID_LIMIT:
            words = f"{words[:SAID_LIMIT]}\n\n[It goes on: the whole message is kept, see below.]"
        end = [FILES_BELOW + "\n" + "\n".join(listed)] if listed else []
        return "\n\n".join([_short(head, HEAD_LIMIT), words, *end])


def _contents(message: Incoming) -> tuple[str, tuple[Attachment, ...], bool]:
    try:
        return message.text, message.attachments, message.sure
    except Exception:  # noqa: BLE001 - what a body in nobody's form does to its reader; the whole is kept
        return "", (), False


def _short(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message in the tray: `number` is what it is asked for by, `why` is why nobody could place it."""

    number: str
    why: str
    message: Incoming


class Tray:
    """A folder of messages that wait for a person to say what they are about."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, message: Incoming, why: str) -> str:
        """Keep the message, once, and return the number that it has; what waits there keeps its first reason."""
        number = message.digest[:NUMBER]
        if (self._folder / f"{number}.json").exists():
            return number
        _write(self._folder / f"{number}.eml", message.content)
        about = {"why": why, "received_at": message.received_at.isoformat()}
        _write(self._folder / f"{number}.json", json.dumps(about).encode())
        return number

    def waiting(self) -> Iterator[Waiting]:
        """Every message that waits, in the order of when it came."""
        found = []
        for path in self._folder.glob("*.json") if self._folder.is_dir() else ():
            with suppress(FileNotFoundError):  # somebody else is done with it by now
                about = json.loads(path.read_text(encoding="utf-8"))
                at = datetime.fromisoformat(about["received_at"])
                content = path.with_suffix(".eml").read_bytes()
                found.append(Waiting(path.stem, about["why"], Incoming(content, at)))
        yield from sorted(found, key=lambda each: each.message.received_at)

    def take(self, number: str) -> Waiting | None:
        """The message of that number; none where none waits under it."""
        return next((each for each in self.waiting() if each.number == number), None)

    def path(self, number: str) -> Path:
        """Where the message of that number lies, as it came."""
        return self._folder / f"{number}.eml"

    def done(self, number: str) -> None:
        """The message of that number waits no more."""
        # What says that it waits goes first: a message alone is no entry.
        for ending in ("json", "eml"):
            (self._folder / f"{number}.{ending}").unlink(missing_ok=True)


class Openings:
    """A folder of which messages of whom opened complaints on which day: a machine that answers us is found by it."""

    def __init__(self, folder: Path, most: int) -> None:
        """`most` is how many complaints one sender may open by mail in one day (UTC)."""
        self._folder, self.most = folder, most

    def allow(self, message: Incoming) -> bool:
        """Whether the message may open a complaint: it did so before, or its sender has not opened that many."""
        opened = self._opened(message)
        return message.digest in opened or len(opened) < self.most

    def day_of(self, message: Incoming) -> date | None:
        """The day (UTC) on which the message opened a complaint, by another copy too; none where it did not."""
        for path in sorted(self._folder.glob(f"*/{self._path(message).name}")):
            if message.digest in path.read_text(encoding="ascii").split():
                return date.fromisoformat(path.parent.name)
        return None

    def count(self, message: Incoming) -> None:
        """The message has opened a complaint. Days long past are forgotten."""
        opened = self._opened(message)
        if message.digest not in opened:
            _write(self._path(message), "\n".join([*opened, message.digest]).encode())
        for day in sorted(self._folder.iterdir())[:-DAYS]:
            shutil.rmtree(day)

    def _opened(self, message: Incoming) -> list[str]:
        path = self._path(message)
        return path.read_text(encoding="ascii").split() if path.exists() else []

    def _path(self, message: Incoming) -> Path:
        sender = hashlib.sha256(message.sender[1].encode()).hexdigest()
        return self._folder / message.received_at.date().isoformat() / sender


def _write(path: Path, content: bytes) -> None:
    for folder in reversed((path.parent, *path.parent.parents)):
        folder.mkdir(mode=0o700, exist_ok=True)
    write_whole(path, content)
