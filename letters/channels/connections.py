"""Connections to one mail server: opened, signed in, and used again while they are warm.

Owns how many there are and how long one is kept for the next letter. What the server's answers mean is in
`smtp`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import StrEnum

import aiosmtplib

CONNECTIONS = 8
KEPT_SECONDS = 20.0
"""How long a connection is kept for the next letter: most servers hang up after a minute or more."""


class Tls(StrEnum):
    """How the connection is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class Connections:
    """At most eight connections to one mail server at a time."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        tls: Tls = Tls.STARTTLS,
        username: str | None = None,
        password: str | None = None,
        token: Callable[[], Awaitable[str]] | None = None,
        timeout_seconds: float = 20.0,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        """`timeout_seconds` is the longest wait for one answer; `tls_context` whom to trust."""
        self._host, self._port, self._tls = host, port, tls
        self._username, self._password, self._token = username, password, token
        self._timeout, self._tls_context = timeout_seconds, tls_context
        self._free = asyncio.Semaphore(CONNECTIONS)
        self._warm: deque[tuple[aiosmtplib.SMTP, asyncio.TimerHandle]] = deque()

    async def acquire(self) -> None:
        """Wait until one more connection may be used; `release` gives it back."""
        await self._free.acquire()

    def release(self) -> None:
        """One connection fewer is in use."""
        self._free.release()

    def warm(self) -> aiosmtplib.SMTP | None:
        """A connection that an earlier letter left open, the last used first; the server may have hung up."""
        while self._warm:
            client, cooling = self._warm.pop()
            cooling.cancel()
            if client.is_connected:
                return client
        return None

    async def fresh(self) -> aiosmtplib.SMTP:
        """A new connection, signed in. Raises what `aiosmtplib` raises."""
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._username,
            password=self._password,
            oauth_token_generator=self._token,
            timeout=self._timeout,
            use_tls=self._tls is Tls.TLS,
            start_tls=self._tls is Tls.STARTTLS,
            tls_context=self._tls_context,
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                with suppress(
                    aiosmtplib.SMTPHeloError
                ):  # an old server says HELO, and has no limits
                    await client.ehlo()
        except BaseException:
            client.close()
            raise
        return client

    def keep(self, client: aiosmtplib.SMTP) -> None:
        """Leave the connection open for the next letter, for a while."""
        if not client.is_connected:
            client.close()
            return
        loop = asyncio.get_running_loop()
        self._warm.append((client, loop.call_later(KEPT_SECONDS, self._cooled, client)))

    def _cooled(self, client: aiosmtplib.SMTP) -> None:
        self._warm = deque(each for each in self._warm if each[0] is not client)
        client.close()

    async def close(self) -> None:
        """Take leave of the server on every connection that is kept."""
        while client := self.warm():
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit()
            client.close()
