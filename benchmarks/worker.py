"""One worker in a process of its own, so that what it costs can be told from everything else.

`python -m benchmarks.worker KIND ADDRESS QUEUE FOLDER` polls until its input ends. It answers
`ready`, and `collected` to every line it is sent, once its garbage is collected.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker

from activities.channels import open_channel
from activities.charter_files import CharterBook
from activities.charters import Charters
from activities.ledger import Ledger, open_ledger
from activities.ledger.migrating import upgrade
from activities.notifications import Notifications
from activities.prompt import Prompt
from activities.records import Records
from benchmarks.bare import Bare, note
from benchmarks.worked import Worked
from engine.connect import connect_here
from engine.leaving import leave
from engine.logs import configure_logs
from engine.settings import Settings
from worker.assembly import assemble_worker
from worker.build import NoticesOnRecord, build_worker, sender_of

PATIENCE = timedelta(seconds=30)


def settings_for(queue: str, folder: Path, **given: Any) -> Settings:
    """Settings as a small installation has them: a ledger file and a mail folder."""
    ledger = f"sqlite:///{folder / 'ledger.sqlite3'}"
    return Settings(task_queue=queue, ledger_url=ledger, maildir=folder / "outbox", **given)


def build(kind: str, client: Client, settings: Settings, ledger: Ledger) -> Worker:
    """The worker of that kind: `complaint`, `bare` or `worked`."""
    channel = open_channel(settings)
    if kind == "complaint":
        return build_worker(client, settings, ledger, channel)
    if kind == "bare":
        return assemble_worker(client, settings, workflows=[Bare], activities=[note])
    charters = Charters(CharterBook(), ledger)
    sending = Notifications(channel, NoticesOnRecord(ledger), sender_of(settings))
    worked = Worked(charters, Prompt(Records(ledger), sending))
    return assemble_worker(client, settings, workflows=[Bare], activities=[worked.note])


async def _serve(kind: str, address: str, queue: str, folder: Path) -> None:
    settings = settings_for(queue, folder, log_format="json")
    configure_logs(settings)
    await upgrade(settings.ledger_url)
    client = await connect_here(address, PATIENCE)
    async with (
        open_ledger(settings.ledger_url) as ledger,
        build(kind, client, settings, ledger),
    ):
        print("ready", flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            gc.collect()
            print("collected", flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])))
    leave(0)
