"""The remedies whose histories are kept: every way in which one can wait and end.

Owns how each is brought about on the real server, and their recording: `python -m
tests.replay.remedy_scenarios` records those that are missing, and never one that is kept.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

from temporalio.client import WorkflowHistory

from activities.channels import PermanentRefusal
from activities.channels.memory import MemoryChannel
from engine.dev_server import embedded_environment
from engine.leaving import leave
from tests.replay.corpus import FOLDER
from tests.replay.record import CUTTING, write
from tests.workflows.player import Office, an_office
from tests.workflows.remedy_player import PAYMENT, Owed, owed, replied
from tests.workflows.season import close_of, day, monday, working_day

REMEDIES = FOLDER / "remedies"
ADVICE = {"text": "Log every letter", "kind": "recommendation"}
Scenario = Callable[[Office], Awaitable[Owed]]
SCENARIOS: dict[str, Scenario] = {}
CUT = ("cut-in-two",)
STARTED = "remedies-of-a-reply-started"
"""The history of the short workflow that starts them."""


def scenario(run: Scenario) -> Scenario:
    """Keep it under its name."""
    SCENARIOS[run.__name__.replace("_", "-")] = run
    return run


@scenario
async def waits_owed(office: Office) -> Owed:
    return await owed(await replied(office, PAYMENT))


@scenario
async def waits_accepted(office: Office) -> Owed:
    remedy = await owed(await replied(office, ADVICE))
    await remedy.do("accept_remedy")
    return remedy


@scenario
async def waits_overdue(office: Office) -> Owed:
    remedy = await owed(await replied(office, PAYMENT))
    await remedy.until(close_of(working_day(monday().date(), 80)))
    return remedy


@scenario
async def ends_done(office: Office) -> Owed:
    remedy = await owed(await replied(office, PAYMENT))
    await remedy.until(day(3))
    await remedy.do("do_remedy")
    return remedy


@scenario
async def ends_done_after_it_was_accepted(office: Office) -> Owed:
    remedy = await waits_accepted(office)
    await remedy.do("do_remedy", command_id="twice")
    return remedy


@scenario
async def ends_refused(office: Office) -> Owed:
    remedy = await owed(await replied(office, ADVICE))
    await remedy.do("refuse_remedy")
    return remedy


@scenario
async def ends_done_too_late(office: Office) -> Owed:
    remedy = await owed(await replied(office, PAYMENT))
    await remedy.until(close_of(working_day(monday().date(), 27)))
    await remedy.do("do_remedy")
    return remedy


@scenario
async def postponed_and_given_to_somebody_else(office: Office) -> Owed:
    remedy = await owed(await replied(office, PAYMENT))
    due = working_day(monday().date(), 25)
    await remedy.do("postpone_remedy", new_due=due, command_id="once")
    await remedy.do("postpone_remedy", new_due=due, command_id="once")
    await remedy.do("reassign_remedy")
    await remedy.until(close_of(due))
    return remedy


@scenario
async def its_letter_came_back_and_authority_was_withdrawn(office: Office) -> Owed:
    friend = {"kind": "friend", "name": "R Help", "email": "r@help.org", "authorised": True}
    case = await replied(office, ADVICE, representative=friend)
    remedy = await owed(case)
    await case.do("withdraw_authority", "customer", reason="We no longer speak.")
    await case.settled()
    assert isinstance(office.channel, MemoryChannel)
    office.channel.next_time(PermanentRefusal("no such person"))
    await remedy.do("accept_remedy")
    return remedy


@scenario
async def cut_in_two(office: Office) -> Owed:
    remedy = await owed(await replied(office, PAYMENT))
    for weeks in range(5, 24):
        await remedy.until(day(7 * weeks))
        await remedy.status()
    await remedy.do("do_remedy")
    return remedy


async def runs_of(remedy: Owed) -> list[WorkflowHistory]:
    """The history of every run, the first one first."""
    runs: list[WorkflowHistory] = []
    run_id: str | None = None
    while True:
        handle = remedy.case.office.client.get_workflow_handle(remedy.handle.id, run_id=run_id)
        runs.insert(0, await handle.fetch_history())
        begun = runs[0].events[0].workflow_execution_started_event_attributes
        run_id = begun.continued_execution_run_id
        if not run_id:
            return runs


async def record(names: list[str]) -> None:
    """Play these scenarios and write their histories."""
    for cut in (False, True):
        chosen = [name for name in names if (name in CUT) is cut]
        if not chosen:
            continue
        async with (
            embedded_environment(extra_args=CUTTING if cut else ()) as env,
            an_office(env, task_queue="recording") as office,
        ):
            for name in chosen:
                await _record_one(office, name)


async def _record_one(office: Office, name: str) -> None:
    if name == STARTED:
        case = await replied(office, PAYMENT, "A letter")
        await owed(case, 2)
        event = (await case.status())["events"]
        handle = office.client.get_workflow_handle(f"remedies:{case.reference}/{event}")
        await handle.result()
        histories = [await handle.fetch_history()]
    else:
        remedy = await SCENARIOS[name](office)
        await remedy.status()
        histories = await runs_of(remedy)
    for number, run in enumerate(histories, start=1):
        path = write(f"{name}-run-{number}" if number > 1 else name, run.to_json(), REMEDIES)
        sys.stdout.write(f"{path.name}: {len(run.events)} events\n")


def main() -> int:
    """Records every history that is missing."""
    REMEDIES.mkdir(parents=True, exist_ok=True)
    have = {path.stem for path in REMEDIES.glob("*.json")}
    asyncio.run(record([name for name in (*SCENARIOS, STARTED) if name not in have]))
    return 0


if __name__ == "__main__":
    leave(main())
