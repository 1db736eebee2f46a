"""The doctor's look at what comes in: the mailbox, the tray, and word of letters that did not arrive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from engine.settings import Settings
from ledger.errors import LedgerError
from ledger.opening import open_sql_ledger
from ledger.port import NoticeState
from letters.channels.notify.outcomes import FAILED
from letters.channels.port import PermanentRefusal, TemporaryFailure
from mail.keeping import Tray
from mail.mailboxes import Mailbox, MailboxAway, mailbox_of
from operations.doctor.findings import Finding, note, well, wrong
from sealing.errors import SealingError
from sealing.ring import read_ring
from worker.leaving import notify_client, tokens_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

_READ_WITHIN: Final = timedelta(hours=1)
"""Mail that has waited for longer than this is read by nobody."""
_ASKED: Final = 500
"""Of how many messages of Notify the ledger is asked at most."""
_LEFT: Final = frozenset({NoticeState.ATTEMPTED, NoticeState.DELIVERED})
"""States of a letter of which nobody has heard yet that it did not arrive."""
_WHO_READS: Final = "Operators run `uphold mail read --every 60` (docs/operations.md)."
_WHO_ASKS: Final = "Operators run `uphold mail listen`, and `uphold mail outcomes` some times a day: it says what it cannot place."


async def look_at_incoming(settings: Settings) -> AsyncIterator[Finding]:
    """Whether mail that comes in can be read, whether somebody does, and what waits for people."""
    tokens = tokens_of(settings)
    mailbox = mailbox_of(settings, tokens.get if tokens else None)
    if mailbox is None:
        yield note(
            "incoming",
            "Neither UPHOLD_MAIL_FOLDER nor UPHOLD_MAIL_IMAP_HOST and _USERNAME are set here, so no mailbox was looked"
            " at.",
            "Where answers to letters come by mail, operators set them for `uphold mail read`, and run the doctor with"
            " them.",
        )
    else:
        yield await _of_mailbox(mailbox)
    yield await _of_tray(settings)


async def _of_mailbox(mailbox: Mailbox) -> Finding:
    """Reads the first message that waits, and leaves it as it is."""
    oldest = None
    try:
        async with aclosing(cast("AsyncGenerator[Any, None]", mailbox.messages())) as messages:
            async for taken in messages:
                oldest = taken.message.received_at
                break
    except MailboxAway as away:
        return wrong("incoming", str(away), "Operators correct it: mail waits meanwhile.")
    if oldest and datetime.now(UTC) - oldest > _READ_WITHIN:
        return wrong(
            "incoming", f"Mail has waited since {_at(oldest)}: nobody reads it.", _WHO_READS
        )
    return well("incoming", "Where mail comes in can be read, and none has waited for long.")


async def _of_tray(settings: Settings) -> Finding:
    folder = settings.mail_kept / "tray"
    try:
        waiting = await asyncio.to_thread(lambda: list(Tray(folder).waiting()))
    except (OSError, ValueError) as error:
        return wrong(
            "tray",
            f"{folder} cannot be read: {type(error).__name__}: {error}.",
            "Operators put that folder right: mail that nobody could place lies there.",
        )
    if not waiting:
        return well("tray", f"Nothing waits in {folder}.")
    return note(
        "tray",
        f"{'1 message waits' if len(waiting) == 1 else f'{len(waiting)} messages wait'} in {folder}, the oldest since"
        f" {_at(waiting[0].message.received_at)}.",
        "Staff see them with `uphold mail tray`, read one with `uphold mail show`, and say with `uphold mail place` or"
        " `uphold mail open` what each is about.",
    )


async def look_at_outcomes(settings: Settings) -> AsyncIterator[Finding]:
    """Whether somebody hears from GOV.UK Notify which letters did not arrive."""
    if settings.channel != "notify":
        yield well("outcomes", "Not looked at: GOV.UK Notify alone can be asked, and is not set.")
        return
    if settings.notify_callback_token is None:
        yield note(
            "outcomes",
            "UPHOLD_NOTIFY_CALLBACK_TOKEN is not set here: `uphold mail listen` needs it, and Notify shows it.",
            _WHO_ASKS,
        )
    try:
        unheard = await _unheard(settings)
    except (TemporaryFailure, PermanentRefusal) as error:
        yield wrong("outcomes", f"{error.reason.rstrip('.')}.", _WHO_ASKS)
    except (LedgerError, SealingError) as error:
        yield wrong("outcomes", str(error), "Operators look at the ledger and its keys.")
    else:
        yield (
            note(
                "outcomes",
                f"{unheard} of the letters of the last seven days did not arrive, and are not on record as such.",
                _WHO_ASKS,
            )
            if unheard
            else well(
                "outcomes", "Every letter that Notify could not deliver is on record as such."
            )
        )


async def _unheard(settings: Settings) -> int:
    """How many letters failed at Notify of which the record says otherwise."""
    ring = read_ring(settings.key_ring) if settings.key_ring else None
    client, found, asked = notify_client(settings), 0, 0
    try:
        async with open_sql_ledger(settings.ledger_url, ring) as ledger:
            async for each in client.in_states(FAILED):
                key = str(each.get("reference") or "")
                found += bool(key) and (await ledger.fate(key)).state in _LEFT
                asked += 1
                if asked == _ASKED:
                    break
    finally:
        await client.close()
    return found


def _at(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
