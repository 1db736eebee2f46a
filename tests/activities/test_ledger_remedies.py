"""Remedies in the ledger: recorded once, in order, seen when they differ; the same in each adapter."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from activities.contracts import RemedyEntry, pack_entry, unpack_remedy_entry
from activities.ledger import ConflictingRecord, Ledger, LedgerFault, LedgerGap, MalformedEntry
from domain.complaint.features.remedies.remedy import fold
from domain.complaint.features.remedies.remedy_reactions import react
from domain.complaint.features.remedies.remedy_standing import RemedyStanding, standing_of
from tests.activities.ledger_samples import entry as complaint_entry
from tests.activities.ledger_samples import opened
from tests.domain.remedy_stories import RemedyStory

REFERENCE = "FO-2026-000123"
ID = f"{REFERENCE}/1"


def story() -> RemedyStory:
    """A remedy that is warned of, missed, reminded of and then done."""
    item = {"text": "Refund of £40", "kind": "payment", "owner": {"id": "k.lee", "name": "K Lee"}}
    return RemedyStory(item).at("2026-10-27 10:00").do("do_remedy")


def entries(told: RemedyStory, *sizes: int) -> list[RemedyEntry]:
    """What its events add up to, cut into entries of these sizes."""
    made, first = [], 0
    for size in sizes:
        events = tuple(told.events[first : first + size])
        after = fold(told.remedy.rules, told.events[: first + size])
        notices = tuple(
            notice
            for event in events
            for notice in react(fold(told.remedy.rules, told.events[: event.number]), event)
        )
        made.append(RemedyEntry(ID, events, standing_of(after), notices))
        first += size
    return made


async def recorded(ledger: Ledger, *sizes: int) -> list[RemedyEntry]:
    """The entries, recorded after their complaint."""
    await ledger.record(complaint_entry(opened()))
    made = entries(story(), *sizes)
    for one in made:
        await ledger.remedies.record(one)
    return made


async def everything(ledger: Ledger) -> tuple[Any, ...]:
    return (
        await ledger.remedies.events(ID),
        await ledger.remedies.of(REFERENCE),
        await ledger.notices(REFERENCE),
    )


async def test_is_9_a_remedy_is_read_as_it_was_recorded(ledger: Ledger) -> None:
    told = story()
    made = await recorded(ledger, 1, len(told.events) - 1)
    assert await ledger.remedies.events(ID) == tuple(told.events)
    assert await ledger.remedies.of(REFERENCE) == (made[-1].standing,)
    every = [one.notice.key for one in await ledger.notices(REFERENCE)]
    keys = [key for key in every if "/remedy-" in key]
    assert keys == [notice.key for notice in told.notices], "in the order they were owed"
    assert await ledger.remedies.of("FO-9") == ()
    assert await ledger.remedies.events("FO-9/1") == ()


async def test_recording_again_changes_nothing_and_an_old_entry_takes_nothing_back(
    ledger: Ledger,
) -> None:
    made = await recorded(ledger, 1, 2, 2)
    before = await everything(ledger)
    for one in made:
        await ledger.remedies.record(one)
    await ledger.remedies.record(entries(story(), 5)[0])
    assert await everything(ledger) == before


async def test_other_content_under_the_same_number_is_refused_whole(ledger: Ledger) -> None:
    await recorded(ledger, 1)
    before = await everything(ledger)
    (first, *_) = entries(story(), 2)
    other = replace(first.events[0], at=first.events[1].at)
    with pytest.raises(ConflictingRecord, match=f"{ID}: event 1 is on record"):
        await ledger.remedies.record(replace(first, events=(other, first.events[1])))
    assert await everything(ledger) == before


async def test_a_number_that_does_not_follow_is_refused_whole(ledger: Ledger) -> None:
    await recorded(ledger, 1)
    _, _, third = entries(story(), 1, 1, 1)
    with pytest.raises(LedgerGap, match="event 2 was expected, but event 3"):
        await ledger.remedies.record(third)
    assert len(await ledger.remedies.events(ID)) == 1


def _standing(**changes: Any) -> RemedyStanding:
    return replace(entries(story(), 1)[0].standing, **changes)


FIRST = entries(story(), 1)[0]
WRONG = (
    (replace(FIRST, events=()), "holds no events"),
    (replace(FIRST, standing=_standing(events=2)), "after event 2"),
    (replace(FIRST, standing=_standing(id="FO-9/1")), "that of FO-9/1"),
    (
        replace(FIRST, notices=(replace(FIRST.notices[0], key=f"{REFERENCE}/1/reply/customer"),)),
        "of none of the entry's events",
    ),
    (replace(FIRST, notices=FIRST.notices * 2), "in the entry twice"),
)


@pytest.mark.parametrize(("wrong", "what"), WRONG)
async def test_an_entry_that_contradicts_itself_is_refused(
    ledger: Ledger, wrong: RemedyEntry, what: str
) -> None:
    await ledger.record(complaint_entry(opened()))
    with pytest.raises(MalformedEntry, match=what):
        await ledger.remedies.record(wrong)
    assert await ledger.remedies.of(REFERENCE) == ()


async def test_an_entry_with_a_gap_in_itself_is_refused(ledger: Ledger) -> None:
    whole = entries(story(), 3)[0]
    with pytest.raises(LedgerGap, match="event 2 was expected, but event 3"):
        await ledger.remedies.record(replace(whole, events=(whole.events[0], whole.events[2])))
    with pytest.raises(LedgerGap, match="event 1 was expected, but event 0"):
        await ledger.remedies.record(replace(whole, events=(replace(whole.events[0], number=0),)))


async def test_before_its_complaint_is_on_record_it_is_worth_another_try(ledger: Ledger) -> None:
    with pytest.raises(LedgerFault):
        await ledger.remedies.record(FIRST)
    assert await ledger.remedies.of(REFERENCE) == ()
    await recorded(ledger, 1)
    assert len(await ledger.remedies.of(REFERENCE)) == 1


async def test_of_writers_at_once_each_event_is_recorded_once(ledger: Ledger) -> None:
    await ledger.record(complaint_entry(opened()))
    (first,) = entries(story(), 3)
    await asyncio.gather(*(ledger.remedies.record(first) for _ in range(5)))
    assert len(await ledger.remedies.events(ID)) == 3


async def test_is_9_remedies_are_listed_by_what_they_are(ledger: Ledger) -> None:
    await recorded(ledger, 1)
    (owed,) = await ledger.remedies.list()
    assert owed.id == ID
    for found in (
        {"charter": "financial-ombudsman"}, {"state": "owed"}, {"owner": "k.lee"},
        {"due_before": date(2026, 10, 21)},
    ):  # fmt: skip
        assert await ledger.remedies.list(**found) == (owed,)
    for missed in (
        {"charter": "x"}, {"state": "done"}, {"owner": "K"}, {"due_before": date(2026, 10, 20)},
        {"limit": 0},
    ):  # fmt: skip
        assert await ledger.remedies.list(**missed) == ()


def test_an_entry_survives_being_packed() -> None:
    for one in entries(story(), 1, 2, 2):
        assert unpack_remedy_entry(pack_entry(one)) == one
