"""The port through which notices leave, and which adapter the settings choose.

Owns what a channel is asked and how it fails. The adapters are in the modules beside this one.
"""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

__all__ = ["Channel", "ChannelSettings", "PermanentRefusal", "TemporaryFailure", "open_channel"]


class PermanentRefusal(Exception):
    """The message will never be taken. `reason` is for staff, `code` is safe to log."""

    def __init__(self, reason: str, code: str = "refused") -> None:
        """`reason` may name the fault of an address, never the address."""
        self.reason, self.code = reason, code
        super().__init__(reason)


class TemporaryFailure(Exception):
    """The message was not taken now; worth another try. `code` is safe to log."""

    def __init__(self, reason: str, code: str = "unavailable") -> None:
        """`reason` is for an operator."""
        self.reason, self.code = reason, code
        super().__init__(reason)


class Channel(Protocol):
    """A way out for messages."""

    @property
    def name(self) -> str:
        """What the ledger calls this channel."""

    async def send(self, message: EmailMessage, *, patience_seconds: float | None = None) -> None:
        """Return once the message is safely handed over.

        `patience_seconds` bounds everything before the hand-over itself; without it the
        channel's own limits hold. Raises `PermanentRefusal` or `TemporaryFailure`.
        """

    async def find(self, message_id: str) -> bool | None:
        """Whether a message of this id was handed over; None when the channel cannot know."""


class ChannelSettings(Protocol):
    """The settings that say how notices leave (see `engine.settings`)."""

    @property
    def channel(self) -> str:
        """`maildir` or `smtp`."""

    @property
    def maildir(self) -> Path:
        """The mail folder."""

    @property
    def smtp_host(self) -> str | None:
        """The mail server."""

    @property
    def smtp_port(self) -> int:
        """Its port."""

    @property
    def smtp_username(self) -> str | None:
        """The user name there, if it asks for one."""

    @property
    def smtp_password(self) -> SecretStr | None:
        """The password there."""

    @property
    def smtp_tls(self) -> str:
        """`none`, `starttls` or `tls`."""

    @property
    def smtp_timeout_seconds(self) -> float:
        """The longest wait for one step."""


def open_channel(settings: ChannelSettings) -> Channel:
    """The channel that the settings choose. Raises `ValueError` for one that does not exist."""
    if settings.channel == "maildir":
        from activities.channels.maildir import MaildirChannel

        return MaildirChannel(settings.maildir)
    if settings.channel == "smtp":
        from activities.channels.smtp import SmtpChannel, Tls

        password = settings.smtp_password
        return SmtpChannel(
            settings.smtp_host or "localhost",
            settings.smtp_port,
            tls=Tls(settings.smtp_tls),
            username=settings.smtp_username,
            password=password.get_secret_value() if password else None,
            timeout_seconds=settings.smtp_timeout_seconds,
        )
    raise ValueError(f"channel is {settings.channel!r}; allowed: maildir, smtp")
