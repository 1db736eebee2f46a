"""What holds for every complaint that was played on the server, whatever its story.

Owns the laws that are checked against its history, its ledger and its channel.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from activities.contracts import PROVE, RESOLVE_CHARTER
from domain.charter.rules import Rules, unpack
from domain.complaint.decider.evolve import fold
from domain.complaint.features.handling.receiving import Opened
from domain.complaint.views.read_model import standing_of
from engine.plugin import UpholdPlugin
from ledger.port import Ledger
from letters.channels.memory import MemoryChannel
from tests.domain.playing.watching import watch
from tests.ledger.samples import references
from tests.workflows.player import SECRETS, Case
from workflows.complaint import ComplaintWorkflow

LOOK_UPS = {RESOLVE_CHARTER, PROVE}
_ENDED = {
    EventType.EVENT_TYPE_TIMER_FIRED: "timer_fired_event_attributes",
    EventType.EVENT_TYPE_TIMER_CANCELED: "timer_canceled_event_attributes",
}


async def check_laws(case: Case) -> None:
    """Check every law on the complaint."""
    status = await case.settled()
    runs = await case.runs()
    for history in runs:
        await replay(history)
        assert max(open_timers(history), default=0) <= 1, "two timers were open at once"
        assert_nothing_personal(history)
        assert_effects_follow(history)
    await assert_recorded(case, status)
    assert_sent_once(case)


async def replay(history: WorkflowHistory) -> None:
    """The workflow as it is now does again what the history says that it did."""
    replayer = Replayer(workflows=[ComplaintWorkflow], plugins=[UpholdPlugin()])
    await replayer.replay_workflow(history)


def open_timers(history: WorkflowHistory) -> list[int]:
    """How many timers were open at the end of each workflow task, by the events of the history."""
    running: set[int] = set()
    counts = []
    for event in history.events:
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            running.add(event.event_id)
        elif event.event_type in _ENDED:
            ended = getattr(event, _ENDED[event.event_type])
            running.discard(ended.started_event_id)
        elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED:
            counts.append(len(running))
    return counts


def assert_nothing_personal(history: WorkflowHistory) -> None:
    """What Temporal stores in the clear says nothing about the customer."""
    for event in history.events:
        shown = event.user_metadata.SerializeToString()
        attributes = event.upsert_workflow_search_attributes_event_attributes
        shown += attributes.SerializeToString()
        for secret in SECRETS:
            assert secret.encode() not in shown, event


def assert_effects_follow(history: WorkflowHistory) -> None:
    """Nothing but a look-up, of the charter or of who acts, runs before its workflow task is in history.

    A local activity does; if that task is lost, it has told the ledger what never happened.
    """
    for event in history.events:
        marked = event.marker_recorded_event_attributes
        if event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED and (
            marked.marker_name != "core_patch"
        ):
            said = marked.details["data"].payloads[0].data
            assert json.loads(said)["activity_type"] in LOOK_UPS


async def assert_recorded(case: Case, status: dict[str, Any]) -> None:
    """The ledger has every event once and in order, they fold to what the status says, and what they told is true."""
    if status["state"] == "opening" or status.get("ledger_fault"):
        return
    ledger = case.office.ledger
    events = await ledger.events(case.reference)
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert len(events) == status["events"]
    assert [event.kind for event in events] == [row["kind"] for row in status["timeline"]]
    rules = await rules_on_record(ledger, events)
    folded = fold(rules, events)
    watch(rules, events)
    assert standing_of(folded) == await ledger.standing(case.reference)


async def rules_on_record(ledger: Ledger, events: tuple[Any, ...]) -> Rules:
    """The rules that a complaint opened under."""
    opened = events[0]
    assert isinstance(opened, Opened)
    return unpack(await ledger.charter(opened.digest))


async def assert_told_truly(ledger: Ledger) -> None:
    """Whatever the complaints on record have told is true."""
    for reference in await references(ledger):
        events = await ledger.events(reference)
        watch(await rules_on_record(ledger, events), events)


def assert_sent_once(case: Case) -> None:
    """No notice was handed to the channel twice."""
    if isinstance(case.office.channel, MemoryChannel):
        ids = Counter(mail.message_id for mail in case.office.channel.taken)
        assert [one for one, times in ids.items() if times > 1] == []
