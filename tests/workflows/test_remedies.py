"""Remedies on the real server: the complaint follows them up past its closing, until each is settled."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

from engine.dev_server import embedded_environment
from ledger.memory import MemoryLedger
from letters.channels.memory import MemoryChannel
from letters.channels.port import PermanentRefusal, TemporaryFailure
from tests.workflows.laws import check_laws
from tests.workflows.player import Case, Office, an_office, refusal
from tests.workflows.season import close_of, day, monday, working_day

PAYMENT = {"text": "We will pay you £50", "kind": "payment"}
OPEN_CASE: dict[str, Any] = {"subject_case": {"reference": "C-9", "open": True}}


async def replied(office: Office, *remedies: Any, **fields: Any) -> Case:
    """A complaint whose manager's reply has undertaken these."""
    case = await office.open(stage="manager", **fields)
    await case.do("reply", remedies=list(remedies))
    return case


async def remedy(case: Case, number: int = 1) -> dict[str, Any]:
    """How that remedy stands."""
    found: dict[str, Any] = (await case.status())["remedies"][number - 1]
    return found


async def of_remedies(case: Case) -> list[str]:
    """The kinds of the events of its remedies."""
    return [kind for kind in await case.kinds() if kind.startswith("remedy-")]


async def told(case: Case) -> list[str]:
    """Who was told what of its remedies."""
    return [each for each in await case.told() if each.startswith("remedy-")]


async def test_is_9_the_complaint_closes_and_goes_on_until_each_is_settled(
    any_office: Office,
) -> None:
    case = await replied(any_office, PAYMENT, "An apology")
    await case.do("accept", "customer")
    status = await case.status()
    assert (status["state"], status["remedies_owed"]) == ("closed", 2)
    await case.until(day(1))
    await case.do("do_remedy", remedy=1, how="Paid on 9 December.")
    assert (await remedy(case))["reason"] == "Paid on 9 December."
    await case.do("do_remedy", remedy=2, how="The manager wrote.")
    assert (await case.result())["state"] == "closed"
    assert await of_remedies(case) == ["remedy-done", "remedy-done"]
    assert await told(case) == ["remedy-owed to manager", *["remedy-done to customer"] * 2]
    await check_laws(case)


async def test_is_9_it_is_warned_of_overdue_and_reminded_until_it_is_done(
    any_office: Office,
) -> None:
    case = await replied(any_office, PAYMENT)
    await case.do("accept", "customer")
    due = working_day(monday().date(), 20)
    assert (await remedy(case))["due_on"] == due.isoformat()
    await case.until(close_of(due))
    assert await of_remedies(case) == ["remedy-warned", "remedy-missed"]
    assert await told(case) == [
        "remedy-owed to manager", "remedy-due to manager", "remedy-missed to customer",
        "remedy-overdue to manager",
    ]  # fmt: skip
    await case.until(close_of(working_day(due, 12)))
    stands = await remedy(case)
    assert (stands["missed"], stands["reminders"]) == (2, 1)
    await case.do("do_remedy", remedy=1, how="Paid at last.")
    await case.do("give_reason", "manager", reason="The bank was slow.")
    assert (await case.result())["remedies_owed"] == 0
    await check_laws(case)


async def test_fo_12_what_the_assessor_recommends_is_accepted_or_refused_with_a_reason(
    office: Office,
) -> None:
    case = await office.open(stage="manager", **OPEN_CASE)
    for above in ("complaints-team", "independent-assessor"):
        await case.do("reply", outcome="not-upheld")
        await case.do("escalate", "customer", to=above)
    await case.do("reply", remedies=["Log every letter", "Pay £50"])
    await case.until(day(5))
    refused = await refusal(case.do("do_remedy", "manager", remedy=1, how="Done."))
    assert (refused.type, "Accept it first" in refused.message) == ("WrongState", True)
    await case.do("accept_remedy", "manager", remedy=1)
    await case.do("do_remedy", "manager", remedy=1, how="Every letter is logged.")
    await case.do("refuse_remedy", "manager", remedy=2, reason="The law does not allow it.")
    assert (await told(case))[1:] == [
        "remedy-accepted to customer", "remedy-answered to independent-assessor",
        "remedy-done to customer", "remedy-answered to independent-assessor",
        "remedy-refused to customer", "remedy-answered to independent-assessor",
    ]  # fmt: skip
    await check_laws(case)


