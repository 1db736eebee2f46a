"""What is recorded is read again; what is recorded twice is recorded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from activities.contracts import LedgerEntry
from activities.ledger import (
    CharterNotKept,
    ConflictingRecord,
    Ledger,
    LedgerGap,
    MalformedEntry,
    NoticeState,
)
from activities.ledger.rows import event_text, same_event
from domain.complaint.events import Closed
from domain.complaint.views.status import ClockStanding
from domain.vocabulary import ClosedHow
from tests.activities.ledger_samples import (
    REFERENCE,
    acknowledged,
    at,
    clock,
    entry,
    notice,
    opened,
    standing,
    updated,
)


async def everything(ledger: Ledger, reference: str = REFERENCE) -> tuple[object, ...]:
    return (
        await ledger.events(reference),
        await ledger.standing(reference),
        await ledger.clocks(reference),
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
    assert await ledger.references() == (REFERENCE,)


async def test_an_unknown_reference_has_nothing(ledger: Ledger) -> None:
    assert await everything(ledger, "FO-2026-999999") == ((), None, (), ())
    assert await ledger.references() == ()


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
    ],
)
async def test_an_entry_that_contradicts_itself_is_refused(
    ledger: Ledger, wrong: LedgerEntry, what: str
) -> None:
    with pytest.raises(MalformedEntry, match=what):
        await ledger.record(wrong)
    assert await ledger.references() == ()


async def test_an_entry_with_a_gap_in_itself_is_refused(ledger: Ledger) -> None:
    with pytest.raises(LedgerGap, match="event 2 was expected, but event 3"):
        await ledger.record(entry(opened(), updated(3)))
    with pytest.raises(LedgerGap, match="event 1 was expected, but event 0"):
        await ledger.record(entry(replace(opened(), number=0)))
    assert await ledger.references() == ()


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
    await ledger.notice_refused("k", at(1), nasty)
    fate = await ledger.notice_fate("k")
    assert fate is not None
    assert "DROP TABLE" in str(fate.reason)


async def test_the_first_charter_of_a_digest_stays(ledger: Ledger) -> None:
    await ledger.keep_charter("d1", b"\x00packed\xff", "financial-ombudsman", "2026-04")
    await ledger.keep_charter("d1", b"packed by another version", "financial-ombudsman", "2026-04")
    assert await ledger.charter("d1") == b"\x00packed\xff"
    with pytest.raises(CharterNotKept, match="d2"):
        await ledger.charter("d2")


async def test_lists_hold_what_every_filter_lets_through(ledger: Ledger) -> None:
    def due(day: int) -> datetime:
        return datetime(2026, 12, day, tzinfo=UTC)

    rows: dict[str, dict[str, Any]] = {
        "A": {"next_due": due(3), "stage": "manager"},
        "B": {"next_due": due(1), "handler_id": "m.ali"},
        "C": {"next_due": None, "state": "closed"},
        "D": {"next_due": due(2), "charter": "customer-promise"},
    }
    for reference, changes in rows.items():
        shown = standing(1, reference, **changes)
        await ledger.record(entry(opened(reference), reference=reference, standing=shown))

    async def listed(**filters: Any) -> str:
        return "".join(s.reference for s in await ledger.list_standings(**filters))

    assert await listed() == "BDAC"
    assert await listed(limit=2) == "BD"
    assert await listed(due_before=due(3)) == "BD"
    assert await listed(charter="financial-ombudsman") == "BAC"
    assert await listed(charter="financial-ombudsman", stage="manager") == "A"
    assert await listed(state="closed") == "C"
    assert await listed(handler="m.ali") == "B"
    assert await listed(handler="") == ""
    with pytest.raises(ValueError, match="no time zone"):
        await ledger.list_standings(due_before=due(1).replace(tzinfo=None))


async def test_figures_count_clocks_in_time_late_and_open(ledger: Ledger) -> None:
    made: list[ClockStanding] = []

    def of(promise: str, state: str, *, renewal: bool = False) -> list[ClockStanding]:
        named = f"{promise}#{len(made)}"
        return [clock(named, promise=promise, part=None, state=state, renewal=renewal)]

    for state in ("met", "met", "missed", "running", "paused", "stopped"):
        made += of("FO-10", state)
    made += of("FO-10", "met", renewal=True)
    made += of("FO-2", "running")
    made += of("FO-3", "stopped")
    made += [clock("FO-2/a", promise="FO-2", part="first", state="met")]
    await ledger.record(entry(opened(), clocks=tuple(made)))
    other = standing(1, "X", charter="customer-promise")
    await ledger.record(entry(opened("X"), reference="X", standing=other))

    figures = await ledger.promise_figures("financial-ombudsman")
    assert [(f.key, f.in_time, f.late, f.open) for f in figures] == [
        ("FO-2", 0, 0, 1),
        ("FO-2/first", 1, 0, 0),
        ("FO-10", 2, 1, 2),
    ]
    assert [f.percentage for f in figures] == [None, 100, pytest.approx(200 / 3)]
    assert await ledger.promise_figures("unknown") == ()


async def test_a_ledger_answers_and_says_that_it_is_ready(ledger: Ledger) -> None:
    await ledger.ping()
    await ledger.require_ready()


def test_an_event_recorded_before_a_field_was_added_is_still_the_same_event() -> None:
    now = event_text(Closed(number=3, at=at(3), how=ClosedHow.BY_STAFF, reason="Done."))
    before = now.replace(',"window_closed":null', "")
    assert before != now
    assert same_event(before, now)
    assert not same_event(before, now.replace("Done.", "Not done."))
