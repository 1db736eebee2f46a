"""The complaints whose histories are kept: every stage and state one can wait in, every end.

Owns how each of them is brought about on the real server. What a history must cover is in
`corpus`; a scenario that is added here is recorded by `python -m tests.replay.record`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from letters.channels.memory import MemoryChannel
from letters.channels.port import PermanentRefusal, TemporaryFailure
from tests.replay.mornings import a_morning_of_digests
from tests.replay.remedy_scenarios import (
    OPEN_CASE,
    a_remedy_that_is_late,
    asked_how_it_was,
    remedies_of_two_replies,
)
from tests.workflows.player import HANDLER, Case, Office
from tests.workflows.season import day, monday

Scenario = Callable[[Office], Awaitable[Case]]
LADDER = ("case-handler", "manager", "complaints-team", "independent-assessor")
SCENARIOS: dict[str, Scenario] = {}
CUT = ("cut-in-two",)
"""Those that need a server which suggests a new history early."""


def scenario(run: Scenario) -> Scenario:
    """Keep it under its name."""
    SCENARIOS[run.__name__.replace("_", "-")] = run
    return run


async def climbed(office: Office, stage: str) -> Case:
    """A complaint that has just entered the stage."""
    case = await office.open(**OPEN_CASE)
    for above in LADDER[1 : LADDER.index(stage) + 1]:
        await case.do("reply", outcome="not-upheld", remedies=[])
        await case.do("escalate", "customer", to=above)
    return case


def _waiting(stage: str, state: str) -> Scenario:
    async def run(office: Office) -> Case:
        case = await climbed(office, stage)
        match state:
            case "acknowledged":
                await case.do("acknowledge")
            case "replied":
                await case.do("reply", outcome="not-upheld", remedies=[])
            case "closed":
                await case.do("close")
        return case

    return run


for _stage in LADDER:
    for _state in ("received", "acknowledged", "replied", "closed"):
        SCENARIOS[f"{_stage}-{_state}"] = _waiting(_stage, _state)


@scenario
async def ends_accepted(office: Office) -> Case:
    case = await office.open(stage="manager")
    await case.do("acknowledge")
    await case.until(day(4))
    await case.do("reply")
    await case.do("accept", "customer")
    await case.result()
    return case


@scenario
async def ends_without_an_answer(office: Office) -> Case:
    case = await office.open(stage="manager", contact_so_far=None)
    await case.do("acknowledge")
    await case.do("ask_information")
    await case.until(day(45))
    await case.do("give_reason", reason="It lay in a drawer.")
    await case.until(day(90))  # until then a manager could take it up again
    await case.result()
    return case


@scenario
async def appointments_kept_and_missed(office: Office) -> Case:
    case = await office.open(charter="customer-promise", stage=None)
    await case.do("request_appointment", "customer", about="My papers.", requested_at=monday())
    at = day(7) + timedelta(hours=2)
    await case.do("arrange_appointment", at=at)
    await case.do("cancel_appointment")
    await case.do("arrange_appointment", at=at)
    await case.until(at + timedelta(hours=1))
    await case.do("record_appointment", held="not-held-by-us")
    await case.do("arrange_appointment", at=day(14))
    return case


@scenario
async def ends_withdrawn_by_signal(office: Office) -> Case:
    case = await office.open()
    await case.handle.signal("withdraw", case.argument("withdraw", "customer"))
    await case.result()
    return case


@scenario
async def ends_as_its_window_closes(office: Office) -> Case:
    answered = {"reference": "C-9", "open": False, "answered_at": day(-20)}
    case = await office.open(stage="manager", subject_case=answered)
    await case.do("reply")
    await case.until(monday() + timedelta(days=40))
    await case.until(monday() + timedelta(days=80))  # until then a manager could let it go on
    await case.result()
    return case


@scenario
async def ends_with_the_procedure(office: Office) -> Case:
    case = await climbed(office, "independent-assessor")
    await case.do("reply", outcome="not-upheld", remedies=[])
    await case.until(day(40))
    await case.result()
    return case


@scenario
async def ends_closed_by_staff(office: Office) -> Case:
    case = await office.open()
    await case.do("close")
    await case.result()
    return case


@scenario
async def ends_out_of_scope(office: Office) -> Case:
    case = await office.open(about=["outcome", "data-protection"])
    await case.result()
    return case


@scenario
async def ends_as_feedback(office: Office) -> Case:
    case = await office.open(about=["feedback"])
    await case.result()
    return case


@scenario
async def ends_out_of_time(office: Office) -> Case:
    answered = {"reference": "C-9", "open": False, "answered_at": day(-200)}
    case = await office.open(subject_case=answered)
    await case.until(monday() + timedelta(days=40))  # until then a manager could let it in
    await case.result()
    return case


@scenario
async def ends_before_it_opens(office: Office) -> Case:
    reference = office.reference()
    return await office.start({"reference": "?"}, at=monday(), reference=reference)


@scenario
async def warned_missed_and_extended(office: Office) -> Case:
    case = await office.open(stage="manager")
    await case.until(day(3))
    await case.do("acknowledge")
    await case.do("extend", new_due=day(16).date(), reason="The bank is slow.")
    await case.until(day(17))
    return case


@scenario
async def paused_reviewed_and_resumed(office: Office) -> Case:
    case = await office.open(charter="insolvency-service")
    await case.do("pause", review_on=day(2).date())
    await case.until(day(2))
    await case.do("resume")
    await case.do("pause", review_on=day(9).date())
    await case.until(day(9))
    await case.do("pause", review_on=day(11).date())
    await case.until(day(14))
    return case


@scenario
async def waits_paused(office: Office) -> Case:
    case = await office.open(charter="insolvency-service")
    await case.do("pause", review_on=day(9).date())
    return case


@scenario
async def reopened_and_closed_again(office: Office) -> Case:
    case = await office.open(charter="customer-promise")
    await case.do("reply")
    await case.do("accept", "customer")
    await case.until(day(20))
    await case.do("reopen", "manager")
    await case.do("withdraw", "customer")
    await case.until(day(20) + timedelta(days=100))
    await case.result()
    return case


@scenario
async def contacts_and_refused_signals(office: Office) -> Case:
    case = await office.open(stage="manager")
    said: dict[str, Any] = {"received_at": monday()}
    await case.signal("record_contact", "upstream-app", **said)
    await case.do("record_contact", "upstream-app", channel="phone", **said)
    await case.do("acknowledge", contact=1)
    await case.do("answer_contact", contact=2)
    await case.handle.signal("withdraw", "not an argument")
    await case.signal("escalate", "customer", to="independent-assessor")
    await case.do("acknowledge", command_id="twice")
    await case.do("acknowledge", command_id="twice")
    return case


@scenario
async def handlers_and_updates(office: Office) -> Case:
    case = await office.open()
    await case.do("allocate")
    await case.do("introduce", HANDLER)
    await case.do("update")
    await case.do("pass_to_decision")
    new = {"id": "a.new", "name": "A New", "phone": "0300 1"}
    await case.do("reassign", "manager", handler=new, reason="conflict")
    await case.do("conclude_case", answered_at=monday())
    return case


@scenario
async def pinned_anew(office: Office) -> Case:
    case = await office.open()
    await case.do("refresh", "administrator")
    return case


@scenario
async def ends_merged(office: Office) -> Case:
    case = await office.open(stage="manager")
    key = (await case.status())["customer_key"]
    await case.do("merge", into="R-another", reason="The same letter.", customer=key)
    await case.result()
    return case


@scenario
async def dates_moved_by_others(office: Office) -> Case:
    case = await office.open(stage="manager")
    said: dict[str, Any] = {"days": [day(3).date()], "reason": "Snow."}
    await case.signal("apply_closure", "administrator", **said)
    await case.do("correct", received_at=monday() - timedelta(days=3), reason="The stamp.")
    same = {"reason": "The same.", "customer": (await case.status())["customer_key"]}
    await case.do("take_in", duplicate="R-another", received_at=monday(), **same)
    await case.do("link", to="R-third", reason="Both are about the same branch.")
    await case.do("migrate", "administrator", to_version="2026.1")
    await case.until(day(2))
    return case


@scenario
async def mail_that_fails_for_a_while_and_for_good(office: Office) -> Case:
    assert isinstance(office.channel, MemoryChannel)
    case = await office.open(stage="manager")
    await case.settled()
    office.channel.next_time(TemporaryFailure("it is down"), TemporaryFailure("it is down"))
    await case.do("acknowledge")
    await case.do("update")
    await case.passes(timedelta(hours=2))
    await case.settled()
    office.channel.next_time(PermanentRefusal("no such person"))
    await case.do("update")
    return case


@scenario
async def cut_in_two(office: Office) -> Case:
    case = await office.open(stage="manager")
    for n in range(6):
        await case.do("update", message=f"Step {n}.")
    await case.do("acknowledge", command_id="early")
    await case.cut()
    await case.do("acknowledge", command_id="early")
    await case.do("reply")
    return case


scenario(a_morning_of_digests)
scenario(asked_how_it_was)
scenario(remedies_of_two_replies)
scenario(a_remedy_that_is_late)
