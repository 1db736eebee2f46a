"""The Schedule of digests on the real server: one note a mailbox and morning, also when the mail was away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any, Literal

import pytest_asyncio
from temporalio.client import (
    Client,
    ScheduleActionExecutionStartWorkflow,
    ScheduleActionStartWorkflow,
    ScheduleHandle,
    ScheduleUpdate,
    ScheduleUpdateInput,
    WorkflowHandle,
)
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from engine.plugin import UpholdPlugin
from engine.provision import DIGESTS, ensure_schedule
from ledger.port import NoticeState
from letters.channels.memory import MemoryChannel
from letters.channels.port import TemporaryFailure
from tests.workflows.player import Office, an_office, eventually
from tests.workflows.season import close_of, monday, working_day
from workflows.digest import DigestWorkflow

LONDON = "Europe/London"
PAYMENT = {"text": "We will pay you £50", "kind": "payment"}


@pytest_asyncio.fixture
async def office(env: WorkflowEnvironment) -> AsyncIterator[Office]:
    """An office of its own, with a Schedule of digests."""
    async with an_office(env) as office:
        await ensure_schedule(office.client, DIGESTS, office.task_queue, 8, LONDON)
        yield office


async def morning(office: Office, at: datetime) -> WorkflowHandle[Any, Any]:
    """The digests of that morning, started by the Schedule now."""
    schedule = office.client.get_schedule_handle(DIGESTS.id_for(office.task_queue))

    def on_that_day(found: ScheduleUpdateInput) -> ScheduleUpdate:
        action = found.description.schedule.action
        assert isinstance(action, ScheduleActionStartWorkflow)
        action.args = [at]
        return ScheduleUpdate(found.description.schedule)

    await schedule.update(on_that_day)
    before = await started(schedule)
    await schedule.trigger()

    async def another() -> list[str]:
        found = await started(schedule)
        return found if len(found) > len(before) else []

    *_, workflow_id = await eventually(another)
    return office.client.get_workflow_handle(workflow_id)


async def started(schedule: ScheduleHandle) -> list[str]:
    """The ids of the workflows that the Schedule has started."""
    actions = (await schedule.describe()).info.recent_actions
    ran = [each.action for each in actions]
    return [one.workflow_id for one in ran if isinstance(one, ScheduleActionExecutionStartWorkflow)]


async def overdue(office: Office) -> datetime:
    """A remedy is not done, nor after its new date; the morning after that."""
    case = await office.open(stage="manager")
    await case.do("reply", remedies=[PAYMENT])
    await case.do("accept", "customer")
    due = working_day(monday().date(), 20)
    again = working_day(due, 10)
    await case.until(close_of(again))
    await case.settled()
    return close_of(working_day(again, 1)) - timedelta(hours=9)


def digests(office: Office) -> list[str]:
    """The subjects of the digests that left."""
    assert isinstance(office.channel, MemoryChannel)
    parsed = [
        message_from_bytes(mail.content, policy=policy.default) for mail in office.channel.taken
    ]
    return [str(one["Subject"]) for one in parsed if one["X-Uphold-Reference"] == "digest"]


async def test_what_waited_is_told_once_by_the_schedule_in_one_note_to_each_mailbox(
    office: Office,
) -> None:
    at = await overdue(office)
    boxes = await office.ledger.mailboxes_waiting()
    assert boxes
    assert digests(office) == []
    handle = await morning(office, at)
    outcome = await handle.result()
    assert set(outcome) == set(boxes)
    told = [box for box, said in outcome.items() if said.startswith("told")]
    assert len(digests(office)) == len(told) > 0
    assert await office.ledger.mailboxes_waiting() == ()
    assert await (await morning(office, at)).result() == {}
    assert len(digests(office)) == len(told), "a second start on the same day tells nothing again"
    history = await handle.fetch_history()
    replayer = Replayer(workflows=[DigestWorkflow], plugins=[UpholdPlugin()])
    await replayer.replay_workflow(history)


async def test_a_mail_server_that_is_away_is_tried_again_and_nothing_is_told_twice_or_lost(
    office: Office,
) -> None:
    at = await overdue(office)
    assert isinstance(office.channel, MemoryChannel)
    office.channel.next_time(TemporaryFailure("down"), "taken-but-reply-lost")
    outcome = await (await morning(office, at)).result()
    told = [box for box, said in outcome.items() if said.startswith(("told", "sent before"))]
    assert len(digests(office)) == len(told) > 0
    (case,) = office.cases
    states = {one.state for one in await office.ledger.notices(case.reference) if one.notice.waits}
    assert states <= {NoticeState.DELIVERED, NoticeState.LAPSED}


async def test_on_a_closed_day_the_schedule_sends_nothing(office: Office) -> None:
    at = await overdue(office)
    sunday = at + timedelta(days=6 - at.weekday())
    outcome = await (await morning(office, sunday)).result()
    assert set(outcome.values()) == {"closed today"}
    assert digests(office) == []


async def test_the_schedule_is_made_once_changed_where_it_says_otherwise_and_stays_paused(
    client: Client,
) -> None:
    async def ensured(hour: int, zone: str = LONDON) -> Literal["created", "changed", "there"]:
        return await ensure_schedule(client, DIGESTS, "some-queue", hour, zone)

    assert await ensured(8) == "created"
    assert await ensured(8) == "there"
    handle = client.get_schedule_handle(DIGESTS.id_for("some-queue"))
    await handle.pause(note="We move house.")
    assert await ensured(8) == "there"
    assert await ensured(9) == "changed"
    assert await ensured(9, "Europe/Dublin") == "changed"
    assert await ensured(9, "Europe/Dublin") == "there"
    found = (await handle.describe()).schedule
    assert (found.state.paused, found.state.note) == (True, "We move house.")
    assert [each.start for at in found.spec.calendars for each in at.hour] == [9]
    assert found.spec.time_zone_name == "Europe/Dublin"
    await handle.delete()
