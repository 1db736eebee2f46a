"""Closures, corrections, merges and the survey, on the real server."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.workflows.player import Case, Office
from tests.workflows.season import day, monday

ANSWER = ("FO-8", "reply")


async def due(case: Case, promise: tuple[str, str] = ANSWER) -> date:
    """The due day of the latest clock of the promise."""
    clocks = [c for c in (await case.status())["clocks"] if (c["promise"], c["part"]) == promise]
    return date.fromisoformat(clocks[-1]["due_on"])


async def test_a_closure_that_is_signalled_twice_moves_the_date_once(any_office: Office) -> None:
    case = await any_office.open(stage="manager")
    before = await due(case)
    closed = day(3, 9).date()
    said: dict[str, Any] = {"days": [closed], "reason": "Snow.", "command_id": "closure:x"}
    for _ in range(2):
        await case.signal("apply_closure", "administrator", **said)
    kinds = [row["kind"] for row in (await case.status())["timeline"]]
    assert kinds.count("closure-applied") == 1
    assert await due(case) > before
    await case.settled()
    told = [str(note.notice.kind) for note in await any_office.ledger.notices(case.reference)]
    assert told.count("dates-corrected") == 1


async def test_a_closure_by_somebody_who_may_not_is_recorded_and_moves_nothing(
    office: Office,
) -> None:
    case = await office.open(stage="manager")
    before = await due(case)
    await case.signal("apply_closure", "manager", days=[day(3, 9).date()], reason="Snow.")
    kinds = [row["kind"] for row in (await case.status())["timeline"]]
    assert kinds[-1] == "command-refused"
    assert await due(case) == before


async def test_a_corrected_receipt_moves_the_timer(any_office: Office) -> None:
    case = await any_office.open(stage="manager")
    earlier = monday() - timedelta(days=3)
    await case.do("correct", received_at=earlier, reason="The stamp says Friday.")
    await case.until(day(1, 17))
    missed = [row["text"] for row in (await case.status())["timeline"] if "missed" in row["kind"]]
    assert len(missed) == 1
    assert "FO-8/acknowledge" in missed[0]


async def test_a_merged_duplicate_ends_and_the_other_goes_on(office: Office) -> None:
    case, duplicate = await office.open(stage="manager"), await office.open(stage="manager")
    said: dict[str, Any] = {
        "duplicate": duplicate.reference,
        "received_at": monday(),
        "reason": "The same.",
        "customer": (await duplicate.status())["customer_key"],
    }
    await case.do("take_in", **said)
    same = {"customer": (await case.status())["customer_key"]}
    brief = await duplicate.do("merge", into=case.reference, reason="The same.", **same)
    assert brief["closed_how"] == "merged"
    assert (await case.status())["state"] == "received"


async def test_is_11_the_survey_follows_the_end_and_the_complaint_then_ends(
    any_office: Office,
) -> None:
    case = await any_office.open(charter="insolvency-service", channel="letter")
    await case.do("acknowledge")
    await case.do("reply", findings="We were slow.", outcome="upheld")
    await case.do("accept", "customer")
    await case.passes(timedelta(days=10))
    assert "survey-asked" in await case.kinds()
    assert [n.notice.kind for n in await any_office.ledger.notices(case.reference)][-1] == "survey"
