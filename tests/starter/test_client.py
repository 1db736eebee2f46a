"""The client for apps: opening once, verbs with typed refusals, and what is not there."""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.complaint.commands import Command
from domain.complaint.decider.registry import VERBS
from domain.complaint.opening import Opening
from domain.errors import ComplaintClosed, InvalidCommand, ReplyIncomplete, WrongStage
from domain.vocabulary import Outcome
from domain.wire import Handler
from engine.connect import connect_here
from engine.errors import ServerUnavailable
from starter.client import Complaints
from starter.wire.errors import AlreadyClosed, ComplaintFailed, NotAnswered, UnknownComplaint
from tests.faults.breakable import a_door_to
from tests.starter.conftest import CUSTOMER, HANDLER, MANAGER, Office

JONES = Handler(id="h.jones", name="H Jones", phone="0300 1")


async def test_a_reference_is_started_once(office: Office) -> None:
    opening = office.opening()
    first = await office.complaints.open(opening)
    second = await office.complaints.open(Opening.model_validate(opening))
    assert (first.already, first.differs) == (False, False)
    assert (second.already, second.differs) == (True, False)


async def test_a_reference_used_for_another_complaint_is_told(office: Office) -> None:
    opening = office.opening()
    await office.complaints.open(opening)
    again = await office.complaints.open(opening | {"details": "Something else."})
    assert again.already
    assert again.differs


async def test_a_complaint_that_has_ended_is_not_started_again(office: Office) -> None:
    opening = await office.ended()
    with pytest.raises(AlreadyClosed, match="not started again") as caught:
        await office.complaints.open(opening)
    assert not caught.value.differs


async def test_an_opening_that_was_refused_leaves_its_reference_free(office: Office) -> None:
    opening = office.opening(charter="nowhere")
    await office.complaints.open(opening)
    with pytest.raises(ComplaintFailed, match="nowhere"):
        await office.complaints.acknowledge(opening["reference"], HANDLER)
    again = await office.complaints.open(opening | {"charter": "financial-ombudsman"})
    assert not again.already


async def test_a_wrong_opening_names_the_field_and_starts_nothing(office: Office) -> None:
    opening = office.opening(channel="fax")
    with pytest.raises(InvalidCommand, match=r"channel: .*'fax'"):
        await office.complaints.open(opening)
    with pytest.raises(UnknownComplaint):
        await office.complaints.status(opening["reference"])


async def test_status_tells_clocks_and_timeline(office: Office) -> None:
    reference = await office.opened()
    await office.complaints.acknowledge(reference, HANDLER)
    status = await office.complaints.status(reference)
    assert (status.reference, status.state) == (reference, "acknowledged")
    assert "acknowledged" in [entry.kind for entry in status.timeline]
    assert [entry.number for entry in status.timeline] == list(range(1, status.events + 1))


async def test_a_verb_answers_how_the_complaint_stands(office: Office) -> None:
    reference = await office.opened()
    answer = await office.complaints.allocate(reference, MANAGER, JONES)
    assert answer.handler_id == "h.jones"
    assert answer.due


async def test_a_refusal_comes_back_as_the_same_type_with_what_is_allowed(office: Office) -> None:
    reference = await office.opened()
    with pytest.raises(WrongStage) as caught:
        await office.complaints.escalate(reference, CUSTOMER, "nowhere", "No reply.")
    assert "nowhere" in caught.value.message
    assert "manager" in caught.value.allowed
    with pytest.raises(ReplyIncomplete):
        await office.complaints.reply(reference, HANDLER, "", Outcome.UPHELD)


async def test_the_same_command_id_is_done_once(office: Office) -> None:
    reference = await office.opened()
    for _ in range(2):
        await office.complaints.update(reference, HANDLER, "Still looking.", command_id="u-1")
    status = await office.complaints.status(reference)
    assert [entry.kind for entry in status.timeline].count("updated") == 1


async def test_a_field_that_is_missing_is_told_before_anything_is_sent(office: Office) -> None:
    with pytest.raises(InvalidCommand, match=r"grounds.*missing"):
        await office.complaints.send("escalate", "T-0", CUSTOMER, fields={"to": "manager"})