async def test_an_emergency_closure_reaches_what_is_owed_when_the_complaint_is_closed(
    office: Office,
) -> None:
    case = await replied(office, PAYMENT)
    await case.do("accept", "customer")
    before = (await remedy(case))["due_on"]
    said: dict[str, Any] = {"days": [day(3, 9).date()], "reason": "Snow.", "command_id": "snow"}
    await case.signal("apply_closure", "administrator", **said)
    assert (await remedy(case))["due_on"] > before
    assert (await case.told())[-1] == "dates-corrected to customer"
    await check_laws(case)


async def test_is_6_who_loses_authority_after_the_end_hears_no_more_of_what_was_promised(
    office: Office,
) -> None:
    friend = {"kind": "friend", "name": "R Help", "email": "r@help.org", "authorised": True}
    case = await replied(office, PAYMENT, "A letter", representative=friend)
    await case.do("accept", "customer")
    await case.do("withdraw_authority", "customer", reason="We no longer speak.")
    await case.do("do_remedy", remedy=1, how="Paid.")
    assert (await told(case))[-1] == "remedy-done to customer"
    assert "remedy-done to representative" not in await case.told()
    await check_laws(case)


async def test_is_9_a_worker_that_ends_and_another_lose_no_remedy(office: Office) -> None:
    ledger, channel, queue = MemoryLedger(), MemoryChannel(), f"office-{uuid4().hex[:8]}"
    async with an_office(office.env, ledger=ledger, channel=channel, task_queue=queue) as first:
        case = await first.open(stage="manager")
    asked = asyncio.create_task(case.do("reply", remedies=[PAYMENT]))
    async with an_office(office.env, ledger=ledger, channel=channel, task_queue=queue):
        await asked
        await case.do("accept", "customer")
    late = asyncio.create_task(case.until(close_of(working_day(monday().date(), 20))))
    async with an_office(office.env, ledger=ledger, channel=channel, task_queue=queue):
        await late
        assert await of_remedies(case) == ["remedy-warned", "remedy-missed"]
        await case.do("do_remedy", remedy=1, how="Paid.")
        await case.do("give_reason", "manager", reason="The bank was slow.")
        await case.result()
        await check_laws(case)


async def test_a_letter_of_a_remedy_that_comes_back_is_a_task_for_staff(office: Office) -> None:
    case = await replied(office, PAYMENT)
    await case.settled()
    assert isinstance(office.channel, MemoryChannel)
    office.channel.next_time(PermanentRefusal("no such person"))
    await case.do("do_remedy", remedy=1, how="Paid.")
    assert (await case.kinds())[-2:] == ["remedy-done", "notice-undeliverable"]
    assert (await case.told())[-1] == "undeliverable to manager"


async def test_mail_that_is_down_is_tried_again_and_stops_no_date(office: Office) -> None:
    case = await replied(office, PAYMENT)
    await case.do("accept", "customer")
    await case.settled()
    assert isinstance(office.channel, MemoryChannel)
    office.channel.next_time(TemporaryFailure("down"), TemporaryFailure("down"))
    await case.until(close_of(working_day(monday().date(), 20)) + timedelta(hours=2))
    assert (await told(case))[-2:] == ["remedy-missed to customer", "remedy-overdue to manager"]
    await check_laws(case)


async def test_is_9_what_is_owed_lives_on_when_the_history_is_cut() -> None:
    arguments = ("--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=60")
    async with embedded_environment(extra_args=arguments) as env, an_office(env) as office:
        case = await replied(office, PAYMENT, "A letter", **OPEN_CASE)
        for n in range(12):
            await case.do("update", message=f"Step {n}.")
        await case.do("accept", "customer")
        await case.until(close_of(working_day(monday().date(), 60)))
        await case.cut()
        await case.do("do_remedy", remedy=1, how="Paid.")
        await case.do("refuse_remedy", remedy=2, reason="It was written already.")
        assert (await case.result())["remedies_owed"] == 0
        await check_laws(case)
