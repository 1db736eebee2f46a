"""Many writers at once lose nothing and record nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from ledger.errors import ConflictingRecord, LedgerUnavailable
from ledger.opening import open_ledger
from ledger.port import Ledger, NoticeFate, NoticeState
from ledger.sql.batching import Batches
from ledger.sql.writing import Job, Told
from tests.ledger.samples import REFERENCE, at, entry, opened, references, updated

LENGTH = 15


async def record_all(ledger: Ledger, reference: str) -> None:
    await ledger.record(entry(opened(reference), reference=reference))
    for number in range(2, LENGTH + 1):
        await ledger.record(entry(updated(number), reference=reference))


async def test_two_writers_of_the_same_complaint_record_it_once(ledger_url: str) -> None:
    async with open_ledger(ledger_url) as one, open_ledger(ledger_url) as other:
        await asyncio.gather(record_all(one, REFERENCE), record_all(other, REFERENCE))
        numbers = [event.number for event in await one.events(REFERENCE)]
        assert numbers == list(range(1, LENGTH + 1))
        assert len(await one.notices(REFERENCE)) == LENGTH
        standing = await one.standing(REFERENCE)
        assert standing is not None
        assert standing.events == LENGTH


async def test_writers_of_many_complaints_do_not_wait_on_each_other_for_ever(
    ledger_url: str,
) -> None:
    references = [f"R-{number}" for number in range(12)]
    async with open_ledger(ledger_url) as one, open_ledger(ledger_url) as other:
        await asyncio.gather(
            *(record_all(one, reference) for reference in references),
            *(record_all(other, reference) for reference in reversed(references)),
        )
        for reference in references:
            assert len(await one.events(reference)) == LENGTH


async def test_of_two_writers_who_disagree_one_is_refused(ledger_url: str) -> None:
    async with open_ledger(ledger_url) as one, open_ledger(ledger_url) as other:
        outcomes = await asyncio.gather(
            one.record(entry(opened(details="One story."))),
            other.record(entry(opened(details="Another story."))),
            return_exceptions=True,
        )
        assert [type(outcome) for outcome in outcomes if outcome] == [ConflictingRecord]
        assert len(await one.events(REFERENCE)) == 1


async def test_entries_of_one_complaint_that_come_together_are_recorded_in_order(
    ledger: Ledger,
) -> None:
    await asyncio.gather(
        ledger.record(entry(opened())),
        ledger.record(entry(updated(2))),
        ledger.record(entry(updated(3))),
    )
    assert len(await ledger.events(REFERENCE)) == 3


async def test_a_refused_entry_does_not_keep_the_others_of_its_batch_out(ledger: Ledger) -> None:
    wrong = [entry(updated(5), reference=f"W-{n}") for n in range(5)]
    right = [entry(opened(f"R-{n}"), reference=f"R-{n}") for n in range(5)]
    mixed = [one for pair in zip(wrong, right, strict=True) for one in pair]
    outcomes = await asyncio.gather(*map(ledger.record, mixed), return_exceptions=True)
    assert [outcome is None for outcome in outcomes] == [False, True] * 5
    assert await references(ledger) == tuple(f"R-{n}" for n in range(5))


async def test_who_gives_up_waiting_does_not_stop_the_others(ledger: Ledger) -> None:
    impatient = asyncio.create_task(ledger.record(entry(opened("A"), reference="A")))
    patient = asyncio.create_task(ledger.record(entry(opened("B"), reference="B")))
    await asyncio.sleep(0)
    impatient.cancel()
    await patient
    assert "B" in await references(ledger)


def mark(key: str) -> Told:
    return Told(NoticeFate(key=key, state=NoticeState.DELIVERED, at=at(1), detail="here"))


async def test_what_comes_in_during_a_write_goes_out_together() -> None:
    sizes: list[int] = []
    begun, go = asyncio.Event(), asyncio.Event()

    async def write(jobs: Sequence[Job]) -> list[None]:
        sizes.append(len(jobs))
        begun.set()
        await go.wait()
        return [None] * len(jobs)

    batches = Batches(write)
    first = asyncio.create_task(batches.add(mark("first")))
    await begun.wait()
    rest = [asyncio.create_task(batches.add(mark(f"k{n}"))) for n in range(7)]
    twice = asyncio.create_task(batches.add(mark("k0")))
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(first, *rest, twice)
    assert sizes == [1, 7, 1]


async def test_a_job_that_the_database_chokes_on_fails_alone() -> None:
    async def write(jobs: Sequence[Job]) -> list[None]:
        if any(isinstance(job, Told) and job.key == "bad" for job in jobs):
            msg = "bad"
            raise ValueError(msg)
        return [None] * len(jobs)

    batches = Batches(write)
    outcomes = await asyncio.gather(
        *(batches.add(mark(key)) for key in ("a", "bad", "b")), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), ValueError, type(None)]


async def test_when_the_database_is_away_everybody_hears_it_at_once() -> None:
    tries = 0

    async def write(_: Sequence[Job]) -> list[None]:
        nonlocal tries
        tries += 1
        msg = "away"
        raise LedgerUnavailable(msg)

    batches = Batches(write)
    outcomes = await asyncio.gather(
        *(batches.add(mark(f"k{n}")) for n in range(20)), return_exceptions=True
    )
    assert {type(outcome) for outcome in outcomes} == {LedgerUnavailable}
    assert tries == 1
    with pytest.raises(LedgerUnavailable):
        await batches.add(mark("again"))
    await batches.finish()
