"""Commands to a running complaint: done once, refused without a trace, or recorded as refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from tests.workflows.player import Case, Office, refusal
from tests.workflows.season import day, monday


async def length(case: Case) -> int:
    """How many events the complaint's history has, once everything owed has left."""
    await case.settled()
    return len((await case.handle.fetch_history()).events)


async def test_the_same_command_is_done_once(office: Office) -> None:
    case = await office.open(stage="manager")
    first = await case.do("acknowledge", command_id="once")
    assert await case.do("acknowledge", command_id="once") == first
    assert await case.kinds() == ["opened", "acknowledged"]
    assert (await case.told()).count("acknowledgement to customer") == 1


async def test_the_same_command_sent_many_times_at_once_is_done_once(office: Office) -> None:
    case = await office.open(stage="manager")
    briefs = await asyncio.gather(
        *(case.do("update", command_id="once", message="Soon.") for _ in range(8))
    )
    assert len({brief["events"] for brief in briefs}) == 1
    assert await case.kinds() == ["opened", "updated"]


async def test_different_commands_sent_at_once_are_each_done(office: Office) -> None:
    case = await office.open(stage="manager")
    await asyncio.gather(*(case.do("update", message=f"Step {n}.") for n in range(8)))
    assert await case.kinds() == ["opened", *["updated"] * 8]
    assert (await case.told()).count("progress to customer") == 8


async def test_of_two_replies_sent_at_once_one_is_refused(office: Office) -> None:
    case = await office.open(stage="manager")
    answers = await asyncio.gather(case.do("reply"), case.do("reply"), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, WorkflowUpdateFailedError)]
    assert [error.cause.type for error in refused if isinstance(error.cause, ApplicationError)] == [
        "WrongState"
    ]
    assert await case.kinds() == ["opened", "replied"]


async def test_what_the_rules_refuse_is_answered_and_leaves_no_trace(office: Office) -> None:
    case = await office.open(stage="manager")
    before = await length(case)
    wrong_role = await case.refused("reply", "quality")
    assert wrong_role.type == "WrongRole"
    assert wrong_role.message == (
        "A quality may not reply at stage manager. Roles that may: manager."
    )
    assert wrong_role.details[0]["allowed"] == "Roles that may: manager."
    assert (await case.refused("accept", "customer")).type == "WrongState"
    assert (await case.refused("reply", findings="")).type == "ReplyIncomplete"
    assert (await case.refused("escalate", "customer", to="independent-assessor")).type == (
        "WrongStage"
    )
    late = await case.refused("extend", new_due=day(200).date(), reason="Slow.")
    assert late.type == "ExtensionRefused"
    assert (await case.refused("answer_contact")).type == "UnknownContact"
    assert await length(case) == before
    assert await case.kinds() == ["opened"]


MALFORMED: dict[str, tuple[Any, str]] = {
    "nothing": (None, "the argument"),
    "text": ("acknowledge it", "the argument"),
    "a list": ([1, 2], "the argument"),
    "a number": (7, "the argument"),
    "an empty object": ({}, "command_id"),
    "no actor": ({"command_id": "1"}, "actor"),
    "no command id": ({"actor": {"id": "m", "name": "M", "role": "manager"}}, "command_id"),
    "an unknown role": (
        {"command_id": "1", "actor": {"id": "m", "name": "M", "role": "boss"}},
        "actor.role",
    ),
    "an unknown field": (
        {"command_id": "1", "actor": {"id": "m", "name": "M", "role": "manager"}, "loud": True},
        "loud",
    ),
    "an endless command id": (
        {"command_id": "x" * 201, "actor": {"id": "m", "name": "M", "role": "manager"}},
        "command_id",
    ),
}


async def test_a_malformed_argument_is_refused_with_its_field_and_leaves_no_trace(
    office: Office,
) -> None:
    case = await office.open(stage="manager")
    before = await length(case)
    for what, (argument, field) in MALFORMED.items():
        error = await refusal(case.handle.execute_update("acknowledge", argument))
        assert error.type == "InvalidCommand", what
        assert f"acknowledge: {field}: " in error.message, what
        assert "It takes: command_id, actor, contact (optional)." in error.message, what
    assert await length(case) == before


async def test_an_update_without_or_with_too_many_arguments_is_refused(office: Office) -> None:
    case = await office.open(stage="manager")
    before = await length(case)
    error = await refusal(case.handle.execute_update("acknowledge", args=[]))
    assert error.type == "InvalidCommand"
    argument = case.argument("acknowledge")
    with pytest.raises(WorkflowUpdateFailedError):
        await case.handle.execute_update("acknowledge", args=[argument, argument])
    assert await length(case) == before
    assert await case.kinds() == ["opened"]


