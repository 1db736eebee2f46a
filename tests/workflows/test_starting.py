"""How a complaint starts: once, with everything that is needed, or not at all."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowFailureError
from temporalio.common import RawValue, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from ledger.memory import MemoryLedger
from letters.channels.memory import MemoryChannel
from tests.workflows.player import CUSTOMER, Case, Office, an_office, as_json, opening, refusal

A_MINUTE = timedelta(minutes=1)


def now() -> datetime:
    """A minute ago by the wall clock: complaints that start at once were received then."""
    return datetime.now(UTC) - A_MINUTE


async def failure(case: Case) -> ApplicationError:
    """The error with which the complaint failed to open; nothing of it was recorded."""
    with pytest.raises(WorkflowFailureError) as raised:
        await case.result()
    assert isinstance(raised.value.cause, ApplicationError)
    assert await case.office.ledger.events(case.reference) == ()
    assert await case.told() == []
    return raised.value.cause


def without(name: str) -> dict[str, Any]:
    """An opening that lacks a field."""
    argument = opening("R-1", received_at=now())
    del argument[name]
    return argument


REP = {"kind": "friend", "name": "A Friend"}
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a reference with blanks": ({"reference": "a b"}, "reference"),
    "an empty reference": ({"reference": ""}, "reference"),
    "a reference that is endless": ({"reference": "x" * 81}, "reference"),
    "a naive instant": ({"received_at": "2026-01-05T10:00:00"}, "received_at"),
    "no instant at all": ({"received_at": "yesterday"}, "received_at"),
    "an unknown channel": ({"channel": "pigeon"}, "channel"),
    "no topic": ({"about": []}, "about"),
    "an unknown topic": ({"about": ["weather"]}, "about.0"),
    "topics that are text": ({"about": "delay"}, "about"),
    "details that are endless": ({"details": "x" * 20_001}, "details"),
    "an unknown field": ({"priority": "high"}, "priority"),
    "a customer without a name": ({"complainant": {"email": "a@b.example"}}, "complainant.name"),
    "an odd language": (
        {"complainant": CUSTOMER | {"language": "English"}},
        "complainant.language",
    ),
    "a representative who is the customer": (
        {"representative": REP | {"kind": "customer"}},
        "representative",
    ),
    "a case without a reference": ({"subject_case": {"open": True}}, "subject_case.reference"),
}


@pytest.mark.parametrize("what", BAD)
async def test_a_bad_opening_fails_and_names_its_field(office: Office, what: str) -> None:
    changed, field = BAD[what]
    argument = opening("R-1", received_at=now()) | changed
    error = await failure(await office.start(argument, at=now(), reference=office.reference()))
    assert error.type == "InvalidOpening"
    assert f"{field}: " in error.message


@pytest.mark.parametrize(
    "name", ["reference", "charter", "received_at", "channel", "about", "details", "complainant"]
)
async def test_an_opening_that_lacks_a_field_fails_and_names_it(office: Office, name: str) -> None:
    error = await failure(await office.start(without(name), at=now(), reference=office.reference()))
    assert error.type == "InvalidOpening"
    assert f"{name}: it is missing" in error.message


@pytest.mark.parametrize("argument", [None, "a complaint", 7, [], {}])
async def test_what_is_no_opening_at_all_fails(office: Office, argument: Any) -> None:
    error = await failure(await office.start(argument, at=now(), reference=office.reference()))
    assert error.type == "InvalidOpening"


def payload(data: bytes, **metadata: bytes) -> RawValue:
    """An argument that is just that on the wire."""
    return RawValue(Payload(metadata=metadata, data=data))


PLAIN = b"json/plain"
UNREADABLE: dict[str, list[RawValue]] = {
    "no JSON": [payload(b"{no json \xff", encoding=PLAIN)],
    "nothing at all": [payload(b"", encoding=PLAIN)],
    "half a character": [payload(b'{"reference": "\\ud800"}', encoding=PLAIN)],
    "nested without end": [payload(b'{"a": ' * 3000 + b"1" + b"}" * 3000, encoding=PLAIN)],
    "bytes": [payload(b"{}", encoding=b"binary/plain")],
    "an unknown encoding": [payload(b"{}", encoding=b"of/my/own")],
    "no encoding": [payload(b"{}")],
    "two openings": [payload(b"{}", encoding=PLAIN)] * 2,
    "a state of its own": [payload(b"{}", encoding=PLAIN), payload(b"x", encoding=b"binary/plain")],
    "three of anything": [payload(b"{", encoding=PLAIN), payload(b"{}"), payload(b"1")],
}
"""What no opening can be read from, as whoever sends it can send it."""


@pytest.mark.parametrize("what", UNREADABLE)
async def test_a_start_that_cannot_be_read_is_refused_by_name_and_still_says_how_it_stands(
    office: Office, what: str
) -> None:
    reference = office.reference()
    handle = await office.client.start_workflow(
        "Complaint", args=UNREADABLE[what], id=f"complaint:{reference}",
        task_queue=office.task_queue, execution_timeout=timedelta(seconds=20),
    )  # fmt: skip
    case = Case(office, reference, handle)
    error = await failure(case)
    assert error.type == "InvalidOpening"
    assert await case.status() == {"state": "opening"}


async def test_a_start_without_an_argument_fails(office: Office) -> None:
    reference = office.reference()
    handle = await office.client.start_workflow(
        "Complaint", id=f"complaint:{reference}", task_queue=office.task_queue,
        execution_timeout=timedelta(seconds=20),
    )  # fmt: skip
    error = await failure(Case(office, reference, handle))
    assert error.type == "InvalidOpening"


async def test_an_unknown_charter_fails_and_says_which_there_are(office: Office) -> None:
    reference = office.reference()
    argument = opening(reference, received_at=now(), charter="financial-ombudsmen")
    error = await failure(await office.start(argument, at=now(), reference=reference))
    assert error.type == "UnknownCharter"
    assert "financial-ombudsmen" in error.message
    assert "financial-ombudsman" in error.message


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"received_at": datetime.now(UTC) + timedelta(days=2)}, "InvalidCommand"),
        ({"stage": "complaints-team"}, "WrongStage"),
        ({"stage": "the top"}, "WrongStage"),
        ({"received_at": datetime(1950, 1, 2, 10, tzinfo=UTC)}, "InvalidOpening"),
        ({"received_at": datetime(2016, 1, 5, 10, tzinfo=UTC)}, "InvalidCommand"),
        ({"received_at": datetime(2199, 1, 2, 10, tzinfo=UTC)}, "BeyondCalendar"),
    ],
    ids=["tomorrow", "not-a-first-stage", "no-stage", "long-ago", "years-ago", "far-ahead"],
)
async def test_an_opening_that_the_rules_refuse_fails_with_the_refusal(
    office: Office, changed: dict[str, Any], kind: str
) -> None:
    reference = office.reference()
    argument = opening(reference, received_at=now()) | changed
    error = await failure(await office.start(argument, at=now(), reference=reference))
    assert error.type == kind
    assert error.message


async def test_a_complaint_under_another_reference_than_its_workflows_fails(
    office: Office,
) -> None:
    argument = opening("R-another", received_at=now())
    error = await failure(await office.start(argument, at=now(), reference=office.reference()))
    assert error.type == "InvalidOpening"
    assert "R-another" in error.message
    assert await office.ledger.events("R-another") == ()


async def test_starting_twice_returns_the_running_one(office: Office) -> None:
    first = await office.open()
    argument = opening(first.reference, channel="letter")
    again = await office.client.start_workflow(
        "Complaint", as_json(argument), id=first.handle.id, task_queue=office.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )  # fmt: skip
    assert again.result_run_id == first.handle.result_run_id
    assert await first.kinds() == ["opened"]


async def test_a_closed_reference_is_not_started_again(office: Office) -> None:
    case = await office.open()
    await case.do("withdraw", "customer")
    await case.result()
    with pytest.raises(WorkflowAlreadyStartedError):
        await office.client.start_workflow(
            "Complaint", as_json(opening(case.reference)), id=case.handle.id,
            task_queue=office.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        )  # fmt: skip
    assert await case.kinds() == ["opened", "closed"]


async def test_a_reference_whose_opening_failed_can_be_started_again(office: Office) -> None:
    reference = office.reference()
    await failure(await office.start({"wrong": 1}, at=now(), reference=reference))
    office.cases.clear()
    case = await office.open(reference=reference)
    assert await case.kinds() == ["opened"]


async def test_nobody_can_ask_before_it_has_begun_but_orders_wait(env: WorkflowEnvironment) -> None:
    ledger, channel, queue = MemoryLedger(), MemoryChannel(), "office-late"
    argument = opening("late-1", received_at=now(), stage="manager")
    office = Office(env, ledger, channel, queue)
    case = await office.start(argument, at=now(), reference="late-1")
    case.stage = "manager"
    with pytest.raises((RPCError, TimeoutError)):
        await case.handle.query("status", rpc_timeout=timedelta(milliseconds=300))
    await case.handle.signal(
        "record_contact", case.argument("record_contact", "upstream-app", received_at=now())
    )
    asked = asyncio.create_task(case.do("acknowledge"))
    hasty = asyncio.create_task(refusal(case.do("accept", "customer")))
    await asyncio.sleep(0)
    async with an_office(env, ledger=ledger, channel=channel, task_queue=queue):
        assert (await asked)["state"] == "acknowledged"
        assert (await hasty).type == "WrongState"
        kinds = await case.kinds()
    assert kinds[0] == "opened"
    assert set(kinds[1:]) == {"contact-received", "acknowledged"}
    office.cases.clear()


async def test_the_status_of_one_that_never_opened_is_that_it_is_opening(office: Office) -> None:
    case = await office.start({}, at=now(), reference=office.reference())
    await failure(case)
    assert await case.status() == {"state": "opening"}


async def test_whoever_writes_to_a_complaint_that_never_opens_is_told_why(
    env: WorkflowEnvironment,
) -> None:
    ledger, channel, queue = MemoryLedger(), MemoryChannel(), "office-never"
    argument = opening("never-1", received_at=now(), charter="no-such-charter")
    case = await Office(env, ledger, channel, queue).start(argument, at=now(), reference="never-1")
    # Sent before a worker is there, so that it is taken while the complaint is being opened.
    asked = asyncio.create_task(refusal(case.do("withdraw", "customer")))
    await asyncio.sleep(0)
    async with an_office(env, ledger=ledger, channel=channel, task_queue=queue):
        told = await asked
        assert told.type == "NotOpened"
        assert "no-such-charter" in told.message
        assert (await failure(case)).type == "UnknownCharter"
