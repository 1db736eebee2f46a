"""What is recorded is read again; what is recorded twice is recorded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from activities.contracts import LedgerEntry
from domain.complaint.features.ending.by_people import Closed
from domain.vocabulary import ClosedHow
from ledger.entries import event_text, same_event
from ledger.errors import CharterNotKept, ConflictingRecord, LedgerGap, MalformedEntry
from ledger.port import Ledger, NoticeFate, NoticeState, RemedyListing, every
from tests.ledger.samples import (
    REFERENCE,
    acknowledged,
    at,
    clock,
    entry,
    notice,
    opened,
    references,
    remedy,
    standing,
    updated,
)


async def everything(ledger: Ledger, reference: str = REFERENCE) -> tuple[object, ...]:
    return (
        await ledger.events(reference),
        await ledger.standing(reference),
        await ledger.clocks(reference),
        [one async for one in every(ledger.remedies, RemedyListing(settled=None))],
        await ledger.notices(reference),
    )


async def test_an_entry_is_read_as_it_was_recorded(ledger: Ledger) -> None:
    first = entry(opened(), acknowledged(2))
    await ledger.record(first)
    assert await ledger.events(REFERENCE) == first.events
    assert await ledger.standing(REFERENCE) == first.standing
    assert await ledger.clocks(REFERENCE) == first.clocks
    (owed,) = await ledger.notices(REFERENCE)
    assert owed.notice == first.notices[0]
    assert owed.owed_at == at(2)
    assert owed.state is NoticeState.OWED
    assert await references(ledger) == (REFERENCE,)


async def test_an_unknown_reference_has_nothing(ledger: Ledger) -> None:
    assert await everything(ledger, "FO-2026-999999") == ((), None, (), [], ())
    assert await references(ledger) == ()


async def test_recording_again_after_a_lost_reply_changes_nothing(ledger: Ledger) -> None:
    first = entry(opened())
    await ledger.record(first)
    before = await everything(ledger)
    await ledger.record(first)
    assert await everything(ledger) == before


async def test_an_old_entry_that_comes_late_does_not_take_the_standing_back(
    ledger: Ledger,
) -> None:
    first, second = entry(opened()), entry(updated(2))
    await ledger.record(first)
    await ledger.record(second)
    await ledger.record(first)
    assert await ledger.standing(REFERENCE) == second.standing
    assert await ledger.clocks(REFERENCE) == second.clocks


async def test_an_entry_that_overlaps_the_record_adds_only_what_is_new(ledger: Ledger) -> None:
    first = entry(opened(), updated(2))
    longer = entry(updated(2), updated(3), notices=(notice(2), notice(3)))
    await ledger.record(first)
    await ledger.record(longer)
    assert [event.number for event in await ledger.events(REFERENCE)] == [1, 2, 3]
    assert [owed.notice.event for owed in await ledger.notices(REFERENCE)] == [2, 3]
    assert await ledger.standing(REFERENCE) == longer.standing


async def test_a_clock_that_an_entry_does_not_name_stays_as_it_was(ledger: Ledger) -> None:
    await ledger.record(entry(opened()))
    met = clock("FO-2#1", promise="FO-2", part=None, state="met", ended_at=at(2))
    await ledger.record(entry(updated(2), clocks=(met,)))
    assert {c.id: c.state for c in await ledger.clocks(REFERENCE)} == {
        "FO-8/reply#1": "running",
        "FO-2#1": "met",
    }


async def test_other_content_under_the_same_number_is_refused_whole(ledger: Ledger) -> None:
    await ledger.record(entry(opened(), updated(2)))
    before = await everything(ledger)
    with pytest.raises(ConflictingRecord, match=f"{REFERENCE}: event 2 is on record") as caught:
        await ledger.record(entry(updated(2, "Something else."), updated(3)))
    assert caught.value.number == 2
    assert await everything(ledger) == before


@pytest.mark.parametrize("number", [2, 7])
async def test_a_number_that_does_not_follow_is_refused_whole(ledger: Ledger, number: int) -> None:
    if number == 7:
        await ledger.record(entry(opened()))
    before = await everything(ledger)
    with pytest.raises(LedgerGap) as caught:
        await ledger.record(entry(updated(number)))
    refused = caught.value
    assert (refused.reference, refused.given) == (REFERENCE, number)
    assert refused.expected == {2: 1, 7: 2}[number]
    assert f"event {refused.expected} was expected, but event {number}" in str(refused)
    assert await everything(ledger) == before


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (LedgerEntry(REFERENCE, (), standing(1), (), ()), "holds no events"),
        (entry(opened(), standing=standing(2)), "after event 2"),
        (entry(opened(), standing=standing(1, "FO-9")), "that of FO-9"),
        (entry(opened(), notices=(notice(2),)), "none of the entry's events"),
        (entry(opened(), notices=(notice(1, "FO-9"),)), "none of the entry's events"),
        (entry(opened(), notices=(notice(1), notice(1))), "FO-2026-000123/1/progress is in"),
        (entry(opened(), clocks=(clock(), clock())), "FO-8/reply#1 is in the entry twice"),
        (entry(opened(), remedies=(remedy(1, "FO-9"),)), "remedy 1 is one of FO-9"),
        (entry(opened(), remedies=(remedy(), remedy())), "remedy 1 is in the entry twice"),
    ],
)
async def test_an_entry_that_contradicts_itself_is_refused(
    ledger: Ledger, wrong: LedgerEntry, what: str
) -> None:
    with pytest.raises(MalformedEntry, match=what):
        await ledger.record(wrong)
    assert await references(ledger) == ()


async def test_an_entry_with_a_gap_in_itself_is_refused(ledger: Ledger) -> None:
    with pytest.raises(LedgerGap, match="event 2 was expected, but event 3"):
        await ledger.record(entry(opened(), updated(3)))
    with pytest.raises(LedgerGap, match="event 1 was expected, but event 0"):
        await ledger.record(entry(replace(opened(), number=0)))
    assert await references(ledger) == ()


async def test_the_same_instant_in_another_zone_is_the_same_event(ledger: Ledger) -> None:
    there = timezone(timedelta(hours=5, minutes=30))
    first = opened()
    await ledger.record(entry(first))
    await ledger.record(entry(replace(first, at=first.at.astimezone(there))))
    (read,) = await ledger.events(REFERENCE)
    assert read.at.tzinfo is not None
    assert read.at == first.at


async def test_text_that_a_database_could_choke_on_is_kept(ledger: Ledger) -> None:
    nasty = "a\x00b '; DROP TABLE events; -- “Ŵ” 🕊"
    await ledger.record(
        entry(opened(), updated(2, nasty), standing=standing(2, handler_name=nasty))
    )
    assert (await ledger.events(REFERENCE))[1] == updated(2, nasty)
    key = (await ledger.notices(REFERENCE))[0].notice.key
    await ledger.mark(NoticeFate(key=key, state=NoticeState.REFUSED, detail=nasty))
    assert "DROP TABLE" in str((await ledger.notices(REFERENCE))[0].fate.detail)


async def test_the_first_charter_of_a_digest_stays(ledger: Ledger) -> None:
    await ledger.keep_charter("d1", b"\x00packed\xff")
    await ledger.keep_charter("d1", b"packed by another version")
    assert await ledger.charter("d1") == b"\x00packed\xff"
    with pytest.raises(CharterNotKept, match="d2"):
        await ledger.charter("d2")


async def test_a_ledger_answers_and_says_that_it_is_ready(ledger: Ledger) -> None:
    await ledger.require_ready()


def test_an_event_recorded_before_a_field_was_added_is_still_the_same_event() -> None:
    now = event_text(Closed(number=3, at=at(3), how=ClosedHow.BY_STAFF, reason="Done."))
    before = now.replace(',"window_closed":null', "")
    assert before != now
    assert same_event(before, now)
    assert not same_event(before, now.replace("Done.", "Not done."))
