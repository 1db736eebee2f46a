"""The settings of mail that comes in."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class MailSettings(BaseSettings):
    """Where mail comes in, and where what is kept of it lies."""

    mail_folder: Path | None = Field(
        None, description="Mail folder (Maildir) that `uphold mail read` reads."
    )
    mail_imap_host: str | None = Field(
        None, description="IMAP server (TLS) that `uphold mail read` reads, in place of a folder."
    )
    mail_imap_port: int = Field(993, ge=1, le=65535, description="Port of the IMAP server.")
    mail_imap_username: str | None = Field(None, description="User name at the IMAP server.")
    mail_imap_password: SecretStr | None = Field(
        None,
        description="Password at the IMAP server; without one it is a token of `smtp_oauth_authority`. Never logged or"
        " printed.",
    )
    mail_imap_folder: str = Field(
        "INBOX", min_length=1, description="Folder of that mailbox in which mail comes in."
    )
    mail_kept: Path = Field(
        Path("var/mail"),
        description="Folder for attachments, each under its SHA-256, and for the tray of mail that nobody could place.",
    )
    mail_openings_a_day: int = Field(
        5,
        ge=1,
        description="How many complaints one sender may open by mail in a day (UTC): what more comes waits in the tray.",
    )
    bounce_secret: SecretStr | None = Field(
        None,
        min_length=20,
        description="Secret by which the letter is named in `bounces_address`: with it nobody else can make up word that"
        " a letter did not arrive. The same for workers and for `uphold mail`. Never logged or printed.",
    )
