"""The composition root: the one place where complaints, effects and adapters are put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.client import Client
from temporalio.worker import Worker

from activities.channels import Channel, open_channel
from activities.charter_files import CharterBook
from activities.charters import Charters
from activities.envelope import Sender
from activities.ledger import (
    BadLedgerUrl,
    Ledger,
    LedgerError,
    LedgerUnavailable,
    open_ledger,
)
from activities.ledger.closures import closures_of
from activities.notifications import Notifications
from activities.prompt import Prompt
from activities.records import Records
from activities.remedies import Remedies
from engine.errors import LedgerUnreachable, LedgerUnready, SettingsError
from engine.settings import Settings
from worker.assembly import assemble_worker
from worker.service import Parts
from workflows.complaint import ComplaintWorkflow
from workflows.remedies import RemediesStartWorkflow
from workflows.remedy import RemedyWorkflow


class NoticesOnRecord:
    """What the notices' activities ask of the ledger, in their own words."""

    def __init__(self, ledger: Ledger) -> None:
        """`ledger` is what answers."""
        self.notice_attempted = ledger.notice_attempted
        self.notice_delivered = ledger.notice_delivered
        self.notice_refused = ledger.notice_refused
        self._ledger = ledger

    async def notice_fate(self, key: str) -> str | None:
        """How far the notice has come; None while nobody has tried to send it."""
        fate = await self._ledger.notice_fate(key)
        return fate.state if fate else None


def build_worker(client: Client, settings: Settings, ledger: Ledger, channel: Channel) -> Worker:
    """A worker that runs complaints with this ledger and this channel, not yet running.

    Raises `SettingsError` for a sender's address that is none.
    """
    charters = Charters(CharterBook(settings.charters_dir), ledger, closures_of(ledger))
    records = Records(ledger)
    notifications = Notifications(channel, NoticesOnRecord(ledger), sender_of(settings))
    prompt = Prompt(records, notifications)
    remedies = Remedies(ledger.remedies, prompt)
    return assemble_worker(
        client,
        settings,
        workflows=[ComplaintWorkflow, RemediesStartWorkflow, RemedyWorkflow],
        activities=[
            charters.resolve_charter,
            prompt.record_and_send,
            prompt.record,
            remedies.record_and_send,
            remedies.record,
            notifications.send_notice,
        ],
    )


def sender_of(settings: Settings) -> Sender:
    """Whom notices come from. Raises `SettingsError` for an address that is none."""
    try:
        return Sender(settings.sender_address, settings.sender_name)
    except ValueError as error:
        raise SettingsError(f"sender_address: {error}.") from None


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncIterator[Parts]:
    """What the service runs, with ledger and channel as the settings say, until the block ends."""
    try:
        opened = open_ledger(settings.ledger_url)
    except BadLedgerUrl as error:
        raise SettingsError(f"ledger_url: {error}") from None
    channel = open_channel(settings)
    async with opened as ledger:

        def build(client: Client) -> Worker:
            return build_worker(client, settings, ledger, channel)

        async def require_ledger() -> None:
            try:
                await ledger.require_ready()
            except LedgerUnavailable as error:
                raise LedgerUnreachable(str(error)) from error
            except LedgerError as error:
                raise LedgerUnready(str(error)) from error

        yield Parts(build, require_ledger)
