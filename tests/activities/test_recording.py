"""Recording: the ledger first, then each person's notices in their order.

Recording fails for good only where trying again is of no use.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from temporalio.common import MetricMeter
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contracts import Fate, LedgerEntry, pack_entry, unpack_entry
from activities.notifications import Notifications
from activities.recording import Recording
from domain.notices import Notice, NoticeKind
from ledger.databases.sqlite import Sqlite
from ledger.databases.urls import SqliteAddress, parse_address
from ledger.databases.work import T, Work
from ledger.errors import LedgerUnavailable
from ledger.memory import MemoryLedger
from ledger.migrations.schema import upgrade
from ledger.opening import open_ledger
from ledger.port import Ledger, NoticeState
from ledger.sql.ledger import SqlLedger
from letters.channels.maildir import MaildirChannel
from letters.channels.memory import MemoryChannel
from letters.channels.port import Channel, Mail, PermanentRefusal, TemporaryFailure
from letters.envelope import Sender
from telemetry import metrics
from tests.ledger.samples import REFERENCE, entry, opened, standing, updated
from tests.letters.notice_samples import notice as notice_of

APOLOGY, PROGRESS = notice_of(NoticeKind.APOLOGY), notice_of(NoticeKind.PROGRESS)
STAFF = notice_of(NoticeKind.PROMISE_MISSED)


def recording(ledger: Ledger, channel: Channel | None = None) -> Recording:
    """The activities over a ledger and a channel in memory."""
    sender = Sender("complaints@uphold.example")
    return Recording(ledger, Notifications(channel or MemoryChannel(), ledger, sender))


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

    unsent = await recording(ledger, channel).perform(given, ())

    assert [one.key for one in unsent] == [notice.key for notice in given.notices]
    assert {one.fate for one in unsent} == {Fate.DEFERRED}
    assert channel.taken == []


async def test_one_persons_trouble_does_not_hold_up_another() -> None:
    channel, ledger = MemoryChannel(), MemoryLedger()
    given = owing(APOLOGY, STAFF)

    unsent = await recording(ledger, channel).perform(given, held=(given.notices[0].key,))

    assert [one.key for one in unsent] == [given.notices[0].key]
    assert len(channel.taken) == 1


class Lags(metrics.Instruments):
    """Notes which effects were counted as having come."""

    def __init__(self) -> None:
        super().__init__(MetricMeter.noop)
        self.noted: list[str] = []

    def took(self, effect: str, took: timedelta) -> None:
        self.noted.append(effect)


@pytest.fixture
def lags(monkeypatch: pytest.MonkeyPatch) -> Lags:
    """What this process counts with, for one test."""
    noting = Lags()
    monkeypatch.setattr(metrics, "_now", [noting])
    return noting


@pytest.mark.parametrize(
    ("fails", "noted"),
    [
        ([], ["record", "letter"]),
        ([TemporaryFailure("down")], ["record", "letter"]),
        ([TemporaryFailure("down"), TemporaryFailure("down")], ["record"]),
        ([PermanentRefusal("nobody"), TemporaryFailure("down")], ["record"]),
    ],
)
async def test_only_a_letter_that_left_says_how_long_letters_take(
    fails: list[PermanentRefusal | TemporaryFailure], noted: list[str], lags: Lags
) -> None:
    channel = MemoryChannel()
    channel.next_time(*fails)
    await recording(MemoryLedger(), channel).perform(owing(APOLOGY, STAFF), ())
    assert lags.noted == noted


async def test_letters_that_are_held_say_nothing_of_how_long_letters_take(lags: Lags) -> None:
    given = owing(APOLOGY)
    await recording(MemoryLedger()).perform(given, (given.notices[0].key,))
    assert lags.noted == ["record"]


class Killed(BaseException):
    """The process is gone."""


class Dying(MaildirChannel):
    """A mail folder whose process dies, before a message is in it or after."""

    def __init__(self, folder: Path, *, after: bool) -> None:
        super().__init__(folder)
        self.after = after

    async def send(self, mail: Mail, *, patience_seconds: float | None = None) -> None:
        if self.after:
            await super().send(mail, patience_seconds=patience_seconds)
        raise Killed


@pytest.mark.parametrize("after", [False, True])
async def test_killed_once_the_entry_is_recorded_its_notice_goes_out_once(
    after: bool, tmp_path: Path
) -> None:
    ledger, given = MemoryLedger(), owing(APOLOGY)
    with pytest.raises(Killed):
        await recording(ledger, Dying(tmp_path, after=after)).perform(given, ())
    (notice,) = await ledger.notices(given.reference)
    assert notice.state is NoticeState.ATTEMPTED

    assert await recording(ledger, MaildirChannel(tmp_path)).perform(given, ()) == []

    (notice,) = await ledger.notices(given.reference)
    how = "maildir, found" if after else "maildir, e-mail"
    assert (notice.state, notice.fate.detail) == (NoticeState.DELIVERED, how)
    assert len(list((tmp_path / "new").iterdir())) == 1


async def test_what_waits_behind_a_notice_is_not_said_to_be_attempted() -> None:
    channel, ledger = MemoryChannel(), MemoryLedger()
    channel.next_time(TemporaryFailure("down"))
    given = owing(APOLOGY, PROGRESS, STAFF)
    await recording(ledger, channel).perform(given, held=(given.notices[2].key,))
    states = [each.state for each in await ledger.notices(given.reference)]
    assert states == [NoticeState.ATTEMPTED, NoticeState.OWED, NoticeState.OWED]


class Counting(Sqlite):
    """A file that counts its transactions."""

    transactions = 0

    async def write(self, work: Work[T]) -> T:
        self.transactions += 1
        return await super().write(work)


async def test_an_entry_and_its_notices_take_two_transactions(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite3"
    await upgrade(url)
    address = parse_address(url)
    assert isinstance(address, SqliteAddress)
    file = Counting(address)
    async with SqlLedger(file) as ledger:
        assert await recording(ledger).perform(owing(APOLOGY, STAFF), ()) == []
        states = [each.state for each in await ledger.notices(REFERENCE)]
    assert states == [NoticeState.DELIVERED] * 2
    assert file.transactions == 2


def test_an_entry_is_the_same_after_it_was_packed() -> None:
    given = owing(APOLOGY, STAFF)
    assert unpack_entry(pack_entry(given)) == given


async def test_an_entry_is_recorded_and_a_retry_changes_nothing() -> None:
    ledger = MemoryLedger()
    activities = recording(ledger)
    for _ in range(2):
        await ActivityEnvironment().run(activities.record, pack_entry(entry(opened())))
    assert len(await ledger.events(REFERENCE)) == 1


@pytest.mark.parametrize(
    ("given", "kind", "number"),
    [
        (entry(updated(3)), "LedgerGap", 3),
        (entry(opened(details="Another story.")), "ConflictingRecord", 1),
        (LedgerEntry(REFERENCE, (), standing(1), (), ()), "MalformedEntry", 0),
    ],
)
async def test_what_can_never_be_recorded_fails_for_good_and_is_seen(
    given: LedgerEntry, kind: str, number: int
) -> None:
    ledger = MemoryLedger()
    await ledger.record(entry(opened()))
    with capture_logs() as logged, pytest.raises(ApplicationError) as caught:
        await ActivityEnvironment().run(recording(ledger).record, pack_entry(given))
    assert caught.value.non_retryable
    assert caught.value.type == kind
    (line,) = logged
    assert line["log_level"] == "error"
    assert (line["reference"], line["event_number"]) == (REFERENCE, number)
    assert line["error"] == kind


async def test_a_ledger_that_is_away_is_worth_another_try() -> None:
    async with open_ledger("sqlite:////nowhere/at/all.sqlite3") as ledger:
        with pytest.raises(LedgerUnavailable):
            await ActivityEnvironment().run(recording(ledger).record, pack_entry(entry(opened())))
