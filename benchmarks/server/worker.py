"""One worker in a process of its own, so that what it costs can be told from everything else.

`python -m benchmarks.server.worker KIND ADDRESS QUEUE FOLDER` polls until its input ends. It answers
`ready`, and `collected` to every line it is sent, once its garbage is collected.

Also owns what lies between `bare` and `bare + work`: the decision, the ledger's entry and the letters of
one step, made in the activity itself, so that only the workflow around them is bare.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from activities.contracts import CharterRequest, entry_of
from activities.notifications import Notifications
from activities.pinning import Charters
from activities.recording import Recording
from benchmarks.server.bare import NOTE, STEPS, Bare, note
from benchmarks.story import CHARTER, SAID, STAGE, actor_of, opening, reviewer
from charters.files import CharterBook
from domain.charter.rules import Rules, unpack
from domain.complaint.decider.decide import AnyCommand, take
from domain.complaint.decider.parsing import parse_command
from domain.complaint.features.handling.receiving import Open
from domain.complaint.state import Complaint
from engine.connect import connect_here
from engine.logs import configure_logs
from engine.process_exit import leave
from engine.settings import Settings
from ledger.migrations.schema import upgrade
from ledger.opening import open_ledger
from ledger.port import Ledger
from sealing.beside import RING
from sealing.data_keys import DataKeys
from sealing.ring import new_ring
from worker.assembly import Workers, assemble_worker
from worker.build import build_worker
from worker.leaving import channel_of, sender_of

PATIENCE = timedelta(seconds=30)
VERBS = dict(zip(STEPS[2:], SAID, strict=True))


class Worked:
    """`note`, with the work of the complaint's step behind it."""

    def __init__(self, charters: Charters, recording: Recording) -> None:
        """The activities that a complaint's worker has."""
        self._charters, self._recording = charters, recording
        self._complaints: dict[str, Complaint] = {}

    @activity.defn(name=NOTE)
    async def note(self, reference: str, step: str) -> None:
        """Resolve the charter, or decide the step, record it and send its notices."""
        now = datetime.now(UTC)
        if step == "pinned":
            packed = await self._charters.resolve_charter(CharterRequest(CHARTER, now))
            self._complaints[reference] = Complaint(unpack(packed))
            return
        before = self._complaints.pop(reference)
        steps = take(before, _command(before.rules, reference, step, now), now)
        await self._recording.perform(entry_of(before, steps), ())
        self._complaints[reference] = steps[-1].complaint


def _command(rules: Rules, reference: str, step: str, now: datetime) -> AnyCommand:
    if step == "opened":
        return Open(opening=opening(reference, now), digest=rules.digest)
    verb = VERBS[step]
    actor = actor_of(verb, reviewer(rules.charter, STAGE)).model_dump()
    said = {"command_id": f"{reference}-{verb}", "actor": actor, **SAID[verb]}
    return parse_command(verb, said)


def settings_for(queue: str, folder: Path, **given: Any) -> Settings:
    """Settings as a small installation has them: a ledger file and a mail folder."""
    ledger = f"sqlite:///{folder / 'ledger.sqlite3'}"
    return Settings(
        task_queue=queue, ledger_url=ledger, maildir=folder / "outbox", identity="off", **given
    )


def build(kind: str, client: Client, settings: Settings, ledger: Ledger) -> Worker | Workers:
    """The worker of that kind: `complaint`, `sealed`, `bare` or `worked`."""
    channel = channel_of(settings)
    if kind in {"complaint", "sealed"}:
        return build_worker(client, settings, ledger, channel)
    if kind == "bare":
        return assemble_worker(client, settings, workflows=[Bare], activities=[note])
    charters = Charters(CharterBook(), ledger)
    sending = Notifications(channel, ledger, sender_of(settings))
    worked = Worked(charters, Recording(ledger, sending))
    return assemble_worker(client, settings, workflows=[Bare], activities=[worked.note])


async def _serve(kind: str, address: str, queue: str, folder: Path) -> None:
    settings = settings_for(queue, folder, log_format="json")
    configure_logs(settings)
    await upgrade(settings.ledger_url)
    ring = new_ring(folder / RING) if kind == "sealed" else None
    async with open_ledger(settings.ledger_url, ring) as ledger:
        keys = DataKeys(ring, ledger) if ring else None
        client = await connect_here(address, PATIENCE, keys)
        async with build(kind, client, settings, ledger):
            print("ready", flush=True)
            while await asyncio.to_thread(sys.stdin.readline):
                gc.collect()
                print("collected", flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])))
    leave(0)
