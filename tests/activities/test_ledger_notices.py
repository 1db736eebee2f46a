"""What becomes of a notice is kept, in whatever order it is heard of."""

from __future__ import annotations

from datetime import timedelta

from activities.ledger import Ledger, NoticeFate, NoticeState
from tests.activities.ledger_samples import REFERENCE, at, entry, notice, opened

KEY = notice(1).key


async def fate_of(ledger: Ledger) -> NoticeFate:
    fate = await ledger.notice_fate(KEY)
    assert fate is not None
    return fate


async def test_a_notice_that_nobody_tried_to_send_has_no_fate(ledger: Ledger) -> None:
    await ledger.record(entry(opened()))
    assert await ledger.notice_fate(KEY) is None


async def test_a_notice_is_owed_then_attempted_then_delivered(ledger: Ledger) -> None:
    await ledger.record(entry(opened()))
    await ledger.notice_attempted(KEY, "<m@x>", at(2))
    assert (await fate_of(ledger)).state is NoticeState.ATTEMPTED
    await ledger.notice_delivered(KEY, at(3), "maildir/new/1")
    expected = NoticeFate(
        key=KEY,
        state=NoticeState.DELIVERED,
        message_id="<m@x>",
        attempted_at=at(2),
        delivered_at=at(3),
        where="maildir/new/1",
    )
    assert await fate_of(ledger) == expected
    (owed,) = await ledger.notices(REFERENCE)
    assert owed.fate == expected


async def test_the_last_attempt_is_the_one_that_is_shown(ledger: Ledger) -> None:
    await ledger.notice_attempted(KEY, "<m@x>", at(2))
    await ledger.notice_attempted(KEY, "<m@x>", at(5))
    assert (await fate_of(ledger)).attempted_at == at(5)


async def test_a_notice_may_be_on_its_way_before_it_is_recorded(ledger: Ledger) -> None:
    await ledger.notice_attempted(KEY, "<m@x>", at(1))
    await ledger.record(entry(opened()))
    (owed,) = await ledger.notices(REFERENCE)
    assert owed.state is NoticeState.ATTEMPTED


async def test_nothing_undoes_a_delivery(ledger: Ledger) -> None:
    await ledger.notice_delivered(KEY, at(3), "here")
    await ledger.notice_delivered(KEY, at(4), "there")
    await ledger.notice_attempted(KEY, "<m@x>", at(5))
    await ledger.notice_refused(KEY, at(6), "no such mailbox")
    fate = await fate_of(ledger)
    assert fate.state is NoticeState.DELIVERED
    assert (fate.delivered_at, fate.where) == (at(3), "here")


async def test_a_refusal_outlasts_a_late_attempt_but_not_a_delivery(ledger: Ledger) -> None:
    await ledger.notice_refused(KEY, at(3), "no such mailbox")
    await ledger.notice_attempted(KEY, "<m@x>", at(2))
    fate = await fate_of(ledger)
    assert (fate.state, fate.reason, fate.refused_at) == (
        NoticeState.REFUSED,
        "no such mailbox",
        at(3),
    )
    await ledger.notice_delivered(KEY, at(4) + timedelta(minutes=1), "by hand")
    assert (await fate_of(ledger)).state is NoticeState.DELIVERED
