"""One durable timer at a time, no polling, and what Temporal's own pages show of a complaint."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.sdk.v1 import WorkflowMetadata

from engine import search_attributes as keys
from starter.client import Complaints
from tests.workflows.laws import open_timers
from tests.workflows.player import CUSTOMER, SECRETS, Case, Office, opening
from tests.workflows.season import day, monday

TASK_DONE = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
TIMER = EventType.EVENT_TYPE_TIMER_STARTED


async def count(case: Case, kind: int) -> int:
    """How many events of a kind the history has, once everything owed has left."""
    await case.settled()
    return sum(event.event_type == kind for event in (await case.handle.fetch_history()).events)


async def test_one_timer_is_open_while_it_waits_and_none_when_it_has_ended(office: Office) -> None:
    case = await office.open(stage="manager")
    for at in (1, 2, 3):
        await case.until(day(at, 17))
        await case.do("update")
    history = await case.handle.fetch_history()
    assert set(open_timers(history)[2:]) <= {0, 1}
    await case.do("withdraw", "customer")
    await case.result()
    history = await case.handle.fetch_history()
    started = sum(event.event_type == TIMER for event in history.events)
    over = (EventType.EVENT_TYPE_TIMER_FIRED, EventType.EVENT_TYPE_TIMER_CANCELED)
    assert started == sum(event.event_type in over for event in history.events)


async def test_a_change_that_moves_no_wake_up_leaves_the_timer_alone(office: Office) -> None:
    case = await office.open(stage="manager")
    await case.do("acknowledge")
    timers = await count(case, TIMER)
    await case.do("update")
    assert await count(case, TIMER) == timers


async def test_nothing_happens_in_the_engine_while_it_is_paused(office: Office) -> None:
    case = await office.open(charter="insolvency-service")
    await case.do("acknowledge")
    await case.do("pause", review_on=day(11).date())
    assert (await attributes(case))["UpholdState"] == "paused"
    tasks, timers = await count(case, TASK_DONE), await count(case, TIMER)
    await case.until(day(10))
    assert (await count(case, TASK_DONE), await count(case, TIMER)) == (tasks, timers)


async def metadata_of(case: Case) -> WorkflowMetadata:
    """What Temporal's page asks the workflow for."""
    answer: WorkflowMetadata = await case.ask("__temporal_workflow_metadata")
    return answer


async def attributes(case: Case) -> dict[str, Any]:
    """The search attributes that the server lists, by name."""
    told = await case.handle.describe()
    ours = {key.name for key in keys.ALL}
    return {p.key.name: p.value for p in told.typed_search_attributes if p.key.name in ours}


async def test_the_search_attributes_follow_every_change(office: Office) -> None:
    case = await office.open(stage="manager")
    due = (await case.clock("FO-8/acknowledge"))["due_at"]
    expected = {
        "UpholdCharter": "financial-ombudsman",
        "UpholdStage": "manager",
        "UpholdState": "received",
        "UpholdNextDue": datetime.fromisoformat(due),
        "UpholdMissed": 0,
    }
    assert await attributes(case) == expected
    await case.do("allocate")
    expected |= {"UpholdHandler": "h.jones"}
    assert await attributes(case) == expected
    await case.until(day(2, 17))
    await case.do("acknowledge")
    due = (await case.clock("FO-8/reply"))["due_at"]
    changed = {"UpholdState": "acknowledged", "UpholdMissed": 1}
    expected |= changed | {"UpholdNextDue": datetime.fromisoformat(due)}
    assert (await attributes(case))["UpholdState"] == "acknowledged"
    assert (await attributes(case))["UpholdMissed"] == 1
    await case.do("reply")
    await case.do("escalate", "customer", to="complaints-team")
    climbed = await attributes(case)
    assert climbed["UpholdStage"] == "complaints-team"
    assert "UpholdHandler" not in climbed
    await case.do("withdraw", "customer")
    await case.result()
    ended = await attributes(case)
    assert ended["UpholdState"] == "closed"
    assert "UpholdNextDue" not in ended


async def test_one_upsert_is_made_for_a_change_and_none_when_nothing_shown_changes(
    office: Office,
) -> None:
    case = await office.open(stage="manager")
    upsert = EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES
    assert await count(case, upsert) == 1
    await case.do("update")
    assert await count(case, upsert) == 1
    await case.do("acknowledge")
    assert await count(case, upsert) == 2


async def test_is_13_temporals_page_reads_like_a_case_file_and_names_nobody(office: Office) -> None:
    complaints = Complaints(office.client, office.task_queue)
    reference = office.reference()
    content = opening(reference, stage="manager") | {"received_at": monday() - timedelta(days=365)}
    with office.env.with_time_skipping_disabled():
        await complaints.open(content)
    case = Case(office, reference, office.client.get_workflow_handle(f"complaint:{reference}"))
    case.stage = "manager"
    await case.do("close")
    await case.do("give_reason", reason="It lay in a drawer.")  # else that is due still
    told = await case.handle.describe()
    metadata = await metadata_of(case)
    details = metadata.current_details
    assert (await told.static_summary() or "").startswith("financial-ombudsman, received ")
    assert details.startswith("**Complaints about our service**, at *A manager*: closed")
    assert "Nothing is due" in details
    assert "Closed: closed-by-staff" in details
    shown = details + (await told.static_summary() or "") + str(told.typed_search_attributes)
    assert [secret for secret in SECRETS if secret in shown] == []
    updates = {one.name for one in metadata.definition.update_definitions}
    assert {"acknowledge", "reply", "escalate"} <= updates


async def test_every_timer_says_what_it_waits_for(office: Office) -> None:
    case = await office.open(stage="manager")
    await case.do("acknowledge")
    await case.do("reply")
    history = await case.handle.fetch_history()
    timers = [event for event in history.events if event.event_type == TIMER]
    summaries = [event.user_metadata.summary.data.decode().strip('"') for event in timers]
    assert summaries == [
        "warning of FO-8/acknowledge",
        "warning of FO-8/reply",
        "the window closes",
    ]


async def test_is_13_what_the_customer_says_is_on_no_page(office: Office) -> None:
    case = await office.open(
        complainant=CUSTOMER | {"adjustments": ["large print"]}, stage="manager"
    )
    await case.do("update", message="Ann Price was called.")
    details = (await metadata_of(case)).current_details
    assert "Ann Price" not in details
    assert "Updated" in details
