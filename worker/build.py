"""The composition root: the one place where complaints, effects and adapters are put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.client import Client

from activities.contracts import letters_queue
from activities.digests import Digests
from activities.keeping.erasing import ErasingByRetention
from activities.notifications import Notifications
from activities.pinning import Charters
from activities.proving import Proving
from activities.recording import Recording
from activities.sealing import Sealing
from charters.files import CharterBook
from engine.errors import LedgerUnreachable, LedgerUnready, SettingsError
from engine.settings import Settings
from identity.interceptors import ProvesUpdates
from identity.proving import Doorkeeper
from ledger.errors import BadLedgerUrl, LedgerError, LedgerUnavailable
from ledger.opening import open_ledger
from ledger.port import Ledger
from ledger.quality.figures import figures
from ledger.sql.ledger import SqlLedger
from letters.channels.port import Channel
from sealing.data_keys import DataKeys
from sealing.errors import BadKeyRing
from sealing.ring import missing, read_ring
from worker.assembly import Workers, assemble_worker
from worker.counting import Count, CountsDecisions
from worker.door import door_of
from worker.leaving import check_letters, open_channel, sender_of
from worker.service import Parts
from workflows.complaint import ComplaintWorkflow
from workflows.digest import DigestWorkflow
from workflows.nightly import EraseWorkflow, SealWorkflow


def build_worker(
    client: Client,
    settings: Settings,
    ledger: Ledger,
    channel: Channel,
    door: Doorkeeper | None = None,
) -> Workers:
    """Workers that run complaints with this ledger and this channel, not yet running.

    Letters that wait for the post have a queue and slots of their own: while a mail server hangs, they
    hold back no record of what happens. `door` knows who may act, by default as the settings say. Raises
    `SettingsError` for a sender's address that is none, or where nobody could be proven.
    """
    door = door or door_of(settings)
    book = CharterBook(settings.charters_dir)
    charters = Charters(book, ledger, door)
    notifications = Notifications(
        channel, ledger, sender_of(settings), own_words=settings.letters_dir
    )
    recording = Recording(ledger, notifications)
    digests = Digests(ledger, notifications)
    complaints = assemble_worker(
        client,
        settings,
        workflows=[ComplaintWorkflow, DigestWorkflow, EraseWorkflow, SealWorkflow],
        activities=[
            charters.resolve_charter,
            Proving(door).prove,
            recording.record_and_send,
            recording.record,
            digests.mailboxes,
            Sealing(ledger, settings.seal_key_file).seal,
            ErasingByRetention(ledger, book).erase_some,
        ],
        interceptors=[CountsDecisions(), ProvesUpdates(door)],
    )
    letters = assemble_worker(
        client,
        settings,
        activities=[notifications.send_notice, digests.send],
        task_queue=letters_queue(settings.task_queue),
        max_concurrent_activities=settings.max_concurrent_letters,
    )
    return Workers(complaints, letters)


def counted_in(ledger: Ledger) -> Count | None:
    """What counts in that ledger; none where it is in memory, which ends with its process."""
    if not isinstance(ledger, SqlLedger):
        return None
    return lambda now, day_ends: ledger.reading(lambda c: figures(c, now, day_ends))


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncIterator[Parts]:
    """What the service runs, with ledger and channel as the settings say, until the block ends."""
    try:
        ring = read_ring(settings.key_ring) if settings.key_ring else None
        opened = open_ledger(settings.ledger_url, ring)
    except BadLedgerUrl as error:
        raise SettingsError(f"ledger_url: {error}") from None
    except BadKeyRing as error:
        raise SettingsError(f"key_ring: {error}") from None
    check_letters(settings)
    door = door_of(settings)
    async with opened as ledger, open_channel(settings) as channel:
        keys = DataKeys(ring, ledger) if ring else None

        def build(client: Client) -> Workers:
            return build_worker(client, settings, ledger, channel, door)

        async def require_ledger() -> None:
            try:
                await ledger.require_ready(to_write=True)
            except LedgerUnavailable as error:
                raise LedgerUnreachable(str(error)) from error
            except LedgerError as error:
                raise LedgerUnready(str(error)) from error

        async def require_keys() -> None:
            needed = await ledger.ring_keys()
            if keys is None and needed:
                raise SettingsError(
                    f"key_ring: what is in the ledger is sealed under {', '.join(sorted(needed))}, and"
                    " UPHOLD_KEY_RING names no key ring. Set it to the file that holds them."
                )
            if keys is not None and needed - keys.ring.ids:
                raise SettingsError(f"key_ring: {missing(needed, keys.ring)}")

        yield Parts(
            build, require_ledger, require_keys, keys, door.require_keys, counted_in(ledger)
        )
