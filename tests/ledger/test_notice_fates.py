"""How far a notice has come is kept, in whatever order it is heard of."""

from __future__ import annotations

import asyncio
from datetime import datetime

from ledger.opening import open_ledger
from ledger.port import Ledger, NoticeFate, NoticeState
from tests.ledger.samples import REFERENCE, at, entry, notice, opened

KEY = notice(1).key
OWED, ATTEMPTED, DELIVERED, REFUSED = (
    NoticeState.OWED, NoticeState.ATTEMPTED, NoticeState.DELIVERED, NoticeState.REFUSED,
)  # fmt: skip


def fate(state: NoticeState, when: datetime, detail: str | None = None) -> NoticeFate:
    return NoticeFate(key=KEY, state=state, message_id="<m@x>", at=when, detail=detail)


async def fate_on_record(ledger: Ledger) -> NoticeFate:
    await ledger.record(entry(opened()))
    (owed,) = await ledger.notices(REFERENCE)
    assert owed.state is owed.fate.state
    return owed.fate


async def test_a_notice_that_nobody_tried_to_send_is_owed(ledger: Ledger) -> None:
    assert await fate_on_record(ledger) == NoticeFate(key=KEY, state=OWED)


async def test_a_notice_is_owed_then_attempted_then_delivered(ledger: Ledger) -> None:
    await ledger.record(entry(opened()))
    assert await ledger.mark(fate(ATTEMPTED, at(2))) is OWED
    assert (await fate_on_record(ledger)) == fate(ATTEMPTED, at(2))
    assert await ledger.mark(fate(DELIVERED, at(3), "maildir/new/1")) is ATTEMPTED
    assert (await fate_on_record(ledger)) == fate(DELIVERED, at(3), "maildir/new/1")


async def test_the_last_attempt_is_the_one_that_is_shown(ledger: Ledger) -> None:
    await ledger.mark(fate(ATTEMPTED, at(2)))
    assert await ledger.mark(fate(ATTEMPTED, at(5))) is ATTEMPTED
    assert (await fate_on_record(ledger)).at == at(5)


async def test_a_notice_may_be_on_its_way_before_it_is_recorded(ledger: Ledger) -> None:
    await ledger.mark(fate(ATTEMPTED, at(1)))
    assert (await fate_on_record(ledger)).state is ATTEMPTED


async def test_nothing_undoes_a_delivery(ledger: Ledger) -> None:
    arrived = fate(DELIVERED, at(3), "here")
    await ledger.mark(arrived)
    for later in (
        fate(DELIVERED, at(4), "there"),
        fate(ATTEMPTED, at(5)),
        fate(REFUSED, at(6), "no such mailbox"),
    ):
        assert await ledger.mark(later) is DELIVERED
    assert await fate_on_record(ledger) == arrived


async def test_a_refusal_outlasts_a_late_attempt_but_not_a_delivery(ledger: Ledger) -> None:
    refused = fate(REFUSED, at(3), "no such mailbox")
    await ledger.mark(refused)
    assert await ledger.mark(fate(ATTEMPTED, at(2))) is REFUSED
    assert await fate_on_record(ledger) == refused
    assert await ledger.mark(fate(DELIVERED, at(4), "by hand")) is REFUSED
    assert (await fate_on_record(ledger)).state is DELIVERED


async def test_of_two_workers_at_once_one_is_told_that_the_other_began(ledger_url: str) -> None:
    async with open_ledger(ledger_url) as one, open_ledger(ledger_url) as other:
        for number in range(5):
            mark = NoticeFate(key=f"{KEY}/{number}", state=ATTEMPTED, at=at(1))
            before = await asyncio.gather(one.mark(mark), other.mark(mark))
            assert sorted(before) == [ATTEMPTED, OWED]
