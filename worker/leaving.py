"""How notices leave, as the settings say: the channel, whom they come from, and an organisation's own words.

Those are checked when a worker starts: no letter waits for a slip in them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from charters.files import CharterBook
from charters.pinning import pinned_rules
from domain.charter.rules import Rules
from domain.errors import UpholdError
from engine.errors import SettingsError
from engine.settings import Settings
from letters.channels.connections import Connections, Tls
from letters.channels.maildir import MaildirChannel
from letters.channels.notify.channel import NotifyChannel
from letters.channels.notify.client import NotifyClient
from letters.channels.oauth import Tokens
from letters.channels.port import Channel, Way
from letters.channels.smtp import SmtpChannel
from letters.envelope import Sender
from letters.specimens.checking import slips
from letters.specimens.player import RECEIVED


def sender_of(settings: Settings) -> Sender:
    """Whom notices come from. Raises `SettingsError` for an address that is none."""
    secret = settings.bounce_secret
    try:
        return Sender(
            settings.sender_address,
            settings.sender_name,
            replies=settings.replies_address,
            bounces=settings.bounces_address,
            secret=secret.get_secret_value() if secret else None,
        )
    except ValueError as error:
        raise SettingsError(f"sender_address, replies_address, bounces_address: {error}.") from None


@asynccontextmanager
async def open_channel(settings: Settings) -> AsyncIterator[Channel]:
    """The channel that the settings choose, until the block ends."""
    channel = channel_of(settings)
    try:
        yield channel
    finally:
        await channel.close()


def channel_of(settings: Settings) -> Channel:
    """The channel that the settings choose."""
    if settings.channel == "maildir":
        return MaildirChannel(settings.maildir)
    if settings.channel == "notify":
        return NotifyChannel(
            notify_client(settings), _templates(settings), own_words=settings.letters_dir
        )
    return SmtpChannel(connections_to(settings))


def connections_to(settings: Settings) -> Connections:
    """Connections to the mail server that the settings name."""
    password, tokens = settings.smtp_password, tokens_of(settings)
    return Connections(
        settings.smtp_host or "localhost",
        settings.smtp_port,
        tls=Tls(settings.smtp_tls),
        username=settings.smtp_username,
        password=password.get_secret_value() if password else None,
        token=tokens.get if tokens else None,
        timeout_seconds=settings.smtp_timeout_seconds,
    )


def tokens_of(settings: Settings) -> Tokens | None:
    """What a mail server is shown in place of a password; none where that is not set."""
    authority, client_id = settings.smtp_oauth_authority, settings.smtp_oauth_client_id
    secret = settings.smtp_oauth_client_secret
    if not (authority and client_id and secret):
        return None
    return Tokens(authority, client_id, secret.get_secret_value(), settings.smtp_oauth_scope)


def notify_client(settings: Settings) -> NotifyClient:
    """GOV.UK Notify as the settings name it. Raises `SettingsError` without a key, and for one that is none."""
    key = settings.notify_api_key
    if key is None:
        raise SettingsError("notify_api_key must be set where GOV.UK Notify is asked.")
    try:
        return NotifyClient(key.get_secret_value(), url=settings.notify_url)
    except ValueError as error:
        raise SettingsError(f"notify_api_key: {error}.") from None


def _templates(settings: Settings) -> dict[Way, str]:
    given = {
        Way.EMAIL: settings.notify_email_template,
        Way.TEXT: settings.notify_text_template,
        Way.LETTER: settings.notify_letter_template,
    }
    return {way: template for way, template in given.items() if template}


def check_letters(settings: Settings) -> None:
    """Write every letter that the settings' own templates write, under every charter.

    Raises `SettingsError` for a slip, and for a charter that cannot be read.
    """
    folder = settings.letters_dir
    if folder is None:
        return
    try:
        found = slips(folder, every_rules(CharterBook(settings.charters_dir)))
    except UpholdError as error:
        raise SettingsError(f"letters_dir: its letters cannot be checked. {error}") from None
    if found:
        raise SettingsError("letters_dir: " + " ".join(str(each) for each in found))


def every_rules(book: CharterBook) -> Iterator[Rules]:
    """The rules of every charter, as a complaint that is received with the specimens has them."""
    for charter in book.ids():
        yield pinned_rules(book, charter, RECEIVED)
