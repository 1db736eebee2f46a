"""What the ledger has of remedies is held against the replies and their own events."""

from __future__ import annotations

from dataclasses import replace

from activities.contracts import RemedyEntry
from activities.ledger.memory import MemoryLedger
from domain.complaint.features.remedies.remedy_events import RemedyPromised
from domain.complaint.features.remedies.remedy_opening import openings_of
from domain.complaint.features.remedies.remedy_standing import standing_of
from starter.remedy_check import differences_of_remedies
from tests.domain.remedy_stories import RemedyStory, replied, rules_with
from tests.domain.stories import Story
from tests.reporting.played import entry_of


async def found(ledger: MemoryLedger, case: Story) -> list[str]:
    return [
        each async for each in differences_of_remedies(ledger, rules_with(), tuple(case.events))
    ]


async def on_record(*remedies: str) -> tuple[MemoryLedger, Story, list[RemedyEntry]]:
    """A ledger that has the complaint, its story, and what the ledger would take of its remedies."""
    case = replied(*remedies)
    ledger = MemoryLedger()
    await ledger.record(entry_of(case))
    made = []
    for opening in openings_of(case.complaint, case.last("replied")):
        told = RemedyStory(started=opening).do("do_remedy")
        standing = standing_of(told.remedy)
        made.append(RemedyEntry(told.remedy.id, tuple(told.events), standing, ()))
    return ledger, case, made


async def test_is_9_a_record_that_holds_what_the_reply_undertook_agrees() -> None:
    ledger, case, made = await on_record("A letter", "£50")
    for entry in made:
        await ledger.remedies.record(entry)
    assert await found(ledger, case) == []
    assert await found(ledger, replied("A letter", "£50", reference="FO-9")) != []


async def test_is_9_a_remedy_that_never_started_is_found() -> None:
    ledger, case, made = await on_record("A letter", "£50")
    await ledger.remedies.record(made[0])
    assert await found(ledger, case) == [
        "remedy 2: a reply undertook it, the ledger does not have it."
    ]


async def test_is_9_a_remedy_that_no_reply_undertook_is_found() -> None:
    ledger, case, made = await on_record("A letter")
    await ledger.remedies.record(made[0])
    _, _, others = await on_record("A letter", "£50")
    await ledger.remedies.record(others[1])
    assert await found(ledger, case) == ["remedy 2: the ledger has it, no reply undertook it."]


async def test_a_row_that_its_events_do_not_come_to_is_found() -> None:
    ledger, case, (entry,) = await on_record("A letter")
    await ledger.remedies.record(
        replace(entry, standing=replace(entry.standing, state="owed", owner_id="x"))
    )
    assert await found(ledger, case) == [
        "remedy 1: owner_id: the events come to None, the ledger says 'x'.",
        "remedy 1: state: the events come to 'done', the ledger says 'owed'.",
    ]


async def test_a_remedy_that_was_started_with_something_else_is_found() -> None:
    ledger, case, (entry,) = await on_record("A letter")
    first = entry.events[0]
    assert isinstance(first, RemedyPromised)
    made = replace(first.opening.commitment, text="A cheque")
    other = first.opening.model_copy(update={"commitment": made})
    told = RemedyStory(started=other)
    await ledger.remedies.record(
        RemedyEntry(told.remedy.id, tuple(told.events), standing_of(told.remedy), ())
    )
    (difference,) = await found(ledger, case)
    assert "another commitment" in difference