async def test_an_unknown_complaint_is_told_apart_from_one_that_has_ended(office: Office) -> None:
    for call in (
        office.complaints.status("nobody"),
        office.complaints.accept("nobody", CUSTOMER),
        office.complaints.signal("withdraw", "nobody", CUSTOMER, fields={"reason": "x"}),
    ):
        with pytest.raises(UnknownComplaint, match="nobody"):
            await call
    reference = (await office.ended())["reference"]
    with pytest.raises(ComplaintClosed, match="open what is new as a complaint of its own"):
        await office.complaints.accept(reference, CUSTOMER)
    with pytest.raises(ComplaintClosed):
        await office.complaints.signal("withdraw", reference, CUSTOMER, fields={"reason": "x"})
    assert (await office.complaints.status(reference)).state == "closed"


async def test_a_refused_signal_is_recorded_and_raises_nothing(office: Office) -> None:
    reference = await office.opened()
    fields = {"to": "nowhere", "grounds": "No reply."}
    await office.complaints.signal("escalate", reference, CUSTOMER, fields=fields)
    # An update is taken after the signal that came before it.
    await office.complaints.acknowledge(reference, HANDLER)
    status = await office.complaints.status(reference)
    assert "command-refused" in [entry.kind for entry in status.timeline]


async def test_only_three_verbs_can_be_signalled(office: Office) -> None:
    with pytest.raises(InvalidCommand, match="escalate, record_contact, withdraw"):
        await office.complaints.signal("accept", "T-0", CUSTOMER)


async def test_without_a_worker_a_command_is_not_answered(env: WorkflowEnvironment) -> None:
    nobody = Complaints(env.client, "nobody-serves-this", answer_within=timedelta(seconds=1))
    opening = {
        "reference": "silent-1",
        "charter": "financial-ombudsman",
        "received_at": datetime(2026, 1, 5, tzinfo=UTC),
        "channel": "email",
        "about": ["delay"],
        "details": "",
        "complainant": {"name": "Ann"},
    }
    with env.with_time_skipping_disabled():
        await nobody.open(opening)
    for call in (nobody.status("silent-1"), nobody.accept("silent-1", CUSTOMER)):
        with pytest.raises(NotAnswered, match="same command id"):
            await call


async def test_a_server_that_went_away_is_named_and_no_worker_is_blamed(
    env: WorkflowEnvironment,
) -> None:
    door = a_door_to(int(env.client.service_client.config.target_host.rpartition(":")[2]))
    await door.open()
    client = await connect_here(f"127.0.0.1:{door.port}", timedelta(seconds=10))
    await door.close()
    complaints = Complaints(client, answer_within=timedelta(seconds=1))
    for call in (complaints.status, partial(complaints.accept, actor=CUSTOMER)):
        with pytest.raises(ServerUnavailable, match=f"{door.port}.* same command id") as told:
            await call("away-1")
        assert "worker" not in str(told.value)


async def test_without_a_server_it_is_said_where_none_answers() -> None:
    with pytest.raises(ServerUnavailable, match=r"127\.0\.0\.1:1\b"):
        await connect_here("127.0.0.1:1", timedelta())


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_a_method_with_its_own_fields(verb: str) -> None:
    taken = set(inspect.signature(getattr(Complaints, verb)).parameters)
    own = set(VERBS[verb].model_fields) - set(Command.model_fields) - {"pinned"}
    assert taken == own | {"self", "reference", "actor", "command_id"}


AN_APP = """
import asyncio
from domain.errors import UpholdError
from starter.client import Complaints

async def main():
    complaints = await Complaints.connect()
    try:
        await complaints.status("nobody-opened-this")
    except UpholdError as error:
        print(type(error).__name__)

asyncio.run(main())
"""


async def test_an_app_that_ends_with_its_last_answer_ends_in_order(
    env: WorkflowEnvironment,
) -> None:
    surroundings = os.environ | {
        "TEMPORAL_ADDRESS": env.client.service_client.config.target_host,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }

    async def run() -> tuple[int | None, bytes, bytes]:
        app = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", AN_APP),
            env=surroundings,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complained = await app.communicate()
        return app.returncode, said, complained

    # Several side by side: it is a busy machine on which the end used to fail.
    ended = await asyncio.gather(*(run() for _ in range(8)))
    assert set(ended) == {(0, b"UnknownComplaint\n", b"")}
