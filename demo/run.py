"""Owns the demonstration from beginning to end: what happens in which order, and the exit code."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.text import Text
from sqlalchemy import Connection

from charters.files import find_charter, load_charter
from demo.display import (
    STILL_OWED,
    counts_table,
    course,
    progress,
    promise_table,
)
from demo.further import point_further
from demo.morning import Told, send_digests
from demo.plan import Plan, plan_all
from demo.play import Played, play_all
from demo.premises import Premises, fresh_folder, open_premises
from demo.sample import STILL_OPEN, load_sample
from domain.calendar.pinned import in_words
from domain.charter.tables import Charter
from engine.process_exit import end_in_order_on_sigterm
from ledger.port import RemedyListing, every
from ledger.sql.ledger import SqlLedger
from reporting.assemble import promises
from reporting.model import PromiseResult
from reporting.period import Period
from starter.terminal.printing import console

NOT_AS_WRITTEN = 1
"""The exit code when a story went another way than the script says."""


async def run_demo(path: Path, *, replace: bool, stay: bool, unsealed: bool = False) -> int:
    """Play the whole sample in the folder, print what came of it, and return the exit code.

    With `stay` the server goes on until Ctrl-C, with its web page; with `unsealed` nothing is sealed. Raises `FolderInUse`,
    `ServerBinaryMissing`, `SampleFault`, and `BeyondCalendar` if no season lies ahead.
    """
    out = console()
    began = time.monotonic()
    end_in_order_on_sigterm()
    sample = load_sample().ahead_of(datetime.now(UTC))
    plans = plan_all(sample)
    charters = {
        each: load_charter(find_charter(each))
        for each in dict.fromkeys(plan.opening.charter for plan in plans)
    }
    _introduce(out, plans, charters)
    with fresh_folder(path, replace=replace) as folder:
        async with open_premises(folder, web_page=stay, unsealed=unsealed) as premises:
            out.print(Text(f"Ready after {time.monotonic() - began:.0f} seconds.\n", "dim"))
            played = await _play(out, premises, plans)
            await _report(out, premises, charters, played)
            faults = _tell_faults(out, played)
            digests = await send_digests(premises, played)
            _tell_digests(out, digests)
            await point_further(out, premises, played, digests)
            out.print(Text(f"\nAll of it took {time.monotonic() - began:.0f} seconds.", "dim"))
            if stay:
                await _until_stopped()
    return NOT_AS_WRITTEN if faults else os.EX_OK


def _introduce(out: Console, plans: Sequence[Plan], charters: Mapping[str, Charter]) -> None:
    received = sorted(plan.opening.received_at.date() for plan in plans)
    out.print(
        f"{len(plans)} complaints under {len(charters)} charters, received from"
        f" {in_words(received[0])} to {in_words(received[-1])}.\n"
        "Each runs on a clock of its own, which skips the time between what people do.\n"
        "Starting a Temporal server, a ledger, an outbox and a worker …"
    )
    out.file.flush()


async def _play(out: Console, premises: Premises, plans: Sequence[Plan]) -> list[Played]:
    played: list[Played] = []
    with progress(out) as bar:
        task = bar.add_task("", total=len(plans))
        async for each in play_all(premises, plans):
            played.append(each)
            if each.events:
                out.print(course(each), soft_wrap=not out.is_terminal)
            bar.advance(task)
    return sorted(played, key=lambda each: each.plan.opening.reference)


async def _report(
    out: Console, premises: Premises, charters: Mapping[str, Charter], played: Sequence[Played]
) -> None:
    out.print("\nHow each promise fared, by the ledger")
    out.print(promise_table(await _results(premises.ledger, charters, played)))
    endings: dict[str, Counter[str]] = {each: Counter() for each in charters}
    for each in played:
        endings[each.plan.opening.charter][each.ending] += 1
    out.print("How the complaints ended")
    out.print(counts_table("how they ended", endings, {STILL_OPEN: "still open"}))
    undertaken: dict[str, Counter[str]] = {}
    for charter_id in charters:
        wanted = RemedyListing(charter=charter_id, settled=None)
        found = every(premises.ledger.remedies, wanted)
        undertaken[charter_id] = Counter([remedy.state async for remedy in found])
    out.print("What became of the remedies that replies undertook, as far as the stories go")
    out.print(counts_table("remedies", undertaken, {STILL_OWED: "still owed"}))


async def _results(
    ledger: SqlLedger, charters: Mapping[str, Charter], played: Sequence[Played]
) -> dict[str, tuple[PromiseResult, ...]]:
    """How each charter's promises were kept, counted as a report counts them."""
    days = sorted(event.at.date() for each in played for event in each.events)
    if not days:
        return {}
    first, last = days[0] - timedelta(days=1), days[-1] + timedelta(days=1)

    def counted(connection: Connection, charter: Charter) -> tuple[PromiseResult, ...]:
        return promises(connection, charter, Period(first, last, charter.calendar.time_zone))

    return {
        name: await ledger.reading(lambda c, each=each: counted(c, each))  # type: ignore[misc]
        for name, each in charters.items()
    }


def _tell_faults(out: Console, played: Sequence[Played]) -> int:
    faults = [f"{each.plan.opening.reference}: {fault}" for each in played for fault in each.faults]
    if faults:
        out.print(Text(f"{len(faults)} things went another way than the script says:", "red"))
        for fault in faults:
            out.print(Text(f"  {fault}"))
    return len(faults)


def _tell_digests(out: Console, digests: Sequence[Told]) -> None:
    out.print("The morning after, each mailbox has one digest of what could wait until then")
    for each in digests:
        out.print(Text(f"  {each.mailbox}: {each.said}"))


async def _until_stopped() -> None:
    """Return at Ctrl-C or SIGTERM: here that is the wanted end, no interruption."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
