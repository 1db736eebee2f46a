"""What waits for the digest of a mailbox: kept with its entry, taken up, told, and then it waits no more."""

from __future__ import annotations

from dataclasses import replace

from activities.contracts import LedgerEntry
from domain.notices import Notice, NoticeKind, Recipient, RecipientKind
from ledger.port import Ledger, NoticeFate, NoticeState
from tests.ledger.samples import REFERENCE, at, entry, notice, opened, updated

TEAM = "team@office.example"


def waits(event: int, mailbox: str = TEAM) -> Notice:
    """A note of that event which waits for the mailbox."""
    plain = notice(event)
    to = Recipient(RecipientKind.STAFF, "manager", mailbox)
    key = f"{REFERENCE}/{event}/answer-awaited/{mailbox}"
    return replace(plain, key=key, kind=NoticeKind.ANSWER_AWAITED, recipient=to, waits=True)


def owing(given: LedgerEntry, *notices: Notice) -> LedgerEntry:
    """The entry with these notices."""
    return replace(given, notices=notices)


def told(notice: Notice, state: NoticeState = NoticeState.DELIVERED) -> NoticeFate:
    return NoticeFate(key=notice.key, state=state, at=at(9), detail="in digest/1")


async def keys(ledger: Ledger, mailbox: str = TEAM) -> list[tuple[str, str | None]]:
    """What waits for the mailbox, and in which digest."""
    return [(each.notice.key, each.digest) for each in await ledger.waiting(mailbox)]


async def test_what_waits_is_found_by_its_mailbox_in_the_order_in_which_it_was_owed(
    ledger: Ledger,
) -> None:
    first, other, second = waits(1), waits(1, "boss@office.example"), waits(2)
    await ledger.record(owing(entry(opened()), first, other, notice(1)))
    await ledger.record(owing(entry(updated(2)), second))
    assert await ledger.mailboxes_waiting() == ("boss@office.example", TEAM)
    assert await keys(ledger) == [(first.key, None), (second.key, None)]
    assert (await ledger.waiting(TEAM))[0].notice == first
    assert await keys(ledger, "nobody@office.example") == []


async def test_a_digest_takes_up_what_waits_and_what_comes_later_waits_for_the_next(
    ledger: Ledger,
) -> None:
    first, second = waits(1), waits(2)
    await ledger.record(owing(entry(opened()), first))
    await ledger.take_up(TEAM, "digest/1")
    await ledger.record(owing(entry(updated(2)), second))
    assert await keys(ledger) == [(first.key, "digest/1"), (second.key, None)]
    await ledger.take_up(TEAM, "digest/2")
    assert {digest for _, digest in await keys(ledger)} == {"digest/2"}


async def test_what_was_told_or_done_waits_no_more_and_its_fate_says_so(ledger: Ledger) -> None:
    first, second = waits(1), waits(2)
    await ledger.record(owing(entry(opened()), first))
    await ledger.record(owing(entry(updated(2)), second))
    lapsed = told(second, NoticeState.LAPSED)
    for _ in range(2):  # doing it twice is doing it once
        await ledger.told([told(first), lapsed])
        assert await ledger.mailboxes_waiting() == ()
    states = {one.notice.key: one.state for one in await ledger.notices(REFERENCE)}
    assert states == {first.key: NoticeState.DELIVERED, second.key: NoticeState.LAPSED}
    assert await ledger.fate(second.key) == lapsed
    assert (await ledger.fate("nobody/1")).state is NoticeState.OWED
    await ledger.told([])


async def test_an_entry_that_is_recorded_again_lets_nothing_wait_again(ledger: Ledger) -> None:
    given = owing(entry(opened()), waits(1))
    await ledger.record(given)
    await ledger.told([told(waits(1))])
    await ledger.record(given)
    assert await ledger.mailboxes_waiting() == ()
