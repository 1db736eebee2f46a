"""Remedies on the real server: they outlive the complaint, and are done, refused, or late."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError

from activities.channels import PermanentRefusal, TemporaryFailure
from activities.channels.memory import MemoryChannel
from activities.ledger.memory import MemoryLedger
from engine.dev_server import embedded_environment
from tests.workflows.laws import check_laws
from tests.workflows.player import Office, an_office, eventually, refusal
from tests.workflows.remedy_player import PAYMENT, Owed, check_remedy, owed, replied
from tests.workflows.season import close_of, day, monday, working_day


async def test_is_9_a_remedy_outlives_the_closing_and_is_done(any_office: Office) -> None:
    case = await replied(any_office, PAYMENT, "An apology")
    remedy, other = await owed(case), await owed(case, 2)
    await case.do("accept", "customer")
    assert (await case.result())["state"] == "closed"
    await remedy.until(day(3))
    await remedy.do("do_remedy", how="Paid on 9 December.")
    assert (await remedy.handle.result())["state"] == "done"
    assert await remedy.kinds() == ["promised", "done"]
    assert await remedy.told() == ["remedy-owed to manager", "remedy-done to customer"]
    assert (await other.status())["state"] == "owed"
    for one in (remedy, other):
        await check_remedy(one)


async def test_is_9_it_is_warned_of_overdue_and_reminded_until_it_is_done(
    any_office: Office,
) -> None:
    case = await replied(any_office, PAYMENT)
    remedy = await owed(case)
    due = working_day(monday().date(), 20)
    assert (await remedy.status())["due_on"] == due.isoformat()
    await remedy.until(close_of(due))
    assert await remedy.kinds() == ["promised", "warned", "missed"]
    assert await remedy.told() == [
        "remedy-owed to manager", "remedy-due to manager", "remedy-missed to customer",
        "remedy-overdue to manager",
    ]  # fmt: skip
    await remedy.until(close_of(working_day(due, 12)))
    status = await remedy.status()
    assert (status["missed"], status["reminders"]) == (2, 2)
    await remedy.do("do_remedy")
    assert (await remedy.status())["state"] == "done"
    await check_remedy(remedy)


async def test_cp_10_two_replies_at_two_stages_each_have_their_remedies(office: Office) -> None:
    case = await replied(office, PAYMENT, subject_case={"reference": "C-9", "open": True})
    await case.do("escalate", "customer", to="complaints-team")
    await case.until(day(2))
    await case.do("reply", remedies=[{**PAYMENT, "due": day(30).date()}, "A letter"])
    first, second, third = [await owed(case, number) for number in (1, 2, 3)]
    stages = [(await one.status())["stage"] for one in (first, second, third)]
    assert stages == ["manager", "complaints-team", "complaints-team"]
    assert (await second.status())["proof"] == "The reply named the date."
    for one in (first, second, third):
        await check_remedy(one)


async def test_fo_12_what_the_assessor_recommends_is_accepted_or_refused_with_a_reason(
    office: Office,
) -> None:
    case = await office.open(stage="manager", subject_case={"reference": "C-9", "open": True})
    for above in ("complaints-team", "independent-assessor"):
        await case.do("reply", outcome="not-upheld", remedies=[])
        await case.do("escalate", "customer", to=above)
    await case.do("reply", remedies=["Log every letter", "Pay £50"])
    await case.until(day(30))
    log, pay = await owed(case), await owed(case, 2)
    assert (await log.status())["kind"] == "recommendation"
    refused = await refusal(log.do("do_remedy"))
    assert (refused.type, "Accept it first" in refused.message) == ("WrongState", True)
    await log.do("accept_remedy")
    await log.do("do_remedy")
    await pay.do("refuse_remedy", reason="The law does not allow it.")
    assert (await log.told())[1:] == [
        "remedy-accepted to customer", "remedy-answered to independent-assessor",
        "remedy-done to customer", "remedy-answered to independent-assessor",
    ]  # fmt: skip
    assert (await pay.told())[1:] == [
        "remedy-refused to customer", "remedy-answered to independent-assessor",
    ]  # fmt: skip
    assert (await pay.handle.result())["state"] == "refused"
    for one in (log, pay):
        await check_remedy(one)


async def test_it_is_postponed_given_to_somebody_else_and_each_is_done_once(
    office: Office,
) -> None:
    remedy = await owed(await replied(office, PAYMENT))
    due = working_day(monday().date(), 25)
    await remedy.do("postpone_remedy", new_due=due, command_id="once")
    brief = await remedy.do("postpone_remedy", new_due=due, command_id="once")
    assert (brief["due_on"], brief["events"]) == (due.isoformat(), 2)
    await remedy.do("reassign_remedy")
    assert (await remedy.status())["owner_id"] == "k.lee"
    refused = await refusal(remedy.do("do_remedy", "complaints-team"))
    assert (refused.type, "K Lee (k.lee)" in str(refused)) == ("WrongRole", True)
    refused = await refusal(remedy.do("do_remedy", how=7))
    assert refused.type == "InvalidCommand"
    refused = await refusal(remedy.handle.execute_update("accept_remedy"))
    assert refused.type == "InvalidCommand"
    assert await remedy.kinds() == ["promised", "postponed", "reassigned"]
    await check_remedy(remedy)


async def test_is_6_who_loses_authority_hears_no_more_of_what_was_promised(office: Office) -> None:
    friend = {"kind": "friend", "name": "R Help", "email": "r@help.org", "authorised": True}
    case = await replied(office, PAYMENT, representative=friend)
    remedy = await owed(case)
    await case.do("withdraw_authority", "customer", reason="We no longer speak.")
    await case.settled()
    await eventually(lambda: _followed(remedy))
    await remedy.do("do_remedy")
    assert (await remedy.told())[-1] == "remedy-done to customer"
    assert "remedy-done to representative" not in await remedy.told()
    await check_remedy(remedy)
    await check_laws(case)


async def _followed(remedy: Owed) -> bool:
    return "followed" in await remedy.kinds()


async def test_is_9_a_worker_that_ends_and_another_lose_no_remedy(office: Office) -> None:
    ledger, channel, queue = MemoryLedger(), MemoryChannel(), f"office-{uuid4().hex[:8]}"
    async with an_office(office.env, ledger=ledger, channel=channel, task_queue=queue) as first:
        case = await first.open(stage="manager")
    asked = asyncio.create_task(case.do("reply", remedies=[PAYMENT]))
    async with an_office(office.env, ledger=ledger, channel=channel, task_queue=queue):
        await asked
        remedy = await owed(case)
    due = close_of(working_day(monday().date(), 20))
    late = asyncio.create_task(remedy.until(due))
    async with an_office(office.env, ledger=ledger, channel=channel, task_queue=queue):
        await late
        assert await remedy.kinds() == ["promised", "warned", "missed"]
        await remedy.do("do_remedy")
        await check_remedy(remedy)


async def test_a_letter_that_comes_back_is_a_task_for_staff(office: Office) -> None:
    remedy = await owed(await replied(office, PAYMENT))
    assert isinstance(office.channel, MemoryChannel)
    office.channel.next_time(PermanentRefusal("no such person"))
    await remedy.do("do_remedy")
    assert (await remedy.handle.result())["events"] == 3
    assert await remedy.kinds() == ["promised", "done", "undeliverable"]
    assert (await remedy.told())[-1] == "undeliverable to manager"


async def test_mail_that_is_down_is_tried_again_and_stops_no_clock(office: Office) -> None:
    remedy = await owed(await replied(office, PAYMENT))
    assert isinstance(office.channel, MemoryChannel)
    office.channel.next_time(TemporaryFailure("down"), TemporaryFailure("down"))
    await remedy.until(close_of(working_day(monday().date(), 20)) + timedelta(hours=2))
    assert (await remedy.told())[-2:] == ["remedy-missed to customer", "remedy-overdue to manager"]
    await check_remedy(remedy)


async def test_a_remedy_cannot_be_cancelled_or_taken_in_by_nonsense(office: Office) -> None:
    remedy = await owed(await replied(office, PAYMENT))
    await remedy.handle.cancel()
    await remedy.handle.signal("follow_complaint", {"bogus": 1})
    await remedy.handle.signal("follow_complaint")
    await remedy.handle.signal("no-such-signal", "x")
    assert (await remedy.do("do_remedy"))["state"] == "done"
    assert (await remedy.handle.result())["state"] == "done"


@pytest.mark.parametrize("wrong", ["argument", "id", "rules"])
async def test_only_its_complaint_can_start_one(office: Office, wrong: str) -> None:
    case = await replied(office, PAYMENT)
    remedy = await owed(case)
    started = await remedy.handle.fetch_history()
    given = started.events[0].workflow_execution_started_event_attributes.input.payloads
    opening, pinned = await office.client.data_converter.decode(list(given), [dict, bytes])
    arguments: list[Any] = {
        "argument": [{"reference": "?"}, pinned], "id": [opening, pinned],
        "rules": [opening, b"nonsense"],
    }[wrong]  # fmt: skip
    name = f"remedy:{case.reference}/1" if wrong == "rules" else f"remedy:{uuid4()}/1"
    if wrong == "rules":
        await remedy.do("do_remedy")
        await remedy.handle.result()
    with office.env.with_time_skipping_disabled():
        handle: WorkflowHandle[Any, Any] = await office.client.start_workflow(
            "Remedy", args=arguments, id=name, task_queue=office.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )  # fmt: skip
    with pytest.raises(WorkflowFailureError) as failed:
        await handle.result()
    cause = failed.value.cause
    assert isinstance(cause, ApplicationError)
    assert cause.type == "InvalidOpening"


async def test_is_9_a_charter_that_follows_nothing_up_starts_nothing(office: Office) -> None:
    case = await office.open(stage="manager")
    await case.do("reply", outcome="not-upheld", remedies=[])
    await case.settled()
    types = {event.event_type for run in await case.runs() for event in run.events}
    assert EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED not in types
    await check_laws(case)


async def test_is_9_remedies_start_once_and_live_on_when_histories_are_cut() -> None:
    arguments = ("--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=60")
    async with embedded_environment(extra_args=arguments) as env, an_office(env) as office:
        case = await office.open(stage="manager", subject_case={"reference": "C-9", "open": True})
        await case.do("reply", remedies=[PAYMENT])
        for n in range(12):
            await case.do("update", message=f"Step {n}.")
        await case.settled()
        await case.do("escalate", "customer", to="complaints-team")
        await case.do("reply", remedies=["A letter"])
        first, second = await owed(case), await owed(case, 2)
        assert len(await case.runs()) > 1
        await first.until(close_of(working_day(monday().date(), 140)))
        status = await first.status()
        assert status["reminders"] > 8
        last = (await first.handle.fetch_history()).events[0]
        assert last.workflow_execution_started_event_attributes.continued_execution_run_id
        await first.do("do_remedy")
        assert (await first.status())["state"] == "done"
        assert (await second.status())["state"] == "owed"
        await check_remedy(first)
        await check_laws(case)
