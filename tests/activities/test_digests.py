"""The day's digest: one for each mailbox, told once, whatever fails in between, and nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from temporalio.exceptions import ApplicationError

from activities.contracts import DigestRequest, entry_of
from activities.digests import Digests
from activities.notifications import Notifications
from domain.complaint.decider.evolve import Step
from domain.complaint.state import Complaint
from ledger.errors import CharterNotKept, LedgerUnavailable
from ledger.memory import MemoryLedger
from ledger.port import Ledger, NoticeFate, NoticeState
from letters.channels.memory import MemoryChannel
from letters.channels.port import PermanentRefusal, TemporaryFailure
from letters.envelope import Sender
from sealing.errors import SealBroken
from tests.domain.playing.stories import Story, local

MONDAY = local("2026-10-12 08:00")
DOWN = TemporaryFailure("the mail server is away")
GONE = PermanentRefusal("550 no such mailbox", "550")


class Forgetful(MemoryLedger):
    """A ledger that is away when it should be said what was told, the first time."""

    away = True

    async def told(self, fates: Sequence[NoticeFate]) -> None:
        if self.away:
            self.away = False
            raise LedgerUnavailable("away")
        await super().told(fates)


class Desk:
    """A ledger with one complaint in it, a channel, and the activities."""

    def __init__(self, story: Story, ledger: Ledger | None = None) -> None:
        self.story, self.ledger = story, ledger or MemoryLedger()
        self.channel = MemoryChannel()
        sending = Notifications(self.channel, self.ledger, Sender("c@uphold.example"))
        self.digests = Digests(self.ledger, sending, now=lambda: datetime(2026, 10, 12, tzinfo=UTC))
        self._before, self._kept = Complaint(story.rules), 0

    async def keep(self) -> Desk:
        """Record what has happened in the story since."""
        await self.ledger.keep_charter("d", self.story.rules.packed)
        for _, event, after, _ in self.story.steps[self._kept :]:
            await self.ledger.record(entry_of(self._before, [Step(event, after)]))
            self._before = after
        self._kept = len(self.story.steps)
        return self

    async def morning(self, days: int = 0) -> dict[str, str]:
        """What became of each mailbox's digest, so many days after that Monday."""
        at = MONDAY + timedelta(days=days)
        boxes = await self.digests.mailboxes()
        return {box: await self.digests.send(DigestRequest(box, at)) for box in boxes}

    def read(self) -> list[str]:
        """Each message as it was taken: to whom, and its subject."""
        parsed = [
            message_from_bytes(mail.content, policy=policy.default) for mail in self.channel.taken
        ]
        return [f"{mail['To']}: {mail['Subject']}" for mail in parsed]

    async def states(self) -> set[NoticeState]:
        """How far the notes that waited have come."""
        owed = await self.ledger.notices(self.story.complaint.reference)
        return {each.state for each in owed if each.notice.waits}


async def unanswered() -> Desk:
    """Answered, and then the customer writes and nobody answers."""
    story = Story("casework-standards").do("acknowledge").do("reply").do("record_contact")
    return await Desk(story.at("2026-10-09 16:00")).keep()


async def test_each_mailbox_gets_one_note_of_all_that_waits_and_only_once() -> None:
    desk = await unanswered()
    boxes = await desk.digests.mailboxes()
    assert len(boxes) == 2
    assert set((await desk.morning()).values()) <= {"told 1", "told 2"}
    assert len(desk.channel.taken) == 2
    assert all("Monday 12 October 2026: " in each for each in desk.read())
    assert await desk.states() <= {NoticeState.DELIVERED, NoticeState.LAPSED}
    assert await desk.morning() == {}, "nothing waits any more, and a second run finds nothing"
    owed = await desk.ledger.notices(desk.story.complaint.reference)
    assert "in digest/2026-10-12/" in " ".join(each.fate.detail or "" for each in owed)


async def test_a_mail_server_that_is_away_loses_nothing_and_the_next_try_tells_it() -> None:
    desk = await unanswered()
    desk.channel.next_time(DOWN)
    with pytest.raises(ApplicationError, match="away"):
        await desk.morning()
    assert NoticeState.OWED in await desk.states()
    await desk.morning()
    assert len(desk.channel.taken) == 2


async def test_a_day_that_failed_is_taken_up_by_the_next() -> None:
    desk = await unanswered()
    for box in await desk.digests.mailboxes():
        desk.channel.next_time(DOWN)
        with pytest.raises(ApplicationError):
            await desk.digests.send(DigestRequest(box, MONDAY))
    await desk.morning(1)
    assert len(desk.read()) == 2
    assert all("Tuesday 13 October 2026: " in each for each in desk.read())