async def test_an_unknown_verb_is_refused_and_leaves_no_trace(office: Office) -> None:
    case = await office.open(stage="manager")
    before = await length(case)
    error = await refusal(case.handle.execute_update("forgive", case.argument("acknowledge")))
    assert "forgive" in error.message
    assert "acknowledge" in error.message, "it says which verbs there are"
    assert await length(case) == before


async def test_contacts_come_in_by_signal_and_by_update(office: Office) -> None:
    case = await office.open(stage="manager")
    said: dict[str, Any] = {"received_at": monday()}
    await case.signal("record_contact", "upstream-app", command_id="mail-1", **said)
    await case.signal("record_contact", "upstream-app", command_id="mail-1", **said)
    await case.do("record_contact", "upstream-app", channel="phone", **said)
    status = await case.status()
    assert [contact["channel"] for contact in status["contacts"]] == ["email", "phone"]
    await case.do("acknowledge", contact=1)
    await case.do("answer_contact", contact=2)
    clocks = {c["id"]: c["state"] for c in (await case.status())["clocks"]}
    assert (clocks["FO-3#2"], clocks["FO-3#3"]) == ("met", "met")
    assert (await case.told())[-2:] == [
        "contact-acknowledged to customer",
        "contact-answer to customer",
    ]


async def test_a_signal_climbs_and_a_signal_withdraws(office: Office) -> None:
    case = await office.open()
    await case.signal("escalate", "customer", to="manager")
    assert case.stage == "manager"
    await case.signal("withdraw", "customer")
    assert (await case.result())["closed_how"] == "withdrawn"


async def test_a_refused_signal_is_recorded_and_told_to_staff_and_changes_nothing_else(
    office: Office,
) -> None:
    case = await office.open(stage="manager")
    before = await case.status()
    await case.signal("escalate", "customer", command_id="hasty", to="independent-assessor")
    await case.signal("escalate", "customer", command_id="hasty", to="independent-assessor")
    after = await case.status()
    assert await case.kinds() == ["opened", "command-refused"]
    assert (await case.told())[-1] == "signal-refused to manager"
    assert "WrongStage" in after["timeline"][-1]["text"]
    same = before.keys() - {"events", "timeline"}
    assert {key: after[key] for key in same} == {key: before[key] for key in same}


async def test_a_malformed_signal_is_recorded_too(office: Office) -> None:
    case = await office.open(stage="manager")
    for argument in (None, "take it back", {"command_id": 7}, {"command_id": {"a": 1}}):
        await case.handle.signal("withdraw", argument)
    await case.handle.signal("withdraw", args=[])
    events = await timeline_of(case, 6)
    assert {event["kind"] for event in events[1:]} == {"command-refused"}
    assert all("InvalidCommand" in event["text"] for event in events[1:])
    assert (await case.status())["state"] == "received"


async def test_a_signal_of_another_name_is_recorded_and_changes_nothing_else(
    office: Office,
) -> None:
    case = await office.open(stage="manager")
    await case.handle.signal("accept", case.argument("accept", "customer"))
    assert (await case.do("acknowledge"))["state"] == "acknowledged"
    assert await case.kinds() == ["opened", "command-refused", "acknowledged"]


async def test_no_signal_whatever_it_carries_stops_a_complaint(office: Office) -> None:
    case = await office.open(stage="manager")
    garbage = Payload(metadata={"encoding": b"json/plain"}, data=b"{no json \xff")
    await case.handle.signal("withdraw", args=[{"reason": "x"}, "one too many"])
    await case.handle.signal("withdraw", RawValue(garbage))
    await case.handle.signal("escalate", [1, 2])
    assert [event["kind"] for event in (await timeline_of(case, 4))[1:]] == ["command-refused"] * 3
    assert (await case.do("acknowledge"))["state"] == "acknowledged"


async def test_a_complaint_cannot_be_cancelled_from_outside(office: Office) -> None:
    case = await office.open(stage="manager")
    await case.handle.cancel()
    assert (await case.do("acknowledge"))["state"] == "acknowledged"
    await case.passes(timedelta(days=1))
    assert (await case.do("reply"))["state"] == "replied"
    kinds = await case.kinds()
    assert sorted(kinds) == ["acknowledged", "command-refused", "opened", "replied"]
    assert "cancel" in (await case.status())["timeline"][kinds.index("command-refused")]["text"]


async def timeline_of(case: Case, count: int) -> list[dict[str, Any]]:
    """The timeline, which has so many rows."""
    timeline: list[dict[str, Any]] = (await case.status())["timeline"]
    assert len(timeline) == count, timeline
    return timeline
