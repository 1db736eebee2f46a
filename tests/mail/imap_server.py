"""A small IMAP server on this machine for one test: what RFC 3501 needs of one that is read and sorted."""

from __future__ import annotations

import asyncio
import re
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tests.letters.channels.mail_server import server_tls

_LITERAL = b'* %d FETCH (UID %d INTERNALDATE "06-Oct-2026 09:30:00 +0100" BODY[] {%d}\r\n'


class Post:
    """The folders with their messages by number, and who may read them."""

    def __init__(self) -> None:
        self.port = 0
        self.folders: dict[str, dict[int, bytes]] = {"INBOX": {}}
        self.password: str | None = "let me in"
        self.token: str | None = None
        self.deleted: set[int] = set()
        self.next = 1
        self.hang_up: Callable[[], None] = lambda: None
        """Ends the conversation that there is."""

    def add(self, content: bytes) -> None:
        """One more message comes in."""
        self.folders["INBOX"][self.next] = content
        self.next += 1

    def answer(  # noqa: PLR0911 - one command, one answer
        self, command: str, rest: str
    ) -> list[bytes] | None:
        """The lines before the final one; none for what is refused."""
        inbox = self.folders["INBOX"]
        words = rest.replace('"', "").split()
        if command == "UID":
            return self._by_number(*rest.split(" ", 2))
        if command == "LOGOUT":
            return [b"* BYE\r\n"]
        if command in {"CAPABILITY", "NOOP"}:
            return [b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR\r\n"]
        if command == "LOGIN":
            good = self.password is not None and rest.endswith(f'"{self.password}"')
            return [] if good else None
        if command in {"SELECT", "EXAMINE"}:
            return [b"* %d EXISTS\r\n" % len(inbox), b"* OK [UIDVALIDITY 1]\r\n"]
        if command == "LIST":
            wanted = words[-1]
            found = [name for name in self.folders if wanted in {"*", name}]
            return [f'* LIST (\\HasNoChildren) "/" "{name}"\r\n'.encode() for name in found]
        if command == "CREATE":
            self.folders[words[0]] = {}
            return []
        if command == "EXPUNGE":
            for uid in self.deleted & inbox.keys():
                del inbox[uid]
            return []
        return None

    def _by_number(self, what: str, first: str, rest: str = "") -> list[bytes] | None:
        inbox = self.folders["INBOX"]
        if what.upper() == "SEARCH":
            return [f"* SEARCH {' '.join(map(str, inbox))}\r\n".encode()]
        uid = int(first)
        if uid not in inbox:
            return []
        if what.upper() == "FETCH":
            return [_LITERAL % (1, uid, len(inbox[uid])), inbox[uid], b")\r\n"]
        if what.upper() == "COPY":
            self.folders[rest.replace('"', "")][uid] = inbox[uid]
        elif what.upper() == "STORE":
            self.deleted.add(uid)
        return []

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation."""
        self.hang_up = writer.transport.abort
        writer.write(b"* OK ready\r\n")
        while line := (await reader.readline()).decode().strip():
            tag, command, *rest = [*line.split(" ", 2), ""]
            if command.upper() == "AUTHENTICATE":
                writer.write(b"+ \r\n")
                said = b64decode(await reader.readline()).decode()
                known = bool(self.token and re.search(f"auth=Bearer {self.token}\x01", said))
                lines: list[bytes] | None = [] if known else None
            else:
                lines = self.answer(command.upper(), rest[0])
            end = b" OK done\r\n" if lines is not None else b" NO refused\r\n"
            writer.write(b"".join(lines or []) + tag.encode() + end)
            await writer.drain()
            if command.upper() == "LOGOUT":
                break
        writer.close()


@asynccontextmanager
async def imap_server() -> AsyncIterator[Post]:
    """The post of such a server until the block ends."""
    post = Post()
    listening = await asyncio.start_server(post.converse, "127.0.0.1", 0, ssl=server_tls())
    post.port = listening.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        listening.close()
