"""The composition root: the one place where complaints, effects and adapters are put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.client import Client
from temporalio.worker import Worker

from activities.channels import open_channel
from activities.channels.port import Channel
from activities.charters import Charters
from activities.ledger import open_ledger
from activities.ledger.port import Ledger
from activities.notifications import Notifications
from activities.records import Records
from engine.settings import Settings
from worker.assembly import assemble_worker
from worker.service import Parts
from workflows.complaint import ComplaintWorkflow


def build_worker(client: Client, settings: Settings, ledger: Ledger, channel: Channel) -> Worker:
    """A worker that runs complaints with this ledger and this channel, not yet running."""
    charters = Charters(settings.charters_dir)
    records = Records(ledger)
    notifications = Notifications(channel, ledger)
    return assemble_worker(
        client,
        settings,
        workflows=[ComplaintWorkflow],
        activities=[
            charters.resolve_charter,
            records.record,
            notifications.send_notice,
            notifications.send_notice_promptly,
        ],
    )


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncIterator[Parts]:
    """What the service runs, with ledger and channel as the settings say, until the block ends."""
    async with open_ledger(settings.ledger_url) as ledger, open_channel(settings) as channel:

        def build(client: Client) -> Worker:
            return build_worker(client, settings, ledger, channel)

        yield Parts(build, ledger.require_ready)
