"""The prompt try: the ledger first, then each person's notices in their order."""

from __future__ import annotations

from dataclasses import replace

from activities.channels import TemporaryFailure
from activities.channels.memory import MemoryChannel
from activities.contracts import Fate, LedgerEntry, pack_entry, unpack_entry
from activities.envelope import Sender
from activities.ledger.memory import MemoryLedger
from activities.notifications import Notifications
from activities.prompt import Prompt
from activities.records import Records
from domain.notices import Notice, NoticeKind
from tests.activities.ledger_samples import entry, opened
from tests.activities.notice_samples import notice as notice_of
from worker.build import NoticesOnRecord

APOLOGY, PROGRESS = notice_of(NoticeKind.APOLOGY), notice_of(NoticeKind.PROGRESS)
STAFF = notice_of(NoticeKind.PROMISE_MISSED)


def prompt(channel: MemoryChannel, ledger: MemoryLedger) -> Prompt:
    """A prompt try over a channel and a ledger in memory."""
    sender = Sender("complaints@uphold.example")
    return Prompt(Records(ledger), Notifications(channel, NoticesOnRecord(ledger), sender))


def owing(*notices: Notice) -> LedgerEntry:
    """An entry that owes these notices, numbered as they come."""
    reference = entry(opened()).reference
    keyed = [
        replace(one, key=f"{reference}/1/{one.kind}/{at}", reference=reference, event=1)
        for at, one in enumerate(notices)
    ]
    return replace(entry(opened()), notices=tuple(keyed))


async def test_behind_a_notice_that_waits_the_same_person_gets_nothing_later() -> None:
    channel, ledger = MemoryChannel(), MemoryLedger()
    channel.next_time(TemporaryFailure("down"))
    given = owing(APOLOGY, PROGRESS)

    unsent = await prompt(channel, ledger).perform(given, ())

    assert [one.key for one in unsent] == [notice.key for notice in given.notices]
    assert {one.fate for one in unsent} == {Fate.DEFERRED}
    assert channel.taken == []


async def test_one_persons_trouble_does_not_hold_up_another() -> None:
    channel, ledger = MemoryChannel(), MemoryLedger()
    given = owing(APOLOGY, STAFF)

    unsent = await prompt(channel, ledger).perform(given, held=(given.notices[0].key,))

    assert [one.key for one in unsent] == [given.notices[0].key]
    assert len(channel.taken) == 1


def test_an_entry_is_the_same_after_it_was_packed() -> None:
    given = owing(APOLOGY, STAFF)
    assert unpack_entry(pack_entry(given)) == given