@pytest.mark.parametrize("days", [0, 1])
async def test_a_digest_that_left_without_an_answer_is_found_and_not_sent_again(days: int) -> None:
    desk = await unanswered()
    box, *_ = await desk.digests.mailboxes()
    desk.channel.next_time("taken-but-reply-lost")
    with pytest.raises(ApplicationError, match="connection was lost"):
        await desk.digests.send(DigestRequest(box, MONDAY))
    await desk.digests.send(DigestRequest(box, MONDAY + timedelta(days=days)))
    assert len(desk.channel.taken) == 1
    assert box not in await desk.digests.mailboxes()


@pytest.mark.parametrize("days", [0, 1])
async def test_a_crash_between_the_sending_and_the_mark_tells_nothing_twice(days: int) -> None:
    story = Story("casework-standards").do("acknowledge").do("reply").do("record_contact")
    desk = await Desk(story.at("2026-10-09 16:00"), Forgetful()).keep()
    box, *_ = await desk.digests.mailboxes()
    with pytest.raises(LedgerUnavailable):
        await desk.digests.send(DigestRequest(box, MONDAY))
    assert box in await desk.digests.mailboxes(), "nobody has said yet that it was told"
    await desk.digests.send(DigestRequest(box, MONDAY + timedelta(days=days)))
    assert len(desk.channel.taken) == 1
    assert box not in await desk.digests.mailboxes()


async def test_what_comes_after_the_digest_of_the_day_waits_for_the_next() -> None:
    desk = await unanswered()
    await desk.morning()
    desk.story.at("2026-10-12 12:00")
    await desk.keep()
    assert set((await desk.morning()).values()) <= {"sent before"}
    told = len(desk.channel.taken)
    desk.story.at("2026-10-14 12:00")
    await desk.keep()
    assert await desk.digests.mailboxes()
    await desk.morning(3)
    assert len(desk.channel.taken) > told


async def test_on_a_closed_day_nothing_is_sent_and_all_of_it_waits() -> None:
    desk = await unanswered()
    assert set((await desk.morning(-1)).values()) == {"closed today"}, "a Sunday"
    assert desk.channel.taken == []
    assert await desk.states() == {NoticeState.OWED}


async def test_a_morning_on_which_all_is_done_brings_nothing() -> None:
    desk = await unanswered()
    desk.story.do("answer_contact", contact=1).do("withdraw", "customer")
    await desk.keep()
    assert set((await desk.morning()).values()) == {"nothing left to tell"}
    assert desk.channel.taken == []
    assert await desk.states() == {NoticeState.LAPSED}
    assert await desk.digests.mailboxes() == []


async def test_a_mailbox_that_refuses_is_reached_through_the_post_room() -> None:
    desk = await unanswered()
    box, *_ = await desk.digests.mailboxes()
    desk.channel.next_time(GONE)
    await desk.digests.send(DigestRequest(box, MONDAY))
    (letter,) = desk.read()
    assert "Post room" in letter
    assert "[Please pass on]" in letter


async def test_what_nobody_takes_waits_for_another_day() -> None:
    desk = await unanswered()
    box, *_ = await desk.digests.mailboxes()
    desk.channel.next_time(GONE, GONE)
    said = await desk.digests.send(DigestRequest(box, MONDAY))
    assert said.startswith("not sent")
    assert box in await desk.digests.mailboxes()
    assert (await desk.digests.send(DigestRequest(box, MONDAY + timedelta(days=1)))).startswith(
        "told"
    )


@pytest.mark.parametrize(
    "fault", [CharterNotKept("d"), SealBroken("altered"), ValueError("no event")], ids=repr
)
async def test_a_complaint_whose_record_cannot_be_read_holds_back_no_other(
    fault: Exception,
) -> None:
    desk = await unanswered()
    other = Story("casework-standards", reference="FO-2026-000999").do("acknowledge").do("reply")
    beside = Desk(other.do("record_contact").at("2026-10-09 16:00"), desk.ledger)
    beside.channel, beside.digests = desk.channel, desk.digests
    await beside.keep()

    class Torn(MemoryLedger):
        async def charter(self, digest: str) -> bytes:
            raise fault

    torn = Torn()
    lost = await Desk(desk.story, torn).keep()
    assert set((await lost.morning()).values()) == {"what waits cannot be read"}
    assert await torn.mailboxes_waiting(), "it waits until somebody has looked"
    assert all(said.startswith("told") for said in (await desk.morning()).values())
    assert "FO-2026-000999" in desk.channel.taken[0].content.decode()
