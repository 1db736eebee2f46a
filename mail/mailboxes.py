"""Where mail comes in: a mail folder on disk, or a mailbox that is read by IMAP.

Owns the taking of one message after the other, and where each is put once it has been dealt with: only then
does it leave the place where it came in, so that nothing is lost when somebody is interrupted.
"""

from __future__ import annotations

import asyncio
import imaplib
import ssl
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from letters.channels.port import TemporaryFailure
from letters.plain_text import one_line
from mail.message import Incoming

if TYPE_CHECKING:
    from imap_tools.mailbox import MailBox

    from mail.settings import MailSettings

TIMEOUT_SECONDS = 60
REASON_LIMIT = 300
DONE = "Done"
"""The folder, within the mailbox, of what has been dealt with."""
_Result = TypeVar("_Result")


class MailboxAway(Exception):
    """Where mail comes in cannot be read, or not now. What it says is for an operator."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message, and how it is put away once it has been dealt with."""

    message: Incoming
    put_away: Callable[[], Awaitable[None]]


class Mailbox(Protocol):
    """Somewhere that mail comes in."""

    def messages(self) -> AsyncGenerator[Taken]:
        """Every message that has not been dealt with, in the order in which they came.

        It raises `MailboxAway`, and so does putting one away.
        """


class FolderMailbox:
    """A mail folder (Maildir): what has been dealt with goes into its folder `.Done`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def messages(self) -> AsyncGenerator[Taken]:
        """As `Mailbox` says; a file that cannot be read is told of once all others have been dealt with."""
        unread: MailboxAway | None = None
        for path in await self._done(self._waiting):
            try:
                content, at = await self._done(partial(_read, path))
            except MailboxAway as away:
                unread = away if path.exists() else unread  # else somebody else has taken it
                continue
            yield Taken(Incoming(content, at), partial(self._done, partial(self._put_away, path)))
        if unread:
            raise unread

    async def _done(self, work: Callable[[], _Result]) -> _Result:
        try:
            return await asyncio.to_thread(work)
        except OSError as error:
            raise MailboxAway(
                f"The mail folder {self._folder} cannot be read: {error}. It is the setting mail_folder."
            ) from error

    def _waiting(self) -> list[Path]:
        found = []
        for path in (path for part in ("new", "cur") for path in (self._folder / part).iterdir()):
            with suppress(FileNotFoundError):  # somebody else has taken it
                if path.is_file() and not path.name.startswith("."):
                    found.append((path.stat().st_mtime, path.name, path))
        return [path for *_, path in sorted(found)]

    def _put_away(self, path: Path) -> None:
        for part in ("cur", "new", "tmp"):
            (self._folder / f".{DONE}" / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        name = path.name.partition(":")[0]
        path.replace(self._folder / f".{DONE}" / "cur" / f"{name}:2,S")


def _read(path: Path) -> tuple[bytes, datetime]:
    return path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)


@dataclass(frozen=True)
class ImapMailbox:
    """A folder of a mailbox that is read by IMAP over TLS: what has been dealt with goes into the folder `Done`."""

    host: str
    port: int
    username: str
    password: str | None = None
    token: Callable[[], Awaitable[str]] | None = None
    """Gives what the server takes in place of a password."""
    folder: str = "INBOX"
    tls_context: ssl.SSLContext | None = None

    async def messages(self) -> AsyncGenerator[Taken]:
        """As `Mailbox` says."""
        box = await self._opened()
        try:
            for uid in await self._done(lambda: box.uids("ALL")):
                message = await self._done(partial(_fetched, box, uid))
                if message is not None:  # nobody else has taken it meanwhile
                    yield Taken(message, partial(self._done, partial(_move, box, uid)))
        finally:
            await asyncio.to_thread(_leave, box)

    async def _done(self, work: Callable[[], _Result]) -> _Result:
        from imap_tools.errors import ImapToolsError

        try:
            return await asyncio.to_thread(work)
        except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
            raise self._away(error) from error

    def _away(self, error: Exception) -> MailboxAway:
        said = one_line(f"{type(error).__name__}: {error}", REASON_LIMIT)
        where = f"{self.folder} of {self.username} at {self.host}:{self.port}"
        return MailboxAway(
            f"The mailbox {where} cannot be read: {said}. See the settings mail_imap_…."
        )

    async def _opened(self) -> MailBox:
        try:
            token = await self.token() if self.token else None
        except TemporaryFailure as error:
            raise self._away(error) from error
        return await self._done(partial(self._signed_in, token))

    def _signed_in(self, token: str | None) -> MailBox:
        from imap_tools.mailbox import MailBox

        context = self.tls_context or ssl.create_default_context()
        box = MailBox(self.host, self.port, timeout=TIMEOUT_SECONDS, ssl_context=context)
        try:
            if token:
                box.xoauth2(self.username, token, initial_folder=self.folder)
            else:
                box.login(self.username, self.password or "", initial_folder=self.folder)
        except BaseException:
            box.client.shutdown()
            raise
        return box


def _leave(box: MailBox) -> None:
    """Take leave of the server, where it is still there, and let go of it."""
    from imap_tools.errors import ImapToolsError

    try:
        box.logout()
    except (OSError, imaplib.IMAP4.error, ImapToolsError):
        with suppress(OSError):
            box.client.shutdown()


def _fetched(box: MailBox, uid: str) -> Incoming | None:
    """The message of that number, its bytes as they came; nothing is marked as read."""
    answer = box.client.uid("fetch", uid, "(INTERNALDATE BODY.PEEK[])")[1]
    told = [part[0] if isinstance(part, tuple) else part for part in answer]
    for part in answer:
        if isinstance(part, tuple):
            return Incoming(part[1], _kept_at(told))
    return None


def _kept_at(told: list[bytes]) -> datetime:
    """When the server got a message, as it tells: the same each time that it is asked."""
    for line in filter(None, told):
        if at := imaplib.Internaldate2tuple(line):
            return datetime.fromtimestamp(time.mktime(at), UTC)
    return datetime.now(UTC)


def _move(box: MailBox, uid: str) -> None:
    if not box.folder.exists(DONE):
        box.folder.create(DONE)
    box.move(uid, DONE)


def mailbox_of(
    settings: MailSettings, token: Callable[[], Awaitable[str]] | None
) -> Mailbox | None:
    """Where mail comes in, as the settings say, or none; `token` gives what a server takes in place of a password."""
    if settings.mail_folder:
        return FolderMailbox(settings.mail_folder)
    if not (settings.mail_imap_host and settings.mail_imap_username):
        return None
    password = settings.mail_imap_password
    return ImapMailbox(
        settings.mail_imap_host,
        settings.mail_imap_port,
        settings.mail_imap_username,
        password=password.get_secret_value() if password else None,
        token=None if password else token,
        folder=settings.mail_imap_folder,
    )
