"""The doctor's look at what stands around a worker: settings, who acts, the mail server, the disk."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import aiosmtplib

from engine.errors import EngineError
from engine.settings import Settings
from ledger.databases.urls import SqliteAddress, parse_address
from letters.channels.port import PermanentRefusal, TemporaryFailure
from operations.doctor.findings import Finding, note, well, wrong
from worker.door import door_of, with_issuer_beside
from worker.leaving import connections_to, notify_client

_PROBED_BY: Final = "doctor"
_LEAST_FREE: Final = 1 << 30
"""Bytes: below this a ledger or an outbox may be full before anybody looks again."""


async def look_at_settings(settings: Settings) -> AsyncIterator[Finding]:
    """Whether what is set is fit for complaints of real people."""
    yield well("settings", "They can be read, and none is unknown.")
    if settings.key_ring is None:
        yield note(
            "settings",
            "UPHOLD_KEY_RING is not set, so nothing is sealed: whoever reads the server's database reads every"
            " complaint.",
            "Operators make a key ring with `uphold keys rotate` and set it for every worker and app.",
        )
    if settings.identity == "off":
        yield note(
            "settings",
            "Identity is off: whoever reaches the Temporal server acts as anybody.",
            "Operators set UPHOLD_IDENTITY_ISSUER and UPHOLD_IDENTITY_KEYS, and UPHOLD_IDENTITY=tokens.",
        )
    if settings.ledger_url == "memory://":
        yield wrong(
            "settings",
            "The ledger is in memory and ends with its worker.",
            "Operators set UPHOLD_LEDGER_URL to a database.",
        )


async def look_at_identity(settings: Settings) -> AsyncIterator[Finding]:
    """Whether the keys by which tokens are proven can be read."""
    try:
        door = await asyncio.to_thread(door_of, with_issuer_beside(settings))
        await door.require_keys()
    except EngineError as error:
        yield wrong(
            "identity",
            str(error),
            "Until that is put right nobody can act: operators correct it, with whoever runs the issuer.",
        )
        return
    if door.verifier:
        yield well("identity", f"The keys of {door.verifier.issuer} can be read.")


async def look_at_mail(settings: Settings) -> AsyncIterator[Finding]:
    """Whether letters could leave: greeting, encryption, signing in. Nothing is sent."""
    if settings.channel == "notify":
        async for finding in _look_at_notify(settings):
            yield finding
        return
    if settings.channel != "smtp":
        yield note(
            "mail",
            f"Letters stay in the folder {settings.maildir}: nobody gets them.",
            "Operators set UPHOLD_CHANNEL=smtp and the mail server.",
        )
        return
    place, client = f"{settings.smtp_host}:{settings.smtp_port}", None
    try:
        client = await connections_to(settings).fresh()
        await client.quit()
    except TemporaryFailure as error:
        yield wrong("mail", error.reason, _WHO_MAILS["token"])
    except (aiosmtplib.SMTPException, OSError) as error:
        yield wrong("mail", f"{_of_mail(place, error)}", _WHO_MAILS[_kind(error)])
    else:
        how = {"none": "without encryption", "starttls": "with STARTTLS", "tls": "over TLS"}
        signed = f", and takes {settings.smtp_username}" if settings.smtp_username else ""
        yield well("mail", f"{place} answers {how[settings.smtp_tls]}{signed}.")
    finally:
        if client:
            client.close()


async def _look_at_notify(settings: Settings) -> AsyncIterator[Finding]:
    """Whether GOV.UK Notify knows the key. Nothing is sent."""
    client = notify_client(settings)
    try:
        await client.of_reference(_PROBED_BY)
    except (TemporaryFailure, PermanentRefusal) as error:
        yield wrong("mail", f"{error.reason}.".replace("..", "."), _WHO_MAILS["notify"])
    else:
        yield well("mail", "GOV.UK Notify answers, and knows the key.")
    finally:
        await client.close()


_WHO_MAILS: Final = {
    "password": "Operators correct UPHOLD_SMTP_USERNAME and UPHOLD_SMTP_PASSWORD. Letters wait meanwhile.",
    "token": "Operators correct UPHOLD_SMTP_OAUTH_AUTHORITY, _CLIENT_ID and _CLIENT_SECRET. Letters wait meanwhile.",
    "notify": "Operators correct UPHOLD_NOTIFY_API_KEY, or look whether Notify is up. Letters wait meanwhile.",
    "other": "Operators look at UPHOLD_SMTP_HOST, _PORT and _TLS, and at the mail server. Letters wait meanwhile.",
}


def _kind(error: Exception) -> str:
    return "password" if isinstance(error, aiosmtplib.SMTPAuthenticationError) else "other"


def _of_mail(place: str, error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return f"{place} does not take the user name and password ({error.code})."
    return f"{place} does not answer as it must: {type(error).__name__}: {error}."


async def look_at_disks(settings: Settings) -> AsyncIterator[Finding]:
    """Whether there is room where this machine keeps ledger and letters."""
    folders: dict[str, Path] = {}
    address = parse_address(settings.ledger_url)
    if isinstance(address, SqliteAddress):
        folders["the ledger"] = address.file.parent
    if settings.channel == "maildir":
        folders["the outbox"] = settings.maildir
    for what, folder in folders.items():
        there = next((each for each in (folder, *folder.absolute().parents) if each.exists()), None)
        if there is None:
            continue
        free = shutil.disk_usage(there).free
        room = f"{free / (1 << 30):.1f} GB are free for {what} ({there})."
        yield (
            well("disk", room)
            if free >= _LEAST_FREE
            else wrong("disk", room, "Operators make room: what cannot be recorded waits.")
        )
